"""One incarnation of a watched account: its actor, or a wait while its server has no clock."""

from collections.abc import Awaitable, Callable

from attrs import define, field

from actors.account import AccountActor
from actors.domain.life import Life
from actors.errors import ActorDead, MailboxFull
from actors.lease import HeldLease
from actors.messages import Drain, Reconnect
from actors.ref import ActorRef

UNKNOWN_SERVER = "unknown_server"


@define
class Incarnation:
    """A child of the tree. ``life`` is None while the broker table does not name the server:
    then ``park`` stores that an operator is needed, and a reconnect looks again.
    """

    ref: ActorRef
    lease: HeldLease
    life: Callable[[], Life | None]
    actor: Callable[[Life], AccountActor]
    park: Callable[[], Awaitable[None]]
    waiting: bool = field(default=False, init=False)
    worker: AccountActor | None = field(default=None, init=False)

    async def run(self) -> None:
        """Work until told to stop, or until the lease ends. The ref is dead afterwards."""
        try:
            while (life := self.life()) is None:
                self.waiting = True
                if not await self._asked_again():
                    return
            self.waiting = False
            self.worker = self.actor(life)
            await self.worker.run()
        finally:
            self.ref.close()

    def stop(self) -> None:
        """Ask for an end after the write under way."""
        try:
            self.ref.tell(Drain())
        except (ActorDead, MailboxFull):
            return  # it has ended, or is cancelled at its deadline

    async def _asked_again(self) -> bool:
        """Wait for a Reconnect (True), a Drain or the lease's end (False); the rest is no use."""
        mailbox = self.ref.mailbox
        with self.lease.scope():
            await self.park()
            while True:
                await mailbox.wait()
                envelope = mailbox.take()
                if envelope is None:
                    continue
                for reply in envelope.replies:
                    reply.answer(self.ref.published)
                if isinstance(envelope.message, Reconnect | Drain):
                    return isinstance(envelope.message, Reconnect)
        return False
