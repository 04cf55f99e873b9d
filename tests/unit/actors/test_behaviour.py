"""The behaviour as a table of faults, and under random events."""

from datetime import timedelta
from uuid import UUID

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.behaviour import begin, react
from actors.commands import (
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
from actors.condition import ActorState, Subject, Waiting
from actors.domain.account import ConnectionState, Tier
from actors.domain.life import StoredLife
from actors.domain.prices import Prices
from actors.errors import BrokerFault
from actors.events import (
    BrokerFailed,
    Committed,
    Control,
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
from actors.messages import Drain, Message, Pause, Reconnect, Resume, SyncNow
from actors.ports import SyncUnit
from tests.fakes.actor_world import (
    LOGIN,
    SERVER,
    START,
    make_account,
    make_instance,
    make_life,
    make_reading,
)

CONTINUATIONS = (OpenSession, Fetch, FetchPrices, Commit, Record, Reload, SleepUntil, Stop)
SUBJECT = Subject(make_life(), make_instance(), 1)


def moment(seconds: float, jitter: float = 0.5) -> Moment:
    """A moment of a clock that never steps."""
    return Moment(START + timedelta(seconds=seconds), seconds, jitter)


def opening_state() -> ActorState:
    """An actor that is logging in."""
    state, _ = begin(SUBJECT)
    state, _ = react(state, Started(moment(0), StoredLife(0, (), None)))
    state, _ = react(state, Timer(moment(0)))
    assert state.waiting is Waiting.OPENING
    return state


def reading_state() -> ActorState:
    """An actor that is reading."""
    state, _ = react(opening_state(), Opened(moment(1), make_account(), LOGIN, SERVER))
    assert state.waiting is Waiting.READING
    return state


@pytest.mark.parametrize(
    ("fault", "parked"), [(BrokerFault.WRONG_ACCOUNT, True), (BrokerFault.INTERNAL, False)]
)
def test_a_second_failure_calls_the_operator(fault: BrokerFault, parked: bool) -> None:
    """Wrong account and internal faults are tried once elsewhere, then need the operator."""
    state, _ = react(opening_state(), BrokerFailed(moment(2), fault))
    state, _ = react(state, Recorded(moment(2)))
    state, _ = react(state, Timer(moment(10)))
    state, _ = react(state, BrokerFailed(moment(11), fault))
    assert state.connection_state is ConnectionState.NEEDS_OPERATOR
    assert (state.wake_at is None) is parked


def test_a_strangers_account_is_never_read() -> None:
    """A terminal logged in to another account is given back, and nothing is fetched."""
    state, commands = react(opening_state(), Opened(moment(1), make_account("999"), LOGIN, SERVER))
    assert state.error_code == "wrong_account"
    assert not any(isinstance(command, Fetch) for command in commands)


def test_busy_waits_as_long_as_told() -> None:
    """A busy bridge's Retry-After is kept."""
    failed = BrokerFailed(moment(2), BrokerFault.BUSY, retry_after_seconds=20)
    state, _ = react(opening_state(), failed)
    assert state.wake_at is not None
    assert state.wake_at >= 22


class Machine:
    """Answers each continuation at random, and checks what must always hold."""

    def __init__(self) -> None:
        self.state, commands = begin(SUBJECT)
        self.time = 0.0
        self.stored = StoredLife(0, (), None)
        self.acknowledged = 0
        self.unknown: int | None = None
        self.last = self.check(commands)

    def check(self, commands: tuple[Command, ...]) -> Command:
        """One continuation, last; published never ahead of what storage acknowledged."""
        assert [isinstance(c, CONTINUATIONS) for c in commands].count(True) == 1
        assert isinstance(commands[-1], CONTINUATIONS)
        for command in commands:
            if isinstance(command, Publish):
                assert command.published.rev <= self.acknowledged
            if isinstance(command, Commit):
                assert command.unit.sync_seq == self.acknowledged + 1
                if self.unknown is not None:
                    assert id(command.unit) == self.unknown
        return commands[-1]

    def keep(self, unit: SyncUnit) -> None:
        """Store a unit as storage would, so that a reload starts from it."""
        deals = {deal.ticket: deal for deal in (*self.stored.deals, *unit.effects.deals)}
        ordered = tuple(sorted(deals.values(), key=lambda deal: (deal.occurred_at, deal.ticket)))
        self.stored = StoredLife(unit.sync_seq, ordered, unit.effects.rule_state)

    def answer(self, pick: int, jitter: float) -> Event:  # noqa: C901 - one clause a case
        """A possible event for the present continuation."""
        self.time += 1 + pick / 10
        at = moment(self.time, jitter)
        faults = list(BrokerFault)
        match self.last:
            case _ if pick == 99:
                return LeaseLost(at)
            case Reload():
                lost = StoreFailed(at, StoreFault.UNAVAILABLE)
                return lost if pick % 5 == 0 else Started(at, self.stored)
            case OpenSession() | Fetch() if pick % 3 == 0:
                return BrokerFailed(at, faults[pick % len(faults)])
            case OpenSession() | Fetch() if pick % 17 == 0:
                return Refused(at, 5.0)
            case OpenSession() | Fetch() if pick % 13 == 0:
                return Interrupted(at)
            case OpenSession():
                return Opened(at, make_account(), LOGIN, SERVER)
            case Fetch():
                return Observed(at, make_reading(at.now, 0 if pick % 2 else None))
            case FetchPrices(known=known):
                told = (None, Prices(answered=False), Prices())[pick % 3]
                return Interrupted(at) if pick % 13 == 0 else Priced(at, told, known)
            case Commit(unit=unit):
                if pick % 4 == 0:
                    self.unknown = id(unit)
                    return StoreFailed(at, StoreFault.UNAVAILABLE)
                self.unknown = None
                self.acknowledged = unit.sync_seq
                self.keep(unit)
                return Committed(at)
            case Record():
                lost = StoreFailed(at, StoreFault.UNAVAILABLE)
                return lost if pick % 4 == 0 else Recorded(at)
            case SleepUntil(at=until) if until is not None and pick % 3:
                self.time = max(self.time, until)
                return Timer(moment(self.time, jitter))
            case _:
                messages: list[Message] = [
                    SyncNow(),
                    Reconnect(),
                    Pause(),
                    Resume(),
                    Resume(),
                    SyncNow(),
                ]
                message: Message = Drain() if pick == 98 else messages[pick % len(messages)]
                return Control(at, message, (pick,))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 99), st.floats(0, 0.999)), min_size=5, max_size=60))
