"""The shared heap and the server's breaker."""

import trio
import trio.testing

from actors.breaker import Breaker, BreakerPolicy, Gate, admit, failed, succeeded
from actors.clock import TrioClock
from actors.errors import BrokerFault
from actors.timers import Timers
from tests.fakes.actor_world import START, World

POLICY = BreakerPolicy()


async def test_ticks_come_in_order_and_cancelled_ones_never(
    autojump_clock: trio.testing.MockClock, nursery: trio.Nursery
) -> None:
    """An earlier timer armed later still fires first; a cancelled one does not fire."""
    timers, fired = Timers(TrioClock(START)), list[tuple[str, float]]()
    await nursery.start(timers.run)
    timers.arm(10, lambda: fired.append(("late", trio.current_time())))
    await trio.sleep(1)
    timers.arm(5, lambda: fired.append(("early", trio.current_time())))
    timers.arm(6, lambda: fired.append(("never", trio.current_time()))).cancel()
    await trio.sleep(20)
    assert fired == [("early", 5.0), ("late", 10.0)]


async def test_five_hundred_idle_actors_share_one_heap(
    autojump_clock: trio.testing.MockClock, nursery: trio.Nursery
) -> None:
    """Five hundred actors sleep on one heap, each with one timer, and each is served."""
    clock = TrioClock(START)
    timers, worlds = Timers(clock), [World() for _ in range(500)]
    await nursery.start(timers.run)
    for world in worlds:
        world.timers = timers
        nursery.start_soon(world.actor().run)
    await trio.sleep(5)
    assert all(world.store.units for world in worlds)
    assert len(timers) <= 2 * len(worlds)


def broken() -> Breaker:
    """A breaker that five failures have opened at time 0."""
    breaker = Breaker()
    for _ in range(5):
        breaker = failed(breaker, POLICY, 0.0, BrokerFault.NO_CONNECTION)
    return breaker


def test_failures_open_and_one_probe_closes() -> None:
    """Open refuses; after its time one probe passes, and its success closes the breaker."""
    breaker = broken()
    assert breaker.gate is Gate.OPEN
    assert admit(breaker, POLICY, 1.0)[1] == POLICY.open_seconds - 1
    breaker, wait = admit(breaker, POLICY, 16.0)
    assert wait is None
    assert admit(breaker, POLICY, 17.0)[1] is not None
    assert succeeded(breaker, POLICY, 18.0).gate is Gate.CLOSED


def test_a_hanging_probe_does_not_hold_the_breaker() -> None:
    """A probe that never ends frees its place after its deadline."""
    breaker, _ = admit(broken(), POLICY, 16.0)
    assert admit(breaker, POLICY, 16.0 + POLICY.probe_seconds)[1] is None


def test_refused_credentials_never_open_it() -> None:
    """A hundred wrong passwords say nothing against the server."""
    breaker = Breaker()
    for second in range(100):
        breaker = failed(breaker, POLICY, second, BrokerFault.BAD_CREDENTIALS)
    assert breaker.gate is Gate.CLOSED
