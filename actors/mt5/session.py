"""Sessions over any way to ask a bridge: the same checks for TCP and for the in-process door."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeVar

from attrs import evolve

from actors.domain.prices import Bars, SymbolSpec, Ticks
from actors.domain.server_clock import ServerClock, ServerClockError
from actors.domain.snapshot import Observation
from actors.errors import BrokerError, BrokerFault, ProtocolViolation
from actors.mt5 import wire_answers as answers
from actors.mt5 import wire_requests as requests
from actors.mt5.wire_records import (
    bars,
    broker_account,
    deals_page,
    observation,
    offset_differs,
    symbol_spec,
    ticks,
)
from actors.ports import BrokerAccount, Credentials, DealsPage

READ_SECONDS = 15.0
CLOSE_SECONDS = 5.0

A = TypeVar("A")

ServerClocks = Callable[[str], ServerClock]


class Exchange(Protocol):
    """A way to ask a bridge one thing."""

    async def ask(
        self, body: requests.RequestBody, deadline_seconds: float, epoch: int
    ) -> answers.ResponseBody:
        """Return the answer. Raises BrokerError (also for a lost stream) or ProtocolViolation.

        ``epoch`` is the stream that the question belongs to: a session dies with its stream.
        """
        ...

    @property
    def epoch(self) -> int:
        """The present stream's number."""
        ...

    def server_offset(self, server: str) -> answers.ServerOffset | None:
        """What the bridge last said of a server's clock; None when it said nothing."""
        ...

    def now(self) -> datetime:
        """The supervisor's clock."""
        ...


class BridgeSession:
    """A leased login; implements ``actors.ports.Session``."""

    def __init__(
        self,
        exchange: Exchange,
        epoch: int,
        session_id: int,
        account: BrokerAccount,
        server_clock: ServerClock,
    ) -> None:
        self._exchange = exchange
        self._epoch = epoch
        self._session_id = session_id
        self._account = account
        self._clock = server_clock
        self._told_before = exchange.server_offset(account.server)

    @property
    def account(self) -> BrokerAccount:
        """The account that the terminal is logged in to, verified against the lease.

        Its server's clock is cross-checked with what the bridge says of it by now; what it said
        before the login is older than the login's own answer.
        """
        told = self._exchange.server_offset(self._account.server)
        if told is None or told is self._told_before:
            return self._account
        differs = offset_differs(
            told.offset_seconds, told.source, self._clock, self._exchange.now()
        )
        if differs == self._account.offset_differs_seconds:
            return self._account
        return evolve(self._account, offset_differs_seconds=differs)

    async def snapshot(self) -> Observation:
        """Read account and positions; refuses another account's bytes and a lost broker."""
        row = await self._read(requests.Snapshot(self._session_id), answers.SnapshotResult)
        received_at = self._exchange.now()
        _check_lease(row.login, row.server, self._account.login, self._account.server)
        if not row.connected:
            raise BrokerError(BrokerFault.NO_CONNECTION)
        if (row.currency, row.currency_digits) != (
            self._account.currency,
            self._account.currency_digits,
        ):
            raise ProtocolViolation("the account's currency changed inside a session")
        return observation(row, self._clock, received_at)

    async def deals(self, since_msc: int, after_ticket: int, limit: int) -> DealsPage:
        """Read a page of deals after (``since_msc``, ``after_ticket``)."""
        body = requests.Deals(self._session_id, max(0, since_msc), after_ticket, limit)
        return deals_page(await self._read(body, answers.DealsResult), self._clock)

    async def orders_history(
        self, since_msc: int, after_ticket: int, limit: int
    ) -> answers.OrdersResult:
        """Read a page of closed orders, as the bridge words them."""
        body = requests.OrdersHistory(self._session_id, max(0, since_msc), after_ticket, limit)
        return await self._read(body, answers.OrdersResult)

    async def ticks(self, spec: SymbolSpec, since: datetime, until: datetime) -> Ticks:
        """Read the quotes between two instants, led by the one in force at ``since``."""
        first, last = self._clock.to_broker_msc(since), self._clock.to_broker_msc(until)
        body = requests.Ticks(self._session_id, spec.name, first, last)
        return ticks(await self._read(body, answers.TicksResult), spec.digits, self._clock)

    async def bars(self, spec: SymbolSpec, since: datetime, until: datetime) -> Bars:
        """Read the M1 bars that touch the time between two instants."""
        first, last = self._clock.to_broker_msc(since), self._clock.to_broker_msc(until)
        body = requests.Bars(self._session_id, spec.name, first, last)
        return bars(await self._read(body, answers.BarsResult), spec.digits, self._clock)

    async def symbol(self, name: str) -> SymbolSpec:
        """Read a symbol's specification."""
        row = await self._read(requests.Symbol(self._session_id, name), answers.SymbolResult)
        if row.name != name:
            raise ProtocolViolation("another symbol than the one asked for")
        return symbol_spec(row)

    async def refresh(self) -> None:
        """Ask the terminal to fetch now."""
        await self._read(requests.Refresh(self._session_id), answers.Done)

    async def close(self) -> None:
        """Give the slot back; whatever the bridge says to it, the session is over for us."""
        body = requests.Close(self._session_id)
        try:
            await ask(self._exchange, body, answers.Done, CLOSE_SECONDS, self._epoch)
        except (BrokerError, ProtocolViolation):
            return

    async def _read(self, body: requests.RequestBody, kind: type[A]) -> A:
        return await ask(self._exchange, body, kind, READ_SECONDS, self._epoch)


