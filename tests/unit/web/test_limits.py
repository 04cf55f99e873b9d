"""Rate limits: allowance, waiting time, bounded memory, and who counts as one client."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.web.clocks import HandClock
from web.limits import DEFAULT_LIMITS, InProcessLimiter, LimitClass, RateGate, client_address
from web.problems import Code, Problem


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 600))
async def test_a_minutes_allowance_passes_and_one_more_waits(per_minute: int) -> None:
    """Exactly ``per_minute`` requests pass at once; the next waits for one spacing."""
    limiter = InProcessLimiter(HandClock())
    answers = [await limiter.take("c", "k", per_minute) for _ in range(per_minute)]
    assert answers == [None] * per_minute
    assert await limiter.take("c", "k", per_minute) == pytest.approx(60 / per_minute)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 120), st.lists(st.floats(0, 20), min_size=1, max_size=200))
async def test_the_told_wait_is_enough_and_the_rate_is_bounded(
    per_minute: int, pauses: list[float]
) -> None:
    """After the told wait a request passes, and no run exceeds burst plus rate."""
    clock = HandClock()
    limiter = InProcessLimiter(clock)
    passed = 0
    for pause in pauses:
        clock.forward(pause)
        wait = await limiter.take("c", "k", per_minute)
        if wait is not None:
            clock.forward(wait)
            assert await limiter.take("c", "k", per_minute) is None
        passed += 1
    assert passed <= per_minute + clock.monotonic() * per_minute / 60 + 1e-3


async def test_refused_requests_cost_nothing_and_keys_are_apart() -> None:
    """Knocking while refused does not extend the wait; another key or class is free."""
    clock = HandClock()
    limiter = InProcessLimiter(clock)
    for _ in range(50):
        await limiter.take("sync", "a", 6)
    assert await limiter.take("sync", "b", 6) is None
    assert await limiter.take("dashboard", "a", 6) is None
    clock.forward(10)
    assert await limiter.take("sync", "a", 6) is None


async def test_memory_is_bounded_and_run_out_keys_are_forgotten() -> None:
    """A flood of keys stays under the bound; a key that has run out is dropped."""
    clock = HandClock()
    limiter = InProcessLimiter(clock, max_keys=100)
    for number in range(1000):
        await limiter.take("anonymous", str(number), 60)
    assert len(limiter) == 100
    clock.forward(3600)
    await limiter.take("anonymous", "new", 60)
    assert len(limiter) == 1


async def test_the_gate_says_429_with_whole_seconds_to_wait() -> None:
    """A refusal is a problem with Retry-After, rounded up."""
    gate = RateGate(InProcessLimiter(HandClock()))
    for _ in range(DEFAULT_LIMITS[LimitClass.SYNC].per_minute):
        await gate.enter(LimitClass.SYNC, "k")
    with pytest.raises(Problem) as refused:
        await gate.enter(LimitClass.SYNC, "k")
    assert refused.value.code is Code.RATE_LIMITED
    assert refused.value.headers["retry-after"] == "10"


def test_every_class_has_a_limit() -> None:
    """No class is left without a number, and CONTRACT's numbers stand."""
    assert set(DEFAULT_LIMITS) == set(LimitClass)
    told = {name: DEFAULT_LIMITS[LimitClass(name)].per_minute for name in ("connect", "exchange")}
    assert told == {"connect": 30, "exchange": 600}
    told = {name: DEFAULT_LIMITS[LimitClass(name)].per_minute for name in ("dashboard", "sync")}
    assert told == {"dashboard": 240, "sync": 6}


@pytest.mark.parametrize(
    ("peer", "forwarded", "hops", "counted"),
    [
        ("198.51.100.7", [], 0, "198.51.100.7"),
        ("198.51.100.7", ["203.0.113.9"], 0, "198.51.100.7"),
        ("127.0.0.1", ["203.0.113.9"], 1, "203.0.113.9"),
        ("127.0.0.1", ["1.2.3.4, 203.0.113.9"], 1, "203.0.113.9"),
        ("127.0.0.1", ["1.2.3.4", "203.0.113.9"], 1, "203.0.113.9"),
        ("127.0.0.1", ["1.2.3.4, 203.0.113.9, 10.0.0.2"], 2, "203.0.113.9"),
        ("127.0.0.1", ["203.0.113.9"], 2, "127.0.0.1"),
        ("127.0.0.1", ["nonsense"], 1, "127.0.0.1"),
        ("127.0.0.1", ["203.0.113.9\r\nx"], 1, "127.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", [], 0, "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", [], 0, "203.0.113.9"),
        ("unix", [], 0, "unknown"),
    ],
)
def test_client_address(peer: str, forwarded: list[str], hops: int, counted: str) -> None:
    """Only our own proxies' entries are believed; IPv6 counts by /64."""
    assert client_address(peer, forwarded, hops) == counted


@given(st.lists(st.ip_addresses(v=4).map(str), max_size=5))
def test_a_spoofed_header_never_moves_the_counted_address(spoofed: list[str]) -> None:
    """Whatever the client puts in front, the proxy's own entry decides."""
    header = ", ".join([*spoofed, "203.0.113.9"])
    assert client_address("127.0.0.1", [header], 1) == "203.0.113.9"
