"""The first login of an instance: what connect waits for, and what it says of the password."""

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
