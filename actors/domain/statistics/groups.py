"""Closed positions by symbol, side, weekday, hour and duration.

Weekday and hour are those of the **close**: it is when a result is booked, and every closed
position has one, so that each grouping adds up to the whole. The weekday is that of the rule day
which holds the close (the trading day alone decides days); the hour is the wall clock's in the
zone of the plan's reset.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Self

import msgspec
from attrs import astuple, frozen

from actors.domain.statistics.results import Results, hold_us
from actors.domain.trades import Trade
from actors.domain.trading_day import RuleClock

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DURATIONS = (
    "under_1m",
    "1m_to_5m",
    "5m_to_15m",
    "15m_to_1h",
    "1h_to_4h",
    "4h_to_1d",
    "1d_to_7d",
    "over_7d",
)
"""Duration groups: from (included) to (excluded)."""
UNKNOWN = "unknown"
"""The duration group of positions whose opening is unknown."""
_LIMITS_US = tuple(s * 1_000_000 for s in (60, 300, 900, 3_600, 14_400, 86_400, 604_800))


class Dimension(StrEnum):
    """By what closed positions are grouped."""

    SYMBOL = "symbol"
    SIDE = "side"
    WEEKDAY = "weekday"
    HOUR = "hour"
    DURATION = "duration"


Key = tuple[Dimension, str]
_Row = tuple[Dimension, str, int, int, int, int, int, int | None, int | None, int, int]
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(list[_Row])


@frozen
class Groups:
    """The sums of each group, packed: an account has some fifty, kept always and asked seldom.

    Empty groups are left out.
    """

    packed: bytes = _ENCODER.encode([])

    @classmethod
    def of(cls, trades: Iterable[Trade], clock: RuleClock) -> Self:
        """The groups of the closed ones among ``trades``."""
        members: dict[Key, list[Trade]] = {}
        for trade in trades:
            for key in _keys(trade, clock):
                members.setdefault(key, []).append(trade)
        return cls._of({key: Results.of(own) for key, own in members.items()})

    @classmethod
    def _of(cls, sums: Mapping[Key, Results]) -> Self:
        rows = [(*key, *astuple(results)) for key, results in sums.items()]
        return cls(_ENCODER.encode(rows))

    def plus(self, other: "Groups") -> "Groups":
        """The groups of both."""
        merged = self.sums
        for key, results in other.sums.items():
            merged[key] = merged.get(key, Results()).plus(results)
        return self._of(merged)

    @property
    def sums(self) -> dict[Key, Results]:
        """Each group's sums by dimension and name."""
        rows = _DECODER.decode(self.packed)
        return {row[:2]: Results(*row[2:]) for row in rows}

    def by(self, dimension: Dimension) -> tuple[tuple[str, Results], ...]:
        """The dimension's groups by name: in the week's or clock's order, symbols by alphabet."""
        own = [(name, sums) for (of, name), sums in self.sums.items() if of is dimension]
        order = {name: place for place, name in enumerate((*WEEKDAYS, *DURATIONS, UNKNOWN))}
        return tuple(sorted(own, key=lambda pair: (order.get(pair[0], 0), pair[0])))


def _keys(trade: Trade, clock: RuleClock) -> tuple[Key, ...]:
    if trade.closed_at is None:
        return ()
    return (
        (Dimension.SYMBOL, trade.symbol),
        (Dimension.SIDE, trade.side.value),
        (Dimension.WEEKDAY, WEEKDAYS[clock.day_of(trade.closed_at).weekday()]),
        (Dimension.HOUR, f"{clock.hour_of(trade.closed_at):02d}"),
        (Dimension.DURATION, _duration(hold_us(trade))),
    )


def _duration(hold: int | None) -> str:
    return UNKNOWN if hold is None else DURATIONS[bisect_right(_LIMITS_US, hold)]
