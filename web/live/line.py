"""One live socket: does what its session says, and tells it what came of it.

Two tasks: one reads what the client sends, the other takes step after step. There is no queue
between them, and none towards the client: a step's message is handed over before the next one.
"""

from datetime import datetime
from uuid import UUID

import msgspec
import structlog
import trio
from attrs import frozen

from web.asgi import Receive, Send
from web.auth.guards import TokenGuard
from web.live import events
from web.live.board import Board
from web.live.events import Note
from web.live.news import Known, News, has_new_violations, looked, news
from web.live.session import BEHIND_SECONDS, Session, advance, begin, react
from web.ports import Accounts, Clock, Principal, Unavailable
from web.problems import Problem
from web.schemas.base import encode
from web.schemas.live import (
    LiveAuth,
    LiveAuthExpiring,
    LiveCloseCode,
    LiveMessage,
    LiveReady,
    LiveRefused,
    LiveRequest,
    LiveResync,
    LiveSubscribe,
)

log = structlog.get_logger("web.live")

_REQUESTS: msgspec.json.Decoder[LiveAuth | LiveSubscribe] = msgspec.json.Decoder(LiveRequest)
_GONE = "gone"
_NOT_READING = "not_reading"


@frozen
class LiveRoom:
    """What every live socket needs."""

    accounts: Accounts
    tokens: TokenGuard
    clock: Clock
    board: Board


class Line:
    """Serves one accepted socket until it ends. ``run`` once."""

    def __init__(self, room: LiveRoom, receive: Receive, send: Send) -> None:
        self._room = room
        self._receive = receive
        self._send = send
        self._wake = trio.Event()
        self._session: Session = begin(room.clock.monotonic())
        self._principal: Principal | None = None
        self._expires_at: datetime | None = None
        self._reason = _GONE

    async def run(self) -> None:
        """Until the client leaves, or the session closes the socket."""
        self._room.board.open(self)
        try:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._listen, nursery.cancel_scope)
                await self._work()
                nursery.cancel_scope.cancel()
        finally:
            self._room.board.watch(self, self._session.watched, ())
            self._room.board.leave(self, self._reason)

    def changed(self, account_id: UUID) -> None:
        """Something about the account may have changed."""
        self._happened(events.Changed(account_id))

    def end(self, code: LiveCloseCode) -> None:
        """Close the socket."""
        self._happened(events.Ended(code))

    # What the client says

    async def _listen(self, everything: trio.CancelScope) -> None:
        while True:
            message = await self._receive()
            if message["type"] == "websocket.disconnect":
                everything.cancel()
                return
            if message["type"] == "websocket.receive":
                self._happened(_event_of(message.get("text")))

    # What is to be done

    async def _work(self) -> None:
        while True:
            self._session, step = advance(self._session, self._now())
            match step:
                case events.Close(code=code):
                    await self._close(code)
                    return
                case events.Check(token=token):
                    await self._check(token)
                case events.Say(note=note):
                    await self._say(self._note(note))
                case events.Look(account_id=account_id):
                    await self._look(account_id)
                case events.Wait(until=until):
                    await self._wait(until)

    async def _wait(self, until: float) -> None:
        with trio.move_on_after(until - self._now()):
            await self._wake.wait()
        self._wake = trio.Event()

    async def _check(self, token: str) -> None:
        """Verify a token and its epoch; an ended one stops the socket at once."""
        try:
            claims = await self._room.tokens.claims(token)
        except Problem as problem:
            refused = problem.status != 503
            self.end(LiveCloseCode.UNAUTHORIZED if refused else LiveCloseCode.UNAVAILABLE)
            return
        owner = claims.principal.owner
        if not self._room.board.admit(self, owner, claims.epoch):
            self.end(LiveCloseCode.TOO_MANY)
            return
        left = (claims.expires_at - self._room.clock.now()).total_seconds()
        if self._session.owner in (None, owner):
            self._principal, self._expires_at = claims.principal, claims.expires_at
        self._happened(events.Accepted(owner, self._now() + left))

    async def _look(self, account_id: UUID) -> None:
        """Read the account as its owner's GET does, and send what is new."""
        watch = self._session.watched[account_id]
        await trio.lowlevel.checkpoint()
        try:
            found = await self._news(account_id, watch.known)
        except Unavailable:
            self._happened(events.Unread(account_id))
            return
        if self._session.closing is not None or account_id not in self._session.watched:
            return
        if found is None:
            await self._say(LiveRefused(account_id=account_id))
            self._happened(events.Missing(account_id))
            return
        for message in found.messages:
            await self._say(message)
        self._happened(events.Told(account_id, found.known, found.lost))

    async def _news(self, account_id: UUID, before: Known | None) -> News | None:
        who, accounts, now = self._principal, self._room.accounts, self._room.clock.now()
        assert who is not None  # noqa: S101 - the session looks only once a token holds
        view = await accounts.view(who, account_id, None)
        if view is None:
            return None
        look, stored = looked(view, now), None
        if has_new_violations(before, look.known):
            stored = await accounts.violations(who, account_id, None)
        return news(look, before, stored or ())

    def _note(self, note: Note) -> LiveMessage:
        expires_at, now = self._expires_at, self._room.clock.now()
        assert expires_at is not None  # noqa: S101 - notes come once a token holds
        match note:
            case Note.READY:
                return LiveReady(expires_at=expires_at, server_now=now)
            case Note.AUTH_EXPIRING:
                return LiveAuthExpiring(expires_at=expires_at)
            case Note.RESYNC:
                self._room.board.resyncs += 1
                return LiveResync()

    async def _say(self, message: LiveMessage) -> None:
        """Hand a message over; who takes long for it is told that much was left out."""
        began, self._reason = self._now(), _NOT_READING
        await self._send({"type": "websocket.send", "text": encode(message).decode()})
        seconds = self._now() - began
        if seconds <= BEHIND_SECONDS:
            self._reason = _GONE
        elif not isinstance(message, LiveResync):
            self._happened(events.Behind())

    async def _close(self, code: LiveCloseCode) -> None:
        self._reason = code.name.lower()
        await self._send({"type": "websocket.close", "code": code.value})

    def _happened(self, event: events.Event) -> None:
        before = self._session.watched
        self._session = react(self._session, event, self._now())
        if self._session.watched.keys() != before.keys():
            self._room.board.watch(self, before, self._session.watched)
        self._wake.set()

    def _now(self) -> float:
        return self._room.clock.monotonic()


def _event_of(text: object) -> events.Event:
    """What a client's message asks for. Bytes, other JSON and other fields are malformed."""
    if isinstance(text, str):
        try:
            match _REQUESTS.decode(text):
                case LiveAuth(token=token):
                    return events.Authenticate(token)
                case LiveSubscribe(account_ids=account_ids):
                    return events.Subscribe(tuple(dict.fromkeys(account_ids)))
        except (msgspec.DecodeError, RecursionError):
            log.info("live_malformed")
    return events.Ended(LiveCloseCode.MALFORMED)
