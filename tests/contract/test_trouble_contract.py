"""What goes wrong at a bridge, through both doors: each trouble shows as MT5 8 says and passes."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from actors.domain.deals import Deal, DealType
from actors.errors import BrokerError, BrokerFault
from actors.mt5.simulator.faults import Fault, Trouble
from actors.mt5.simulator.prices import utc_ms
from actors.mt5.simulator.scenarios import add_account
from actors.ports import DealsPage, Session
from tests.contract.broker_worlds import World
from tests.contract.test_broker_contract import credentials, fault_of, world

__all__ = ["world"]


async def session_of(world: World, scenario: str, **wanted: int) -> Session:
    """A sticky session on a new account."""
    card = add_account(world.simulated, scenario, **wanted)  # type: ignore[arg-type]
    return await world.door.open(credentials(card), sticky=True, deadline_seconds=5)


def total(page: DealsPage) -> int:
    """What a page's deals add to the balance."""
    return sum(deal.amount for deal in page.deals if deal.type is not DealType.CREDIT)


async def test_a_login_after_its_time_out_has_its_slot(world: World) -> None:
    """A login that was reported as a time-out has happened: it holds the slot that the next gets.

    Nobody else gets that slot meanwhile, and it is given back once.
    """
    world.bridge.slots = 1
    card, other = (add_account(world.simulated, "calm") for _ in range(2))
    late = Fault(Trouble.LATE_LOGIN, count=1, operations=frozenset({"open"}))
    world.simulated.inject(card.login, late)
    open_ = world.door.open
    who, else_ = credentials(card), credentials(other)
    assert await fault_of(lambda: open_(who, sticky=True, deadline_seconds=5)) == "timeout"
    assert world.bridge.slots_busy == 1
    assert await fault_of(lambda: open_(else_, sticky=True, deadline_seconds=5)) == "busy"
    session = await open_(who, sticky=True, deadline_seconds=5)
    assert (await session.snapshot()).currency == card.currency
    await session.close()
    assert world.bridge.slots_busy == 0
    await open_(else_, sticky=True, deadline_seconds=5)


async def test_a_repeated_deal_is_the_same_deal(world: World) -> None:
    """Pages that hold each deal twice still tell the true total, and their cursors lead on."""
    if not world.is_simulated:
        pytest.skip("the bridge tells each ticket once, whatever its terminal does")
    session = await session_of(world, "random")
    plain = await session.deals(0, 0, 2000)
    world.simulated.inject(session.account.login, Fault(Trouble.REPEATS))
    since, after = 0, 0
    found: list[Deal] = []
    while True:
        page = await session.deals(since, after, 10)
        assert page.total == plain.total
        found += page.deals
        if page.next_since_msc is None or page.next_after_ticket is None:
            break
        since, after = page.next_since_msc, page.next_after_ticket
    assert tuple(found[::2]) == plain.deals
    assert tuple(found[1::2]) == plain.deals


async def test_a_deal_changed_or_deleted_changes_the_balance_too(world: World) -> None:
    """What the broker goes back on is gone from the deals, and they still sum to the balance."""
    session = await session_of(world, "calm")
    account = world.simulated.account(session.account.login)
    before = (await session.deals(0, 0, 2000)).deals
    rows = account.journal.in_force()
    account.amend(rows[1].ticket, structs.replace(rows[1], commission=rows[1].commission - 5))
    account.amend(rows[0].ticket, None)
    after = await session.deals(0, 0, 2000)
    assert {deal.ticket for deal in before} - {deal.ticket for deal in after.deals} == {
        rows[0].ticket
    }
    assert after.total == len(before) - 1
    assert total(after) == (await session.snapshot()).balance
    assert sum(deal.amount for deal in before) - rows[0].profit - 5 == total(after)


async def test_history_comes_in_piece_by_piece(world: World) -> None:
    """A terminal that still loads shows more deals at each look, and says when it has them all."""
    session = await session_of(world, "random", history_grows_ms=60_000)
    counts, stable = [], []
    for _ in range(7):
        page = await session.deals(0, 0, 2000)
        counts.append(page.total)
        stable.append(page.stable)
        world.clock.pass_seconds(11)
    assert counts == sorted(counts)
    assert counts[0] < counts[3] < counts[-1]
    assert stable == [False] * 6 + [True]
    assert total(page) == (await session.snapshot()).balance


