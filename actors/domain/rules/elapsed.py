"""Time that runs out: what inactivity and lifetime have in common."""

from datetime import datetime, timedelta

from actors.domain.rule_day import Level
from actors.domain.rules.conduct import Look, Scene, milliseconds


def elapsed(days: int, warning_days: int | None, since: datetime, scene: Scene) -> Look:
    """The time since ``since``: breach at ``days``, warning at ``warning_days``, both inclusive."""
    value = scene.at - since
    level = Level.OK
    if value >= timedelta(days=days):
        level = Level.BREACH
    elif warning_days is not None and value >= timedelta(days=warning_days):
        level = Level.WARNING
    return Look(
        milliseconds(value),
        level,
        lambda: {"since": since.isoformat(), "at": scene.at.isoformat()},
    )


def next_of(
    days: int, warning_days: int | None, since: datetime | None, scene: Scene
) -> datetime | None:
    """The first of warning and breach that lies after this point."""
    if since is None:
        return None
    instants = [since + timedelta(days=n) for n in (warning_days, days) if n is not None]
    return min((instant for instant in instants if instant > scene.at), default=None)
