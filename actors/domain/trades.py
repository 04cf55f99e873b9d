"""Trades: positions rebuilt from deals (RULES 1 and 8, MT5 6)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Context, Decimal, localcontext
from fractions import Fraction

from attrs import evolve, frozen

from actors.domain.deals import Deal, DealEntry, DealType
from actors.domain.snapshot import Side

_PRICE = Context(prec=28)


@frozen
class Trade:
    """A position, open or closed. Amounts in minor units, signed as delivered.

    ``ticket`` is the position id as text; a netting reversal's successor is "<id>-<n>".
    Opening fields are None when the opening deal lies outside the known history; closing fields
    are None while the position is open. Prices are volume-weighted over the deals.
    """

    ticket: str
    position_id: int
    symbol: str
    side: Side
    volume: Decimal
    open_volume: Decimal
    opened_at: datetime | None
    closed_at: datetime | None
    open_price: Decimal | None
    close_price: Decimal | None
    profit: int
    commission: int
    swap: int
    fee: int
    deal_tickets: tuple[int, ...]

    @property
    def net(self) -> int:
        """profit + commission + swap + fee."""
        return self.profit + self.commission + self.swap + self.fee

    @property
    def is_closed(self) -> bool:
        """True when the net volume is 0."""
        return self.closed_at is not None


def rebuild(deals: Sequence[Deal]) -> tuple[Trade, ...]:
    """Return the trades of all trade deals, by first known deal (broker time, then ticket).

    Deals that are no trades are skipped: they belong to the account, not to a position.
    """
    by_position: dict[int, list[Deal]] = defaultdict(list)
    for deal in _ordered(deals):
        by_position[deal.position_id].append(deal)
    return tuple(trade for group in by_position.values() for trade in rebuild_position(group))


def rebuild_position(deals: Sequence[Deal]) -> tuple[Trade, ...]:
    """Return the trade of one position id; more than one when netting reversals split it.

    ``deals`` may come in any order and repeat tickets; the result is the same (MT5 6).
    """
    ordered = _ordered(deals)
    return tuple(_trade(run, number) for number, run in enumerate(_runs(ordered), start=1))


@frozen
class _Share:
    """What a deal does to one trade: opens or closes ``volume``, with its part of the amounts."""

    deal: Deal
    opens: bool
    volume: Decimal
    profit: int
    commission: int
    swap: int
    fee: int


def _ordered(deals: Iterable[Deal]) -> list[Deal]:
    once = {deal.ticket: deal for deal in deals if deal.is_trade}
    return sorted(once.values(), key=lambda deal: (deal.broker_msc, deal.ticket))


def _runs(ordered: Sequence[Deal]) -> list[list[_Share]]:
    """Cut a position's deals at its reversals: each run is one trade."""
    runs: list[list[_Share]] = [[]] if ordered else []
    for index, deal in enumerate(ordered):
        run = runs[-1]
        if deal.entry is not DealEntry.INOUT:
            run.append(_whole(deal, opens=deal.entry is DealEntry.IN))
            continue
        held = _held(run)
        if held > 0 and _side(run[0]) is _side_of(deal):
            run.append(_whole(deal, opens=True))
        elif held >= deal.volume:
            run.append(_whole(deal, opens=False))
        else:
            opened = deal.volume - held if held else _opened_by_orphan(ordered, index)
            closing, opening = _split(deal, opened)
            run.append(closing)
            runs.append([opening])
    return runs


def _whole(deal: Deal, *, opens: bool) -> _Share:
    return _Share(deal, opens, deal.volume, deal.profit, deal.commission, deal.swap, deal.fee)


def _split(deal: Deal, opened: Decimal) -> tuple[_Share, _Share]:
    """Split a reversal: profit and swap were earned by what it closes, costs go by volume.

    The closing part is cut toward zero to whole minor units and the successor gets the rest.
    A reversal of an unknown volume (``opened`` is then the whole) leaves its costs behind.
    """
    closed = deal.volume - opened or deal.volume
    part = Fraction(closed) / Fraction(deal.volume) if deal.volume else Fraction(1)
    commission, fee = int(deal.commission * part), int(deal.fee * part)
    return (
        evolve(_whole(deal, opens=False), volume=closed, commission=commission, fee=fee),
        _Share(
            deal,
            opens=True,
            volume=opened,
            profit=0,
            commission=deal.commission - commission,
            swap=0,
            fee=deal.fee - fee,
        ),
    )


def _opened_by_orphan(ordered: Sequence[Deal], index: int) -> Decimal:
    """Volume opened by a reversal whose predecessor is unknown: what later deals close of it.

    When they close nothing the whole volume counts as open: never call unknown exposure flat.
    """
    missing, held = Decimal(0), Decimal(0)
    for deal in ordered[index + 1 :]:
        if deal.entry is DealEntry.INOUT:
            break
        held += deal.volume if deal.entry is DealEntry.IN else -deal.volume
        missing = max(missing, -held)
    whole = ordered[index].volume
    return missing if 0 < missing < whole else whole


def _held(run: Sequence[_Share]) -> Decimal:
    """Volume still open after a run; closes beyond the known opening leave 0, not less."""
    held = Decimal(0)
    for share in run:
        held = held + share.volume if share.opens else max(Decimal(0), held - share.volume)
    return held


def _side_of(deal: Deal) -> Side:
    return Side.BUY if deal.type is DealType.BUY else Side.SELL


def _side(first: _Share) -> Side:
    """Side of a trade by its first share: an opening deal's own, a closing deal's opposite."""
    side = _side_of(first.deal)
    if first.opens:
        return side
    return Side.SELL if side is Side.BUY else Side.BUY


def _trade(run: Sequence[_Share], number: int) -> Trade:
    first = run[0]
    opens = [share for share in run if share.opens]
    closes = [share for share in run if not share.opens]
    held = _held(run)
    volume = held + sum((share.volume for share in closes), Decimal(0))
    known = volume == sum((share.volume for share in opens), Decimal(0))
    closed = bool(closes) and held == 0
    position = first.deal.position_id
    return Trade(
        ticket=str(position) if number == 1 else f"{position}-{number}",
        position_id=position,
        symbol=first.deal.symbol,
        side=_side(first),
        volume=volume,
        open_volume=held,
        opened_at=first.deal.occurred_at if known else None,
        closed_at=closes[-1].deal.occurred_at if closed else None,
        open_price=_mean_price(opens) if known else None,
        close_price=_mean_price(closes) if closed else None,
        profit=sum(share.profit for share in run),
        commission=sum(share.commission for share in run),
        swap=sum(share.swap for share in run),
        fee=sum(share.fee for share in run),
        deal_tickets=tuple(share.deal.ticket for share in run),
    )


def _mean_price(shares: Sequence[_Share]) -> Decimal | None:
    """Volume-weighted price, to 28 digits; a lone price is kept as it is."""
    prices = {share.deal.price for share in shares}
    if len(prices) == 1:
        return prices.pop()
    with localcontext(_PRICE):
        volume = sum((share.volume for share in shares), Decimal(0))
        money = sum((share.volume * share.deal.price for share in shares), Decimal(0))
        return money / volume if volume else None
