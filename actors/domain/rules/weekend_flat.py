"""Weekend flat: no position open at a stated local instant of the week (and until another)."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from attrs import frozen

from actors.domain.phase_progress import ConductProgress
from actors.domain.plan import ConductRule, Reset, RuleKind
from actors.domain.plan_table import Table
from actors.domain.rules.conduct import Look, Looked, Scene, above, volumes
from actors.domain.rules.terms import clock_time, conduct_document, rule_id_of, severity_of
from actors.domain.server_clock import ServerClock
from actors.domain.trading_day import RuleClock

_DAY = timedelta(days=1)


class Weekday(StrEnum):
    """Days of the week, as ``date.weekday`` counts them."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


_ORDER = tuple(Weekday)


@frozen
class WeekTime:
    """A local time of the week."""

    day: Weekday
    at: time


@frozen(kw_only=True)
class WeekendFlat(ConductRule):
    """Flat by ``by`` in ``zone``; with ``until`` nothing may be open before that either."""

    by: WeekTime
    until: WeekTime | None
    zone: str


def read(table: Table) -> WeekendFlat:
    """The rule from its table. Raises PlanError."""
    table.only(("id", "kind", "severity", "by", "until", "zone"))
    by = _week_time(table.table("by"))
    until = _week_time(table.table("until")) if "until" in table.fields else None
    if until == by:
        raise table.refuse("until", "allowed: another time of the week than by")
    return WeekendFlat(
        rule_id=rule_id_of(table),
        kind=RuleKind.WEEKEND_FLAT,
        severity=severity_of(table),
        by=by,
        until=until,
        zone=table.zone("zone"),
    )


def _week_time(table: Table) -> WeekTime:
    table.only(("day", "at"))
    return WeekTime(table.choice("day", Weekday), clock_time(table, "at"))


def document(rule: WeekendFlat) -> dict[str, Any]:
    """The rule as the canonical document keeps it."""
    told = {**conduct_document(rule), "by": _told(rule.by), "zone": rule.zone}
    return told if rule.until is None else {**told, "until": _told(rule.until)}


def _told(moment: WeekTime) -> dict[str, str]:
    return {"day": moment.day.value, "at": moment.at.strftime("%H:%M")}


def limit(rule: WeekendFlat) -> int:
    """No position may be open."""
    return 0


def look(rule: WeekendFlat, own: ConductProgress, scene: Scene) -> Looked:
    """Positions open at the instant itself, or after a deal of the closed time."""
    if own.due != scene.at and not _closed(rule, scene):
        return own, None
    value = len(scene.open)
    return own, Look(value, above(value, 0), lambda: volumes(scene))


def next_at(rule: WeekendFlat, own: ConductProgress, scene: Scene) -> datetime | None:
    """The first such instant after this point."""
    return _next(rule.by, rule.zone, scene.server_clock, scene.at)


def _closed(rule: WeekendFlat, scene: Scene) -> bool:
    """True between ``by`` and ``until``: then the week's next ``until`` comes before its ``by``."""
    if rule.until is None:
        return False
    opens = _next(rule.until, rule.zone, scene.server_clock, scene.at)
    return opens < _next(rule.by, rule.zone, scene.server_clock, scene.at)


def _next(moment: WeekTime, zone: str, server_clock: ServerClock, after: datetime) -> datetime:
    clock = RuleClock.of(Reset(moment.at, zone), server_clock)
    day: date = clock.day_of(after) + _DAY  # the first whose instant lies after this point
    while day.weekday() != _ORDER.index(moment.day):
        day += _DAY
    return clock.boundary(day)
