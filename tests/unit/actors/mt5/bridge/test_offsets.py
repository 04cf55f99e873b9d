"""Learning a server's clock from ticks, across daylight saving and closed markets."""

from datetime import UTC, datetime, timedelta

import pytest

from actors.domain.server_clock import ServerClock
from actors.mt5.bridge.offsets import VALID_SECONDS, Reading, ServerTime, learn

HOUR = 3600
HOUR_MS = 3_600_000
ATHENS, NEW_YORK = ServerClock.parse("Europe/Athens"), ServerClock.parse("America/New_York+7h")


def ms(at: datetime) -> int:
    """UTC milliseconds."""
    return round(at.timestamp() * 1000)


def reading(at: int, offset: int, age_ms: int = 800) -> Reading:
    """A tick of ``age_ms`` ago on a server that is ``offset`` seconds ahead."""
    return Reading(at + offset * 1000 - age_ms, at)


def learned(offset: int, *, start: int = 10**12, configured: int | None = None) -> ServerTime:
    """What two fresh readings teach."""
    first = learn(ServerTime(), reading(start, offset), configured)
    return learn(first, reading(start + 60_000, offset), configured)


def test_two_fresh_readings_that_agree_teach_the_offset() -> None:
    """One reading proves nothing, since a tick's age cannot be seen."""
    once = learn(ServerTime(), reading(10**12, 3 * HOUR), None)
    assert once.detected(10**12) is None
    assert learned(3 * HOUR).detected(10**12 + 60_000) == 3 * HOUR


def test_a_closed_market_teaches_nothing() -> None:
    """A stamp that stands still is refused however often it is read, and so is what it implies."""
    known = learned(2 * HOUR)
    friday = known.last
    assert friday is not None
    for hours in range(1, 60):
        known = learn(known, Reading(friday.stamp, friday.at + hours * HOUR_MS), None)
    assert [each.offset for each in known.history] == [2 * HOUR]
    assert known.detected(friday.at + VALID_SECONDS * 1000 + 1) is None


def test_the_last_tick_of_friday_teaches_nothing_on_saturday() -> None:
    """It advanced since it was read last, but the two readings do not agree."""
    known = learned(2 * HOUR)
    last = known.last
    assert last is not None
    known = learn(known, Reading(last.stamp + 60_000, last.at + HOUR_MS), None)
    known = learn(known, Reading(last.stamp + 60_000, last.at + 2 * HOUR_MS), None)
    assert [each.offset for each in known.history] == [2 * HOUR]


@pytest.mark.parametrize("hours", [-2, 2, -13, 15])
def test_a_jump_of_more_than_an_hour_is_refused(hours: int) -> None:
    """From what was known, or from the zone where nothing was."""
    at = 10**12 + 10 * HOUR_MS
    known = learned(0)
    for step in range(3):
        known = learn(known, reading(at + step * 60_000, hours * HOUR), 0)
    assert [each.offset for each in known.history] == [0]
    assert learned(hours * HOUR, configured=0).history == ()


@pytest.mark.parametrize("clock", [ATHENS, NEW_YORK], ids=["europe", "america"])
@pytest.mark.parametrize("year", [2025, 2026])
def test_daylight_saving_is_learned_and_the_past_keeps_its_offset(
    clock: ServerClock, year: int
) -> None:
    """Through a year's two flips: each instant has the offset that was in force then."""
    known, now = ServerTime(), datetime(year, 1, 1, tzinfo=UTC)
    told: dict[datetime, int | None] = {}
    while now.year == year:
        for minutes in (0, 1):
            at = now + timedelta(minutes=minutes)
            offset = clock.offset(at)
            stamp = clock.to_broker_msc(at) - 500
            known = learn(known, Reading(stamp, ms(at)), int(offset.total_seconds()))
        told[now + timedelta(minutes=1)] = known.at(ms(now + timedelta(minutes=1)))
        now += timedelta(hours=3)
    assert [each.offset // HOUR for each in known.history] == [2, 3, 2]
    later = {at: known.at(ms(at)) for at in told}
    assert later == told
    assert all(o == clock.offset(at).total_seconds() for at, o in told.items())


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_server_that_leaves_its_zone_is_found(hours: int) -> None:
    """A jump of an hour is believed at the second reading that shows it."""
    known = learned(2 * HOUR, configured=2 * HOUR)
    at = 10**12 + 2 * HOUR_MS
    known = learn(known, reading(at, (2 + hours) * HOUR), 2 * HOUR)
    assert known.detected(at) == 2 * HOUR
    known = learn(known, reading(at + 60_000, (2 + hours) * HOUR), 2 * HOUR)
    assert known.detected(at) == (2 + hours) * HOUR
