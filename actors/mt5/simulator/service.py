"""A simulated bridge: slots, leases and operations on the accounts of a simulated broker."""

from attrs import define, field
from msgspec import structs

from actors.errors import BrokerFault
from actors.mt5.simulator import price_reads, reads
from actors.mt5.simulator.account import SimulatedAccount
from actors.mt5.simulator.broker import SERVERS, SimulatedBroker
from actors.mt5.simulator.faults import Fault, Trouble
from actors.mt5.wire_answers import (
    AccountRow,
    Done,
    Failed,
    HealthResult,
    Opened,
    ResponseBody,
    ServerOffset,
    SlotCount,
    SnapshotResult,
    Verified,
)
from actors.mt5.wire_requests import (
    Bars,
    Close,
    Deals,
    Health,
    Open,
    OrdersHistory,
    Refresh,
    RequestBody,
    Snapshot,
    Symbol,
    Ticks,
    Verify,
)

BUSY_RETRY_MS = 2_000


@define
class Held:
    """A leased slot; ``frozen`` is what a terminal that hangs goes on showing."""

    slot: int
    account: SimulatedAccount
    frozen: SnapshotResult | None = None


@define
class BridgeTimes:
    """How long a simulated terminal takes, in seconds: to log in, and to read."""

    login_seconds: float = 0.0
    read_seconds: float = 0.0


