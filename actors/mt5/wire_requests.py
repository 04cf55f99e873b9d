"""What the supervisor sends: the opening hello and the requests (MT5 3)."""

from typing import Literal

from actors.mt5.wire_fields import (
    BrokerMsc,
    Bytes32,
    Count,
    LoginText,
    Message,
    Milliseconds,
    PageLimit,
    RequestId,
    Secret,
    SessionId,
    SymbolName,
    Text,
    Ticket,
    Version,
)


class SupervisorHello(Message, frozen=True):
    """First frame: the supervisor's nonce."""

    version: Version
    nonce: Bytes32


class BridgeHello(Message, frozen=True):
    """The bridge's nonce, and its proof of the shared secret over both nonces."""

    version: Version
    nonce: Bytes32
    proof: Bytes32


class SupervisorProof(Message, frozen=True):
    """The supervisor's proof of the shared secret over both nonces."""

    version: Version
    proof: Bytes32


class Welcome(Message, frozen=True):
    """The bridge accepted; requests may follow."""

    version: Version
    build: Text
    slots: Count


class Open(Message, frozen=True, tag="open"):
    """Log in and hold a slot; ``sticky`` keeps it, ``visit`` is for one short read."""

    login: LoginText
    server: Text
    password: Secret
    mode: Literal["sticky", "visit"]

    def __repr__(self) -> str:
        """Show everything but the password."""
        return f"Open(login={self.login!r}, server={self.server!r}, mode={self.mode!r})"


class Verify(Message, frozen=True, tag="verify"):
    """Log in, look at the account, log out: used by connect."""

    login: LoginText
    server: Text
    password: Secret

    def __repr__(self) -> str:
        """Show everything but the password."""
        return f"Verify(login={self.login!r}, server={self.server!r})"


class Snapshot(Message, frozen=True, tag="snapshot"):
    """Read account and positions coherently."""

    session_id: SessionId


class Deals(Message, frozen=True, tag="deals"):
    """Read deals with (broker_msc, ticket) after (``since_msc``, ``after_ticket``)."""

    session_id: SessionId
    since_msc: BrokerMsc
    after_ticket: Ticket
    limit: PageLimit


class OrdersHistory(Message, frozen=True, tag="orders_history"):
    """Read closed orders, paged as deals are."""

    session_id: SessionId
    since_msc: BrokerMsc
    after_ticket: Ticket
    limit: PageLimit


class Ticks(Message, frozen=True, tag="ticks"):
    """Read ticks of a symbol in [from, to] (broker milliseconds), led by the quote in force."""

    session_id: SessionId
    symbol: SymbolName
    from_msc: BrokerMsc
    to_msc: BrokerMsc


class Bars(Message, frozen=True, tag="bars"):
    """Read M1 bars of a symbol in [from, to] (broker milliseconds)."""

    session_id: SessionId
    symbol: SymbolName
    from_msc: BrokerMsc
    to_msc: BrokerMsc


class Symbol(Message, frozen=True, tag="symbol"):
    """Read a symbol's specification."""

    session_id: SessionId
    name: SymbolName


class Refresh(Message, frozen=True, tag="refresh"):
    """Ask the terminal to fetch now."""

    session_id: SessionId


class Close(Message, frozen=True, tag="close"):
    """Give the slot back."""

    session_id: SessionId


class Health(Message, frozen=True, tag="health"):
    """Ask for slots by state; also the stream's heartbeat."""


RequestBody = (
    Open
    | Verify
    | Snapshot
    | Deals
    | OrdersHistory
    | Ticks
    | Bars
    | Symbol
    | Refresh
    | Close
    | Health
)


class Request(Message, frozen=True):
    """A request's frame. ``deadline_ms``: how long the asker waits, from when it was sent."""

    version: Version
    request_id: RequestId
    deadline_ms: Milliseconds
    body: RequestBody
