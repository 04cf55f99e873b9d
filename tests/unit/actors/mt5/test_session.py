"""What a session refuses: other accounts' bytes, trading passwords, answers of another kind."""

from datetime import datetime

import pytest
from attrs import define, field
from msgspec import structs

from actors.errors import BrokerError, BrokerFault, ProtocolViolation
from actors.mt5.session import BridgeSession, open_session, verify_account
from actors.mt5.simulator.broker import simulated_server_clock
from actors.mt5.wire_answers import (
    AccountRow,
    Done,
    Failed,
    Opened,
    ResponseBody,
    ServerOffset,
    SnapshotResult,
    Verified,
)
from actors.mt5.wire_requests import Close, Open, RequestBody, Snapshot, Verify
from actors.ports import Credentials
from tests.unit.actors.mt5.clocks import MONDAY

WHO = Credentials("700001", "Simulated-1", "p")
ACCOUNT = AccountRow(
    "700001", "Simulated-1", "n", "c", "USD", 2, 100, "hedging", False, 0, "configured"
)
SNAPSHOT = SnapshotResult("700001", "Simulated-1", 5, 5, 0, 0, 5, "USD", 2, (), (), True, 1, 250, 1)


@define
class Script:
    """Implements ``Exchange`` by answers given per kind of request; notes what was asked."""

    answers: dict[type, ResponseBody]
    asked: list[RequestBody] = field(factory=list)
    epoch: int = 4

    offset: ServerOffset | None = None

    def server_offset(self, server: str) -> ServerOffset | None:
        """What the script says of the clock."""
        return self.offset

    async def ask(self, body: RequestBody, deadline_seconds: float, epoch: int) -> ResponseBody:
        """Answer as the script says."""
        assert (deadline_seconds > 0, epoch) == (True, 4)
        self.asked.append(body)
        return self.answers[type(body)]

    def now(self) -> datetime:
        """Always the same instant."""
        return MONDAY


def script(account: AccountRow = ACCOUNT, snapshot: ResponseBody = SNAPSHOT) -> Script:
    """A bridge that answers with these rows."""
    opened = Opened(9, 1, "ready", account, "b")
    answers: dict[type, ResponseBody] = {
        Open: opened,
        Verify: Verified(account),
        Snapshot: snapshot,
        Close: Done(),
    }
    return Script(answers)


async def open_on(given: Script) -> BridgeSession:
    """Open a session on a script."""
    return await open_session(given, simulated_server_clock, WHO, sticky=True, deadline_seconds=5)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"login": "700002"}, BrokerFault.WRONG_ACCOUNT),
        ({"server": "Simulated-2"}, BrokerFault.WRONG_ACCOUNT),
        ({"trade_allowed": True}, BrokerFault.MASTER_PASSWORD),
        ({"login": "700002", "trade_allowed": True}, BrokerFault.WRONG_ACCOUNT),
    ],
)
async def test_a_wrong_login_is_refused_and_its_slot_given_back(
    changed: dict[str, object], fault: BrokerFault
) -> None:
    """Another account, another server or a password that may trade never becomes a session."""
    given = script(structs.replace(ACCOUNT, **changed))
    with pytest.raises(BrokerError) as opening:
        await open_on(given)
    assert opening.value.fault is fault
    assert given.asked[-1] == Close(9)
    with pytest.raises(BrokerError) as verifying:
        await verify_account(given, simulated_server_clock, WHO, deadline_seconds=5)
    assert verifying.value.fault is fault


