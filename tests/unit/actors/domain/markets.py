"""Builders of quotes and of the readings that they give, for tests of paths between readings."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from attrs import evolve

from actors.domain.deals import Deal, DealEntry, DealType
from actors.domain.prices import CalcMode, Prices, SymbolSpec, Ticks, utc_msc
from actors.domain.snapshot import Observation, OpenPosition, Side
from tests.unit.actors.domain.histories import deal

SPEC = SymbolSpec(
    "EURUSD", 5, Decimal(100_000), Decimal("0.00001"), Decimal(1), "EUR", "USD", "EUR",
    CalcMode.FOREX,
)  # fmt: skip
"""One lot earns a dollar for each point, a hundred minor units."""

SPREAD = 10
OPENED_AT = 110_000


def ticks(moves: Sequence[tuple[datetime, int]], *, complete: bool = True) -> Ticks:
    """Quotes: instant and bid in points; the ask is ten points above."""
    return Ticks(
        tuple(utc_msc(at) for at, _ in moves),
        tuple(bid for _, bid in moves),
        tuple(bid + SPREAD for _, bid in moves),
        complete,
    )


def prices(
    moves: Sequence[tuple[datetime, int]], *, complete: bool = True, answered: bool = True
) -> Prices:
    """What a bridge tells of EURUSD."""
    return Prices({"EURUSD": SPEC}, {"EURUSD": ticks(moves, complete=complete)}, {}, answered)


def every(seconds: float, since: datetime, bids: Sequence[int]) -> list[tuple[datetime, int]]:
    """Bids at a steady pace."""
    return [(since + timedelta(seconds=seconds) * n, bid) for n, bid in enumerate(bids)]


def points(amount: int, lots: int = 1) -> int:
    """The bid at which a long of ``lots`` floats ``amount`` minor units."""
    return OPENED_AT + amount // (100 * lots)


def buy(ticket: int, when: datetime, volume: str = "1", price: int = OPENED_AT) -> Deal:
    """A buy that opens a position of its own ticket at ``price`` points."""
    return _trade(ticket, when, ticket, DealType.BUY, DealEntry.IN, volume, price, 0)


def sell_off(
    ticket: int, when: datetime, position: int, amount: int, volume: str = "1", price: int = 0
) -> Deal:
    """A sell that closes (part of) a long with a result."""
    return _trade(ticket, when, position, DealType.SELL, DealEntry.OUT, volume, price, amount)


def _trade(
    ticket: int,
    when: datetime,
    position: int,
    kind: DealType,
    entry: DealEntry,
    volume: str,
    price: int,
    amount: int,
) -> Deal:
    made = deal(ticket, when, amount, kind=kind, entry=entry, position=position, volume=volume)
    return evolve(made, price=Decimal(price).scaleb(-5))


def look(
    when: datetime, balance: int, bid: int, lots: Mapping[int, int], *, credit: int = 0
) -> Observation:
    """What the terminal shows at a bid: longs opened at 1.10000, by position id and lots."""
    positions = tuple(
        OpenPosition(
            number, "EURUSD", Side.BUY, Decimal(size), Decimal("1.1"), Decimal(bid).scaleb(-5),
            None, None, (bid - OPENED_AT) * 100 * size, 0, 0, when,
        )
        for number, size in lots.items()
    )  # fmt: skip
    equity = balance + credit + sum(p.profit for p in positions)
    return Observation(when, balance, equity, credit, 0, equity, "USD", 2, positions)
