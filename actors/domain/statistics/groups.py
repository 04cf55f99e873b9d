"""Closed positions by symbol, side, weekday, hour and duration.

Weekday and hour are those of the **close**: it is when a result is booked, and every closed
position has one, so that each grouping adds up to the whole. The weekday is that of the rule day
which holds the close (the trading day alone decides days); the hour is the wall clock's in the
zone of the plan's reset.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from enum import StrEnum

from attrs import frozen

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


@frozen
class GroupKey:
    """One group of one dimension, such as weekday ``monday``."""

    dimension: Dimension
    name: str


Groups = Mapping[GroupKey, Results]


def grouped(trades: Iterable[Trade], clock: RuleClock) -> Groups:
    """Each group's sums over the closed ones among ``trades``; empty groups are left out."""
    members: dict[GroupKey, list[Trade]] = {}
    for trade in trades:
        for key in _keys(trade, clock):
            members.setdefault(key, []).append(trade)
    return {key: Results.of(own) for key, own in members.items()}


def together(some: Groups, others: Groups) -> Groups:
    """The groups of both."""
    merged = dict(some)
    for key, results in others.items():
        merged[key] = merged.get(key, Results()).plus(results)
    return merged


def of_dimension(groups: Groups, dimension: Dimension) -> tuple[tuple[str, Results], ...]:
    """The dimension's groups by name: in the week's or clock's order, symbols by alphabet."""
    own = [(key.name, results) for key, results in groups.items() if key.dimension is dimension]
    order = {name: place for place, name in enumerate((*WEEKDAYS, *DURATIONS, UNKNOWN))}
    return tuple(sorted(own, key=lambda pair: (order.get(pair[0], 0), pair[0])))


def _keys(trade: Trade, clock: RuleClock) -> tuple[GroupKey, ...]:
    if trade.closed_at is None:
        return ()
    return (
        GroupKey(Dimension.SYMBOL, trade.symbol),
        GroupKey(Dimension.SIDE, trade.side.value),
        GroupKey(Dimension.WEEKDAY, WEEKDAYS[clock.day_of(trade.closed_at).weekday()]),
        GroupKey(Dimension.HOUR, f"{clock.hour_of(trade.closed_at):02d}"),
        GroupKey(Dimension.DURATION, _duration(hold_us(trade))),
    )


def _duration(hold: int | None) -> str:
    return UNKNOWN if hold is None else DURATIONS[bisect_right(_LIMITS_US, hold)]
