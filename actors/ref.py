"""The way to an actor: read its published state, tell it something, ask it something."""

from collections.abc import Callable
from uuid import UUID

import trio

from actors.domain.published import Published
from actors.errors import ActorDead, MailboxFull
from actors.mailbox import Mailbox, Reply
from actors.messages import Message

OnPublish = Callable[[Published | None, Published], None]
"""Told after each publication: the state before (None at first) and now."""


class ActorRef:
    """What others hold of an actor. Reading never waits; ``ask`` is for commands only.

    ``published`` is None until the actor has loaded its life. After the actor's end the last
    published state stays readable, and ``tell`` and ``ask`` raise ActorDead.
    """

    __slots__ = ("_alive", "_asks", "_asks_limit", "_on_publish", "account_id", "instance_id",
                 "mailbox", "published")  # fmt: skip

    def __init__(
        self,
        account_id: UUID,
        instance_id: UUID,
        mailbox: Mailbox,
        *,
        asks_limit: int = 1024,
        on_publish: OnPublish = lambda _before, _now: None,
    ) -> None:
        self.account_id = account_id
        self.instance_id = instance_id
        self.mailbox = mailbox
        self.published: Published | None = None
        self._alive = True
        self._asks: set[Reply] = set()
        self._asks_limit = asks_limit
        self._on_publish = on_publish

    @property
    def alive(self) -> bool:
        """False once the actor has ended."""
        return self._alive

    def publish(self, published: Published) -> None:
        """Show the state to every reader, then tell ``on_publish``. Called by the actor."""
        before, self.published = self.published, published
        self._on_publish(before, published)

    def tell(self, message: Message) -> None:
        """Leave a message. Raises MailboxFull or ActorDead."""
        self._check_alive()
        self.mailbox.put(message)

    async def ask(self, message: Message, deadline_seconds: float) -> Published:
        """Leave a message and wait for the state published once it was carried out.

        Raises MailboxFull, ActorDead, or trio.TooSlowError after ``deadline_seconds`` (the
        command goes on).
        """
        self._check_alive()
        if len(self._asks) >= self._asks_limit:
            raise MailboxFull(f"{self._asks_limit} askers wait already")
        reply = Reply()
        self.mailbox.put(message, reply)
        self._asks.add(reply)
        try:
            with trio.fail_after(deadline_seconds):
                return await reply.wait()
        finally:
            self._asks.discard(reply)

    def close(self) -> None:
        """Mark the actor as ended: everyone who waits gets ActorDead. Called by the actor."""
        self._alive = False
        for reply in tuple(self._asks):
            reply.answer(None)

    def _check_alive(self) -> None:
        if not self._alive:
            raise ActorDead("the actor has ended")
