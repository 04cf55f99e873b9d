"""Ways to trade beyond opening and closing: a netting position that grows and turns, two opposite
positions closed by each other, and a stop-out.
"""

from typing import Literal

import numpy as np

from tests.simulation.oracle.truth import TrueDeal
from tests.simulation.world.market import STEP_MS
from tests.simulation.world.pen import HOUR, Pen

Entry = Literal["in", "out", "inout", "out_by"]
_STOPPED_AT = 2
"""A stop-out comes when the open positions have lost one part in so many of the deposit."""


def net(pen: Pen, symbol: str, lots: int, since: int, until: int) -> None:
    """One position that may grow, may turn to the other side, and ends."""
    if since < pen.free_from.get(symbol, 0) or not _fits(pen, symbol, since, until):
        return
    number, sign = pen.next_ticket(), pen.random.choice((1, -1))
    held, price = lots, _filled(pen, symbol, since, sign)
    _trade(pen, symbol, number, since, sign, lots)
    at = since + (until - since) * pen.random.randint(10, 40) // 100
    grown_at = _whole_mean(pen, symbol, at, sign, price)
    if grown_at is not None and pen.random.random() < 0.5:
        _trade(pen, symbol, number, grown_at, sign, lots)
        price, held = (price + _filled(pen, symbol, grown_at, sign)) // 2, 2 * lots
    if pen.random.random() < 0.6:
        at = since + (until - since) * pen.random.randint(60, 80) // 100
        rest = max(1, lots * pen.random.randint(1, 3) // 2)
        filled = _filled(pen, symbol, at, -sign)
        _trade(pen, symbol, number, at, -sign, held + rest, (filled - price) * sign * held, "inout")
        sign, held, price = -sign, rest, filled
    filled = _filled(pen, symbol, until, -sign)
    _trade(pen, symbol, number, until, -sign, held, (filled - price) * sign * held, "out")
    pen.free_from[symbol] = until + 1


def close_by(pen: Pen, symbol: str, lots: int, since: int, until: int) -> None:
    """Two opposite positions: what both have is closed at one instant, the rest at the end."""
    if not _fits(pen, symbol, since, until):
        return
    sign, third = pen.random.choice((1, -1)), (until - since) // 3
    first = _trade(pen, symbol, pen.next_ticket(), since, sign, lots)
    more = lots * pen.random.randint(1, 4) // 2
    second = _trade(pen, symbol, pen.next_ticket(), since + third, -sign, more)
    at, both = since + 2 * third, min(lots, more)
    profit = (second.price - first.price) * sign * both
    for one, other, gain in ((first, second, profit), (second, first, 0)):
        closing = TrueDeal(at, pen.next_ticket(), "trade", profit=gain, position=one.position,
                           symbol=symbol, sign=-one.sign, lots=both, price=other.price,
                           entry="out_by")  # fmt: skip
        pen.write(closing)
        if one.lots > both:
            filled = _filled(pen, symbol, until, -one.sign)
            result = (filled - one.price) * one.sign * (one.lots - both)
            _trade(pen, symbol, one.position, until, -one.sign, one.lots - both, result, "out")


def open_until_stopped(
    pen: Pen, symbol: str, lots: int, since: int, until: int, initial: int
) -> None:
    """Positions far too large: closed by the broker one after another when half is lost."""
    if not _fits(pen, symbol, since, until):
        return
    sign = pen.random.choice((1, -1))
    opened = [
        _trade(pen, symbol, pen.next_ticket(), since + n * 60_000, sign, max(1, lots * 3 // 4))
        for n in range(pen.random.randint(1, 3))
    ]
    ticks = pen.market.ticks[symbol]
    first, last = ticks.row(opened[-1].at) + 1, ticks.row(until)
    prices = (ticks.bid if sign > 0 else ticks.ask)[first:last].astype(np.int64)
    floating = sum((prices - one.price) * one.sign * one.lots for one in opened)
    lost = np.flatnonzero(floating <= -initial // _STOPPED_AT)
    forced = bool(len(lost))
    at = ticks.start + (first + int(lost[0])) * STEP_MS + 11 if forced else until
    for n, one in enumerate(opened):
        filled = _filled(pen, symbol, at + n * 7, -sign)
        result = (filled - one.price) * sign * one.lots
        _trade(pen, symbol, one.position, at + n * 7, -sign, one.lots, result, "out", forced=forced)


def twice_told(pen: Pen, symbol: str, lots: int, turned_at: int) -> None:
    """Positions opened and closed around the instant at which the server turns back its clock:
    half an hour before it and half an hour after it have the same wall time.
    """
    minute = 60_000
    for begin, end in ((-100, -40), (-50, 20), (10, 50), (30, 120), (-20, 130)):
        since, until = turned_at + begin * minute + 7, turned_at + end * minute + 11
        number, sign = pen.next_ticket(), pen.random.choice((1, -1))
        opened = _trade(pen, symbol, number, since, sign, lots)
        filled = _filled(pen, symbol, until, -sign)
        result = (filled - opened.price) * sign * lots
        _trade(pen, symbol, number, until, -sign, lots, result, "out")


def _fits(pen: Pen, symbol: str, since: int, until: int) -> bool:
    """Whether the market is open all the time, and the world goes on for a while."""
    shut = any(start < until and since < end for start, end in pen.market.shut)
    always = pen.market.symbols[symbol].always_open
    return (always or not shut) and until < pen.market.until - HOUR


def _filled(pen: Pen, symbol: str, at: int, sign: int) -> int:
    """A buy is filled at the ask, a sell at the bid."""
    return pen.market.ticks[symbol].closing(at, -sign)


def _whole_mean(pen: Pen, symbol: str, at: int, sign: int, price: int) -> int | None:
    """The first second from ``at`` on in which the same lots again give a whole mean price."""
    later = (at + n * STEP_MS for n in range(100))
    return next((t for t in later if (_filled(pen, symbol, t, sign) + price) % 2 == 0), None)


def _trade(
    pen: Pen, symbol: str, number: int, at: int, sign: int, lots: int, profit: int = 0,
    entry: Entry = "in", *, forced: bool = False,
) -> TrueDeal:  # fmt: skip
    """Write one deal; an opening has the position's number."""
    first = entry == "in" and all(deal.position != number for deal in pen.deals)
    fee = 0 if entry == "out" else pen.fee(lots)
    deal = TrueDeal(at, number if first else pen.next_ticket(), "trade", profit=profit,
                    commission=fee, position=number, symbol=symbol, sign=sign, lots=lots,
                    price=_filled(pen, symbol, at, sign), entry=entry, forced=forced)  # fmt: skip
    pen.write(deal)
    return deal
