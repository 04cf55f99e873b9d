"""Connecting an account: check, prove the password, store, watch (CONTRACT 1).

Nothing is written before the password has proved to be an investor's, or the terminal could not
say in time; then the account is stored and its actor goes on trying.
"""

import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID, uuid4

import structlog
import trio
from attrs import frozen

from actors.domain.account import LifeReason, Owner, Status
from actors.domain.plan import Plan
from actors.errors import BrokerError, BrokerFault
from actors.ports import Broker, Clock, Credentials
from storage.accounts import PostgresAccounts
from storage.lives import (
    Connected,
    ConnectKind,
    NewAccount,
    NewInstance,
    Superseded,
    UnknownAccount,
    Watched,
)
from storage.vault import Context, Vault
from supervisor.attempts import Attempt, Attempts
from supervisor.catalogue import Catalogue
from supervisor.logs import Scrubber
from web.ports import Answer, CommandResult, ConnectRequest

_log = structlog.get_logger("supervisor.connecting")

_REFUSALS = {
    BrokerFault.BAD_CREDENTIALS: Answer.BAD_CREDENTIALS,
    BrokerFault.MASTER_PASSWORD: Answer.MASTER_PASSWORD,
    BrokerFault.UNKNOWN_SERVER: Answer.UNKNOWN_SERVER,
    BrokerFault.ACCOUNT_DISABLED: Answer.NEEDS_OPERATOR,
    BrokerFault.OTP_REQUIRED: Answer.NEEDS_OPERATOR,
    BrokerFault.API_DISABLED: Answer.NEEDS_OPERATOR,
}
LOGIN_WAIT_SECONDS = 10.0
_VERIFY_SHARE = 0.7


@frozen
class Sealed:
    """A password ready to be stored: bound to the instance that it belongs to."""

    instance_id: UUID
    envelope: str
    fingerprint: bytes


def seal(vault: Vault, instance_id: UUID, login: str, server: str, password: str) -> Sealed:
    """Seal ``password`` for a new instance."""
    context = Context(instance_id, login, server)
    return Sealed(
        instance_id, vault.seal(password, context), vault.fingerprint(login, server, password)
    )


