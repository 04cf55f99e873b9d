"""Changes to a connected account, asked for by the shop's staff (CONTRACT 1)."""

from decimal import Decimal
from typing import Protocol
from uuid import UUID, uuid5

from attrs import frozen

from actors.domain.account import LifeReason
from actors.ports import Credentials
from storage.account_rows import AccountRows
from storage.command_rows import CommandKind
from storage.lives import UnknownAccount, Watched
from storage.vault import Context
from supervisor.connecting import KEPT, Connecting, Sealed, seal
from web.ports import Answer, CommandResult, Request

_JOBS = UUID("6f0f4c57-5b0e-4f0a-9d5c-2f5b2c1f7a11")
"""Namespace of the ids that are made of jobs."""
_NO_ACCOUNT = CommandResult(Answer.NOT_FOUND)


class Post(Protocol):
    """The way to an account's actor, whichever node runs it (``supervisor.relay.Relay``)."""

    async def send(
        self, account_id: UUID, kind: CommandKind, job: UUID | None = None
    ) -> CommandResult:
        """Carry a command out, once for each job."""
        ...

    async def reload(self, changed: Watched, job: UUID) -> CommandResult:
        """Make the actor load what was just stored."""
        ...


@frozen
class Changes:
    """Carries out admin actions on one account of the caller's site.

    A change of what is stored ends the former instance's lease, on whatever node that is; ``post``
    tells the actor what only it can do.
    """

    connecting: Connecting
    rows: AccountRows
    post: Post

    async def live(self, request: Request, account_id: UUID) -> Watched | None:
        """The account's live instance, None when it is not of the caller's site."""
        row = await self.rows.of_site_one(request.caller.site_id, account_id)
        return None if row is None else await self.connecting.accounts.live(account_id)

    async def sync(self, account_id: UUID) -> CommandResult:
        """Ask for a read now; those who ask together get one read."""
        return await self.post.send(account_id, CommandKind.SYNC)

    async def reconnect(self, request: Request, account_id: UUID) -> CommandResult:
        """Leave a rejected or waiting state and log in again.

        Asked for by a human, who says that something has changed at the broker: the one way to
        have a refused password tried again without entering it.
        """
        if await self.live(request, account_id) is None:
            return _NO_ACCOUNT
        return await self.post.send(account_id, CommandKind.RECONNECT, _job_of(request))

    async def deactivate(self, request: Request, account_id: UUID) -> CommandResult:
        """Stop watching, erase the password, keep the history. Doing it again is fine."""
        row = await self.rows.of_site_one(request.caller.site_id, account_id)
        if row is None:
            return _NO_ACCOUNT
        await self.connecting.dismiss(row.instance.instance_id)
        await self.connecting.accounts.deactivate(account_id, self.connecting.clock.now())
        return CommandResult(Answer.DONE, account_id)

    async def credentials(
        self, request: Request, account_id: UUID, investor_pass: str
    ) -> CommandResult:
        """A new password: proven first, then a new instance in the same life."""
        connecting, former = self.connecting, await self.live(request, account_id)
        if former is None:
            return _NO_ACCOUNT
        began, instance_id = connecting.clock.monotonic(), _job_of(request)
        connecting.scrubber.remember(investor_pass)
        made = await connecting.made_before(instance_id, began)
        if made is not None:
            return made
        account = former.account
        credentials = Credentials(account.login, account.server, investor_pass)
        proof = await connecting.prove(credentials, account.owner, began)
        if not proof.sure:
            return proof.refusal or KEPT
        sealed = seal(connecting.vault, instance_id, account.login, account.server, investor_pass)
        return await connecting.succeed(former, sealed, LifeReason.CREDENTIALS, began)

    async def reset(
        self, request: Request, account_id: UUID, account_type: str | None, phase: int | None
    ) -> CommandResult:
        """Start a new life: a reset, or the next phase when ``phase`` is given."""
        connecting, former = self.connecting, await self.live(request, account_id)
        if former is None:
            return _NO_ACCOUNT
        began, instance_id = connecting.clock.monotonic(), _job_of(request)
        made = await connecting.made_before(instance_id, began)
        if made is not None:
            return made
        plan = await connecting.newest_plan(account_type or former.instance.plan_name)
        wanted = former.instance.phase if phase is None else phase
        if plan is None or wanted >= len(plan.phases):
            return CommandResult(Answer.UNKNOWN_PLAN)
        sealed = await self._reseal(former, instance_id)
        if sealed is None:
            return CommandResult(Answer.NEEDS_OPERATOR, account_id)
        reason = LifeReason.RESET if phase is None else LifeReason.PHASE
        return await connecting.succeed(former, sealed, reason, began, plan, wanted)

    async def initial_balance(
        self, request: Request, account_id: UUID, value: Decimal
    ) -> CommandResult:
        """Set the initial balance by hand; the actor loads its life anew with it."""
        if await self.live(request, account_id) is None:
            return _NO_ACCOUNT
        now = self.connecting.clock.now()
        try:
            changed = await self.connecting.accounts.set_initial_balance(account_id, value, now)
        except UnknownAccount:
            return _NO_ACCOUNT
        return await self.post.reload(changed, _job_of(request))

    async def _reseal(self, former: Watched, instance_id: UUID) -> Sealed | None:
        """The stored password sealed for the successor; None when it was erased."""
        vault, account = self.connecting.vault, former.account
        envelope = await self.connecting.accounts.envelope(former.instance.instance_id)
        if envelope is None:
            return None
        context = Context(former.instance.instance_id, account.login, account.server)
        password = vault.open(envelope, context)
        return seal(vault, instance_id, account.login, account.server, password)


def _job_of(request: Request) -> UUID:
    """The id of what this job makes, an instance or a command: the same for every retry of it.

    So a retry whose first answer was lost finds it done, and does not do it twice.
    """
    parts = (request.caller.site_id, request.idempotency_key, request.body_digest.hex())
    return uuid5(_JOBS, "\n".join(parts))
