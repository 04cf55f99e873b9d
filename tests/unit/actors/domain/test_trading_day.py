"""Rule days: boundaries as instants, daylight saving, and the seed's wrong formula."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.domain.plan import Reset
from actors.domain.server_clock import ServerClock
from actors.domain.trading_day import RuleClock

TEHRAN = RuleClock(ZoneInfo("Asia/Tehran"), time(1, 30))
BERLIN = RuleClock(ZoneInfo("Europe/Berlin"), time(2, 30))

# First and last rule day of summer time in Tehran, from the published calendar.
SUMMERS = {
    2016: (date(2016, 3, 21), date(2016, 9, 20)),
    2017: (date(2017, 3, 22), date(2017, 9, 21)),
    2018: (date(2018, 3, 22), date(2018, 9, 21)),
    2019: (date(2019, 3, 22), date(2019, 9, 21)),
    2020: (date(2020, 3, 21), date(2020, 9, 20)),
    2021: (date(2021, 3, 22), date(2021, 9, 21)),
    2022: (date(2022, 3, 22), date(2022, 9, 21)),
}


def summer(day: date) -> bool:
    """True when 01:30 on that day is Iranian summer time."""
    first, last = SUMMERS.get(day.year, (date.max, date.min))
    return first <= day <= last


def test_tehran_resets_follow_the_published_transitions() -> None:
    """01:30 Tehran is 21:00 UTC in summers up to 2022 and 22:00 UTC on every other day."""
    day = date(2016, 1, 1)
    while day < date(2031, 1, 1):
        hour = 21 if summer(day) else 22
        eve = day - timedelta(days=1)
        assert TEHRAN.boundary(day) == datetime(eve.year, eve.month, eve.day, hour, tzinfo=UTC)
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2022, 3, 21), 23), (date(2022, 9, 21), 25), (date(2023, 3, 21), 24)]
)
def test_rule_days_last_23_24_or_25_hours(day: date, hours: int) -> None:
    """A day that holds a clock change is an hour shorter or longer."""
    length = TEHRAN.boundary(day + timedelta(days=1)) - TEHRAN.boundary(day)
    assert length == timedelta(hours=hours)


def test_a_reset_in_a_gap_moves_by_the_gap() -> None:
    """02:30 does not exist on the spring day in Berlin; the reset is at 03:30 summer time."""
    assert BERLIN.boundary(date(2026, 3, 29)) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_a_reset_that_occurs_twice_is_the_first() -> None:
    """02:30 occurs twice on the autumn day in Berlin; the first one counts."""
    assert BERLIN.boundary(date(2026, 10, 25)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("clock", [TEHRAN, BERLIN], ids=["tehran", "berlin"])
@pytest.mark.parametrize("middle", [date(2022, 3, 22), date(2022, 9, 22), date(2022, 3, 27)])
def test_every_minute_around_a_clock_change_has_one_day(clock: RuleClock, middle: date) -> None:
    """Around clock changes the day number steps by one, at the boundary's own instant."""
    instant = clock.boundary(middle) - timedelta(days=2)
    before = clock.day_of(instant)
    for _ in range(4 * 1440):
        instant += timedelta(minutes=1)
        now = clock.day_of(instant)
        stepped = instant == clock.boundary(now)
        assert now == before + timedelta(days=1) if stepped else now == before
        before = now


@settings(max_examples=200)
@given(
    st.integers(86_400, 2_524_000_000).map(lambda second: datetime.fromtimestamp(second, UTC)),
    st.sampled_from(["Asia/Tehran", "Europe/Prague", "America/New_York", "UTC", "server"]),
    st.times(),
)
def test_a_day_holds_its_instants(instant: datetime, zone: str, at: time) -> None:
    """B(d) <= t < B(d+1) for every instant, zone and reset time."""
    clock = RuleClock.of(
        Reset(at.replace(second=0, microsecond=0), zone),
        ServerClock.parse("America/New_York+7h"),
    )
    day = clock.day_of(instant)
    assert clock.boundary(day) <= instant < clock.boundary(day + timedelta(days=1))
    assert clock.next_reset(instant) == clock.boundary(day + timedelta(days=1))


def test_a_server_zone_resets_at_the_broker_midnight() -> None:
    """Zone ``server`` with New York + 7 h at 00:00 is 17:00 in New York."""
    clock = RuleClock.of(Reset(time(0, 0), "server"), ServerClock.parse("America/New_York+7h"))
    assert clock.boundary(date(2026, 7, 2)) == datetime(2026, 7, 1, 21, tzinfo=UTC)
    assert clock.boundary(date(2026, 1, 2)) == datetime(2026, 1, 1, 22, tzinfo=UTC)


def test_the_seeds_formula_points_elsewhere() -> None:
    """Today's local date at 01:30 lies in the future between 00:00 and 01:30: it is not used."""
    instant = datetime(2026, 3, 3, 21, 0, tzinfo=UTC)  # 00:30 in Tehran
    local = instant.astimezone(ZoneInfo("Asia/Tehran"))
    wrong = local.replace(hour=1, minute=30, second=0, microsecond=0)
    assert wrong > instant
    assert TEHRAN.boundary(TEHRAN.day_of(instant)) == datetime(2026, 3, 2, 22, tzinfo=UTC)


def test_a_day_goes_on_where_the_clock_falls_back_over_midnight() -> None:
    """In St. John's 00:01 became 23:01: the day had begun at the first midnight and goes on."""
    clock = RuleClock(ZoneInfo("America/St_Johns"), time(0, 0))
    begins = datetime(2010, 11, 7, 2, 30, tzinfo=UTC)
    assert clock.boundary(date(2010, 11, 7)) == begins
    minutes = (-1, 0, 1, 30, 60, 61)
    days = [clock.day_of(begins + timedelta(minutes=minute)).day for minute in minutes]
    assert days == [6, 7, 7, 7, 7, 7]


def test_a_shifted_server_clock_shows_its_own_hour() -> None:
    """New York + 7 h shows midnight at 17:00 in New York, in summer and in winter."""
    clock = RuleClock.of(Reset(time(0, 0), "server"), ServerClock.parse("America/New_York+7h"))
    assert clock.hour_of(datetime(2026, 7, 1, 21, 30, tzinfo=UTC)) == 0
    assert clock.hour_of(datetime(2026, 1, 1, 21, 30, tzinfo=UTC)) == 23
