"""The machine of a live socket: who may be told, when, how often, and why it is closed."""

from collections import defaultdict
from itertools import pairwise
from uuid import UUID

import pytest
from attrs import define, field
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.account import ConnectionState, Outcome, Owner, Status, Tier
from web.live.events import (
    Accepted,
    Authenticate,
    Behind,
    Changed,
    Check,
    Close,
    Ended,
    Event,
    Look,
    Missing,
    Note,
    Say,
    Step,
    Subscribe,
    Told,
    Unread,
    Wait,
)
from web.live.news import Condition, Known
from web.live.session import (
    AUTH_SECONDS,
    EXPIRY_WARNING_SECONDS,
    MESSAGE_BURST,
    MOST_REFUSED,
    RETRY_SECONDS,
    TURN_SECONDS,
    Session,
    advance,
    begin,
    react,
)
from web.schemas.live import LiveCloseCode

ALICE, MALLORY = Owner("shop", 1), Owner("shop", 2)
ACCOUNTS = tuple(UUID(int=number) for number in range(1, 5))
ONE, TWO = ACCOUNTS[:2]
LIFE_SECONDS = 900.0
KNOWN = Known(
    UUID(int=90),
    UUID(int=91),
    7,
    1,
    Condition(Status.ACTIVE, ConnectionState.READY, Outcome.RUNNING, Tier.IDLE),
    0,
)


@define
class Socket:
    """A session with a hand-moved clock; every step it hands out is carried out at once."""

    now: float = 0.0
    session: Session = field(factory=lambda: begin(0.0))
    steps: list[tuple[float, Step]] = field(factory=list)

    def hear(self, event: Event) -> "Socket":
        """Let something happen."""
        self.session = react(self.session, event, self.now)
        return self

    def work(self) -> "Socket":
        """Take steps until there is nothing to do, or the socket is closed."""
        while True:
            self.session, step = advance(self.session, self.now)
            if isinstance(step, Wait):
                return self
            self.steps.append((self.now, step))
            match step:
                case Close():
                    return self
                case Check():
                    self.hear(Accepted(ALICE, self.now + LIFE_SECONDS))
                case Look(account_id=account_id):
                    self.hear(Told(account_id, KNOWN))

    def forward(self, seconds: float) -> "Socket":
        """Let time pass, step by step as the session asked to be called."""
        end = self.now + seconds
        while not self.closed:
            self.work()
            _, step = advance(self.session, self.now)
            if not isinstance(step, Wait) or step.until > end:
                break
            self.now = max(self.now, step.until)
        self.now = end
        return self.work()

    @property
    def closed(self) -> LiveCloseCode | None:
        """The code that the socket was closed with."""
        codes = [step.code for _, step in self.steps if isinstance(step, Close)]
        return codes[0] if codes else None

    def looks(self) -> list[tuple[float, UUID]]:
        """When each account was told."""
        return [(at, step.account_id) for at, step in self.steps if isinstance(step, Look)]

    def notes(self) -> list[Note]:
        """What was said without an account."""
        return [step.note for _, step in self.steps if isinstance(step, Say)]


def opened(*accounts: UUID) -> Socket:
    """Alice's socket that watches these accounts and has told of each once."""
    return Socket().hear(Authenticate("t")).work().hear(Subscribe(accounts)).work()


def test_a_socket_without_a_token_is_closed_after_five_seconds() -> None:
    """Silence is no way to keep a socket."""
    socket = Socket().forward(AUTH_SECONDS - 0.001)
    assert socket.closed is None
    assert socket.forward(0.001).closed is LiveCloseCode.AUTH_TIMEOUT


def test_the_first_message_is_the_token() -> None:
    """Who subscribes first is closed, and is told of nothing."""
    socket = Socket().hear(Subscribe((ONE,))).work()
    assert socket.closed is LiveCloseCode.MALFORMED
    assert socket.looks() == []


def test_a_client_need_not_wait_for_the_answer_to_its_token() -> None:
    """Subscribed while the token is checked: told once it holds."""
    socket = Socket().hear(Authenticate("t")).hear(Subscribe((ONE,))).work()
    assert [step for _, step in socket.steps] == [Check("t"), Say(Note.READY), Look(ONE)]


def test_changes_within_a_quarter_second_are_told_once() -> None:
    """The first at once, the rest together when the turn is over."""
    socket = opened(ONE)
    for _ in range(5):
        socket.hear(Changed(ONE)).forward(0.04)
    socket.forward(1.0)
    assert socket.looks() == [(0.0, ONE), (pytest.approx(TURN_SECONDS), ONE)]


def test_the_one_that_waits_longest_is_told_first() -> None:
    """A busy account does not keep a quiet one waiting."""
    socket = opened(ONE, TWO).forward(1.0)
    socket.hear(Changed(TWO))
    socket.now += 0.01
    socket.hear(Changed(ONE)).work()
    assert [account for _, account in socket.looks()[2:]] == [TWO, ONE]


def test_a_change_during_a_look_is_told_in_the_next_turn() -> None:
    """Nothing that happens while an account is being read is lost."""
    socket = opened(ONE).forward(1.0).hear(Changed(ONE))
    socket.session, step = advance(socket.session, socket.now)
    assert step == Look(ONE)
    socket.hear(Changed(ONE)).hear(Told(ONE, KNOWN)).forward(1.0)
    assert socket.looks()[-1][0] == pytest.approx(1.0 + TURN_SECONDS)


