"""One live socket as a pure machine: what came in, and what is to be done next.

``react`` takes an event in, ``advance`` hands out the next step; neither waits nor reads a clock.
Nothing is queued: of each account it is only known that it changed, so a slow reader costs no
memory and always gets the newest state. Times are monotonic seconds.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from attrs import evolve, field, frozen

from actors.domain.account import Owner
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
from web.live.news import Known
from web.schemas.live import LiveCloseCode

AUTH_SECONDS = 5.0
EXPIRY_WARNING_SECONDS = 120.0
TURN_SECONDS = 0.25
"""At most four updates a second and account."""
BEHIND_SECONDS = 2.0
"""A message that took longer to hand over was not being read."""
RETRY_SECONDS = 1.0
MESSAGE_SPACING_SECONDS = 1.0
MESSAGE_BURST = 20
"""A client may send twenty messages at once, then one each second."""
ACCOUNTS_PER_MESSAGE = 100
"""Each hundred accounts that are new in a subscription count as one more message."""
MOST_REFUSED = 20


@frozen
class Watch:
    """An account that the client subscribed to. ``due_at`` None: nothing changed."""

    known: Known | None = None
    due_at: float | None = None
    next_turn: float = 0.0


def _nothing() -> Mapping[UUID, Watch]:
    return MappingProxyType({})


@frozen
class Session:
    """A socket's whole state. Begin with ``begin``.

    ``owner`` None: not authenticated yet, and ``ends_at`` is the deadline for it; afterwards the
    token's end. ``paid_until`` counts the client's messages (GCRA). ``has_greeted``: a token came,
    so the client may subscribe without waiting for the answer.
    """

    ends_at: float
    paid_until: float
    owner: Owner | None = None
    warn_at: float | None = None
    token: str | None = field(default=None, repr=False)
    has_greeted: bool = False
    notes: frozenset[Note] = frozenset()
    watched: Mapping[UUID, Watch] = field(factory=_nothing)
    refused: int = 0
    closing: LiveCloseCode | None = None


def begin(now: float) -> Session:
    """A socket that was just accepted."""
    return Session(ends_at=now + AUTH_SECONDS, paid_until=now)


def react(session: Session, event: Event, now: float) -> Session:
    """The session after an event."""
    match event:
        case Authenticate(token=token):
            return evolve(_paid(session, now), token=token, has_greeted=True)
        case Accepted(owner=owner, ends_at=ends_at):
            return _accepted(session, owner, ends_at)
        case Subscribe(account_ids=account_ids):
            return _subscribed(session, account_ids, now)
        case Changed(account_id=account_id):
            return _changed(session, account_id, now)
        case Told(account_id=account_id, known=known, lost=lost):
            told = _watch(session, account_id, known=known)
            return _noted(told, Note.RESYNC) if lost else told
        case Missing(account_id=account_id):
            return _missing(session, account_id)
        case Unread(account_id=account_id):
            return _watch(session, account_id, due_at=now + RETRY_SECONDS)
        case Behind():
            return _noted(session, Note.RESYNC)
        case Ended(code=code):
            return _closing(session, code)


def advance(session: Session, now: float) -> tuple[Session, Step]:
    """The next step, and the session in which it has begun."""
    if session.closing is None and now >= session.ends_at:
        late = session.owner is None
        code = LiveCloseCode.AUTH_TIMEOUT if late else LiveCloseCode.UNAUTHORIZED
        session = _closing(session, code)
    if session.closing is not None:
        return session, Close(session.closing)
    if session.token is not None:
        return evolve(session, token=None), Check(session.token)
    if session.warn_at is not None and now >= session.warn_at:
        session = _noted(evolve(session, warn_at=None), Note.AUTH_EXPIRING)
    for note in Note:
        if note in session.notes:
            return evolve(session, notes=session.notes - {note}), Say(note)
    return _turn(session, now)


def _turn(session: Session, now: float) -> tuple[Session, Step]:
    """Look at the account that waits longest, or wait until there is something to do."""
    waiting = [
        (watch.due_at, account_id)
        for account_id, watch in session.watched.items()
        if watch.due_at is not None
    ]
    first = min(waiting, default=None) if session.owner is not None else None
    if first is not None and first[0] <= now:
        account_id = first[1]
        begun = _watch(session, account_id, due_at=None, next_turn=now + TURN_SECONDS)
        return begun, Look(account_id)
    times = [session.ends_at, *(() if first is None else (first[0],))]
    times += () if session.warn_at is None else (session.warn_at,)
    return session, Wait(min(times))


def _paid(session: Session, now: float, messages: int = 1) -> Session:
    """So many more messages of the client; the socket closes when there are too many."""
    paid_until = max(session.paid_until, now) + messages * MESSAGE_SPACING_SECONDS
    if paid_until - now > MESSAGE_BURST * MESSAGE_SPACING_SECONDS:
        return _closing(session, LiveCloseCode.TOO_MANY)
    return evolve(session, paid_until=paid_until)


def _accepted(session: Session, owner: Owner, ends_at: float) -> Session:
    """A socket stays its first user's; a fresh token may see other accounts, so look again."""
    if session.owner not in (None, owner):
        return _closing(session, LiveCloseCode.UNAUTHORIZED)
    watched = {one: evolve(watch, due_at=watch.next_turn) for one, watch in session.watched.items()}
    return evolve(
        session,
        owner=owner,
        ends_at=ends_at,
        warn_at=ends_at - EXPIRY_WARNING_SECONDS,
        notes=(session.notes | {Note.READY}) - {Note.AUTH_EXPIRING},
        watched=watched,
    )


def _subscribed(session: Session, account_ids: tuple[UUID, ...], now: float) -> Session:
    """The first message is ``auth``."""
    if not session.has_greeted:
        return _closing(session, LiveCloseCode.MALFORMED)
    known = session.watched
    watched = {one: known.get(one) or Watch(due_at=now) for one in account_ids}
    fresh = len(watched.keys() - known.keys())
    return evolve(_paid(session, now, 1 + fresh // ACCOUNTS_PER_MESSAGE), watched=watched)


def _missing(session: Session, account_id: UUID) -> Session:
    """Not watched any more; who asks for many accounts that are not there is guessing."""
    kept = {one: watch for one, watch in session.watched.items() if one != account_id}
    refused = session.refused + 1
    after = evolve(session, watched=kept, refused=refused)
    return _closing(after, LiveCloseCode.TOO_MANY) if refused > MOST_REFUSED else after


def _changed(session: Session, account_id: UUID, now: float) -> Session:
    watch = session.watched.get(account_id)
    if watch is None or watch.due_at is not None:
        return session
    return _watch(session, account_id, due_at=max(now, watch.next_turn))


def _watch(session: Session, account_id: UUID, **changes: Any) -> Session:
    """The session with one account's watch changed; unchanged when it is not watched any more."""
    watch = session.watched.get(account_id)
    if watch is None:
        return session
    changed = evolve(watch, **changes)
    return evolve(session, watched={**session.watched, account_id: changed})


def _noted(session: Session, note: Note) -> Session:
    return evolve(session, notes=session.notes | {note})


def _closing(session: Session, code: LiveCloseCode) -> Session:
    """The first reason to close is the one that is told."""
    return session if session.closing is not None else evolve(session, closing=code)
