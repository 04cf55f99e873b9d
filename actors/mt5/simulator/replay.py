"""A report replayed as a live account: its deals with new stamps, its money as delivered.

The first part of the deals is the account's past, the rest happens live at a steady pace. Deals,
balances and results are the report's own, only the path between them is made up (replay_story).
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal

from actors.domain.deals import Deal, DealEntry, DealReason, DealType
from actors.domain.money import to_minor
from actors.domain.server_clock import ServerClock
from actors.domain.snapshot import Side
from actors.mt5.report_deals import deals_of, opening_balance
from actors.mt5.report_rows import OpenRow, PositionRow, Report
from actors.mt5.simulator.account import NEVER, Recipe, SimulatedAccount
from actors.mt5.simulator.broker import SERVERS, AccountCard, SimulatedBroker
from actors.mt5.simulator.dice import seed_of
from actors.mt5.simulator.prices import DAY_MS, wall_msc
from actors.mt5.simulator.replay_story import (
    OpenReplay,
    ReplayBook,
    ReplayValuation,
    Story,
    Target,
    decimal_text,
)
from actors.mt5.wire_answers import DealRow

_PAST_ENDS_MS = 30 * 60 * 1000


class ReplayAccount(SimulatedAccount):
    """A simulated account whose story is a report's."""

    __slots__ = ("_digits", "_story", "_told")

    book: ReplayBook  # type: ignore[assignment]  # the same face, other positions

    def __init__(self, recipe: Recipe, story: Story, digits: int) -> None:
        super().__init__(recipe, {})
        self._story = story
        self._digits = digits
        self._told = 0
        self.book = story.first_book()

    def advance(self, at: int) -> None:
        """Tell every deal due at or before ``at``; going back does nothing."""
        until = bisect_right(self._story.instants, at)
        for number in range(self._told, until):
            row, effective = self._story.rows[number], self._story.instants[number]
            self.now = max(self.now, effective)
            self.book.apply(row, effective)
            self.journal.write(row, self.now, self.now)
        self._told = max(self._told, until)
        self.now = max(self.now, at)

    def value(self) -> ReplayValuation:  # type: ignore[override]
        """What the books are worth now."""
        return ReplayValuation(self._story, self.book, self.now)

    def equity_at(self, at: int) -> int:
        """Equity in minor units at any instant."""
        return ReplayValuation(self._story, self._story.book_at(at), at).equity()

    def twin(self) -> "ReplayAccount":
        """The same account, not yet begun."""
        return ReplayAccount(self.recipe, self._story, self._digits)

    @property
    def currency_digits(self) -> int:
        """Decimals of the report's currency."""
        return self._digits


def add_replay(
    broker: SimulatedBroker,
    report: Report,
    clock: ServerClock,
    *,
    server: str = "Simulated-2",
    live_share: float = 0.4,
    live_seconds: float = 900.0,
) -> AccountCard:
    """Add the report's account to the broker; ``clock`` is the report's own server's.

    The last ``live_share`` of the deals happen within ``live_seconds`` from the broker's start.
    ValueError for a report without deals.
    """
    header, deals = report.header, _whole(report, clock)
    if header is None or not deals:
        raise ValueError("the report has no deals to replay")
    chosen = SERVERS[server.casefold()]
    login, seed = header.login, seed_of(broker.seed, header.login)
    recipe = Recipe(
        login=login,
        server=chosen,
        scenario="replay",
        script=lambda _account: iter((NEVER,)),
        initial_balance=deals[0].amount,
        start=broker.start,
        seed=seed,
        currency=header.currency,
        investor_password=f"investor-{seed_of(seed, 'i'):016x}",
        master_password=f"master-{seed_of(seed, 'm'):016x}",
    )
    ends_at = broker.start + int(live_seconds * 1000)
    still_open = _still_open(report, ends_at)
    instants = _instants(deals, broker.start, ends_at, live_share, bool(still_open))
    rows = [
        _row(deal, wall_msc(chosen.clock, at)) for deal, at in zip(deals, instants, strict=True)
    ]
    carried = tuple(_carried(report, deals, instants[0] - deals[0].broker_msc, chosen.clock))
    story = Story.of(rows, instants, carried, still_open)
    return broker.adopt(ReplayAccount(recipe, story, report.currency_digits))