def test_whatever_happens_the_promises_hold(picks: list[tuple[int, float]]) -> None:
    """One write at a time, numbered without gaps, stored before shown, inside the tier's pace."""
    machine = Machine()
    for pick, jitter in picks:
        if isinstance(machine.last, Stop):
            assert react(machine.state, Timer(moment(machine.time))) == (machine.state, ())
            return
        event = machine.answer(pick, jitter)
        machine.state, commands = react(machine.state, event)
        machine.last = machine.check(commands)
        pace, wake_at = machine.state.pace, machine.state.wake_at
        if isinstance(event, Committed) and pace is not None and wake_at is not None:
            longest = 1800 if pace.tier is Tier.IDLE else 60
            assert wake_at - machine.time <= longest


def watching(floating: int | None) -> ActorState:
    """An actor that has stored one reading and is reading again."""
    state, _ = react(reading_state(), Observed(moment(2), make_reading(START, floating)))
    state, commands = react(state, Committed(moment(2)))
    assert isinstance(commands[-1], SleepUntil)
    state, _ = react(state, Timer(moment(100 if floating is not None else 1800)))
    if floating is None:  # an idle account is visited: it logs in again
        state, _ = react(state, Opened(moment(1800), make_account(), LOGIN, SERVER))
    assert state.waiting is Waiting.READING
    return state


def later_reading(seconds: float, floating: int | None) -> Observed:
    """A further read of the account, whose deals all are known."""
    at = moment(seconds)
    return Observed(at, evolve(make_reading(at.now, floating), deals=()))