async def ask(
    exchange: Exchange,
    body: requests.RequestBody,
    kind: type[A],
    deadline_seconds: float,
    epoch: int,
) -> A:
    """Return an answer of ``kind``; a Failed becomes its BrokerError, another a violation."""
    answer = await exchange.ask(body, deadline_seconds, epoch)
    if isinstance(answer, answers.Failed):
        wait = answer.retry_after_ms
        seconds = None if wait is None else wait / 1000
        raise BrokerError(answer.fault, retry_after_seconds=seconds)
    if not isinstance(answer, kind):
        raise ProtocolViolation(f"asked for {kind.__name__}, got {type(answer).__name__}")
    return answer


async def open_session(
    exchange: Exchange,
    server_clocks: ServerClocks,
    credentials: Credentials,
    *,
    sticky: bool,
    deadline_seconds: float,
) -> BridgeSession:
    """Log in and hold the slot; gives it back when the terminal shows another account."""
    server_clock = _clock_of(server_clocks, credentials.server)
    epoch = exchange.epoch
    body = requests.Open(
        credentials.login,
        credentials.server,
        credentials.password,
        "sticky" if sticky else "visit",
    )
    opened = await ask(exchange, body, answers.Opened, deadline_seconds, epoch)
    account = broker_account(opened.account, server_clock, exchange.now())
    session = BridgeSession(exchange, epoch, opened.session_id, account, server_clock)
    try:
        _check_account(opened.account, credentials)
    except BrokerError:
        await session.close()
        raise
    return session


async def verify_account(
    exchange: Exchange,
    server_clocks: ServerClocks,
    credentials: Credentials,
    *,
    deadline_seconds: float,
) -> BrokerAccount:
    """Log in, check that the password is an investor's, log out. Raises BrokerError.

    A bridge that breaks the protocol has not said anything about the password: TERMINAL_DEAD.
    """
    server_clock = _clock_of(server_clocks, credentials.server)
    body = requests.Verify(credentials.login, credentials.server, credentials.password)
    try:
        row = await ask(exchange, body, answers.Verified, deadline_seconds, exchange.epoch)
    except ProtocolViolation:
        raise BrokerError(BrokerFault.TERMINAL_DEAD) from None
    _check_account(row.account, credentials)
    return broker_account(row.account, server_clock, exchange.now())


def _clock_of(server_clocks: ServerClocks, server: str) -> ServerClock:
    try:
        return server_clocks(server)
    except (KeyError, ServerClockError):
        raise BrokerError(BrokerFault.UNKNOWN_SERVER) from None


def _check_account(row: answers.AccountRow, credentials: Credentials) -> None:
    _check_lease(row.login, row.server, credentials.login, credentials.server)
    if row.trade_allowed:
        raise BrokerError(BrokerFault.MASTER_PASSWORD)


def _check_lease(login: str, server: str, leased_login: str, leased_server: str) -> None:
    """Refuse another account's bytes: else one trader's figures would go to another (MT5 1)."""
    if login != leased_login or server.casefold() != leased_server.casefold():
        raise BrokerError(BrokerFault.WRONG_ACCOUNT)
