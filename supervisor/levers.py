"""The levers of an actor that runs on this node: sync, reconnect, restart, pause, resume."""

from collections.abc import Callable
from typing import Protocol
from uuid import UUID

from attrs import frozen

from actors.errors import ActorDead, MailboxFull
from actors.messages import Message, Pause, Reconnect, Resume, SyncNow
from actors.ref import ActorRef
from actors.registry import Registry
from storage.command_rows import CommandKind
from storage.lives import Watched
from web.ports import Answer, CommandResult

_MESSAGES: dict[CommandKind, Message] = {
    CommandKind.SYNC: SyncNow(),
    CommandKind.RECONNECT: Reconnect(),
    CommandKind.PAUSE: Pause(),
    CommandKind.RESUME: Resume(),
}


class Crew(Protocol):
    """The fleet, as far as it is steered here."""

    async def restart(self, instance_id: UUID) -> bool:
        """Start the actor anew from storage, also out of quarantine; False when not here."""
        ...

    def quarantined(self, instance_id: UUID) -> bool:
        """True while the actor is left ended, because it crashed too often."""
        ...

    def watched(self, account_id: UUID) -> Watched | None:
        """The account as its running actor was started with."""
        ...


@frozen
class Levers:
    """``forgive(server, login)`` lets a refused password be tried once more."""

    registry: Registry
    crew: Crew
    forgive: Callable[[str, str], None]

    async def pull(self, instance_id: UUID, kind: CommandKind) -> CommandResult:
        """Carry a command out at the instance's actor; unavailable when it is not ready for it."""
        ref = self.registry.instance(instance_id)
        if ref is None:
            return CommandResult(Answer.UNAVAILABLE)
        if kind is CommandKind.RESUME and self.crew.quarantined(instance_id):
            kind = CommandKind.RESTART
        if kind is CommandKind.RESTART:
            done = await self.crew.restart(instance_id)
            return CommandResult(Answer.DONE if done else Answer.UNAVAILABLE, ref.account_id)
        watched = self.crew.watched(ref.account_id)
        if kind is CommandKind.RECONNECT and watched is not None:
            self.forgive(watched.account.server, watched.account.login)
        return _tell(ref, _MESSAGES[kind])


def _tell(ref: ActorRef, message: Message) -> CommandResult:
    """Leave a message for the actor."""
    try:
        ref.tell(message)
    except MailboxFull:
        return CommandResult(Answer.MAILBOX_FULL, ref.account_id)
    except ActorDead:
        return CommandResult(Answer.UNAVAILABLE, ref.account_id)
    rev = ref.published.rev if ref.published else None
    return CommandResult(Answer.DONE, ref.account_id, rev)
