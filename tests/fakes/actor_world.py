"""A small world for actor tests: a life, a broker and a store that behave like the real ones."""

from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import trio

from actors.account import AccountActor
from actors.breaker import ServerBreaker
from actors.clock import TrioClock
from actors.domain.account import AccountInstance, LifeReason, Status
from actors.domain.deals import Deal, DealEntry, DealReason, DealType, History
from actors.domain.life import Life, StoredLife
from actors.domain.plan_file import parse_plan
from actors.domain.prices import Bars, CalcMode, SymbolSpec, Ticks
from actors.domain.server_clock import ServerClock
from actors.domain.snapshot import Observation, OpenPosition, Side
from actors.domain.state import Reading
from actors.errors import BrokerError, BrokerFault
from actors.lease import HeldLease
from actors.mailbox import Mailbox
from actors.ports import (
    BrokerAccount,
    Credentials,
    DealsPage,
    Fenced,
    Lease,
    StaleSync,
    Standing,
    SyncUnit,
)
from actors.ref import ActorRef
from actors.timers import Timers
from tests.fakes.kept_life import past_of

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LOGIN, SERVER = "51000001", "Sim-Demo"
PLAN = parse_plan(Path("configs/plans/two-step-classic.toml").read_text(), "two-step-classic.toml")
EURUSD = SymbolSpec(
    "EURUSD", 5, Decimal(100_000), Decimal("0.00001"), Decimal(1), "EUR", "USD", "EUR",
    CalcMode.FOREX,
)  # fmt: skip
DEPOSITED_AT = START - timedelta(days=30)
DEPOSIT = 10_000_000


def msc(instant: datetime) -> int:
    """Broker milliseconds of a broker whose wall clock is UTC."""
    return int(instant.timestamp() * 1000)


def deposit() -> Deal:
    """The deal that opens the account with 100,000.00."""
    return Deal(
        ticket=1, position_id=0, order=0, type=DealType.BALANCE, entry=DealEntry.IN,
        reason=DealReason.CLIENT, symbol="", volume=Decimal(0), price=Decimal(0), profit=DEPOSIT,
        commission=0, swap=0, fee=0, broker_msc=msc(DEPOSITED_AT), occurred_at=DEPOSITED_AT,
    )  # fmt: skip


def opening(at: datetime) -> Deal:
    """A deal that opens position 2."""
    return Deal(
        ticket=2, position_id=2, order=2, type=DealType.BUY, entry=DealEntry.IN,
        reason=DealReason.CLIENT, symbol="EURUSD", volume=Decimal(1), price=Decimal("1.1"),
        profit=0, commission=0, swap=0, fee=0, broker_msc=msc(at), occurred_at=at,
    )  # fmt: skip


def position(at: datetime, floating: int) -> OpenPosition:
    """Position 2 as the terminal shows it."""
    return OpenPosition(
        position_id=2, symbol="EURUSD", side=Side.BUY, volume=Decimal(1),
        open_price=Decimal("1.1"), current_price=Decimal("1.1"), stop_loss=None,
        take_profit=None, profit=floating, swap=0, opened_broker_msc=msc(at), opened_at=at,
    )  # fmt: skip


def make_life() -> Life:
    """A life of the classic plan on a UTC server."""
    return Life(
        UUID(int=1), UUID(int=2), UUID(int=3), DEPOSITED_AT, PLAN, 0, ServerClock.parse("UTC")
    )


def make_instance() -> AccountInstance:
    """The instance of that life."""
    return AccountInstance(
        UUID(int=2), 1, UUID(int=3), UUID(int=1), "h", Status.ACTIVE, LifeReason.CONNECT,
        PLAN.name, PLAN.content_hash, 0, DEPOSITED_AT, DEPOSITED_AT,
    )  # fmt: skip


def make_observation(now: datetime, floating: int | None = None) -> Observation:
    """100,000.00, with position 2 open when ``floating`` is given."""
    positions = () if floating is None else (position(START, floating),)
    equity = DEPOSIT + (floating or 0)
    return Observation(now, DEPOSIT, equity, 0, 0, equity, "USD", 2, positions)


def make_reading(now: datetime, floating: int | None = None) -> Reading:
    """A complete reading."""
    deals = (deposit(),) if floating is None else (deposit(), opening(START))
    return Reading(make_observation(now, floating), deals, History(len(deals), stable=True))


def make_account(login: str = LOGIN) -> BrokerAccount:
    """The account as the terminal names it."""
    return BrokerAccount(login, SERVER, "A", "B", "USD", 2, 100, "hedging", 0, "configured")


class FakeBroker:
    """Opens sessions and answers reads; ``faults`` are raised first, one a call.

    ``floating`` None is a flat account; ``silent`` never answers. ``priced`` None: no ticks.
    """

    def __init__(self, clock: TrioClock) -> None:
        self.clock = clock
        self.faults: deque[Exception] = deque()
        self.silent = False
        self.floating: int | None = None
        self.seconds = 0.1
        self.opens: list[bool] = []
        self.reads: list[float] = []
        self.granted = 0
        self.closed = 0
        self.login = LOGIN
        self.priced: Callable[[], Ticks] | None = None
        self.price_seconds = 0.0

    async def answer(self) -> None:
        """Take a while, then fail if a fault is due."""
        await trio.sleep(10**9 if self.silent else self.seconds)
        if self.faults:
            raise self.faults.popleft()

    async def open(
        self, credentials: Credentials, *, sticky: bool, deadline_seconds: float
    ) -> "FakeSession":
        self.opens.append(sticky)
        await self.answer()
        self.granted += 1
        return FakeSession(self)

    async def verify(self, credentials: Credentials, *, deadline_seconds: float) -> BrokerAccount:
        await self.answer()
        return make_account(self.login)


