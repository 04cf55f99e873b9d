"""Traders: seeded stories of deposits, sessions, partial closes, payouts, credit and swaps."""

from collections.abc import Iterator
from datetime import datetime
from random import Random

from attrs import define, evolve, field, frozen

from tests.simulation.oracle.truth import SwapBooking, TrueDeal, Truth
from tests.simulation.world.market import Market, msc, rollovers
from tests.simulation.world.streams import stream

HOUR = 3_600_000
DAY = 24 * HOUR


@frozen
class Server:
    """A broker's server: the product's name of its clock, and where its day turns (swaps)."""

    name: str
    clock: str
    zone: str
    hour: int


SERVERS = (
    Server("Eastern", "America/New_York+7h", "America/New_York", 17),
    Server("Athens", "Europe/Athens", "Europe/Athens", 0),
    Server("Universal", "UTC", "UTC", 0),
)


@frozen
class Temper:
    """How somebody trades: sessions a month, risk per session as a share of the balance; how
    often the broker amends its books afterwards.
    """

    sessions: int = 4
    risk: float = 0.035
    hours: tuple[float, float] = (0.3, 2.0)
    flows: int = 2
    amendments: int = 0


@define
class _Pen:
    """Writes deals in order, with tickets of its own stream; keeps what is open."""

    random: Random
    server: Server
    market: Market
    deals: list[TrueDeal] = field(factory=list)
    swaps: list[SwapBooking] = field(factory=list)
    opened: dict[int, tuple[TrueDeal, int]] = field(factory=dict)
    unpaid: dict[int, int] = field(factory=dict)
    ticket: int = 1000

    def write(self, deal: TrueDeal) -> None:
        """Add a deal with the next ticket."""
        self.deals.append(deal)

    def next_ticket(self) -> int:
        """Tickets grow by irregular steps."""
        self.ticket += self.random.randint(1, 4)
        return self.ticket


def write_story(seed: int, number: int, market: Market, start: datetime, temper: Temper,
                server: Server, initial: int) -> Truth:  # fmt: skip
    """The truth about one trader's account, from the deposit to the world's end."""
    random = stream(seed, f"trader/{number}")
    pen = _Pen(random, server, market, ticket=stream(seed, f"ids/{number}").randint(10**6, 10**8))
    begin = msc(start) + random.randint(HOUR, 5 * HOUR) + 7
    _deposit(pen, begin, initial)
    plans = sorted(_sessions(pen, begin, temper))
    for since, length in plans:
        _session(pen, since, length, initial, temper)
    for at in sorted(random.randint(begin + 20 * HOUR, market.until - HOUR)
                     for _ in range(temper.flows)):  # fmt: skip
        _flow(pen, at, initial)
    _book_swaps(pen, start)
    deals = sorted(pen.deals, key=lambda deal: (deal.at, deal.ticket))
    return Truth(tuple(_unique_instants(deals)), tuple(pen.swaps), market.ticks, market.until)


