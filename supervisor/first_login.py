"""The first login of an instance: what connect waits for, and what it says of the password."""

from collections.abc import Awaitable, Callable

import trio
from attrs import frozen

from actors.domain.account import ConnectionState
from actors.errors import BrokerFault
from web.ports import Answer

LOGGED_IN = frozenset(
    {ConnectionState.READY, ConnectionState.HISTORY_LOADING, ConnectionState.UNRECONCILED}
)
DECIDED = LOGGED_IN | {ConnectionState.CREDENTIALS_REJECTED, ConnectionState.NEEDS_OPERATOR}


@frozen
class FirstLogin:
    """How an instance's first login ended: its condition (None: not in time) and error code."""

    condition: ConnectionState | None = None
    error_code: str | None = None

    @property
    def answer(self) -> Answer:
        """What connect answers: a rejected password is never "still connecting"."""
        if self.condition in LOGGED_IN:
            return Answer.CONNECTED
        if self.condition is not ConnectionState.CREDENTIALS_REJECTED:
            return Answer.CONNECTING
        master = self.error_code == BrokerFault.MASTER_PASSWORD.value
        return Answer.MASTER_PASSWORD if master else Answer.BAD_CREDENTIALS


_LOOK_SECONDS = 0.5
Condition = Callable[[], Awaitable[tuple[ConnectionState, str | None] | None]]


async def stored_first_login(condition: Condition, seconds: float) -> FirstLogin:
    """Wait for the first login of an instance that another node has taken, as it is stored.

    ``condition`` reads the instance's stored condition and error code. Raises StoreUnavailable.
    """
    with trio.move_on_after(seconds):
        while True:
            found = await condition()
            if found is not None and found[0] in DECIDED:
                return FirstLogin(*found)
            await trio.sleep(_LOOK_SECONDS)
    return FirstLogin()
