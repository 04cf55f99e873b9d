"""Traders: seeded stories of deposits, sessions, partial closes, payouts, credit and swaps."""

from collections.abc import Iterator
from datetime import datetime
from random import Random

from attrs import evolve, frozen

from tests.simulation.oracle.truth import StopSet, SwapBooking, TrueDeal, Truth
from tests.simulation.world.manoeuvres import close_by, net, open_until_stopped, twice_told
from tests.simulation.world.market import Market, msc, rollovers, turned_back
from tests.simulation.world.pen import DAY, HOUR, Pen, Server
from tests.simulation.world.streams import stream

SERVERS = (
    Server("Eastern", "America/New_York+7h", "America/New_York", 17),
    Server("Athens", "Europe/Athens", "Europe/Athens", 0),
    Server("Universal", "UTC", "UTC", 0, free=True),
)


@frozen
class Temper:
    """How somebody trades: sessions a month, risk per session as a share of the balance; how
    often the broker amends its books afterwards.

    ``netting``: the share of accounts with one position a symbol. ``closing_by`` and ``reckless``:
    the shares of sessions that end by opposite positions, and that risk a stop-out. ``stops``:
    the share of positions that get a stop-loss, sooner or later. ``twice_told``: they trade in the
    hour that the server's clock tells twice.
    """

    sessions: int = 4
    risk: float = 0.035
    hours: tuple[float, float] = (0.3, 2.0)
    flows: int = 2
    amendments: int = 0
    netting: float = 0
    closing_by: float = 0
    reckless: float = 0
    stops: float = 0
    twice_told: bool = False


def write_story(seed: int, number: int, market: Market, start: datetime, temper: Temper,
                server: Server, initial: int) -> Truth:  # fmt: skip
    """The truth about one trader's account, from the deposit to the world's end."""
    random = stream(seed, f"trader/{number}")
    pen = Pen(random, server, market, ticket=stream(seed, f"ids/{number}").randint(10**6, 10**8))
    begin = msc(start) + random.randint(HOUR, 5 * HOUR) + 7
    pen.nets = temper.netting > random.random() if temper.netting else False
    _deposit(pen, begin, initial)
    plans = sorted(_sessions(pen, begin, temper))
    for since, length in plans:
        _session(pen, since, length, initial, temper)
    if temper.twice_told:
        for at in turned_back(start, market.until, server.zone):
            twice_told(pen, "BTCUSD", max(2, round(temper.risk * initial / 1000 / 2) * 2), at)
    for at in sorted(random.randint(begin + 20 * HOUR, market.until - HOUR)
                     for _ in range(temper.flows)):  # fmt: skip
        _flow(pen, at, initial)
    _book_swaps(pen, start)
    deals = sorted(pen.deals, key=lambda deal: (deal.at, deal.ticket))
    return Truth(tuple(_unique_instants(deals)), tuple(pen.swaps), market.ticks, market.until,
                 tuple(_stops(stream(seed, f"stops/{number}"), deals, temper.stops)))  # fmt: skip


