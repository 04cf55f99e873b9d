"""Which state each broker fault leads to, and when to try again (MT5 3, the error table)."""

from attrs import frozen

from actors.domain.account import ConnectionState
from actors.domain.fault_code import FaultCode
from actors.errors import BrokerFault

BASE_SECONDS = 1.0
LONGEST_SECONDS = 300.0
SHORTEST_SECONDS = 0.5
POLL_SECONDS = 2.0
LONGEST_POLL_SECONDS = 30.0
BUSY_SECONDS = 5.0


@frozen
class Remedy:
    """What a fault does to the actor.

    ``state`` None leaves the connection state. A ``parked`` actor waits for a message.
    ``session_kept_for`` consecutive failures the terminal is kept (a login per read looks like
    fraud to brokers), then it is given back. After more than ``tries`` consecutive failures
    ``then`` is the remedy.
    """

    state: ConnectionState | None
    parked: bool = False
    session_kept_for: int = 0
    tries: int | None = None
    then: "Remedy | None" = None


_REJECTED = Remedy(ConnectionState.CREDENTIALS_REJECTED, parked=True)
_OPERATOR = Remedy(ConnectionState.NEEDS_OPERATOR, parked=True)
_OPERATOR_TOLD = Remedy(ConnectionState.NEEDS_OPERATOR)
_BACKOFF = Remedy(ConnectionState.BACKOFF)
_ALWAYS = 1_000_000

REMEDIES: dict[BrokerFault, Remedy] = {
    BrokerFault.BAD_CREDENTIALS: _REJECTED,
    BrokerFault.MASTER_PASSWORD: _REJECTED,
    BrokerFault.UNKNOWN_SERVER: _OPERATOR,
    BrokerFault.ACCOUNT_DISABLED: _OPERATOR,
    BrokerFault.OTP_REQUIRED: _OPERATOR,
    BrokerFault.API_DISABLED: _OPERATOR,
    # Once elsewhere; a second stranger's account is a human's business and never retried.
    BrokerFault.WRONG_ACCOUNT: Remedy(ConnectionState.BACKOFF, tries=1, then=_OPERATOR),
    # The terminal lives and will reconnect: keep it.
    BrokerFault.NO_CONNECTION: Remedy(ConnectionState.BACKOFF, session_kept_for=_ALWAYS),
    # A time-out may have succeeded: look once more at the same terminal, then take a fresh one.
    BrokerFault.TIMEOUT: Remedy(ConnectionState.BACKOFF, session_kept_for=1),
    BrokerFault.TERMINAL_DEAD: _BACKOFF,
    BrokerFault.VERSION_MISMATCH: _BACKOFF,
    BrokerFault.HISTORY_LOADING: Remedy(ConnectionState.HISTORY_LOADING, session_kept_for=_ALWAYS),
    BrokerFault.BUSY: Remedy(None, session_kept_for=_ALWAYS),
    # Once on a fresh slot, then the operator is told; trying goes on, for the bug may be brief.
    BrokerFault.INTERNAL: Remedy(ConnectionState.BACKOFF, tries=1, then=_OPERATOR_TOLD),
}

PARKING_CODES = frozenset(
    {fault.value for fault, remedy in REMEDIES.items() if (remedy.then or remedy).parked}
    - {BrokerFault.UNKNOWN_SERVER.value}
    | {FaultCode.CREDENTIALS_MISSING.value}
)
"""Error codes after which a restarted actor does not log in by itself again.

A server that was unknown is looked up anew at each start: the table may name it by now, and what
is unknown gets no login.
"""


def remedy(fault: BrokerFault, failures: int) -> Remedy:
    """Return what ``fault`` does when it is the ``failures``-th consecutive failure (from 1)."""
    first = REMEDIES[fault]
    if first.then is not None and first.tries is not None and failures > first.tries:
        return first.then
    return first


def retry_seconds(
    fault: BrokerFault,
    failures: int,
    retry_after_seconds: float | None,
    promise_seconds: float,
    jitter: float,
) -> float:
    """Return how long to wait before the next try of a fault that is tried again."""
    match fault:
        case BrokerFault.BUSY:
            wait = BUSY_SECONDS if retry_after_seconds is None else retry_after_seconds
            return min(wait * (1 + 0.2 * jitter), LONGEST_SECONDS)
        case BrokerFault.HISTORY_LOADING:
            longest = min(LONGEST_POLL_SECONDS, promise_seconds / 2)
            return min(POLL_SECONDS * 2.0 ** min(failures - 1, 10), longest)
        case _:
            return backoff_seconds(failures, promise_seconds, jitter)


def backoff_seconds(failures: int, promise_seconds: float, jitter: float) -> float:
    """Return the back-off with full jitter: random in [0, 1 s x 2^failures).

    Its cap is half the tier's promise (at most 5 min), so that a second try still falls inside
    the promise; its floor keeps a loop of failures from running hot.
    """
    cap = min(LONGEST_SECONDS, promise_seconds / 2)
    return max(SHORTEST_SECONDS, jitter * min(cap, BASE_SECONDS * 2.0 ** min(failures, 20)))
