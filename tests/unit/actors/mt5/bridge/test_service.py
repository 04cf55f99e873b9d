"""The backend on fake terminals: every error class at every operation, and what follows."""

from collections.abc import Callable

import pytest
import trio
import trio.testing

from actors.errors import BrokerFault
from actors.mt5.bridge.faults import FATES, REMEMBERED, Fate
from actors.mt5.bridge.slot import LATE_LOGIN_SECONDS
from actors.mt5.simulator.scenarios import add_account
from actors.mt5.wire_answers import DealsResult, Done, Failed, Opened, SnapshotResult, Verified
from actors.mt5.wire_requests import (
    Bars,
    Close,
    Deals,
    Open,
    OrdersHistory,
    RequestBody,
    Snapshot,
    Symbol,
    Ticks,
    Verify,
)
from tests.fakes.metatrader5.trouble import SHOWN, TIMED_OUT, Act, RawFault, raw
from tests.unit.actors.mt5.bridge.desk import BridgeDesk, desk, fault

WALL = 1_772_445_600_000
READS: dict[str, Callable[[int], RequestBody]] = {
    "positions_get": lambda n: Snapshot(n),
    "history_deals_get": lambda n: Deals(n, 0, 0, 100),
    "history_orders_get": lambda n: OrdersHistory(n, 0, 0, 100),
    "copy_ticks_range": lambda n: Ticks(n, "EURUSD", WALL, WALL + 1000),
    "copy_rates_range": lambda n: Bars(n, "EURUSD", WALL, WALL + 1000),
    "symbol_info": lambda n: Symbol(n, "EURUSD"),
}


def hit(desk: BridgeDesk, trouble: RawFault) -> None:
    """Every terminal meets the trouble at its next such call."""
    for terminal in desk.terminals:
        terminal.raw.append(RawFault(trouble.function, trouble.act, trouble.code, trouble.count))


@pytest.mark.parametrize("call", sorted(READS))
@pytest.mark.parametrize("kind", sorted(SHOWN - {BrokerFault.MASTER_PASSWORD}))
async def test_each_fault_at_each_read(
    kind: BrokerFault, call: str, autojump_clock: trio.testing.MockClock
) -> None:
    """It is told as its class, its slot has that class's fate, and nothing is retried for it."""
    async with desk() as here:
        card = add_account(here.broker, "calm")
        session = await here.session(card)
        held = next(k for k in here.backend.sessions.keepers if k.slot.lease is not None)
        logins = len(here.logins)
        hit(here, raw(kind, call))
        body: RequestBody = READS[call](session)
        assert fault(await here.ask(body)) == kind
        assert len(here.logins) == logins
        match FATES[kind]:
            case Fate.KEEP:
                assert held.slot.lease is not None
            case Fate.RELEASE:
                assert (held.slot.state, held.slot.who) == ("idle", None)
            case Fate.KILL:
                assert held.slot.state == "dead"
            case Fate.DRAIN:
                assert held.slot.state == "draining"
        for terminal in here.terminals:
            terminal.raw.clear()
        again = await here.ask(body)
        over = FATES[kind] in (Fate.RELEASE, Fate.KILL)
        assert (isinstance(again, Failed) and again.fault == "terminal_dead") == over
        assert isinstance(await here.open(card), Opened)


@pytest.mark.parametrize("verifies", [False, True], ids=["open", "verify"])
@pytest.mark.parametrize("kind", sorted(SHOWN))
async def test_each_fault_at_a_login(
    kind: BrokerFault, verifies: bool, autojump_clock: trio.testing.MockClock
) -> None:
    """It holds no session, is told as its class, and the next try works unless the password was
    at fault."""
    async with desk() as here:
        card = add_account(here.broker, "calm")
        ask = here.verify if verifies else here.open
        here.terminals[0].raw.append(raw(kind, "login"))
        assert fault(await ask(card)) == kind
        assert len(here.logins) == 1
        assert all(each.slot.lease is None for each in here.backend.sessions.keepers)
        again = await ask(card)
        if kind in REMEMBERED:
            assert fault(again) == kind
            assert len(here.logins) == 1
        else:
            assert isinstance(again, Verified if verifies else Opened), again


async def test_a_refused_password_is_not_tried_again_until_it_changes(
    autojump_clock: trio.testing.MockClock,
) -> None:
    """However often it is asked; another password, or the right one, reaches the broker."""
    async with desk() as here:
        card, other = (add_account(here.broker, "calm") for _ in range(2))
        for _ in range(5):
            assert fault(await here.verify(card, "wrong")) == "bad_credentials"
        assert here.logins == [card.login]
        assert fault(await here.verify(card, "wrong too")) == "bad_credentials"
        assert len(here.logins) == 2
        master = here.broker.account(card.login).recipe.master_password
        for _ in range(3):
            assert fault(await here.open(card, master)) == "master_password"
        assert len(here.logins) == 3
        assert isinstance(await here.verify(card), Verified)
        assert isinstance(await here.verify(other), Verified)


async def test_a_server_that_nobody_listed_is_not_tried(
    autojump_clock: trio.testing.MockClock,
) -> None:
    """The terminal would fail without saying so."""
    async with desk() as here:
        answer = await here.ask(Open("1", "Nowhere-1", "x", "sticky"))
        assert fault(answer) == "unknown_server"
        assert here.logins == []


