"""Commands of the web layer (``web.ports.Commands``): each once, to its end, and audited."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from attrs import frozen

from actors.domain.account import Owner
from actors.ports import Clock
from storage.claims import Claimed
from storage.privacy import Privacy, user_subject
from storage.users import PostgresUsers
from storage.violations import Violations
from supervisor.changes import Changes
from supervisor.connecting import Connecting
from supervisor.desk import Action, Desk, receipt
from supervisor.reading import asked
from web.ports import Answer, Audit, CommandResult, ConnectRequest, Request


@frozen
class CommandRoom:
    """Carries out what the routes ask for."""

    desk: Desk
    connecting: Connecting
    changes: Changes
    violations: Violations
    users: PostgresUsers
    privacy: Privacy
    audit: Audit
    clock: Clock

    async def connect(self, request: Request, wanted: ConnectRequest) -> CommandResult:
        """Connect an account."""
        return await self.desk.once(
            request, lambda: self.connecting.connect(wanted, _actor_of(request))
        )

    async def sync(self, account_id: UUID) -> CommandResult:
        """Ask the actor for a read now."""
        return await self.changes.sync(account_id)

    async def reconnect(self, request: Request, account_id: UUID) -> CommandResult:
        """Log in again."""
        return await self._audited(
            request,
            "reconnect",
            str(account_id),
            lambda: self.changes.reconnect(request, account_id),
        )

    async def deactivate(self, request: Request, account_id: UUID) -> CommandResult:
        """Stop watching."""
        return await self._audited(
            request,
            "deactivate",
            str(account_id),
            lambda: self.changes.deactivate(request, account_id),
        )

    async def credentials(
        self, request: Request, account_id: UUID, investor_pass: str
    ) -> CommandResult:
        """A new password."""
        return await self._audited(
            request,
            "credentials",
            str(account_id),
            lambda: self.changes.credentials(request, account_id, investor_pass),
        )

    async def reset(
        self, request: Request, account_id: UUID, *, account_type: str | None, phase: int | None
    ) -> CommandResult:
        """Start a new life."""
        return await self._audited(
            request,
            "reset",
            str(account_id),
            lambda: self.changes.reset(request, account_id, account_type, phase),
        )

    async def initial_balance(
        self, request: Request, account_id: UUID, value: Decimal
    ) -> CommandResult:
        """Set the initial balance by hand."""
        return await self._audited(
            request,
            "initial_balance",
            str(account_id),
            lambda: self.changes.initial_balance(request, account_id, value),
        )

    async def override(self, request: Request, violation_id: UUID, decision: str) -> CommandResult:
        """Append a human's word on a violation."""
        return await self._audited(
            request,
            "override",
            str(violation_id),
            lambda: self._override(request, violation_id, decision),
        )

    async def export_user(self, request: Request, owner: Owner) -> Mapping[str, Any]:
        """Everything stored about a user."""
        subject = user_subject(owner)
        await asked(self._audit(request, "export_user", subject))
        return await asked(self.privacy.export(owner))

    async def erase_user(self, request: Request, owner: Owner) -> CommandResult:
        """Take a user out; verdicts and digests stay."""
        return await self.desk.once_claimed(
            request, lambda claim: self._erase(request, owner, claim)
        )

    async def revoke_user(self, request: Request, owner: Owner) -> CommandResult:
        """End all of a user's tokens."""
        return await self._audited(
            request, "revoke_user", user_subject(owner), lambda: self._revoke(owner)
        )

    async def _audited(
        self, request: Request, name: str, subject: str, action: Action
    ) -> CommandResult:
        """Carry out once: what is asked is on record before it is done, and then its answer."""

        async def act() -> CommandResult:
            await self._audit(request, name, subject)
            result = await action()
            await self._audit(request, name, subject, answer=result.answer.value)
            return result

        return await self.desk.once(request, act)

    async def _audit(self, request: Request, name: str, subject: str, **details: str) -> None:
        reason = {} if request.reason is None else {"reason": request.reason}
        await self.audit.append(
            name,
            actor=_actor_of(request),
            site_id=request.caller.site_id,
            subject=subject,
            details={"request_id": request.request_id} | reason | details,
        )

    async def _override(self, request: Request, violation_id: UUID, decision: str) -> CommandResult:
        made = await self.violations.override(
            request.caller.site_id,
            violation_id,
            decision=decision,
            reason=request.reason or "",
            actor=_actor_of(request),
            now=self.clock.now(),
        )
        return CommandResult(Answer.NOT_FOUND if made is None else Answer.DONE)

    async def _revoke(self, owner: Owner) -> CommandResult:
        await self.users.bump_epoch(owner, self.clock.now())
        return CommandResult(Answer.DONE)

    async def _erase(self, request: Request, owner: Owner, claim: Claimed) -> CommandResult:
        # The erasure writes its own row under the pseudonym; one more by name would undo it.
        await self._audit(request, "erase_user", user_subject(owner))
        await self.users.bump_epoch(owner, self.clock.now())
        for row in await self.changes.rows.of_owner(owner):
            await self.changes.deactivate(request, row.account.account_id)
        done = CommandResult(Answer.DONE)
        forgotten = await self.privacy.erase(
            owner,
            actor=_actor_of(request),
            now=self.clock.now(),
            receipt=receipt(request, claim, done),
        )
        return done if forgotten.accounts else CommandResult(Answer.NOT_FOUND)


def _actor_of(request: Request) -> str:
    """Who asks, for the audit: the staff member that the shop names, else its key."""
    return request.actor or f"key {request.caller.key_id}"
