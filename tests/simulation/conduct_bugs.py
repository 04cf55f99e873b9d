"""Planted bugs in the rules on conduct; none of them is seen by the oracle of losses."""

from datetime import datetime, timedelta
from typing import Any

from actors.domain.rules import elapsed, max_lots, minimum_holding_time, weekend_flat
from tests.simulation.mutations import Mutation


def _to_the_last_deal(_original: Any) -> Any:
    """Holding time from the position's deal before, not from its opening."""

    def opened_at(closing: Any, deals: Any) -> datetime | None:
        before = [one.occurred_at for one in deals if one.occurred_at < closing.occurred_at]
        return max(before) if before and closing.entry != "in" else None

    return opened_at


def _an_hour_late(original: Any) -> Any:
    """The week's instant an hour late, as by the clock of another season."""
    hour = timedelta(hours=1)
    return lambda moment, zone, clock, after: original(moment, zone, clock, after - hour) + hour


def _an_hour_early(original: Any) -> Any:
    """Time that runs counts from an hour too early."""
    return lambda days, warning, since, scene: original(
        days, warning, since - timedelta(hours=1), scene
    )


def _a_hundredth_more(_original: Any) -> Any:
    """Lots are counted a hundredth of a lot too high."""
    return lambda number, unit: (
        int(number * 10**8) + 10**6 if unit == "lots" else _original(number, unit)
    )


CONDUCT_BUGS = (
    Mutation("holding time from the deal before", minimum_holding_time, "_opened_at",
             _to_the_last_deal, "conduct"),
    Mutation("weekend off by an hour", weekend_flat, "_next", _an_hour_late, "conduct"),
    Mutation("time runs from an hour too early", elapsed, "elapsed", _an_hour_early, "conduct"),
    Mutation("lots counted a hundredth too high", max_lots, "smallest", _a_hundredth_more,
             "conduct"),
)  # fmt: skip