def test_an_open_position_asks_for_the_prices_since() -> None:
    """Held between two readings: its symbol's prices are read before the reading is stepped."""
    later = moment(100).now
    state, commands = react(watching(0), later_reading(100, 0))
    fetch = commands[-1]
    assert isinstance(fetch, FetchPrices)
    assert fetch.wish.symbols == ("EURUSD",)
    assert fetch.wish.since <= START
    assert fetch.wish.until >= later
    assert fetch.deadline_seconds <= state.known_pace.promise_seconds / 10
    prices = Prices()
    state, commands = react(state, Priced(moment(101), prices, {"EURUSD": None}))
    assert isinstance(commands[-1], Commit)
    assert state.pending is not None
    assert state.pending.reading.prices is prices
    assert state.specs == {"EURUSD": None}


def test_a_flat_account_costs_nothing_more() -> None:
    """Flat before and after, without a trade in between: stepped at once."""
    _, commands = react(watching(None), later_reading(1800, None))
    assert isinstance(commands[-1], Commit)


def test_a_bridge_without_prices_is_asked_once_a_session() -> None:
    """It says so, the readings go on without, and a new session asks again."""
    state, _ = react(watching(0), later_reading(100, 0))
    state, commands = react(state, Priced(moment(100), None, {}))
    assert isinstance(commands[0], Emit)
    assert not state.prices_offered
    state, _ = react(state, Committed(moment(101)))
    state, _ = react(state, Timer(moment(200)))
    state, commands = react(state, later_reading(200, 0))
    assert isinstance(commands[-1], Commit)
    opened, _ = react(opening_state(), Opened(moment(1), make_account(), LOGIN, SERVER))
    assert opened.prices_offered


def test_an_urgent_message_does_not_lose_the_reading() -> None:
    """Interrupted while prices are read: the reading is stepped with its prices unanswered."""
    state, _ = react(watching(0), later_reading(100, 0))
    state, commands = react(state, Interrupted(moment(101)))
    assert isinstance(commands[-1], Commit)
    assert state.pending is not None
    assert state.pending.reading.prices == Prices(answered=False)


def test_the_subject_is_the_instance() -> None:
    """Units carry the instance and fence that the actor was started with."""
    state, commands = react(reading_state(), Observed(moment(2), make_reading(START)))
    commit = commands[-1]
    assert isinstance(commit, Commit)
    assert commit.unit.instance.instance_id == UUID(int=2)
    assert (commit.unit.fence, commit.unit.sync_seq) == (1, 1)
    assert state.published is not None
    assert state.published.rev == 0


def test_a_doubted_clock_reaches_the_core_with_the_reading_that_shows_it() -> None:
    """At the login or in the midst of a session: the unit says needs_operator, and why."""
    off = evolve(make_account(), offset_differs_seconds=3600)
    state, _ = react(opening_state(), Opened(moment(1), off, LOGIN, SERVER))
    state, commands = react(state, Observed(moment(2), make_reading(START, 0)))
    for again in (off, make_account()):
        commit = commands[-1]
        assert isinstance(commit, Commit)
        doubted = again is off
        told = (commit.unit.connection_state, commit.unit.last_error_code)
        expected = (ConnectionState.NEEDS_OPERATOR, "server_clock_differs")
        assert told == (expected if doubted else (ConnectionState.READY, None))
        state, _ = react(state, Committed(moment(2)))
        assert (state.connection_state, state.error_code) == told
        assert state.wake_at is not None
        state, _ = react(state, Timer(moment(60)))
        reading = evolve(make_reading(moment(60).now, 0), deals=())
        state, commands = react(state, Observed(moment(60), reading, make_account()))
        if any(isinstance(each, FetchPrices) for each in commands):
            state, commands = react(state, Priced(moment(60), None, {}))


def test_a_server_clock_off_the_table_is_told_and_logged_once() -> None:
    """An alert and a log row when the difference begins and when it ends, none in between."""
    state, told = opening_state(), []
    for differs in (0, 3600, 3600, 0):
        account = evolve(make_account(), offset_differs_seconds=differs)
        after, commands = react(state, Opened(moment(1), account, LOGIN, SERVER))
        told += [each for each in commands if isinstance(each, Emit)]
        state = evolve(after, waiting=Waiting.OPENING)
    assert [(each.code, each.fields) for each in told] == [
        ("server_clock_differs", {"seconds": 3600}),
        ("server_clock_differs", {"seconds": 0}),
    ]
    assert [(row.action, row.status) for row in state.unlogged] == [
        ("server_clock", "differs"),
        ("server_clock", "agrees"),
    ]
