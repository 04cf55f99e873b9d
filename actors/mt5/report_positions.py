"""Giving each deal of a report its position: reports print no position id on deals (MT5 9).

An opening deal's order is its position's number. Closing deals are matched to the positions
table by symbol, side, volume, time and money, then to what is still open. A tie whose choice
would change a figure is reported.
"""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from attrs import evolve, field, mutable

from actors.domain.deals import DealEntry, DealType
from actors.domain.snapshot import Side
from actors.mt5.report_rows import DealRow, MarginMode, OpenRow, PositionRow

_CLOSES = (DealEntry.OUT, DealEntry.OUT_BY)
_TRIES = 20_000
_NEAR = 50


@mutable
class _Match:
    """The work in progress: ids by deal ticket, closing deals still without one, notes."""

    ids: dict[int, int] = field(factory=dict)
    waiting: dict[int, DealRow] = field(factory=dict)
    notes: list[str] = field(factory=list)

    def give(self, deals: Sequence[DealRow], position_id: int) -> None:
        for deal in deals:
            self.ids[deal.ticket] = position_id
            self.waiting.pop(deal.ticket, None)


def with_positions(
    deals: Sequence[DealRow],
    positions: Sequence[PositionRow],
    still_open: Sequence[OpenRow],
    mode: MarginMode | None,
) -> tuple[tuple[DealRow, ...], tuple[str, ...]]:
    """Return the deals with their position ids, in the same order, and notes on ties."""
    trades = sorted(
        (deal for deal in deals if deal.is_trade), key=lambda each: (each.broker_msc, each.ticket)
    )
    known = {row.position_id for row in positions} | {row.position_id for row in still_open}
    match = _Match()
    if (mode or _guess_mode(trades, known)) is MarginMode.NETTING:
        _walk_net(match, trades, positions)
    else:
        _match_hedged(match, trades, positions, still_open)
    numbered = (evolve(deal, position_id=match.ids.get(deal.ticket, 0)) for deal in deals)
    return tuple(numbered), tuple(match.notes)


def _guess_mode(trades: Sequence[DealRow], known: set[int]) -> MarginMode:
    """Netting shows in reversals, or in openings that are no position of their own."""
    for deal in trades:
        reversal = deal.entry is DealEntry.INOUT
        if reversal or (known and deal.entry is DealEntry.IN and deal.order not in known):
            return MarginMode.NETTING
    return MarginMode.HEDGING


def _walk_net(match: _Match, trades: Sequence[DealRow], positions: Sequence[PositionRow]) -> None:
    """One position per symbol at a time: its first order names it until it is flat.

    A reversal keeps the number, as the broker's position identifier does.
    """
    running: dict[str, tuple[int, Decimal]] = {}
    for deal in trades:
        number, held = running.get(deal.symbol, (0, Decimal(0)))
        if deal.entry is DealEntry.IN:
            number, held = (number if held else deal.order), held + deal.volume
        elif deal.entry is DealEntry.INOUT:
            number, held = number or deal.order, abs(deal.volume - held)
        elif held:
            held = max(Decimal(0), held - deal.volume)
        else:
            number = _orphan_number(deal, positions)
        match.ids[deal.ticket] = number
        running[deal.symbol] = (number, held)


def _orphan_number(deal: DealRow, positions: Sequence[PositionRow]) -> int:
    """The position that was running when a close without known opening happened."""
    for row in positions:
        if row.symbol == deal.symbol and row.open_msc <= deal.broker_msc <= row.close_msc:
            return row.position_id
    return deal.order


def _match_hedged(
    match: _Match,
    trades: Sequence[DealRow],
    positions: Sequence[PositionRow],
    still_open: Sequence[OpenRow],
) -> None:
    for deal in trades:
        if deal.entry in _CLOSES:
            match.waiting[deal.ticket] = deal
        else:
            match.ids[deal.ticket] = deal.order
    rest = _match_whole(match, positions)
    for row in sorted(rest, key=lambda each: (each.close_msc, each.position_id)):
        _match_parts(match, row)
    listed = {row.position_id for row in positions}
    _match_open(match, trades, listed, still_open)


def _match_whole(match: _Match, positions: Sequence[PositionRow]) -> list[PositionRow]:
    """Match positions closed by one deal, every printed figure equal; return the others.

    Rows equal in all these figures are interchangeable, so their order is no tie.
    """
    by_figures: dict[tuple[object, ...], list[DealRow]] = defaultdict(list)
    for deal in match.waiting.values():
        by_figures[_figures(deal)].append(deal)
    rest = []
    for row in positions:
        equal = by_figures[
            (row.symbol, row.side, row.volume, row.close_msc, row.close_price, row.profit, row.swap)
        ]
        if equal:
            match.give([_take_nearest(equal, row.commission)], row.position_id)
        else:
            rest.append(row)
    return rest


