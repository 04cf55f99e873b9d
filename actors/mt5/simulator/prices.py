"""Price paths: the bid in points as a pure function of (seed, symbol, time).

Nothing is stored per tick: a thousand idle accounts cost nothing, a jump of a month costs what a
second costs, and the true path between two polls can be asked for afterwards.
"""

from datetime import datetime
from typing import Protocol

from attrs import frozen

from actors.domain.server_clock import ServerClock
from actors.mt5.simulator.dice import mix, seed_of
from actors.mt5.simulator.symbols import SymbolSpec

TICK_MS = 250
DAY_MS = 86_400_000
_HOUR_MS = 3_600_000
_HALF = 1 << 15
_MARKET_CLOCK = ServerClock.parse("America/New_York+7h")

ROLLOVER_SPREAD = 6
"""How many times wider a spread is around the New York rollover."""

_WIDE_BEFORE_MS = 5 * 60_000
_WIDE_AFTER_MS = 15 * 60_000


class Path(Protocol):
    """A bid path."""

    def points(self, at: int) -> int:
        """Return the bid in points at UTC milliseconds ``at``."""
        ...


class Noise:
    """Value noise of one period: seeded heights at every multiple, straight lines between."""

    __slots__ = ("_ends", "_index", "_period", "_seed", "_size")

    def __init__(self, seed: int, period: int, size: int) -> None:
        self._seed = seed
        self._period = period
        self._size = size
        self._index = -1
        self._ends = (0, 0)

    def at(self, at: int) -> int:
        """Return the height at ``at``, within ±size."""
        index, rest = divmod(at, self._period)
        if index != self._index:
            self._index, self._ends = index, (self._height(index), self._height(index + 1))
        left, right = self._ends
        return left + (right - left) * rest // self._period

    def _height(self, index: int) -> int:
        return (mix(self._seed ^ index) % (2 * _HALF) - _HALF) * self._size // _HALF


class MarketPath:
    """A symbol's common market: noise of many periods, each as wide as a random walk would go."""

    def __init__(self, seed: int, spec: SymbolSpec) -> None:
        self._spec = spec
        self._layers = [
            Noise(seed_of(seed, spec.name, power), 1000 << power, _width(spec.sigma, power))
            for power in range(0, 23, 2)
        ]
        self._tick = -1
        self._bid = 0

    def points(self, at: int) -> int:
        """Return the bid; on a closed market that of its last tick."""
        if not self._spec.always_open:
            at = last_open(at)
        tick = at // TICK_MS
        if tick != self._tick:
            moved = sum(layer.at(tick * TICK_MS) for layer in self._layers)
            self._tick, self._bid = tick, max(1, self._spec.start_points + moved)
        return self._bid


def _width(sigma: int, power: int) -> int:
    """Return sigma x sqrt(2^power seconds) in points; ``power`` is even."""
    return max(1, (sigma << (power // 2)) // 1000)


@frozen
class Knot:
    """A point that a scripted path goes through."""

    at: int
    points: int


class LinePath:
    """A scripted path: straight between knots, level outside, with a bounded wobble after all."""

    def __init__(self, knots: tuple[Knot, ...], wobble: int = 0, seed: int = 0) -> None:
        self._knots = knots
        half = wobble // 2
        self._layers = [Noise(mix(seed), 9_000, half), Noise(mix(seed + 1), 61_000, half)]
        self._wobbles = wobble > 0

    def points(self, at: int) -> int:
        """Return the bid of this script."""
        at = at // TICK_MS * TICK_MS
        line = self._line(at)
        if self._wobbles and at > self._knots[-1].at:
            line += sum(layer.at(at) for layer in self._layers)
        return max(1, line)

    def _line(self, at: int) -> int:
        if at <= self._knots[0].at:
            return self._knots[0].points
        for left, right in zip(self._knots, self._knots[1:], strict=False):
            if at < right.at:
                rise = (right.points - left.points) * (at - left.at)
                return left.points + rise // (right.at - left.at)
        return self._knots[-1].points


_weekend_cache: dict[int, int] = {}


def last_open(at: int) -> int:
    """Return ``at``, or the last tick before the weekend that ``at`` lies in."""
    hour = at // _HOUR_MS
    closed_for = _weekend_cache.get(hour)
    if closed_for is None:
        if len(_weekend_cache) > 4096:
            _weekend_cache.clear()
        closed_for = _weekend_cache[hour] = _closed_hours(hour * _HOUR_MS)
    return at if closed_for < 0 else (hour - closed_for) * _HOUR_MS - TICK_MS


def _closed_hours(at: int) -> int:
    """Return the full hours since the weekend began at ``at``, -1 on an open market."""
    wall = wall_msc(_MARKET_CLOCK, at)
    since = (wall // DAY_MS + 3) % 7 - 5
    return -1 if since < 0 else (since * DAY_MS + wall % DAY_MS) // _HOUR_MS


def is_open(spec: SymbolSpec, at: int) -> bool:
    """True when ``spec`` trades at UTC milliseconds ``at``."""
    return spec.always_open or last_open(at) == at


def wall_msc(clock: ServerClock, at: int) -> int:
    """Return the broker's wall milliseconds of UTC milliseconds ``at``."""
    return clock.to_broker_msc(instant(at))


_rollover_cache: dict[int, bool] = {}


def spread_at(spec: SymbolSpec, at: int) -> int:
    """Return the spread in points at UTC milliseconds ``at``; on a closed market its last one.

    It is wider from five minutes before the New York rollover (01:30 in Tehran in winter) until a
    quarter of an hour after it, whole minutes, except where the market never closes.
    """
    if spec.always_open:
        return spec.spread
    hour, rest = divmod(last_open(at), _HOUR_MS)
    wide = (rest < _WIDE_AFTER_MS and _rolls_over(hour)) or (
        rest >= _HOUR_MS - _WIDE_BEFORE_MS and _rolls_over(hour + 1)
    )
    return spec.spread * ROLLOVER_SPREAD if wide else spec.spread


def _rolls_over(hour: int) -> bool:
    """True when the market's day begins with this hour since the epoch."""
    found = _rollover_cache.get(hour)
    if found is None:
        if len(_rollover_cache) > 4096:
            _rollover_cache.clear()
        wall = wall_msc(_MARKET_CLOCK, hour * _HOUR_MS)
        found = _rollover_cache[hour] = wall % DAY_MS == 0
    return found


_UTC = ServerClock.parse("UTC")


def utc_ms(at: datetime) -> int:
    """Return an aware instant as UTC milliseconds."""
    return _UTC.to_broker_msc(at)


def instant(at: int) -> datetime:
    """Return UTC milliseconds as an aware instant."""
    return _UTC.to_utc(at)