class FakeSession:
    """A session of the fake broker."""

    def __init__(self, broker: FakeBroker) -> None:
        self._broker = broker

    @property
    def account(self) -> BrokerAccount:
        return make_account(self._broker.login)

    async def snapshot(self) -> Observation:
        self._broker.reads.append(trio.current_time())
        await self._broker.answer()
        return make_observation(self._broker.clock.now(), self._broker.floating)

    async def deals(self, since_msc: int, after_ticket: int, limit: int) -> DealsPage:
        await trio.lowlevel.checkpoint()
        known = [deposit()] if self._broker.floating is None else [deposit(), opening(START)]
        wanted = [d for d in known if (d.broker_msc, d.ticket) > (since_msc, after_ticket)]
        return DealsPage(tuple(wanted[:limit]), len(known), stable=True,
                         next_since_msc=None, next_after_ticket=None)  # fmt: skip

    async def symbol(self, name: str) -> SymbolSpec:
        await trio.lowlevel.checkpoint()
        return EURUSD

    async def ticks(self, spec: SymbolSpec, since: datetime, until: datetime) -> Ticks:
        await trio.sleep(self._broker.price_seconds)
        if self._broker.priced is None:
            raise BrokerError(BrokerFault.INTERNAL)
        return self._broker.priced()

    async def bars(self, spec: SymbolSpec, since: datetime, until: datetime) -> Bars:
        await trio.lowlevel.checkpoint()
        raise BrokerError(BrokerFault.INTERNAL)

    async def refresh(self) -> None:
        await self._broker.answer()

    async def close(self) -> None:
        await trio.lowlevel.checkpoint()
        self._broker.closed += 1


class FakeStore:
    """Keeps units like the real store: fenced, idempotent by sync_seq.

    ``faults`` are raised one a commit; with ``lands`` the write is kept although it failed.
    """

    def __init__(self) -> None:
        self.fence = 1
        self.units: dict[int, SyncUnit] = {}
        self.tried: list[SyncUnit] = []
        self.standings: list[Standing] = []
        self.faults: deque[Exception] = deque()
        self.lands = False
        self.password: str | None = "p"
        self.loads = 0

    async def load(self, instance: AccountInstance, *, past: bool = False) -> StoredLife:
        await trio.lowlevel.checkpoint()
        self.loads += 1
        units = [self.units[seq] for seq in sorted(self.units)]
        deals = {d.ticket: d for unit in units for d in unit.effects.deals}
        last = self.standings[-1] if self.standings else None
        return StoredLife(
            len(units),
            tuple(sorted(deals.values(), key=lambda d: (d.occurred_at, d.ticket))),
            units[-1].effects.rule_state if units else None,
            last.connection_state if last else None,
            last.last_error_code if last else None,
            past_of(unit.effects for unit in units) if past else None,
        )

    async def commit(self, unit: SyncUnit) -> None:
        await trio.sleep(0.01)
        self.tried.append(unit)
        if self.faults:
            if self.lands:
                self.units[unit.sync_seq] = unit
            raise self.faults.popleft()
        if unit.fence < self.fence:
            raise Fenced
        held = self.units.get(unit.sync_seq)
        if held is not None and held is not unit:
            raise StaleSync
        self.units[unit.sync_seq] = unit

    async def record(self, standing: Standing) -> None:
        await trio.sleep(0.01)
        self.standings.append(standing)

    async def credentials(self, instance_id: UUID) -> Credentials | None:
        await trio.lowlevel.checkpoint()
        return None if self.password is None else Credentials(LOGIN, SERVER, self.password)


class World:
    """One account with its broker and store, on trio's clock."""

    def __init__(self, *, jitter: float = 0.5) -> None:
        self.clock = TrioClock(START)
        self.broker = FakeBroker(self.clock)
        self.store = FakeStore()
        self.timers = Timers(self.clock)
        self.breaker = ServerBreaker()
        self.lease = HeldLease(Lease(UUID(int=2), 1, float("inf")))
        self.points: list[str] = []
        self.events: list[str] = []
        self.failpoint: Callable[[str], None] = self.points.append
        self.jitter = jitter
        self.ref = self.new_ref()

    def new_ref(self) -> ActorRef:
        """A fresh ref and mailbox."""
        self.ref = ActorRef(UUID(int=3), UUID(int=2), Mailbox(capacity=4))
        return self.ref

    def actor(self) -> AccountActor:
        """A new incarnation of the actor."""
        return AccountActor(
            make_life(), make_instance(), self.lease, store=self.store, broker=self.broker,
            breaker=self.breaker, clock=self.clock, timers=self.timers,
            random=lambda: self.jitter, ref=self.ref, failpoint=lambda name: self.failpoint(name),
            on_event=lambda code, _fields: self.events.append(code),
        )  # fmt: skip
