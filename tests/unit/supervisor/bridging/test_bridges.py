"""Several bridges as one broker: who goes where, what is gone round, how fast logins come."""

from collections.abc import Sequence

import pytest
import trio
from attrs import define, evolve
from trio.testing import MockClock

from actors.clock import TrioClock
from actors.errors import BrokerError, BrokerFault
from actors.mt5.client import BRIDGE_LOST
from actors.ports import Credentials
from supervisor.bridging.berths import Station
from supervisor.bridging.bridges import NO_BRIDGE, NO_BRIDGE_FOR_SERVER, Bridges, Rates
from supervisor.bridging.pace import Pace
from supervisor.bridging.refusals import Refusals
from tests.fakes.actor_world import START, FakeBroker

WHO = Credentials("7001", "Simulated-1", "pass")
FREE = Pace(1e6, 1_000)


@define
class FakeDoor:
    """A bridge whose terminals are a fake broker's."""

    broker: FakeBroker
    now: Station

    def station(self) -> Station:
        """How it stands."""
        return self.now


@define
class House:
    """Two bridges and the door before them."""

    clock: TrioClock
    bridges: Bridges
    first: FakeDoor
    second: FakeDoor

    async def open(self, login: str = "7001", *, sticky: bool = True, seconds: float = 60.0) -> str:
        """Open a session and return the name of the bridge that holds it."""
        before = [self.bridges.berths.taken(name) for name in self.bridges.doors]
        who = evolve(WHO, login=login)
        await self.bridges.open(who, sticky=sticky, deadline_seconds=seconds)
        after = [self.bridges.berths.taken(name) for name in self.bridges.doors]
        grown = [b - a for a, b in zip(before, after, strict=True)]
        return list(self.bridges.doors)[grown.index(1)]

    async def open_plain(self, login: str) -> None:
        """Open a sticky session, whichever bridge it is at."""
        await self.bridges.open(evolve(WHO, login=login), sticky=True, deadline_seconds=60)

    def logins(self) -> tuple[int, int]:
        """How many logins each bridge has seen."""
        return len(self.first.broker.opens), len(self.second.broker.opens)


def house(
    slots: Sequence[int] = (10, 10),
    servers: Sequence[frozenset[str]] = (frozenset(), frozenset()),
    *,
    bridge: Pace = FREE,
    server: Pace = FREE,
) -> House:
    """Two bridges, named so that the account 7001 begins at the first."""
    clock = TrioClock(START)
    doors = [
        FakeDoor(FakeBroker(clock), Station(name, number, servers=allowed))
        for name, number, allowed in zip(("one", "two"), slots, servers, strict=True)
    ]
    refusals = Refusals(lambda who: repr((who.server, who.login)).encode())
    named = {door.now.name: door for door in doors}
    bridges = Bridges(named, clock, Rates(bridge, server), refusals)
    return House(clock, bridges, *doors)


async def fault_of(house: House, login: str = "7001") -> BrokerError:
    """The error that a login ends in."""
    with pytest.raises(BrokerError) as caught:
        await house.open(login)
    return caught.value


async def test_a_seat_lasts_as_long_as_its_session(autojump_clock: MockClock) -> None:
    """From before the login to the close; a login that fails gives it back."""
    world = house((1, 1), (frozenset(), frozenset({"elsewhere"})))
    session = await world.bridges.open(WHO, sticky=True, deadline_seconds=60)
    error = await fault_of(world, "7002")
    assert (error.fault, error.retry_after_seconds) == (BrokerFault.BUSY, 2.0)
    await session.close()
    world.first.broker.faults.append(BrokerError(BrokerFault.TIMEOUT))
    assert (await fault_of(world, "7002")).fault is BrokerFault.TIMEOUT
    assert await world.open("7002") == "one"


async def test_a_lost_bridge_is_left_and_not_returned_to(autojump_clock: MockClock) -> None:
    """Its account goes to the other bridge and stays there when the first is back."""
    world = house()
    home = await world.open()
    lost = world.first if home == "one" else world.second
    lost.now = evolve(lost.now, usable=False)
    other = await world.open()
    assert other != home
    lost.now = evolve(lost.now, usable=True, epoch=1)
    assert world.bridges.berths.taken(home) == 1
    assert await world.open() == other
    assert world.bridges.berths.taken(home) == 0