async def test_a_late_deal_explains_the_balance_afterwards(world: World) -> None:
    """A payout moves the balance at once, its deal shows 25 seconds later."""
    session = await session_of(world, "payout")
    world.clock.pass_seconds(41)
    missing = total(await session.deals(0, 0, 2000)) - (await session.snapshot()).balance
    assert missing == 6_000_00
    world.clock.pass_seconds(25)
    assert total(await session.deals(0, 0, 2000)) == (await session.snapshot()).balance


async def test_a_hung_terminal_shows_old_figures(world: World) -> None:
    """While it hangs it says connected and repeats itself; afterwards the market has moved."""
    session = await session_of(world, "near_floor")
    world.clock.pass_seconds(5)
    world.simulated.inject(session.account.login, Fault(Trouble.FROZEN))
    hung = await session.snapshot()
    world.clock.pass_seconds(20)
    assert (await session.snapshot()).equity == hung.equity
    world.simulated.clear_faults(session.account.login)
    assert (await session.snapshot()).equity < hung.equity


async def test_latency_passes_or_is_a_time_out(world: World) -> None:
    """A slow answer within the deadline is an answer, past it a time-out."""
    card = add_account(world.simulated, "calm")
    for seconds in (0.01, 0.5):
        slow = Fault(Trouble.LATENCY, count=1, operations=frozenset({"verify"}), seconds=seconds)
        world.simulated.inject(card.login, slow)
    verify, who = world.door.verify, credentials(card)
    assert (await verify(who, deadline_seconds=5)).login == card.login
    assert await fault_of(lambda: verify(who, deadline_seconds=0.1)) == "timeout"


@pytest.mark.parametrize("kind", [BrokerFault.NO_CONNECTION, BrokerFault.WRONG_ACCOUNT])
async def test_a_fault_lasts_as_long_as_it_is_scheduled(world: World, kind: BrokerFault) -> None:
    """Before its start and from its end on a scheduled fault does nothing, to a session that is."""
    session = await session_of(world, "calm")
    begins = utc_ms(world.clock.now() + timedelta(seconds=10))
    fault = Fault(kind, since=begins, until=begins + 10_000, operations=frozenset({"snapshot"}))
    world.simulated.inject(session.account.login, fault)
    faults: list[BrokerFault | None] = []
    for _ in range(3):
        try:
            await session.snapshot()
            faults.append(None)
        except BrokerError as error:
            faults.append(error.fault)
        world.clock.pass_seconds(10)
    assert faults == [None, kind, BrokerFault.TERMINAL_DEAD if kind in world.ending else None]


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_server_that_leaves_its_zone_is_told(world: World, hours: int) -> None:
    """The difference shows by the second login after it; no instant of a known deal moves."""
    card = add_account(world.simulated, "random", server="Simulated-3")
    before = await world.door.open(credentials(card), sticky=True, deadline_seconds=5)
    known = await before.deals(0, 0, 2000)
    assert before.account.offset_differs_seconds == 0
    await before.close()
    world.simulated.account(card.login).clock_jump_ms = hours * 3_600_000
    world.clock.pass_seconds(600)
    await (await world.session(credentials(card))).close()
    world.clock.pass_seconds(600)
    after = await world.door.open(credentials(card), sticky=True, deadline_seconds=5)
    assert after.account.offset_differs_seconds == hours * 3600
    assert after.account.server_offset_seconds == before.account.server_offset_seconds
    told = {deal.ticket: deal.occurred_at for deal in (await after.deals(0, 0, 2000)).deals}
    assert known.deals
    assert all(told[deal.ticket] == deal.occurred_at for deal in known.deals)


@pytest.mark.parametrize(
    ("server", "flip"), [("Simulated-2", "2026-03-08T07:00"), ("Simulated-3", "2026-03-29T01:00")]
)
async def test_daylight_saving_moves_no_deal(world: World, server: str, flip: str) -> None:
    """Past the American or European flip every deal of before keeps its instant and its stamp."""
    card = add_account(world.simulated, "calm", server=server)
    session = await world.session(credentials(card))
    known = (await session.deals(0, 0, 2000)).deals
    assert known
    instant = datetime.fromisoformat(flip).replace(tzinfo=UTC)
    for hours in (-1, 1, 26):
        at = instant + timedelta(hours=hours)
        world.clock.pass_seconds((at - world.clock.now()).total_seconds())
        told = {deal.ticket: deal for deal in (await session.deals(0, 0, 2000)).deals}
        assert all(told[deal.ticket] == deal for deal in known)
    offset = (await world.session(credentials(card))).account.server_offset_seconds
    assert offset == 3 * 3600
