"""Commands reach an account's actor wherever it runs: here at once, on another node as a row.

A notice of PostgreSQL hurries a row along; looking every second is what makes it arrive.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from typing import Protocol
from uuid import UUID, uuid4, uuid5

import structlog
import trio

from actors.ports import Lease, StoreUnavailable
from actors.registry import Registry
from storage.command_rows import CommandAnswer, CommandKind, CommandRow
from storage.lives import Watched
from supervisor.levers import Levers
from web.ports import Answer, CommandResult

_log = structlog.get_logger("supervisor.relay")
LOOK_SECONDS = 1.0
WAIT_SECONDS = 8.0
"""How long an asker waits for another node."""
LASTING_SECONDS = 90.0
"""How long a job's command may still be taken: longer than a dead node's lease lasts."""
_TRANSIENT = frozenset({Answer.UNAVAILABLE, Answer.MAILBOX_FULL})


class Rows(Protocol):
    """Rows of commands (``storage.command_rows``). Every method may raise StoreUnavailable."""

    async def ask(self, command: CommandRow, lasting: timedelta) -> None:
        """Ask for a command; the same id asks once."""
        ...

    async def answer(self, command_id: UUID) -> CommandAnswer | None:
        """How it ended."""
        ...

    async def is_free(self, instance_id: UUID) -> bool:
        """Whether no node holds the instance now."""
        ...

    async def open(self) -> Sequence[CommandRow]:
        """Unanswered commands for instances that this node holds, the oldest first."""
        ...

    async def take(self, command_id: UUID, fence: int) -> bool:
        """Take it under the lease of this fence."""
        ...

    async def finish(self, command_id: UUID, fence: int, ended: CommandAnswer) -> bool:
        """Store its answer."""
        ...


class Lives(Protocol):
    """Where an account's live instance is looked up."""

    async def live(self, account_id: UUID) -> Watched | None:
        """The account's live instance. Raises StoreUnavailable."""
        ...


class Relay:
    """Sends commands to actors, and carries out those that other nodes send here.

    ``held()`` tells the leases whose actors run here.
    """

    def __init__(
        self,
        rows: Rows,
        lives: Lives,
        registry: Registry,
        levers: Levers,
        held: Callable[[], Mapping[UUID, Lease]],
        failpoint: Callable[[str], None],
    ) -> None:
        self._rows, self._lives, self._registry = rows, lives, registry
        self._levers, self._held, self._failpoint = levers, held, failpoint
        self._rung = trio.Event()
        self._busy: set[UUID] = set()

    def ring(self) -> None:
        """Something may have been asked or answered: look now."""
        self._rung.set()
        self._rung = trio.Event()

    async def send(
        self, account_id: UUID, kind: CommandKind, job: UUID | None = None
    ) -> CommandResult:
        """Carry a command out at the account's actor, and tell how that ended.

        Unavailable: nobody has answered in time. The command of a ``job`` may then still be taken
        for a while, and the same job finds its answer; any other one is never taken after that.
        """
        ref = self._registry.account(account_id)
        if ref is not None and ref.instance_id in self._held():
            return await self._levers.pull(ref.instance_id, kind)
        try:
            return await self._send_away(account_id, kind, job)
        except StoreUnavailable:
            return CommandResult(Answer.UNAVAILABLE, account_id)

    async def reload(self, changed: Watched, job: UUID) -> CommandResult:
        """Make the instance's actor load what was just stored; done when nobody holds it."""
        instance_id, account_id = changed.instance.instance_id, changed.instance.account_id
        if instance_id not in self._held() and await self._rows.is_free(instance_id):
            return CommandResult(Answer.DONE, account_id)
        return await self.send(account_id, CommandKind.RESTART, job)

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Carry out what is sent here, until cancelled."""
        async with trio.open_nursery() as nursery:
            task_status.started()
            while True:
                rung = self._rung
                try:
                    self._begin(nursery, await self._rows.open())
                except StoreUnavailable:
                    _log.debug("commands_unseen")
                with trio.move_on_after(LOOK_SECONDS):
                    await rung.wait()

    async def _send_away(
        self, account_id: UUID, kind: CommandKind, job: UUID | None
    ) -> CommandResult:
        live = await self._lives.live(account_id)
        if live is None:
            return CommandResult(Answer.NOT_FOUND)
        instance_id = live.instance.instance_id
        command_id = uuid5(job or uuid4(), f"{kind}:{instance_id}")
        # Without a job nobody can ask again: then the row's time ends before the asker's does.
        lasting = LASTING_SECONDS if job else WAIT_SECONDS - LOOK_SECONDS
        with trio.move_on_after(WAIT_SECONDS):
            command = CommandRow(command_id, instance_id, kind)
            await self._rows.ask(command, timedelta(seconds=lasting))
            ended = await self._answer(command_id)
            return CommandResult(Answer(ended.answer), account_id, ended.rev)
        _log.info("command_unanswered", kind=kind.value)
        return CommandResult(Answer.UNAVAILABLE, account_id)

    async def _answer(self, command_id: UUID) -> CommandAnswer:
        while True:
            rung = self._rung
            ended = await self._rows.answer(command_id)
            if ended is not None:
                return ended
            with trio.move_on_after(LOOK_SECONDS):
                await rung.wait()

    def _begin(self, nursery: trio.Nursery, commands: Iterable[CommandRow]) -> None:
        """Each instance's commands one after the other, those of several side by side."""
        by_instance = attrgetter("instance_id")
        # Sorting is stable: the commands of one instance stay in the order of their asking.
        for instance_id, some in groupby(sorted(commands, key=by_instance), by_instance):
            if instance_id not in self._busy:
                self._busy.add(instance_id)
                nursery.start_soon(self._serve, instance_id, tuple(some))

    async def _serve(self, instance_id: UUID, commands: Sequence[CommandRow]) -> None:
        try:
            for command in commands:
                lease = self._held().get(instance_id)
                if lease is None or self._registry.instance(instance_id) is None:
                    return  # its actor is about to start: looked at again in a second
                await self._carry_out(command, lease.fence)
        except StoreUnavailable:
            _log.info("command_put_off")
        finally:
            self._busy.discard(instance_id)

    async def _carry_out(self, command: CommandRow, fence: int) -> None:
        if not await self._rows.take(command.command_id, fence):
            return
        self._failpoint("command_taken")
        result = await self._levers.pull(command.instance_id, command.kind)
        self._failpoint("command_done")
        if result.answer not in _TRANSIENT:
            ended = CommandAnswer(result.answer.value, result.rev)
            await self._rows.finish(command.command_id, fence, ended)
            self._failpoint("command_told")