def _take_nearest(equal: list[DealRow], commission: Decimal) -> DealRow:
    """Take out the deal whose commission is nearest to half of its position's."""
    near = range(min(len(equal), _NEAR))
    return equal.pop(min(near, key=lambda at: abs(commission - 2 * equal[at].commission)))


def _figures(deal: DealRow) -> tuple[object, ...]:
    side, at = _closes(deal), deal.broker_msc
    return (deal.symbol, side, deal.volume, at, deal.price, deal.profit, deal.swap)


def _closes(deal: DealRow) -> Side:
    """The side of the position that a closing deal closes."""
    return Side.SELL if deal.type is DealType.BUY else Side.BUY


def _match_parts(match: _Match, row: PositionRow) -> None:
    """Match a position closed in parts: the deals whose volumes, profits and swaps add up."""
    candidates = [
        deal
        for deal in match.waiting.values()
        if deal.symbol == row.symbol
        and _closes(deal) is row.side
        and row.open_msc <= deal.broker_msc <= row.close_msc
        and deal.volume <= row.volume
    ]
    found = _subsets(candidates, row)
    ends = [deal for deal in candidates if deal.broker_msc == row.close_msc]
    if found:
        match.give(found[0], row.position_id)
    elif len(ends) == 1 and row.position_id not in match.ids.values():
        match.give(ends, row.position_id)  # opened and partly closed before the window
    if len(found) != 1:
        what = f"{len(found)} ways" if found else "no way"
        match.notes.append(
            f"row {row.row}: position {row.position_id} has {what} to be closed by the deals"
        )


def _subsets(candidates: Sequence[DealRow], row: PositionRow) -> list[list[DealRow]]:
    """Up to two sets of deals that close ``row`` to the printed figure; the last one at its end."""
    found: list[list[DealRow]] = []
    tries = 0

    def extend(start: int, chosen: list[DealRow], left: Decimal) -> None:
        nonlocal tries
        tries += 1
        if left == 0 and _adds_up(chosen, row):
            found.append(list(chosen))
        for at in range(start, len(candidates)):
            if left == 0 or len(found) > 1 or tries > _TRIES:
                return
            deal = candidates[at]
            if deal.volume <= left:
                extend(at + 1, [*chosen, deal], left - deal.volume)

    extend(0, [], row.volume)
    return found


def _adds_up(chosen: Sequence[DealRow], row: PositionRow) -> bool:
    profit = sum((deal.profit for deal in chosen), Decimal(0))
    swap = sum((deal.swap for deal in chosen), Decimal(0))
    ends = max(deal.broker_msc for deal in chosen)
    return profit == row.profit and swap == row.swap and ends == row.close_msc


def _match_open(
    match: _Match, trades: Sequence[DealRow], listed: set[int], still_open: Sequence[OpenRow]
) -> None:
    """Match what is left to positions not in the table (still open, or no table), oldest first.

    A position that is open at the end and was opened before the window may have been any size.
    """
    held: dict[int, Decimal] = defaultdict(Decimal)
    openings: dict[int, DealRow] = {}
    for deal in trades:
        if deal.entry is DealEntry.IN and deal.order not in listed:
            held[deal.order] += deal.volume
            openings.setdefault(deal.order, deal)
    older = [row for row in still_open if row.position_id not in openings]
    for deal in list(match.waiting.values()):
        fitting = [
            number
            for number, opening in openings.items()
            if opening.symbol == deal.symbol
            and opening.type is not deal.type
            and opening.broker_msc <= deal.broker_msc
            and held[number] >= deal.volume
        ]
        exact = [number for number in fitting if held[number] == deal.volume]
        fitting += [
            row.position_id
            for row in older
            if row.symbol == deal.symbol
            and row.side is _closes(deal)
            and row.open_msc <= deal.broker_msc
        ]
        number = (exact or fitting or [deal.order])[0]
        held[number] -= deal.volume
        if held[number] <= 0:
            openings.pop(number, None)
        match.give([deal], number)
        if len(fitting) > 1:
            match.notes.append(
                f"row {deal.row}: deal {deal.ticket} could close {len(fitting)} open positions; "
                f"read as position {number}"
            )