def _deposit(pen: Pen, at: int, initial: int) -> None:
    """Some fund their account in two parts before they trade."""
    parts = [initial] if pen.random.random() < 0.9 else [initial // 3, initial - initial // 3]
    for n, part in enumerate(parts):
        pen.write(TrueDeal(at + n * HOUR, pen.next_ticket(), "balance", profit=part))


def _sessions(pen: Pen, begin: int, temper: Temper) -> Iterator[tuple[int, int]]:
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


def _session(pen: Pen, since: int, length: int, initial: int, temper: Temper) -> None:
    symbol = pen.market.symbols[pen.random.choice(sorted(pen.market.symbols))]
    since = pen.market.opens_at(symbol.name, since)
    sigma = symbol.sigma * (length / 1000) ** 0.5
    risk = temper.risk * pen.random.choice((0.5, 1, 1, 1.5, 2.5))
    lots = max(2, round(risk * initial / sigma / 2) * 2)
    if pen.nets:
        net(pen, symbol.name, lots, since, since + length)
        return
    if temper.closing_by and pen.random.random() < temper.closing_by:
        close_by(pen, symbol.name, lots, since, since + length)
        return
    if temper.reckless and pen.random.random() < temper.reckless:
        open_until_stopped(pen, symbol.name, round(initial / sigma), since, since + length, initial)
        return
    for _ in range(pen.random.randint(1, 3)):
        side = pen.random.choice((1, -1))
        opened_at = since + pen.random.randint(0, length // 2)
        size = max(2, lots * pen.random.randint(2, 6) // 6)
        _position(pen, symbol.name, side, size, opened_at, since + length)


def _position(pen: Pen, symbol: str, sign: int, lots: int, at: int, until: int) -> None:
    """Open, perhaps close in part, and close while the market is open."""
    if pen.market.opens_at(symbol, at) != at or at >= pen.market.until - HOUR:
        return
    number = pen.next_ticket()
    ticks = pen.market.ticks[symbol]
    price = ticks.closing(at, -sign)  # a buy is filled at the ask, a sell at the bid
    pen.write(TrueDeal(at, number, "trade", commission=pen.fee(lots), position=number,
                       symbol=symbol, sign=sign, lots=lots, price=price))  # fmt: skip
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
                           price=ticks.closing(moment, sign), entry="out"))  # fmt: skip


def _flow(pen: Pen, at: int, initial: int) -> None:
    kind, share = pen.random.choice(
        (("balance", -0.03), ("balance", 0.02), ("credit", 0.01), ("bonus", 0.005),
         ("commission", -0.0004), ("balance", -0.05), ("correction", -0.001))
    )  # fmt: skip
    amount = round(initial * share * pen.random.uniform(0.5, 1.5))
    pen.write(TrueDeal(at, pen.next_ticket(), kind, profit=amount))


def _book_swaps(pen: Pen, start: datetime) -> None:
    """Each night's swap of what is open then; a closing deal pays its share of what gathered."""
    days = (pen.market.until - msc(start)) // DAY + 2
    nights = rollovers(start, days, pen.server.zone, pen.server.hour)
    for number in dict.fromkeys(deal.position for deal in pen.deals if deal.position):
        deals = sorted((d for d in pen.deals if d.position == number), key=lambda deal: deal.at)
        held, unpaid, since = 0, 0, deals[0].at
        for deal in deals:
            for night in (at for at in nights if since < at < deal.at):
                amount = pen.market.symbols[deal.symbol].swap_per_lot * abs(held) // 100
                if held and amount:
                    pen.swaps.append(SwapBooking(night, number, amount))
                    unpaid += amount
            if held * deal.sign < 0:
                whole = deal.lots >= abs(held)
                share = unpaid if whole else unpaid * deal.lots // abs(held)
                pen.deals[pen.deals.index(deal)] = evolve(deal, swap=share)
                unpaid -= share
            held, since = held + deal.sign * deal.lots, deal.at


def _stops(random: Random, deals: list[TrueDeal], share: float) -> Iterator[StopSet]:
    """Some positions get their stop-loss with the opening or soon after, some late, some never."""
    openings = {deal.position: deal.at for deal in reversed(deals) if deal.position}
    for number, at in sorted(openings.items()):
        if random.random() < share:
            late = random.random() < 0.4
            yield StopSet(
                at + random.randint(*((120_000, 900_000) if late else (0, 60_000))), number
            )


def _unique_instants(deals: list[TrueDeal]) -> Iterator[TrueDeal]:
    """No two trades of an account at one millisecond, but the two halves of a close-by."""
    last, before = 0, None
    for deal in deals:
        halves = deal.entry == "out_by" and before is not None and before.entry == "out_by"
        together = halves and before is not None and before.at == deal.at
        before, last = deal, max(deal.at, last + (not together))
        yield deal if last == deal.at else evolve(deal, at=last)