def test_storage_that_did_not_answer_is_asked_again() -> None:
    """The account stays due."""
    socket = opened(ONE).forward(1.0).hear(Unread(ONE)).forward(RETRY_SECONDS)
    assert [at for at, _ in socket.looks()] == [0.0, pytest.approx(1.0 + RETRY_SECONDS)]


def test_the_end_of_the_token_is_told_and_then_kept() -> None:
    """A warning two minutes before, and the socket is closed at the end."""
    socket = opened(ONE).forward(LIFE_SECONDS - EXPIRY_WARNING_SECONDS - 1)
    assert socket.notes() == [Note.READY]
    assert socket.forward(1.0).notes() == [Note.READY, Note.AUTH_EXPIRING]
    assert socket.forward(EXPIRY_WARNING_SECONDS).closed is LiveCloseCode.UNAUTHORIZED


def test_a_fresh_token_on_the_same_socket_goes_on() -> None:
    """The socket lives until the new token's end, and every account is looked at again."""
    socket = opened(ONE).forward(LIFE_SECONDS - 1).hear(Authenticate("fresh")).forward(1.0)
    assert socket.notes() == [Note.READY, Note.AUTH_EXPIRING, Note.READY]
    assert [at for at, _ in socket.looks()] == [0.0, LIFE_SECONDS - 1]
    assert socket.forward(LIFE_SECONDS - 3).closed is None
    assert socket.forward(2.0).closed is LiveCloseCode.UNAUTHORIZED


def test_another_users_token_closes_the_socket() -> None:
    """A socket stays its first user's."""
    socket = opened(ONE).hear(Accepted(MALLORY, LIFE_SECONDS)).work()
    assert socket.closed is LiveCloseCode.UNAUTHORIZED


def test_a_slow_reader_is_told_to_read_again() -> None:
    """Once, before anything else about an account."""
    socket = opened(ONE).forward(1.0).hear(Behind()).hear(Behind()).hear(Changed(ONE)).work()
    assert [step for _, step in socket.steps[-2:]] == [Say(Note.RESYNC), Look(ONE)]


def test_messages_beyond_the_allowance_close_the_socket() -> None:
    """Twenty at once, then one a second."""
    socket = Socket()
    for _ in range(MESSAGE_BURST):
        socket.hear(Authenticate("t"))
    assert socket.session.closing is None
    socket.now = 1.0
    assert socket.hear(Authenticate("t")).session.closing is None
    assert socket.hear(Authenticate("t")).work().closed is LiveCloseCode.TOO_MANY


def test_guessing_accounts_closes_the_socket() -> None:
    """Some unknown accounts are refused one by one, too many end it."""
    guesses = tuple(UUID(int=100 + number) for number in range(MOST_REFUSED + 1))
    socket = opened(*guesses)
    for guess in guesses[:-1]:
        socket.hear(Missing(guess))
    assert socket.session.watched.keys() == {guesses[-1]}
    assert socket.work().closed is None
    assert socket.hear(Missing(guesses[-1])).work().closed is LiveCloseCode.TOO_MANY


@given(
    st.lists(
        st.tuples(
            st.floats(0, 1.5),
            st.one_of(
                st.sampled_from(ACCOUNTS).map(Changed),
                st.sampled_from([Behind(), Authenticate("t")]),
                st.just(Ended(LiveCloseCode.GOING_AWAY)),
                st.lists(st.sampled_from(ACCOUNTS), unique=True).map(tuple).map(Subscribe),
            ),
        ),
        max_size=60,
    )
)
def test_every_run_of_events_keeps_the_promises(events: list[tuple[float, Event]]) -> None:
    """Whatever comes in whatever order: only a token's owner is told, only of what he watches,
    no account more often than four times a second, no change of it is lost, and a closed socket
    says nothing more.
    """
    socket = Socket()
    due: dict[UUID, float] = {}
    subscribed_at: dict[UUID, list[float]] = defaultdict(list)
    for seconds, event in events:
        socket.forward(seconds)
        before = set(socket.session.watched)
        socket.hear(event)
        for account_id in set(socket.session.watched) - before:
            subscribed_at[account_id].append(socket.now)
        if isinstance(event, Changed) and event.account_id in socket.session.watched:
            due.setdefault(event.account_id, socket.now)
        socket.work()
        told = {account_id: at for at, account_id in socket.looks()}
        for account_id, since in list(due.items()):
            if told.get(account_id, -1.0) >= since or account_id not in socket.session.watched:
                del due[account_id]
            else:
                assert socket.closed or socket.now - since < TURN_SECONDS
    kinds = [type(step) for _, step in socket.steps]
    assert Look not in kinds or Say in kinds[: kinds.index(Look)]
    assert Close not in kinds or {*kinds[kinds.index(Close) :]} == {Close}
    turns: dict[UUID, list[float]] = defaultdict(list)
    for at, account_id in socket.looks():
        turns[account_id].append(at)
    for account_id, times in turns.items():
        for earlier, later in pairwise(times):
            afresh = any(earlier <= at <= later for at in subscribed_at[account_id])
            assert afresh or later - earlier >= TURN_SECONDS - 1e-9
