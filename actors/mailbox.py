"""The bounded mailbox of one actor: messages, and the timer's tick."""

from collections import deque
from collections.abc import Callable

import trio
from attrs import define, field

from actors.domain.published import Published
from actors.errors import ActorDead, MailboxFull
from actors.messages import INTERRUPTING, Drain, Message, SyncNow


class Reply:
    """One asker's place to wait. Resolved once: by an answer or by the actor's death."""

    __slots__ = ("_done", "_published")

    def __init__(self) -> None:
        self._done = trio.Event()
        self._published: Published | None = None

    def answer(self, published: Published | None) -> None:
        """Give the published state to the asker; None says that the actor is dead."""
        if not self._done.is_set():
            self._published = published
            self._done.set()

    async def wait(self) -> Published:
        """Wait for the answer. Raises ActorDead."""
        await self._done.wait()
        if self._published is None:
            raise ActorDead("the actor ended before it answered")
        return self._published


@define
class Envelope:
    """A message and those who wait for its answer."""

    message: Message
    replies: list[Reply] = field(factory=list)


class Mailbox:
    """At most ``capacity`` messages; a SyncNow joins the one that already waits.

    A Drain always fits: a flood must not keep a node from stopping.

    ``wait`` returns when a message is there or ``tick`` was called. Only the actor's task waits.
    """

    __slots__ = ("_arrived", "_capacity", "_interrupt", "_queue", "_ticked")

    def __init__(self, capacity: int = 16) -> None:
        self._capacity = capacity
        self._queue: deque[Envelope] = deque()
        self._arrived: trio.Event | None = None
        self._interrupt: Callable[[], None] | None = None
        self._ticked = False

    def __len__(self) -> int:
        return len(self._queue)

    def put(self, message: Message, reply: Reply | None = None) -> None:
        """Leave a message. Raises MailboxFull."""
        envelope = self._waiting_sync() if isinstance(message, SyncNow) else None
        if envelope is None:
            if len(self._queue) >= self._capacity and not isinstance(message, Drain):
                raise MailboxFull(f"{self._capacity} messages wait already")
            envelope = Envelope(message)
            self._queue.append(envelope)
        if reply is not None:
            envelope.replies.append(reply)
        if self._interrupt is not None and isinstance(message, INTERRUPTING):
            self._interrupt()
        self._wake()

    def tick(self) -> None:
        """Tell the actor that its time has come."""
        self._ticked = True
        self._wake()

    def take(self) -> Envelope | None:
        """The next message, or None."""
        return self._queue.popleft() if self._queue else None

    def urgent(self) -> bool:
        """True when a message waits for which a read under way is given up."""
        return any(isinstance(envelope.message, INTERRUPTING) for envelope in self._queue)

    def on_urgent(self, interrupt: Callable[[], None] | None) -> None:
        """Call ``interrupt`` when such a message arrives; None to stop that."""
        self._interrupt = interrupt

    async def wait(self) -> None:
        """Wait for a message or a tick. A tick is used up by one wait."""
        while not self._queue and not self._ticked:
            self._arrived = trio.Event()
            await self._arrived.wait()
        self._ticked = False
        self._arrived = None

    def _waiting_sync(self) -> Envelope | None:
        return next((e for e in self._queue if isinstance(e.message, SyncNow)), None)

    def _wake(self) -> None:
        if self._arrived is not None:
            self._arrived.set()
