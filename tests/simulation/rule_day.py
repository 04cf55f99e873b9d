"""The product's rule day held against the oracle's fixed table of resets."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from actors.domain.plan import Reset
from actors.domain.server_clock import ServerClock
from actors.domain.trading_day import RuleClock
from tests.simulation.oracle.resets import Resets, resets

MINUTE_MS = 60_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def clock_of(name: str) -> RuleClock:
    """The product's clock for ``zone HH:MM`` of the table, as a plan would state it."""
    zone, at = name.split(" ")
    reset = datetime.strptime(at, "%H:%M").time()  # noqa: DTZ007 - a wall time
    if "+" in zone:
        return RuleClock.of(Reset(reset, "server"), ServerClock.parse(f"{zone}"))
    return RuleClock.of(Reset(reset, zone), ServerClock.parse("UTC"))


def utc(instant: int) -> datetime:
    """UTC milliseconds as an aware instant."""
    return _EPOCH + timedelta(milliseconds=instant)


def disagreements(name: str, instants: Iterable[int]) -> list[tuple[datetime, date, date]]:
    """Instants at which product and table name another rule day: (instant, product, table)."""
    clock, table = clock_of(name), resets(name)
    found = []
    for instant in instants:
        told, known = clock.day_of(utc(instant)), table.day(instant)
        if told != known:
            found.append((utc(instant), told, known))
    return found


def around_each_reset(table: Resets) -> list[int]:
    """Each reset of the table but its edges, and a minute and a millisecond to either side."""
    return [int(at) + step for at in table.at[1:-1] for step in (-MINUTE_MS, -1, 0, 1, MINUTE_MS)]


def around_each_change(table: Resets, days: int = 1) -> list[int]:
    """Every minute of the rule days around each change of clocks."""
    span = days * 1440
    return [at + n * MINUTE_MS for at in table.changes for n in range(-span - 60, span + 61)]


def every_minute(table: Resets, years: range) -> Iterable[int]:
    """Every minute of the given years (UTC)."""
    first = datetime(years.start, 1, 1, tzinfo=UTC) - _EPOCH
    last = datetime(years.stop, 1, 1, tzinfo=UTC) - _EPOCH
    minute = timedelta(minutes=1)
    return range(first // minute * MINUTE_MS, last // minute * MINUTE_MS, MINUTE_MS)