def _still_open(report: Report, ends_at: int) -> dict[int, Target]:
    """Where the positions stand that are open at the report's end."""
    digits = report.currency_digits
    return {
        row.position_id: Target(
            ends_at,
            to_minor(row.profit, digits),
            to_minor(row.swap, digits),
            row.market_price,
            stays=True,
        )
        for row in report.open_positions
    }


def _carried(
    report: Report, deals: Sequence[Deal], shift: int, clock: ServerClock
) -> Iterator[OpenReplay]:
    """Positions that were open before the window, as the tables tell them.

    ``shift`` turns the report's broker milliseconds into the replay's UTC milliseconds.
    """
    opened = {deal.position_id for deal in deals if deal.entry is DealEntry.IN}
    volumes: dict[int, Decimal] = {row.position_id: row.volume for row in report.open_positions}
    for deal in deals:
        if deal.is_trade and deal.entry in (DealEntry.OUT, DealEntry.OUT_BY):
            volumes[deal.position_id] = volumes.get(deal.position_id, Decimal(0)) + deal.volume
    rows: list[PositionRow | OpenRow] = [*report.positions, *report.open_positions]
    for row in rows:
        if row.position_id in volumes and row.position_id not in opened:
            at = row.open_msc + shift
            yield OpenReplay(
                row.position_id,
                row.symbol,
                1 if row.side is Side.BUY else -1,
                volumes.pop(row.position_id),
                row.open_price,
                at,
                wall_msc(clock, at),
            )


def _whole(report: Report, clock: ServerClock) -> list[Deal]:
    """The deals by time; a window that starts mid-life gets its opening balance as a deposit."""
    deals = sorted(deals_of(report, clock), key=lambda deal: (deal.broker_msc, deal.ticket))
    opening = to_minor(opening_balance(report) or 0, report.currency_digits)
    if not deals or not opening:
        return deals
    first = deals[0]
    deposit = Deal(
        ticket=max(1, min(deal.ticket for deal in deals) - 1),
        position_id=0,
        order=0,
        type=DealType.BALANCE,
        entry=DealEntry.IN,
        reason=DealReason.CLIENT,
        symbol="",
        volume=Decimal(0),
        price=Decimal(0),
        profit=opening,
        commission=0,
        swap=0,
        fee=0,
        broker_msc=first.broker_msc - DAY_MS,
        occurred_at=first.occurred_at,
        comment="balance before the report",
    )
    return [deposit, *deals]


def _instants(
    deals: Sequence[Deal], start: int, ends_at: int, live_share: float, goes_on: bool
) -> list[int]:
    """New UTC milliseconds: the past keeps its spacing, the rest comes at a steady pace.

    ``goes_on``: positions stay open, so the last deal comes one step before the end.
    """
    past = len(deals) - round((len(deals) - 1) * live_share)
    last = deals[past - 1].broker_msc
    before = [start - _PAST_ENDS_MS - (last - deal.broker_msc) for deal in deals[:past]]
    live = len(deals) - past
    step = (ends_at - start) // max(1, live + goes_on)
    return [*before, *(start + (number + 1) * step for number in range(live))]


def _row(deal: Deal, broker_msc: int) -> DealRow:
    return DealRow(
        ticket=deal.ticket,
        position_id=deal.position_id,
        order=deal.order,
        type=deal.type,
        entry=deal.entry,
        reason=deal.reason,
        symbol=deal.symbol,
        volume=decimal_text(deal.volume),
        price=decimal_text(deal.price),
        profit=deal.profit,
        commission=deal.commission,
        swap=deal.swap,
        fee=deal.fee,
        broker_msc=broker_msc,
        comment=deal.comment[:31],
    )
