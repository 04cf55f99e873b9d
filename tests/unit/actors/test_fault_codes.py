"""Every error class at every operation: the state, the retry and the code of MT5 3's table."""

from itertools import product

import pytest

from actors.behaviour import react
from actors.commands import CloseSession, OpenSession, Record, SleepUntil
from actors.condition import ActorState, Waiting
from actors.domain.account import ConnectionState, Status
from actors.domain.fault_code import FaultCode
from actors.errors import BrokerFault
from actors.events import BrokerFailed, Recorded, Timer
from actors.faults import PARKING_CODES
from tests.unit.actors.test_behaviour import moment, opening_state, reading_state

BACKOFF, LOADING = ConnectionState.BACKOFF, ConnectionState.HISTORY_LOADING
REJECTED, OPERATOR = ConnectionState.CREDENTIALS_REJECTED, ConnectionState.NEEDS_OPERATOR
NEVER, RETRY, ONCE, TOLD = "never", "retry", "once elsewhere", "once, then told and retried"

TABLE: dict[BrokerFault, tuple[ConnectionState | None, str, bool]] = {
    BrokerFault.BAD_CREDENTIALS: (REJECTED, NEVER, False),
    BrokerFault.MASTER_PASSWORD: (REJECTED, NEVER, False),
    BrokerFault.UNKNOWN_SERVER: (OPERATOR, NEVER, False),
    BrokerFault.ACCOUNT_DISABLED: (OPERATOR, NEVER, False),
    BrokerFault.OTP_REQUIRED: (OPERATOR, NEVER, False),
    BrokerFault.API_DISABLED: (OPERATOR, NEVER, False),
    BrokerFault.WRONG_ACCOUNT: (BACKOFF, ONCE, False),
    BrokerFault.NO_CONNECTION: (BACKOFF, RETRY, True),
    BrokerFault.TIMEOUT: (BACKOFF, RETRY, True),
    BrokerFault.TERMINAL_DEAD: (BACKOFF, RETRY, False),
    BrokerFault.VERSION_MISMATCH: (BACKOFF, RETRY, False),
    BrokerFault.HISTORY_LOADING: (LOADING, RETRY, True),
    BrokerFault.BUSY: (None, RETRY, True),
    BrokerFault.INTERNAL: (BACKOFF, TOLD, False),
}
"""State (None: unchanged), retry, and whether the terminal is kept after the first failure."""

OPERATIONS = {"open": opening_state, "read": reading_state}
"""A snapshot, deals, ticks and bars are one read to the actor: it fails as a whole."""


def failed(state: ActorState, fault: BrokerFault, at: float) -> ActorState:
    """The state after a failure, with its change of condition stored."""
    state, commands = react(state, BrokerFailed(moment(at), fault))
    if isinstance(commands[-1], Record):
        state, _ = react(state, Recorded(moment(at)))
    return state


def test_the_table_is_whole() -> None:
    """No class is left out, each has a code for readers, and codes are of one list."""
    assert set(TABLE) == set(BrokerFault)
    assert {fault.value for fault in BrokerFault} < {code.value for code in FaultCode}
    assert set(PARKING_CODES) <= {code.value for code in FaultCode}


@pytest.mark.parametrize(("fault", "operation"), list(product(TABLE, OPERATIONS)))
def test_each_class_at_each_operation(fault: BrokerFault, operation: str) -> None:
    """State, code, terminal and next try are those of the table; parked ones wait for a human."""
    expected, retry, kept = TABLE[fault]
    before = OPERATIONS[operation]()
    state, commands = react(before, BrokerFailed(moment(2), fault))
    assert state.connection_state is (expected or before.connection_state)
    assert state.error_code == (None if expected is None else fault.value)
    parked = retry == NEVER
    assert (state.wake_at is None, state.status is Status.ERROR) == (parked, parked)
    if operation == "read":
        assert any(isinstance(each, CloseSession) for each in commands) is not kept
    if expected is None:
        assert isinstance(commands[-1], SleepUntil)
        return
    state, _ = react(state, Recorded(moment(2)))
    assert state.published is not None
    assert (state.published.connection_state, state.published.last_error_code) == (
        expected,
        fault.value,
    )


@pytest.mark.parametrize(("fault", "operation"), list(product(TABLE, OPERATIONS)))
def test_each_class_when_it_comes_again(fault: BrokerFault, operation: str) -> None:
    """What is never retried sleeps for good; what is tried once elsewhere ends with the operator.

    All else is tried again as often as it fails, never later than its promise allows.
    """
    _, retry, _ = TABLE[fault]
    state = failed(OPERATIONS[operation](), fault, 2)
    for _ in range(4):
        if state.wake_at is None:
            break
        at = state.wake_at
        assert at - moment(0).monotonic >= 0
        state, commands = react(state, Timer(moment(at)))
        assert state.waiting in {Waiting.OPENING, Waiting.READING}
        assert state.waiting is not Waiting.OPENING or isinstance(commands[-1], OpenSession)
        state = failed(state, fault, at)
        assert state.wake_at is None or state.wake_at - at <= 60
    assert (state.wake_at is None) is (retry in {NEVER, ONCE})
    if retry in {ONCE, TOLD}:
        assert state.connection_state is OPERATOR
