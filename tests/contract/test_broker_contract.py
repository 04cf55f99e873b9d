"""What every Broker must do: the same suite through the in-process door, over TCP, and on the
real bridge with worker processes on fake terminals."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import trio

from actors.domain.deals import Deal, DealType
from actors.errors import BrokerError, BrokerFault
from actors.mt5.simulator.broker import AccountCard
from actors.mt5.simulator.faults import Fault, Trouble
from actors.mt5.simulator.scenarios import SCENARIOS, add_account
from actors.ports import Credentials
from tests.contract.broker_worlds import World, bridge_world, simulated_world


@pytest.fixture(params=["in_process", "tcp", "bridge"])
async def world(
    request: pytest.FixtureRequest, nursery: trio.Nursery, tmp_path: Path
) -> AsyncIterator[World]:
    """Give each door in turn."""
    if request.param != "bridge":
        yield await simulated_world(request.param, nursery)
        return
    async with bridge_world(tmp_path) as made:
        yield made


def credentials(card: AccountCard, password: str | None = None) -> Credentials:
    """Return the card's credentials, or wrong ones."""
    return Credentials(card.login, card.server, password or card.investor_password)


async def fault_of(act: Callable[[], Awaitable[object]]) -> BrokerFault:
    """Return the fault that an act ends with."""
    with pytest.raises(BrokerError) as caught:
        await act()
    return caught.value.fault


@pytest.mark.parametrize("scenario", sorted(SCENARIOS))
async def test_books_are_exact(world: World, scenario: str) -> None:
    """Deals sum to the balance, and equity is balance, credit and floating to the minor unit."""
    card = add_account(world.simulated, scenario, login="5000000001")
    session = await world.door.open(credentials(card), sticky=True, deadline_seconds=5)
    seen = await session.snapshot()
    page = await session.deals(0, 0, 2000)
    assert page.stable
    assert page.total == len(page.deals)
    assert sum(d.amount for d in page.deals if d.type is not DealType.CREDIT) == seen.balance
    assert sum(p.profit + p.swap for p in seen.positions) == seen.floating
    assert seen.equity == world.simulated.true_equity(card.login, world.clock.now())
    await session.close()
    assert world.bridge.slots_busy == 0


async def test_pages_join_to_the_whole(world: World) -> None:
    """Pages of any size, followed by their cursor, give each deal once and in order."""
    card = add_account(world.simulated, "random")
    session = await world.door.open(credentials(card), sticky=False, deadline_seconds=5)
    whole = (await session.deals(0, 0, 2000)).deals
    since, after = 0, 0
    found: list[Deal] = []
    while True:
        page = await session.deals(since, after, 7)
        found += page.deals
        if page.next_since_msc is None or page.next_after_ticket is None:
            break
        since, after = page.next_since_msc, page.next_after_ticket
    assert tuple(found) == whole


async def test_wrong_and_master_passwords_are_told_apart(world: World) -> None:
    """A wrong password, a master password and an unknown server each have their class."""
    card = add_account(world.simulated, "calm")
    account = world.simulated.account(card.login)
    wrong = credentials(card, "nope")
    master = credentials(card, account.recipe.master_password)
    nowhere = Credentials(card.login, "Nowhere-1", "x")
    verify = world.door.verify
    assert await fault_of(lambda: verify(wrong, deadline_seconds=5)) == "bad_credentials"
    assert await fault_of(lambda: verify(master, deadline_seconds=5)) == "master_password"
    assert await fault_of(lambda: verify(nowhere, deadline_seconds=5)) == "unknown_server"
    assert (await verify(credentials(card), deadline_seconds=5)).login == card.login


@pytest.mark.parametrize("fault", sorted(BrokerFault))
async def test_each_fault_shows_as_its_class_and_passes(world: World, fault: BrokerFault) -> None:
    """A scheduled fault is reported once as what it is; the next login succeeds, unless it was the
    password's."""
    if fault not in world.shown:
        pytest.skip("the bridge's own answer, not a terminal's")
    card = add_account(world.simulated, "calm")
    world.simulated.inject(card.login, Fault(fault, count=1, operations=frozenset({"open"})))
    who = credentials(card)
    assert await fault_of(lambda: world.session(who)) == fault
    if fault in world.remembered:
        assert await fault_of(lambda: world.session(who)) == fault
        card = add_account(world.simulated, "calm")
        who = credentials(card)
    session = await world.session(who)
    world.simulated.inject(card.login, Fault(fault, count=1, operations=frozenset({"snapshot"})))
    assert await fault_of(session.snapshot) == fault
    if fault in world.ending:
        assert await fault_of(session.snapshot) == BrokerFault.TERMINAL_DEAD
        return
    assert (await session.snapshot()).currency == card.currency


async def test_a_silent_bridge_is_a_timeout(world: World) -> None:
    """No answer within the deadline is a time-out, and the next question is answered."""
    card = add_account(world.simulated, "calm")
    world.simulated.inject(card.login, Fault(Trouble.SILENT, count=1))
    who = credentials(card)
    slow = await fault_of(lambda: world.door.open(who, sticky=True, deadline_seconds=0.05))
    assert slow == "timeout"
    await world.door.open(who, sticky=True, deadline_seconds=5)


async def test_slots_run_out(world: World) -> None:
    """With every slot held the bridge is busy and says when to come back."""
    world.bridge.slots = 1
    card = add_account(world.simulated, "calm")
    session = await world.door.open(credentials(card), sticky=True, deadline_seconds=5)
    with pytest.raises(BrokerError) as caught:
        await world.door.open(credentials(card), sticky=False, deadline_seconds=5)
    assert caught.value.fault is BrokerFault.BUSY
    assert caught.value.retry_after_seconds == 2.0
    await session.close()
    await world.door.open(credentials(card), sticky=False, deadline_seconds=5)