@pytest.mark.parametrize(
    ("fault", "code", "goes_round"),
    [(fault, None, fault in {BrokerFault.BUSY, BrokerFault.VERSION_MISMATCH})
     for fault in BrokerFault] + [(BrokerFault.TERMINAL_DEAD, BRIDGE_LOST, True)],
)  # fmt: skip
async def test_only_what_speaks_of_the_bridge_is_gone_round(
    autojump_clock: MockClock, fault: BrokerFault, code: str | None, goes_round: bool
) -> None:
    """Busy, wrong versions and a lost stream: the other bridge is tried at once, else nothing."""
    world = house()
    home = await world.open()
    at_home = world.first if home == "one" else world.second
    at_home.broker.faults.append(BrokerError(fault, code=code))
    if goes_round:
        assert await world.open() != home
    else:
        assert (await fault_of(world)).fault is fault
    assert sum(world.logins()) == 2 + goes_round


async def test_what_every_bridge_refuses_is_told_as_the_last_one_said_it(
    autojump_clock: MockClock,
) -> None:
    """Both too new, or both busy: the actor hears that, with the wait that was said."""
    for fault, seconds in ((BrokerFault.VERSION_MISMATCH, None), (BrokerFault.BUSY, 9.0)):
        world = house()
        for door in (world.first, world.second):
            door.broker.faults.append(BrokerError(fault, retry_after_seconds=seconds))
        error = await fault_of(world)
        assert (error.fault, error.retry_after_seconds) == (fault, seconds)
        assert world.logins() == (1, 1)


async def test_a_busy_bridge_is_asked_again_when_it_said(autojump_clock: MockClock) -> None:
    """Its Retry-After holds for every account; until then nobody asks it."""
    world = house(servers=(frozenset({"simulated-1"}), frozenset({"elsewhere"})))
    busy = BrokerError(BrokerFault.BUSY, retry_after_seconds=20.0)
    world.first.broker.faults.append(busy)
    await fault_of(world)
    await trio.sleep(5)
    error = await fault_of(world, "7002")
    assert error.retry_after_seconds == pytest.approx(15.0)
    assert world.logins() == (1, 0)
    await trio.sleep(15)
    assert await world.open("7002") == "one"


async def test_no_bridge_is_told_apart_from_none_for_the_server(autojump_clock: MockClock) -> None:
    """All away comes back by itself; a server without a bridge is the operator's business."""
    world = house(servers=(frozenset({"elsewhere"}), frozenset({"elsewhere"})))
    error = await fault_of(world)
    assert (error.fault, error.code) == (BrokerFault.UNKNOWN_SERVER, NO_BRIDGE_FOR_SERVER)
    world = house()
    for door in (world.first, world.second):
        door.now = evolve(door.now, usable=False)
    error = await fault_of(world)
    assert (error.fault, error.code) == (BrokerFault.TERMINAL_DEAD, NO_BRIDGE)


async def test_a_refused_password_reaches_no_bridge_again(autojump_clock: MockClock) -> None:
    """Neither to read nor to verify, at no bridge; another account is free to log in."""
    world = house()
    for door in (world.first, world.second):
        door.broker.faults.append(BrokerError(BrokerFault.BAD_CREDENTIALS))
    for _ in range(3):
        assert (await fault_of(world)).fault is BrokerFault.BAD_CREDENTIALS
        with pytest.raises(BrokerError):
            await world.bridges.verify(WHO, deadline_seconds=5)
    assert sum(world.logins()) == 1
    world.first.broker.faults.clear()
    world.second.broker.faults.clear()
    await world.open("7002")
    world.bridges.refusals.forgive(WHO.server, WHO.login)
    await world.open()


async def test_logins_keep_the_pace(autojump_clock: MockClock, nursery: trio.Nursery) -> None:
    """Forty at once: ten a second at each bridge, fifteen a second at their server."""
    world = house((100, 100), bridge=Pace(10.0, 2), server=Pace(15.0, 3))
    done: list[float] = []

    async def log_in(login: int) -> None:
        await world.open_plain(str(login))
        done.append(trio.current_time())

    async with trio.open_nursery() as logins:
        for login in range(40):
            logins.start_soon(log_in, login)
    assert len(done) == 40
    assert all(sum(at - 1 < each <= at for each in done) <= 18 for at in done)
    assert 2.4 < max(done) < 5.0


async def test_visits_leave_the_turns_to_accounts_at_risk(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    """While logins queue a visit is told to come later; a sticky login waits in the queue."""
    world = house((100, 100), server=Pace(1.0, 1))
    for login in range(6):
        nursery.start_soon(world.open_plain, str(login))
    await trio.sleep(0.05)
    with pytest.raises(BrokerError) as caught:
        await world.bridges.open(evolve(WHO, login="99"), sticky=False, deadline_seconds=60)
    assert caught.value.fault is BrokerFault.BUSY
    assert caught.value.retry_after_seconds == pytest.approx(6.0, abs=0.1)
    before = trio.current_time()
    await world.open_plain("98")
    assert trio.current_time() - before == pytest.approx(6.0, abs=0.2)