async def test_a_server_is_compared_without_case() -> None:
    """The terminal may write the server's name in other capitals."""
    session = await open_on(script(structs.replace(ACCOUNT, server="SIMULATED-1")))
    assert (await session.snapshot()).balance == 5


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"login": "700002"}, BrokerFault.WRONG_ACCOUNT),
        ({"server": "Simulated-3"}, BrokerFault.WRONG_ACCOUNT),
        ({"connected": False}, BrokerFault.NO_CONNECTION),
    ],
)
async def test_a_read_of_another_account_or_a_lost_broker_is_a_fault(
    changed: dict[str, object], fault: BrokerFault
) -> None:
    """Each snapshot is checked against the lease, and a terminal without its broker is no read."""
    session = await open_on(script(snapshot=structs.replace(SNAPSHOT, **changed)))
    with pytest.raises(BrokerError) as caught:
        await session.snapshot()
    assert caught.value.fault is fault


@pytest.mark.parametrize(
    "answer",
    [
        structs.replace(SNAPSHOT, currency="EUR"),
        structs.replace(SNAPSHOT, currency_digits=0),
        Done(),
        Verified(ACCOUNT),
    ],
    ids=["currency", "digits", "done", "verified"],
)
async def test_an_impossible_answer_is_a_violation(answer: ResponseBody) -> None:
    """A currency that changes, or an answer of another kind, is the bridge's error, not a fault."""
    session = await open_on(script(snapshot=answer))
    with pytest.raises(ProtocolViolation):
        await session.snapshot()


async def test_an_impossible_answer_to_a_close_harms_nobody() -> None:
    """The session is over whatever the bridge says: a violation must not end the actor as a bug."""
    given = script()
    session = await open_on(given)
    given.answers[Close] = SNAPSHOT
    await session.close()


async def test_a_violation_says_nothing_of_a_password() -> None:
    """Proving a password at a bridge that breaks the protocol is a fault of the terminal."""
    given = script()
    given.answers[Verify] = Done()
    with pytest.raises(BrokerError) as caught:
        await verify_account(given, simulated_server_clock, WHO, deadline_seconds=5)
    assert caught.value.fault is BrokerFault.TERMINAL_DEAD


async def test_the_time_is_ours_less_the_bridges_age() -> None:
    """An answer that is 250 ms old was observed 250 ms before it came."""
    seen = await (await open_on(script())).snapshot()
    assert (MONDAY - seen.observed_at).total_seconds() == 0.25


async def test_busy_says_when_to_come_back() -> None:
    """The wait that a bridge asks for arrives in seconds; an unknown server is asked nobody."""
    given = script()
    given.answers[Open] = Failed(BrokerFault.BUSY, 1_500)
    with pytest.raises(BrokerError) as caught:
        await open_on(given)
    assert caught.value.retry_after_seconds == 1.5
    nowhere = Credentials("1", "Nowhere", "p")
    with pytest.raises(BrokerError) as unknown:
        await verify_account(given, simulated_server_clock, nowhere, deadline_seconds=5)
    assert unknown.value.fault is BrokerFault.UNKNOWN_SERVER
    assert len(given.asked) == 1


async def test_the_servers_clock_is_held_against_ours_as_long_as_the_session_lasts() -> None:
    """What the bridge learns of it after the login shows in the account; what it forgets does not.

    An unknown offset says nothing, and what was told at the login stands until then.
    """
    given = script()
    session = await open_on(given)
    seen = [session.account.offset_differs_seconds]
    for told, source in ((3600, "detected"), (None, "unknown"), (-3600, "detected")):
        given.offset = ServerOffset("Simulated-1", told, source, 0)  # type: ignore[arg-type]
        seen.append(session.account.offset_differs_seconds)
    assert seen == [0, 3600, 0, -3600]
    given.offset = None
    assert session.account.offset_differs_seconds == 0


async def test_a_clock_told_before_the_login_is_older_than_the_logins_own() -> None:
    """A health answer from before the login hides no difference; one from after it counts."""
    given = script(structs.replace(ACCOUNT, server_offset_seconds=3600, offset_source="detected"))
    given.offset = ServerOffset("Simulated-1", 0, "detected", 0)
    session = await open_on(given)
    assert session.account.offset_differs_seconds == 3600
    given.offset = ServerOffset("Simulated-1", 0, "detected", 0)
    assert session.account.offset_differs_seconds == 0
