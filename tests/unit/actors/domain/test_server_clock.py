"""Broker clocks: which names are read, and what an unknown one says."""

from datetime import datetime, timedelta

import pytest

from actors.domain.server_clock import ServerClock, ServerClockError


@pytest.mark.parametrize(
    ("name", "hours"), [("UTC", 0), ("Europe/Athens", 0), ("America/New_York+7h", 7)]
)
def test_a_clock_is_a_zone_with_or_without_a_shift(name: str, hours: int) -> None:
    """The shift is added to the zone's wall time; the name stays as it was given."""
    clock = ServerClock.parse(name)
    assert (clock.name, clock.shift) == (name, timedelta(hours=hours))


@pytest.mark.parametrize("name", ["", "Europe/Nowhere", "America", "../etc/passwd", "Mars+2h"])
def test_an_unknown_clock_is_refused_with_what_is_allowed(name: str) -> None:
    """A folder of zones, a path and a misspelt name are no clocks."""
    with pytest.raises(ServerClockError, match="give an IANA name such as Europe/Athens"):
        ServerClock.parse(name)


@pytest.mark.parametrize(
    ("name", "instant", "hours"),
    [
        ("America/New_York+7h", "2026-03-08T06:59:59+00:00", 2),
        ("America/New_York+7h", "2026-03-08T07:00:00+00:00", 3),
        ("Europe/Athens", "2026-03-29T00:59:59+00:00", 2),
        ("Europe/Athens", "2026-03-29T01:00:00+00:00", 3),
        ("Asia/Kolkata", "2026-03-29T01:00:00+00:00", 5.5),
    ],
)
def test_the_offset_follows_the_zone_and_its_shift(name: str, instant: str, hours: float) -> None:
    """A New York + 7 h clock changes with New York, an Athens clock with Athens."""
    at = datetime.fromisoformat(instant)
    assert ServerClock.parse(name).offset(at) == timedelta(hours=hours)


NEW_YORK = "America/New_York+7h"


@pytest.mark.parametrize(
    ("name", "wall", "instant"),
    [
        (NEW_YORK, "2026-01-15 00:00", "2026-01-14 22:00"),
        (NEW_YORK, "2026-07-15 00:00", "2026-07-14 21:00"),
        (NEW_YORK, "2026-03-20 12:00", "2026-03-20 09:00"),
        ("Europe/Athens", "2026-03-20 12:00", "2026-03-20 10:00"),
        ("Europe/Athens", "2026-10-25 03:30", "2026-10-25 00:30"),
        ("UTC", "2026-01-15 00:00", "2026-01-15 00:00"),
    ],
)
def test_wall_time_is_an_instant_and_back(name: str, wall: str, instant: str) -> None:
    """American dates for New York + 7 h; a wall time that comes twice is its first occurrence."""
    clock = ServerClock.parse(name)
    told = round(datetime.fromisoformat(f"{wall}+00:00").timestamp() * 1000)
    found = clock.to_utc(told)
    assert found == datetime.fromisoformat(f"{instant}+00:00")
    assert clock.to_broker_msc(found) == told