def _deposit(pen: _Pen, at: int, initial: int) -> None:
    """Some fund their account in two parts before they trade."""
    parts = [initial] if pen.random.random() < 0.9 else [initial // 3, initial - initial // 3]
    for n, part in enumerate(parts):
        pen.write(TrueDeal(at + n * HOUR, pen.next_ticket(), "balance", profit=part))


def _sessions(pen: _Pen, begin: int, temper: Temper) -> Iterator[tuple[int, int]]:
    """Nearly half of all sessions lie across a reset or a rollover; a few last for days."""
    last = pen.market.until - 5 * HOUR
    for _ in range(temper.sessions):
        length = int(pen.random.uniform(*temper.hours) * HOUR)
        if pen.random.random() < 0.04:
            length += pen.random.randint(6, 20) * HOUR
        since = pen.random.randint(begin + 6 * HOUR, max(begin + 7 * HOUR, last - length))
        if pen.random.random() < 0.45:
            since = since // DAY * DAY + 22 * HOUR - pen.random.randint(5 * 60_000, length)
        yield max(since, begin + 6 * HOUR) + pen.random.randint(0, 999), length


def _session(pen: _Pen, since: int, length: int, initial: int, temper: Temper) -> None:
    symbol = pen.market.symbols[pen.random.choice(sorted(pen.market.symbols))]
    since = pen.market.opens_at(symbol.name, since)
    sigma = symbol.sigma * (length / 1000) ** 0.5
    risk = temper.risk * pen.random.choice((0.5, 1, 1, 1.5, 2.5))
    lots = max(2, round(risk * initial / sigma / 2) * 2)
    for _ in range(pen.random.randint(1, 3)):
        side = pen.random.choice((1, -1))
        opened_at = since + pen.random.randint(0, length // 2)
        size = max(2, lots * pen.random.randint(2, 6) // 6)
        _position(pen, symbol.name, side, size, opened_at, since + length)


def _position(pen: _Pen, symbol: str, sign: int, lots: int, at: int, until: int) -> None:
    """Open, perhaps close in part, and close while the market is open."""
    if pen.market.opens_at(symbol, at) != at or at >= pen.market.until - HOUR:
        return
    number = pen.next_ticket()
    ticks = pen.market.ticks[symbol]
    price = ticks.closing(at, -sign)  # a buy is filled at the ask, a sell at the bid
    pen.write(TrueDeal(at, number, "trade", commission=-max(1, lots // 3), position=number,
                       symbol=symbol, sign=sign, lots=lots, price=price, opens=True))  # fmt: skip
    closings = [(until + pen.random.randint(-60_000, 60_000), lots)]
    if lots >= 4 and pen.random.random() < 0.3:
        half = lots // 2
        middle = at + (until - at) * pen.random.randint(30, 80) // 100
        closings = [(middle, half), (closings[0][0], lots - half)]
    for closed_at, size in closings:
        moment = min(max(closed_at, at + 1500), pen.market.until - HOUR // 2)
        moment = pen.market.opens_at(symbol, moment)
        profit = (ticks.closing(moment, sign) - price) * sign * size
        pen.write(TrueDeal(moment, pen.next_ticket(), "trade", profit=profit, position=number,
                           symbol=symbol, sign=-sign, lots=size,
                           price=ticks.closing(moment, sign)))  # fmt: skip


def _flow(pen: _Pen, at: int, initial: int) -> None:
    kind, share = pen.random.choice(
        (("balance", -0.03), ("balance", 0.02), ("credit", 0.01), ("bonus", 0.005),
         ("commission", -0.0004), ("balance", -0.05), ("correction", -0.001))
    )  # fmt: skip
    amount = round(initial * share * pen.random.uniform(0.5, 1.5))
    pen.write(TrueDeal(at, pen.next_ticket(), kind, profit=amount))


def _book_swaps(pen: _Pen, start: datetime) -> None:
    """Each night's swap of what is open then; a closing deal pays its share of what gathered."""
    days = (pen.market.until - msc(start)) // DAY + 2
    nights = rollovers(start, days, pen.server.zone, pen.server.hour)
    for opening in [deal for deal in pen.deals if deal.opens]:
        rest, unpaid = opening.lots, 0
        closings = sorted(
            (d for d in pen.deals if d.position == opening.position and not d.opens),
            key=lambda deal: deal.at,
        )
        since = opening.at
        for closing in closings:
            for night in (at for at in nights if since < at <= closing.at):
                amount = pen.market.symbols[opening.symbol].swap_per_lot * rest // 100
                if night < closing.at and amount:
                    pen.swaps.append(SwapBooking(night, opening.position, amount))
                    unpaid += amount
            share = unpaid * closing.lots // rest if closing.lots != rest else unpaid
            pen.deals[pen.deals.index(closing)] = evolve(closing, swap=share)
            rest, unpaid, since = rest - closing.lots, unpaid - share, closing.at


def _unique_instants(deals: list[TrueDeal]) -> Iterator[TrueDeal]:
    """No two trades of an account at one millisecond, and none while a market is shut."""
    last = 0
    for deal in deals:
        at = max(deal.at, last + 1)
        last = at
        yield deal if at == deal.at else evolve(deal, at=at)
