"""The shell of one account: it does what the behaviour says and tells it what happened.

One task, one thing at a time. Expected faults become events; anything else is a bug, ends the
actor and is the supervisor's business.
"""

from collections.abc import Awaitable, Callable, Mapping

import trio

from actors.behaviour import begin, react
from actors.breaker import ServerBreaker
from actors.commands import (
    Answer,
    CloseSession,
    Command,
    Commit,
    Emit,
    Fetch,
    FetchPrices,
    OpenSession,
    Publish,
    Record,
    Reload,
    SleepUntil,
    Stop,
)
from actors.condition import ActorState, Subject
from actors.domain.account import AccountInstance
from actors.domain.deals import Deal, History
from actors.domain.fault_code import FaultCode
from actors.domain.life import Life
from actors.domain.prices import Prices
from actors.domain.risk_tier import TierLimits
from actors.domain.state import Reading
from actors.errors import BrokerError, BrokerFault, ProtocolViolation
from actors.events import (
    BrokerFailed,
    Committed,
    Control,
    CredentialsMissing,
    Event,
    Interrupted,
    LeaseLost,
    Moment,
    Observed,
    Opened,
    Priced,
    Recorded,
    Refused,
    Started,
    StoreFailed,
    StoreFault,
    Timer,
)
from actors.lease import HeldLease
from actors.mailbox import Reply
from actors.messages import Drain
from actors.ports import (
    AccountStore,
    Broker,
    Clock,
    Fenced,
    Session,
    StaleSync,
    StoreUnavailable,
)
from actors.price_reads import read_prices
from actors.ref import ActorRef
from actors.timers import Timers

STORE_SECONDS = 30.0
CLOSE_SECONDS = 2.0
PAGE = 1000

OnEvent = Callable[[str, Mapping[str, object]], None]