@frozen
class Connecting:
    """Carries out connect and the check of a new password.

    ``newest_plan(name)`` is the newest stored version, None for an unknown name.
    ``adopt(instance_id)`` puts an instance under watch here and returns when it is published for
    the first time or the deadline (seconds) has passed; True when it is connected.
    """

    accounts: PostgresAccounts
    vault: Vault
    broker: Broker
    catalogue: Catalogue
    attempts: Attempts
    scrubber: Scrubber
    clock: Clock
    newest_plan: Callable[[str], Awaitable[Plan | None]]
    adopt: Callable[[UUID, float], Awaitable[bool]]
    dismiss: Callable[[UUID], Awaitable[None]]

    async def connect(self, wanted: ConnectRequest) -> CommandResult:
        """Connect an account. Raises StoreUnavailable (outcome unknown, safe to repeat)."""
        began = self.clock.monotonic()
        self.scrubber.remember(wanted.investor_pass)
        plan = await self.newest_plan(wanted.account_type)
        if plan is None or wanted.phase >= len(plan.phases):
            return CommandResult(Answer.UNKNOWN_PLAN)
        if not self.catalogue.knows_server(wanted.server, self.clock.now().date()):
            return CommandResult(Answer.UNKNOWN_SERVER)
        credentials = Credentials(wanted.login, wanted.server, wanted.investor_pass)
        sealed = seal(self.vault, uuid4(), wanted.login, wanted.server, wanted.investor_pass)
        there = await self.accounts.find(self._new_account(wanted, plan, sealed))
        if there is not None and there.kind is not ConnectKind.OTHER_CREDENTIALS:
            return await self._known(there, began)
        refusal = await self.prove(credentials, Owner(wanted.site_id, wanted.wp_user_id), began)
        if refusal is not None:
            return refusal
        return await self._store(wanted, plan, sealed, began)

    async def prove(
        self, credentials: Credentials, owner: Owner, began: float
    ) -> CommandResult | None:
        """None when the password may be stored: proven, or the terminal could not say in time."""
        attempt = self.attempts.begin(credentials, owner)
        if attempt is None:
            return CommandResult(Answer.LOCKED)
        left = self._left(began) * _VERIFY_SHARE
        try:
            with trio.fail_after(left):
                await self.broker.verify(credentials, deadline_seconds=left)
        except BrokerError as error:
            return _refused(error.fault, attempt)
        except trio.TooSlowError:
            attempt.undecided()
            _log.info("verify_timed_out", server=credentials.server)
        else:
            attempt.accepted()
        return None

    async def _known(self, there: Connected, began: float) -> CommandResult:
        if there.watched is None:
            return CommandResult(Answer.OWNED_BY_OTHER)
        return await self._watch(there.watched, began)

    async def _store(
        self, wanted: ConnectRequest, plan: Plan, sealed: Sealed, began: float
    ) -> CommandResult:
        made = await self.accounts.connect(self._new_account(wanted, plan, sealed))
        if made.kind is ConnectKind.OTHER_CREDENTIALS and made.watched is not None:
            return await self.succeed(made.watched, sealed, LifeReason.CREDENTIALS, began)
        return await self._known(made, began)

    async def succeed(
        self,
        former: Watched,
        sealed: Sealed,
        reason: LifeReason,
        began: float,
        plan: Plan | None = None,
        phase: int | None = None,
    ) -> CommandResult:
        """End the former instance and watch its successor.

        Answers unavailable when another change of the account came first: a repeat decides anew.
        """
        instance = former.instance
        successor = NewInstance(
            instance_id=sealed.instance_id,
            life_id=uuid4(),
            hash_id=secrets.token_hex(16),
            envelope=sealed.envelope,
            fingerprint=sealed.fingerprint,
            plan_name=plan.name if plan else instance.plan_name,
            plan_hash=plan.content_hash if plan else instance.plan_hash,
            phase=instance.phase if phase is None else phase,
            at=self.clock.now(),
            ordered_currency=instance.ordered_currency,
        )
        await self.dismiss(instance.instance_id)
        try:
            watched = await self.accounts.succeed(
                former.account.account_id,
                successor,
                reason,
                plan.name if plan else None,
                former_id=instance.instance_id,
            )
        except (Superseded, UnknownAccount):
            return CommandResult(Answer.UNAVAILABLE)
        return await self._watch(watched, began)

    async def made_before(self, instance_id: UUID, began: float) -> CommandResult | None:
        """The answer of a job that is stored, but whose answer was lost; None for a new job."""
        made = await self.accounts.instance(instance_id)
        if made is None:
            return None
        if made.instance.status is Status.DEACTIVATED:
            return CommandResult(Answer.DONE, made.account.account_id)
        return await self._watch(made, began)

    async def _watch(self, watched: Watched, began: float) -> CommandResult:
        connected = await self.adopt(watched.instance.instance_id, self._left(began))
        answer = Answer.CONNECTED if connected else Answer.CONNECTING
        return CommandResult(answer, watched.account.account_id)

    def _left(self, began: float) -> float:
        return max(0.1, LOGIN_WAIT_SECONDS - (self.clock.monotonic() - began))

    def _new_account(self, wanted: ConnectRequest, plan: Plan, sealed: Sealed) -> NewAccount:
        now: datetime = self.clock.now()
        instance = NewInstance(
            instance_id=sealed.instance_id,
            life_id=uuid4(),
            hash_id=secrets.token_hex(16),
            envelope=sealed.envelope,
            fingerprint=sealed.fingerprint,
            plan_name=plan.name,
            plan_hash=plan.content_hash,
            phase=wanted.phase,
            at=now,
            ordered_initial_balance=wanted.initial_balance,
            ordered_currency=wanted.currency,
        )
        return NewAccount(
            account_id=uuid4(),
            owner=Owner(wanted.site_id, wanted.wp_user_id),
            login=wanted.login,
            server=wanted.server,
            account_type=wanted.account_type,
            order_id=wanted.order_id,
            instance=instance,
        )


def _refused(fault: BrokerFault, attempt: Attempt) -> CommandResult | None:
    """What a fault says of the password; None when the terminal could not say."""
    answer = _REFUSALS.get(fault)
    if answer in {Answer.BAD_CREDENTIALS, Answer.MASTER_PASSWORD}:
        attempt.refused()
    else:
        attempt.undecided()
    return None if answer is None else CommandResult(answer)