@define
class SimulatedBridge:
    """Answers requests. One object per bridge; ``slots`` bounds the sessions held at once."""

    broker: SimulatedBroker
    slots: int = 100_000
    times: BridgeTimes = field(factory=BridgeTimes)
    _held: dict[int, Held] = field(factory=dict)
    _last_session: int = 0
    _late: dict[str, int] = field(factory=dict)

    def delay_seconds(self, body: RequestBody, fault: Fault | None) -> float:
        """Return how long the answer to ``body`` takes; infinite when none will come."""
        if fault is not None and fault.kind is Trouble.SILENT:
            return float("inf")
        slow = isinstance(body, Open | Verify)
        base = self.times.login_seconds if slow else self.times.read_seconds
        if isinstance(body, Close | Health):
            base = 0.0
        late = fault is not None and fault.kind is Trouble.LATENCY
        return base + (fault.seconds if fault is not None and late else 0.0)

    def fault_for(self, body: RequestBody) -> Fault | None:
        """Return the scheduled fault that this request meets, counting it."""
        if isinstance(body, Open | Verify):
            login = body.login
        elif isinstance(body, Health | Close):
            return None
        else:
            held = self._held.get(body.session_id)
            login = "" if held is None else held.account.recipe.login
        tag = type(body).__struct_config__.tag
        return self.broker.take_fault(login, str(tag))

    def answer(self, body: RequestBody, fault: Fault | None = None) -> ResponseBody:
        """Return the answer to a request at the broker's present time."""
        if fault is not None and isinstance(fault.kind, BrokerFault):
            if fault.kind not in (BrokerFault.WRONG_ACCOUNT, BrokerFault.NO_CONNECTION):
                return _failed(fault.kind, fault.seconds)
            if isinstance(body, Open | Verify) and fault.kind is BrokerFault.NO_CONNECTION:
                return _failed(fault.kind, fault.seconds)
        if isinstance(body, Health):
            return self._health()
        if isinstance(body, Open | Verify):
            return self._log_in(body, fault)
        return self._read(body, fault)

    def server_offset(self, server: str) -> ServerOffset | None:
        """What is known of a server's clock; None while no session is held there."""
        for held in self._held.values():
            if held.account.recipe.server.name == server:
                return reads.server_offset(held.account)
        return None

    def _health(self) -> HealthResult:
        held = [each.account for each in self._held.values()]
        idle, ready = SlotCount("idle", self.slots - len(held)), SlotCount("ready", len(held))
        servers = sorted({account.recipe.server.name for account in held})
        offsets = (self.server_offset(name) for name in servers)
        login_ms = round(self.times.login_seconds * 1000)
        return HealthResult(
            slots_total=self.slots,
            slots_busy=len(held),
            slots=tuple(each for each in (idle, ready) if each.slots),
            login_p50_ms=login_ms,
            login_p95_ms=login_ms,
            offsets=tuple(each for each in offsets if each is not None),
            build=reads.BUILD,
        )

    def release(self, session_id: int) -> None:
        """Give a slot back; an unknown session is given back already."""
        self._held.pop(session_id, None)

    @property
    def slots_busy(self) -> int:
        """Slots held now."""
        return len(self._held)

    def _log_in(self, body: Open | Verify, fault: Fault | None) -> ResponseBody:
        refused = self._refusal(body)
        if refused is not None:
            return _failed(refused, BUSY_RETRY_MS / 1000 if refused is BrokerFault.BUSY else 0.0)
        account = self.broker.account(body.login)
        late = fault is not None and fault.kind is Trouble.LATE_LOGIN
        row = _stranger(reads.account_row(account), fault)
        if isinstance(body, Verify):
            return _failed(BrokerFault.TIMEOUT, 0.0) if late else Verified(row)
        session_id = self._late.pop(body.login, None) or self._hold(account)
        if late:
            self._late[body.login] = session_id
            return _failed(BrokerFault.TIMEOUT, 0.0)
        _, stable = account.shown()
        return Opened(
            session_id=session_id,
            slot=self._held[session_id].slot,
            state="ready" if stable else "history_loading",
            account=row,
            build=reads.BUILD,
        )

    def _hold(self, account: SimulatedAccount) -> int:
        self._last_session += 1
        self._held[self._last_session] = Held(self._last_session % self.slots, account)
        return self._last_session

    def _refusal(self, body: Open | Verify) -> BrokerFault | None:
        if body.server.casefold() not in SERVERS:
            return BrokerFault.UNKNOWN_SERVER
        account = self.broker.find(body.login)
        if account is None or account.recipe.server.name.casefold() != body.server.casefold():
            return BrokerFault.BAD_CREDENTIALS
        if body.password == account.recipe.master_password:
            return BrokerFault.MASTER_PASSWORD
        if body.password != account.recipe.investor_password:
            return BrokerFault.BAD_CREDENTIALS
        full = len(self._held) >= self.slots and body.login not in self._late
        return BrokerFault.BUSY if full else None

    def _read(
        self,
        body: Snapshot | Deals | OrdersHistory | Ticks | Bars | Symbol | Refresh | Close,
        fault: Fault | None,
    ) -> ResponseBody:
        if isinstance(body, Close):
            self.release(body.session_id)
            return Done()
        held = self._held.get(body.session_id)
        if held is None:
            return _failed(BrokerFault.TERMINAL_DEAD, 0.0)
        account = self.broker.account(held.account.recipe.login)
        match body:
            case Snapshot():
                return _snapshot(held, fault)
            case Deals():
                twice = fault is not None and fault.kind is Trouble.REPEATS
                return reads.deals(account, body, twice=twice)
            case OrdersHistory():
                return reads.orders_history(account, body)
            case Ticks():
                return price_reads.ticks(account, body)
            case Bars():
                return price_reads.bars(account, body)
            case Symbol():
                found = price_reads.symbol(body.name)
                return _failed(BrokerFault.INTERNAL, 0.0) if found is None else found
            case Refresh():
                return Done()


def _snapshot(held: Held, fault: Fault | None) -> SnapshotResult:
    kind = None if fault is None else fault.kind
    if kind is Trouble.FROZEN:
        held.frozen = held.frozen or reads.snapshot(held.account)
        return held.frozen
    held.frozen = None
    shown = reads.snapshot(held.account, connected=kind is not BrokerFault.NO_CONNECTION)
    if kind is BrokerFault.WRONG_ACCOUNT:
        return structs.replace(shown, login=_other(shown.login))
    return shown


def _stranger(row: AccountRow, fault: Fault | None) -> AccountRow:
    if fault is not None and fault.kind is BrokerFault.WRONG_ACCOUNT:
        return structs.replace(row, login=_other(row.login))
    return row


def _other(login: str) -> str:
    return str(int(login) + 1)


def _failed(fault: BrokerFault, seconds: float) -> Failed:
    return Failed(fault, round(seconds * 1000) or None)