class AccountActor:
    """Watches one instance until drained, fenced, or its lease ends. ``run`` once.

    ``random`` gives jitter in [0, 1). ``failpoint`` is called at ``after_fetch``,
    ``before_commit``, ``after_commit`` and ``before_publish``; ``on_event`` gets codes for the
    log, never a credential. ``held`` is what the actor before it left ``unstored``.
    """

    def __init__(
        self,
        life: Life,
        instance: AccountInstance,
        lease: HeldLease,
        *,
        store: AccountStore,
        broker: Broker,
        breaker: ServerBreaker,
        clock: Clock,
        timers: Timers,
        random: Callable[[], float],
        ref: ActorRef,
        failpoint: Callable[[str], None] = lambda _name: None,
        on_event: OnEvent = lambda _code, _fields: None,
        first_delay_seconds: float = 0.0,
        held: Reading | None = None,
        limits: TierLimits = TierLimits(),  # noqa: B008 - frozen
    ) -> None:
        self._subject = Subject(life, instance, lease.fence, first_delay_seconds, limits)
        self._held = held
        self._lease = lease
        self._store = store
        self._broker = broker
        self._breaker = breaker
        self._clock = clock
        self._timers = timers
        self._random = random
        self._ref = ref
        self._failpoint = failpoint
        self._on_event = on_event
        self._session: Session | None = None
        self._total: int | None = None
        self._served_message = False
        self.state: ActorState | None = None

    async def run(self) -> None:
        """Work until stopped. The ref is dead afterwards, and the terminal given back."""
        try:
            with self._lease.scope() as scope:
                await self._work()
            if scope.cancelled_caught and self.state is not None:
                self.state, commands = react(self.state, LeaseLost(self._moment()))
                await self._perform(commands[:-1])
        finally:
            self._ref.close()
            await self._give_back()

    @property
    def unstored(self) -> Reading | None:
        """The reading that storage does not hold yet, or may not: the next actor's ``held``."""
        if self.state is None:
            return self._held
        return self.state.held if self.state.pending is None else self.state.pending.reading

    def stop(self) -> None:
        """Ask for an orderly end: the write under way is finished, the terminal given back."""
        if self._ref.alive:
            self._ref.tell(Drain())

    async def _work(self) -> None:
        self.state, commands = begin(self._subject, self._held)
        while True:
            await self._perform(commands[:-1])
            event = await self._await_event(commands[-1])
            if event is None:
                return
            self.state, commands = react(self.state, event)

    async def _perform(self, commands: tuple[Command, ...]) -> None:
        for command in commands:
            match command:
                case Publish(published=published):
                    self._failpoint("before_publish")
                    self._ref.publish(published)
                case Answer(asks=asks):
                    self._answer(asks)
                case Emit(code=code, fields=fields):
                    self._on_event(code, fields)
                case CloseSession():
                    await self._give_back()
                case _:
                    raise TypeError(f"{type(command).__name__} must end a reaction")

    def _answer(self, asks: tuple[object, ...]) -> None:
        for reply in asks:
            if isinstance(reply, Reply):
                reply.answer(self._ref.published)

    async def _await_event(self, command: Command) -> Event | None:
        match command:
            case SleepUntil(at=at):
                return await self._sleep(at)
            case Fetch():
                return await self._at_broker(command.deadline_seconds, lambda: self._read(command))
            case FetchPrices():
                return await self._price(command)
            case Commit():
                return await self._at_store(lambda: self._commit(command))
            case OpenSession():
                return await self._at_store(lambda: self._open(command))
            case Record():
                return await self._at_store(lambda: self._record(command))
            case Reload():
                return await self._at_store(lambda: self._load(command))
            case Stop():
                return None
            case _:
                raise TypeError(f"{type(command).__name__} cannot end a reaction")

    async def _sleep(self, at: float | None) -> Event:
        """Messages first, but never two while the time has come: no flood starves the reads."""
        mailbox = self._ref.mailbox
        due = at is not None and at <= self._clock.monotonic()
        if due and self._served_message:
            self._served_message = False
            await trio.lowlevel.checkpoint()
            return Timer(self._moment())
        timer = None
        if due:
            mailbox.tick()
        elif at is not None:
            timer = self._timers.arm(at, mailbox.tick)
        try:
            await mailbox.wait()
        finally:
            if timer is not None:
                timer.cancel()
        envelope = mailbox.take()
        self._served_message = envelope is not None
        if envelope is None:
            return Timer(self._moment())
        return Control(self._moment(), envelope.message, tuple(envelope.replies))

    # Storage

    async def _at_store(self, call: Callable[[], Awaitable[Event]]) -> Event:
        try:
            return await call()
        except (StoreUnavailable, trio.TooSlowError):
            return StoreFailed(self._moment(), StoreFault.UNAVAILABLE)
        except Fenced:
            return StoreFailed(self._moment(), StoreFault.FENCED)
        except StaleSync:
            return StoreFailed(self._moment(), StoreFault.STALE)

    async def _load(self, command: Reload) -> Event:
        with trio.fail_after(STORE_SECONDS):
            stored = await self._store.load(self._subject.instance, past=command.past)
        return Started(self._moment(), stored)

    async def _commit(self, command: Commit) -> Event:
        self._failpoint("before_commit")
        with trio.fail_after(STORE_SECONDS):
            await self._store.commit(command.unit)
        self._failpoint("after_commit")
        return Committed(self._moment())

    async def _record(self, command: Record) -> Event:
        with trio.fail_after(STORE_SECONDS):
            await self._store.record(command.standing)
        return Recorded(self._moment())

    # Broker

    async def _at_broker(self, deadline: float, call: Callable[[], Awaitable[Event]]) -> Event:
        wait = self._breaker.admit(self._clock.monotonic())
        if wait is not None:
            await trio.lowlevel.checkpoint()
            return Refused(self._moment(), wait)
        try:
            event = await self._unless_urgent(deadline, call)
        except BrokerError as error:
            return self._failed(error.fault, error.retry_after_seconds, error.code)
        except ProtocolViolation:
            return self._failed(BrokerFault.TERMINAL_DEAD, None, FaultCode.PROTOCOL_VIOLATION)
        except trio.TooSlowError:
            return self._failed(BrokerFault.TIMEOUT, None, None)
        if not isinstance(event, Interrupted):
            self._breaker.succeeded(self._clock.monotonic())
        return event

    def _failed(self, fault: BrokerFault, retry_after: float | None, code: str | None) -> Event:
        self._breaker.failed(self._clock.monotonic(), fault)
        return BrokerFailed(self._moment(), fault, retry_after, code)

    async def _unless_urgent(self, deadline: float, call: Callable[[], Awaitable[Event]]) -> Event:
        """Give the call up at its deadline, or when a message comes that cannot wait for it."""
        mailbox = self._ref.mailbox
        event: Event | None = None
        with trio.CancelScope(deadline=trio.current_time() + deadline) as scope:
            mailbox.on_urgent(scope.cancel)
            try:
                if mailbox.urgent():
                    scope.cancel()
                event = await call()
            finally:
                mailbox.on_urgent(None)
        if event is not None:
            return event
        if mailbox.urgent():
            return Interrupted(self._moment())
        raise trio.TooSlowError

    async def _open(self, command: OpenSession) -> Event:
        with trio.fail_after(STORE_SECONDS):
            credentials = await self._store.credentials(self._subject.instance.instance_id)
        if credentials is None:
            return CredentialsMissing(self._moment())

        async def log_in() -> Event:
            self._session = session = await self._broker.open(
                credentials, sticky=command.sticky, deadline_seconds=command.deadline_seconds
            )
            return Opened(self._moment(), session.account, credentials.login, credentials.server)

        return await self._at_broker(command.deadline_seconds, log_in)

    async def _read(self, command: Fetch) -> Event:
        session = self._session
        if session is None:
            raise RuntimeError("a read needs an open session")
        observation = await session.snapshot()
        deals, history = await self._read_deals(session, command.since_msc)
        self._failpoint("after_fetch")
        reading = Reading(observation, deals, history, since_msc=command.since_msc)
        return Observed(self._moment(), reading, session.account)

    async def _price(self, command: FetchPrices) -> Event:
        """Prices are worth a moment, never a failure: the reading they belong to is whole."""
        session = self._session
        if session is None:
            raise RuntimeError("prices need an open session")

        async def read() -> Event:
            found = await read_prices(session, command.wish, command.known)
            return Priced(self._moment(), found.prices, found.specs)

        prices: Prices | None = Prices(answered=False)
        try:
            return await self._unless_urgent(command.deadline_seconds, read)
        except BrokerError as error:
            prices = None if error.fault is BrokerFault.INTERNAL else prices
        except ProtocolViolation:
            prices = None
        except trio.TooSlowError:
            pass  # unanswered, which is what the event below says
        return Priced(self._moment(), prices, command.known)

    async def _read_deals(
        self, session: Session, since_msc: int
    ) -> tuple[tuple[Deal, ...], History]:
        """All pages; the history is stable when the count was equal over two reads."""
        deals: list[Deal] = []
        since, after = since_msc, 0
        while True:
            page = await session.deals(since, after, PAGE)
            deals.extend(page.deals)
            if page.next_since_msc is None or page.next_after_ticket is None:
                break
            if (page.next_since_msc, page.next_after_ticket) <= (since, after):
                raise ProtocolViolation("the deals cursor does not advance")
            since, after = page.next_since_msc, page.next_after_ticket
        before, self._total = self._total, page.total
        if before != page.total:
            last = deals[-1] if deals else None
            again = await session.deals(
                last.broker_msc if last else since, last.ticket if last else after, 1
            )
            before, self._total = page.total, again.total
        return tuple(deals), History(page.total, page.stable and before == self._total)

    async def _give_back(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            with trio.move_on_after(CLOSE_SECONDS, shield=True):
                await session.close()

    def _moment(self) -> Moment:
        return Moment(self._clock.now(), self._clock.monotonic(), self._random())
