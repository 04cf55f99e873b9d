"""Markets: a regime-switching walk with jumps, a weekend that closes it, and a gap after it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from tests.simulation.oracle.truth import Ticks
from tests.simulation.world.streams import field_of

STEP_MS = 1000
TICK_OFFSET_MS = 300
"""Ticks fall between the whole seconds, so that none coincides with a reset."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEW_YORK = ZoneInfo("America/New_York")
_REGIMES = np.array([0.5, 1.0, 2.5])


@frozen
class Symbol:
    """A market: start price and spread in points, volatility in points per square-root second."""

    name: str
    price: int
    spread: int
    sigma: float
    swap_per_lot: int
    always_open: bool = False


SYMBOLS = (
    Symbol("EURUSD", 110_000, 8, 1.9, -70),
    Symbol("USDJPY", 148_000, 11, 2.6, 40),
    Symbol("XAUUSD", 205_000, 25, 5.5, -320),
    Symbol("BTCUSD", 640_000, 120, 21.0, -900, always_open=True),
)


@frozen(eq=False)
class Market:
    """All ticks of all symbols, and when the week's markets are shut (as sorted edges)."""

    ticks: Mapping[str, Ticks]
    shut: tuple[tuple[int, int], ...]
    until: int
    symbols: Mapping[str, Symbol] = field(factory=lambda: {s.name: s for s in SYMBOLS})

    def opens_at(self, symbol: str, instant: int) -> int:
        """``instant`` while the symbol trades, else when it opens again."""
        if self.symbols[symbol].always_open:
            return instant
        return next((end for start, end in self.shut if start <= instant < end), instant)


def msc(instant: datetime) -> int:
    """An aware instant as UTC milliseconds."""
    return (instant - _EPOCH) // timedelta(milliseconds=1)


def instant_of(milliseconds: int) -> datetime:
    """UTC milliseconds as an aware instant."""
    return _EPOCH + timedelta(milliseconds=milliseconds)


@cache
def market(seed: int, start: datetime, days: int) -> Market:
    """The markets of one world; the same arguments give the same ticks."""
    first, size = msc(start) + TICK_OFFSET_MS, days * 86_400
    shut = _weekends(start, days)
    ticks = {s.name: _ticks(seed, s, first, size, shut) for s in SYMBOLS}
    return Market(ticks, shut, msc(start) + days * 86_400_000)


def _ticks(
    seed: int, symbol: Symbol, first: int, size: int, shut: tuple[tuple[int, int], ...]
) -> Ticks:
    random = field_of(seed, f"broker/{symbol.name}")
    hours = size // 3600 + 1
    regimes = np.repeat(_REGIMES[_walk_of_regimes(random, hours)], 3600)[:size]
    moves = random.standard_normal(size, dtype=np.float32) * regimes * symbol.sigma
    jumps = random.random(size, dtype=np.float32) < 3 / 86_400
    moves[jumps] += random.standard_normal(int(jumps.sum())) * symbol.sigma * 60
    if not symbol.always_open:
        _close_weekends(moves, first, shut, random, symbol)
    bid = symbol.price + np.cumsum(np.rint(moves).astype(np.int64))
    bid = np.maximum(bid, symbol.price // 4).astype(np.int32)
    return Ticks(first, STEP_MS, bid, bid + _spread(symbol, first, size))


def _walk_of_regimes(random: np.random.Generator, hours: int) -> NDArray[np.int64]:
    """Calm, usual or wild, hour by hour; each lasts for some hours."""
    changes = random.random(hours) < 0.2
    wanted = random.choice(3, size=hours, p=(0.4, 0.45, 0.15))
    last = np.maximum.accumulate(np.where(changes, np.arange(hours), 0))
    return np.asarray(wanted[last], dtype=np.int64)


def _close_weekends(
    moves: NDArray[np.float64],
    first: int,
    shut: tuple[tuple[int, int], ...],
    random: np.random.Generator,
    symbol: Symbol,
) -> None:
    """No move while shut; the first tick after it gaps."""
    for start, end in shut:
        begin, stop = max(0, (start - first) // STEP_MS + 1), max(0, (end - first) // STEP_MS + 1)
        moves[begin:stop] = 0
        if stop < len(moves):
            moves[stop] = random.standard_normal() * symbol.sigma * 120


def _spread(symbol: Symbol, first: int, size: int) -> NDArray[np.int32]:
    """Six times as wide for ten minutes around each New York rollover."""
    spread = np.full(size, symbol.spread, dtype=np.int32)
    for at in rollovers(instant_of(first), size // 86_400 + 2, "America/New_York", 17):
        row = (at - first) // STEP_MS
        spread[max(0, row - 300) : max(0, row + 300)] *= 6
    return spread


def rollovers(start: datetime, days: int, zone: str, hour: int) -> tuple[int, ...]:
    """The instants of ``hour`` o'clock in a zone on the days around ``start``."""
    day = start.astimezone(ZoneInfo(zone)).replace(hour=hour, minute=0, second=0, microsecond=0)
    walls = (day.replace(tzinfo=None) + timedelta(days=n) for n in range(-1, days))
    return tuple(msc(wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)) for wall in walls)


def turned_back(start: datetime, until: int, zone: str) -> tuple[int, ...]:
    """The instants at which a zone turns back its clocks, to the hour."""
    hours = range(msc(start), until, 3_600_000)
    ahead = [instant_of(at).astimezone(ZoneInfo(zone)).utcoffset() or timedelta() for at in hours]
    pairs = zip(hours[1:], ahead, ahead[1:], strict=False)
    return tuple(at for at, before, after in pairs if after < before)


def _weekends(start: datetime, days: int) -> tuple[tuple[int, int], ...]:
    """Friday 17:00 to Sunday 17:00 in New York."""
    closings = rollovers(start - timedelta(days=7), days + 10, "America/New_York", 17)
    local = [(at, instant_of(at).astimezone(_NEW_YORK).weekday()) for at in closings]
    return tuple((at, closings[n + 2]) for n, (at, day) in enumerate(local[:-2]) if day == 4)
