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

from actors.domain.account import AccountInstance, LifeReason, Owner, Status
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
from supervisor.first_login import FirstLogin
from supervisor.logs import Scrubber
from web.ports import Answer, Audit, CommandResult, ConnectRequest

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
KEPT = CommandResult(
    Answer.UNAVAILABLE, detail="the password could not be checked in time; the present one stays"
)
_VERIFY_SHARE = 0.7
_PASSWORD_DECIDES = frozenset({ConnectKind.OTHER_CREDENTIALS, ConnectKind.REFUSED_OTHER})


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
class Proof:
    """What the terminal said of a password: a refusal, or none; ``sure`` when it logged in."""

    refusal: CommandResult | None = None
    sure: bool = False


@frozen
class Connecting:
    """Carries out connect and the check of a new password.

    ``newest_plan(name)`` is the newest stored version, None for an unknown name.
    ``adopt(instance_id)`` puts an instance under watch here and returns when its first login is
    decided or the deadline (seconds) has passed.
    """

    accounts: PostgresAccounts
    vault: Vault
    broker: Broker
    catalogue: Catalogue
    attempts: Attempts
    scrubber: Scrubber
    clock: Clock
    newest_plan: Callable[[str], Awaitable[Plan | None]]
    adopt: Callable[[UUID, float], Awaitable[FirstLogin]]
    dismiss: Callable[[UUID], Awaitable[None]]
    audit: Audit

    async def connect(self, wanted: ConnectRequest, actor: str) -> CommandResult:
        """Connect an account. Raises StoreUnavailable (outcome unknown, safe to repeat).

        A known login keeps its life, unless another plan or phase is ordered for it; a new
        password takes the old one's place only when it is proven. So does another owner, where
        the broker refused the first one's password before anything was read.
        """
        began = self.clock.monotonic()
        self.scrubber.remember(wanted.investor_pass)
        plan = await self.newest_plan(wanted.account_type)
        if plan is None or (wanted.phase or 0) >= len(plan.phases):
            return CommandResult(Answer.UNKNOWN_PLAN)
        if not self.catalogue.knows_server(wanted.server, self.clock.now().date()):
            return CommandResult(Answer.UNKNOWN_SERVER)
        credentials = Credentials(wanted.login, wanted.server, wanted.investor_pass)
        sealed = seal(self.vault, uuid4(), wanted.login, wanted.server, wanted.investor_pass)
        there = await self.accounts.find(self._new_account(wanted, plan, sealed))
        if there is not None and there.kind not in _PASSWORD_DECIDES:
            return await self._known(there, wanted, plan, sealed, began)
        owner = Owner(wanted.site_id, wanted.wp_user_id)
        proof = await self.prove(credentials, owner, began)
        if proof.refusal is not None:
            return proof.refusal
        if proof.sure and there is not None and there.kind is ConnectKind.REFUSED_OTHER:
            await self._end_claim(there.watched, wanted.site_id, actor)
        made = await self.accounts.connect(self._new_account(wanted, plan, sealed))
        if made.kind is ConnectKind.OTHER_CREDENTIALS and not proof.sure:
            return KEPT
        return await self._known(made, wanted, plan, sealed, began)

    async def prove(self, credentials: Credentials, owner: Owner, began: float) -> Proof:
        """Try the password at the terminal; unsure when that could not say in time."""
        attempt = self.attempts.begin(credentials, owner)
        if attempt is None:
            return Proof(CommandResult(Answer.LOCKED))
        left = self._left(began) * _VERIFY_SHARE
        try:
            with trio.fail_after(left):
                await self.broker.verify(credentials, deadline_seconds=left)
        except BrokerError as error:
            return Proof(_refused(error.fault, attempt))
        except trio.TooSlowError:
            attempt.undecided()
            _log.info("verify_timed_out", server=credentials.server)
            return Proof()
        attempt.accepted()
        return Proof(sure=True)

    async def _known(
        self, there: Connected, wanted: ConnectRequest, plan: Plan, sealed: Sealed, began: float
    ) -> CommandResult:
        """Watch what is there, after the change that the order asks for."""
        if there.watched is None or there.kind is ConnectKind.REFUSED_OTHER:
            return CommandResult(Answer.OWNED_BY_OTHER)
        reason = None
        if there.kind is not ConnectKind.CREATED:
            reason = _new_life(there.watched.instance, wanted)
        if reason is not None:
            phase = wanted.phase or 0
            return await self.succeed(there.watched, sealed, reason, began, plan, phase)
        if there.kind is ConnectKind.OTHER_CREDENTIALS:
            return await self.succeed(there.watched, sealed, LifeReason.CREDENTIALS, began)
        return await self._watch(there.watched, began)

    async def _end_claim(self, former: Watched | None, by_site: str, actor: str) -> None:
        """Another owner proved the password of a login that ``former`` never got into."""
        assert former is not None  # noqa: S101 - a refused one is told with its instance
        subject, site_id = str(former.account.account_id), former.account.owner.site_id

        async def note(**details: object) -> None:
            told = {"by_site": by_site, **details}
            await self.audit.append(
                "give_way", actor=actor, site_id=site_id, subject=subject, details=told
            )

        await note()
        await self.dismiss(former.instance.instance_id)
        gave_way = await self.accounts.give_way(former.instance.instance_id, self.clock.now())
        await note(gave_way=gave_way)

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
        login = await self.adopt(watched.instance.instance_id, self._left(began))
        return CommandResult(login.answer, watched.account.account_id)

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
            phase=wanted.phase or 0,
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


def _new_life(instance: AccountInstance, wanted: ConnectRequest) -> LifeReason | None:
    """Why the order begins a new life of a known account, None when it does not."""
    if wanted.account_type != instance.plan_name:
        return LifeReason.RESET
    if wanted.phase is not None and wanted.phase != instance.phase:
        return LifeReason.PHASE
    return None


def _refused(fault: BrokerFault, attempt: Attempt) -> CommandResult | None:
    """What a fault says of the password; None when the terminal could not say."""
    answer = _REFUSALS.get(fault)
    if answer in {Answer.BAD_CREDENTIALS, Answer.MASTER_PASSWORD}:
        attempt.refused()
    else:
        attempt.undecided()
    return None if answer is None else CommandResult(answer)