async def test_a_late_login_has_its_slot_or_loses_it(
    autojump_clock: trio.testing.MockClock,
) -> None:
    """The same account finds it without a second login; when it stays away the slot is killed."""
    async with desk(slots=1) as here:
        card, other = (add_account(here.broker, "calm") for _ in range(2))
        here.terminals[0].raw.append(RawFault("login", Act.LATE, TIMED_OUT))
        assert fault(await here.open(card)) == "timeout"
        assert fault(await here.open(other)) == "busy"
        session = await here.session(card)
        assert here.logins == [card.login]
        await here.ask(Close(session))
        here.terminals[0].raw.append(RawFault("login", Act.LATE, TIMED_OUT))
        assert fault(await here.open(other)) == "timeout"
        await trio.sleep(LATE_LOGIN_SECONDS + 10)
        assert isinstance(await here.open(card), Opened)


async def test_a_hung_worker_is_killed_and_comes_back(
    autojump_clock: trio.testing.MockClock,
) -> None:
    """The watchdog ends the call and the slot; a second account was read all the while."""
    async with desk(slots=2, read_seconds=5.0) as here:
        first, second = (add_account(here.broker, "calm") for _ in range(2))
        hangs, works = await here.session(first), await here.session(second)
        here.terminals[0].raw.append(RawFault("positions_get", Act.HANG))
        async with trio.open_nursery() as nursery:
            answers: list[object] = []

            async def ask() -> None:
                answers.append(await here.ask(Snapshot(hangs)))

            nursery.start_soon(ask)
            for _ in range(4):
                before = trio.current_time()
                assert isinstance(await here.ask(Snapshot(works)), SnapshotResult)
                assert trio.current_time() == before
                await trio.sleep(1)
            assert answers == []
        assert [each.fault for each in answers if isinstance(each, Failed)] == ["timeout"]
        assert here.states()[0] == "dead"
        await trio.sleep(3)
        assert here.states()[0] == "idle"


async def test_a_worker_that_ends_costs_only_its_session(
    autojump_clock: trio.testing.MockClock,
) -> None:
    """Its account finds another slot at once."""
    async with desk() as here:
        card = add_account(here.broker, "calm")
        session = await here.session(card)
        here.terminals[0].raw.append(RawFault("positions_get", Act.DIE))
        assert fault(await here.ask(Snapshot(session))) == "terminal_dead"
        assert isinstance(await here.open(card), Opened)
        assert here.states()[0] == "dead"


async def test_a_terminal_of_another_version_drains_the_pool(
    autojump_clock: trio.testing.MockClock,
) -> None:
    """Each slot that meets it takes nobody any more; with none left that is what is told."""
    async with desk() as here:
        card = add_account(here.broker, "calm")
        for _ in here.terminals:
            hit(here, raw(BrokerFault.VERSION_MISMATCH, "login"))
            assert fault(await here.open(card)) == "version_mismatch"
        assert here.states() == ["draining", "draining"]
        assert fault(await here.open(card)) == "version_mismatch"
        assert here.backend.health()["troubles"] == {
            "0": "version_mismatch",
            "1": "version_mismatch",
        }


async def test_a_question_whose_time_is_over_touches_no_terminal(
    autojump_clock: trio.testing.MockClock,
) -> None:
    """While one read hangs the next in line gives up at its deadline, and costs nothing."""
    async with desk(read_seconds=30.0) as here:
        session = await here.session(add_account(here.broker, "calm"))
        here.terminals[0].raw.append(RawFault("positions_get", Act.HANG))
        async with trio.open_nursery() as nursery:
            nursery.start_soon(here.ask, Snapshot(session))
            await trio.sleep(1)
            before = trio.current_time()
            assert fault(await here.ask(Snapshot(session), 2.0)) == "timeout"
            assert trio.current_time() - before == pytest.approx(2)
            assert here.states()[0] == "ready"


async def test_the_history_is_proved_before_it_is_called_stable(
    autojump_clock: trio.testing.MockClock,
) -> None:
    """Loading while the terminal fetches; stable when the deals explain the balance."""
    async with desk() as here:
        card = add_account(here.broker, "random", history_grows_ms=60_000)
        opened = await here.open(card)
        assert isinstance(opened, Opened)
        assert opened.state == "history_loading"
        told = []
        for _ in range(4):
            answer = await here.ask(Deals(opened.session_id, 0, 0, 2000))
            assert isinstance(answer, DealsResult)
            told.append((answer.history_state, answer.balance_check.ok))
            await trio.sleep(25)
        assert told == [("loading", False)] * 3 + [("stable", True)]
        assert here.states()[opened.slot] == "ready"


async def test_a_visit_needs_no_login_where_its_account_is_still_shown(
    autojump_clock: trio.testing.MockClock,
) -> None:
    """A login at each read would look like fraud; a changed password is proved again."""
    async with desk() as here:
        card = add_account(here.broker, "calm")
        for _ in range(3):
            await here.ask(Close(await here.session(card)))
        assert here.logins == [card.login]
        assert fault(await here.open(card, "wrong")) == "bad_credentials"
        assert len(here.logins) == 2


async def test_closing_twice_is_closing_once(autojump_clock: trio.testing.MockClock) -> None:
    """A session that is over cannot free the slot of the next one."""
    async with desk(slots=1) as here:
        first, second = (add_account(here.broker, "calm") for _ in range(2))
        session = await here.session(first)
        assert await here.ask(Close(session)) == Done()
        now = await here.session(second)
        assert await here.ask(Close(session)) == Done()
        assert isinstance(await here.ask(Snapshot(now)), SnapshotResult)
        assert fault(await here.ask(Snapshot(session))) == "terminal_dead"
        assert fault(await here.ask(Verify(first.login, first.server, "x"))) == "busy"
