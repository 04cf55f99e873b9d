"""The stores of accounts, lives and leases in dicts: for tests, simulation and a first look.

The same contract tests run against these and their PostgreSQL twins. One ``MemoryWorld`` is the
database that they share; nothing survives the process.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from attrs import evolve

from actors.domain.account import (
    Account,
    AccountInstance,
    ConnectionState,
    InitialBalanceSource,
    LifeReason,
    Status,
)
from actors.domain.deals import Deal
from actors.domain.life import StoredLife
from actors.domain.plan import Plan
from actors.domain.violation import Verdict, Violation
from actors.ports import Credentials, Standing, SyncUnit
from storage.lives import (
    KEEPS_LIFE,
    Connected,
    ConnectKind,
    NewAccount,
    NewInstance,
    Superseded,
    UnknownAccount,
    Watched,
    login_key,
)
from storage.memory_leases import MemoryLeases
from storage.memory_world import MemoryInstance, MemoryLife, MemoryWorld
from storage.plans import PlanChanged
from storage.sync_unit import Unit, judge
from storage.vault import Context, Vault

__all__ = ["MemoryAccountStore", "MemoryAccounts", "MemoryLeases", "MemoryPlans", "MemoryWorld"]


class MemoryPlans:
    """Plan versions; see ``PostgresPlans``."""

    def __init__(self, world: MemoryWorld) -> None:
        self._world = world

    async def save(self, plan: Plan) -> None:
        """Keep this version. Raises PlanChanged."""
        for stored in self._world.plans.values():
            taken = (stored.name, stored.version) == (plan.name, plan.version)
            if taken and stored.content_hash != plan.content_hash:
                raise PlanChanged(f"plan {plan.name} version {plan.version} has another content")
        self._world.plans[plan.content_hash] = plan

    async def publish(self, plan: Plan) -> bool:
        """Keep a new version. Raises PlanChanged."""
        if plan.content_hash in self._world.plans:
            return False
        stored = [one.version for one in self._world.plans.values() if one.name == plan.name]
        if plan.version <= max(stored, default=0):
            raise PlanChanged(f"plan {plan.name} has version {max(stored)}")
        self._world.plans[plan.content_hash] = plan
        return True

    async def newest(self, name: str) -> str | None:
        """The document of the newest stored version."""
        stored = [one for one in self._world.plans.values() if one.name == name]
        return max(stored, key=lambda one: one.version).document if stored else None

    async def document(self, content_hash: str) -> str | None:
        """The document of a stored version."""
        plan = self._world.plans.get(content_hash)
        return None if plan is None else plan.document


class MemoryAccounts:
    """Accounts, instances and lives; see ``PostgresAccounts``."""

    def __init__(self, world: MemoryWorld) -> None:
        self._world = world

    async def connect(self, new: NewAccount) -> Connected:
        """Create the account and its first instance, or tell what is there already."""
        there = await self.find(new)
        if there is not None:
            return there
        same = self._of_login(new)
        mine = [each for each in same if each.owner == new.owner]
        account_id = mine[-1].account_id if mine else new.account_id
        created_at = mine[-1].created_at if mine else new.instance.at
        self._world.accounts[account_id] = Account(
            account_id=account_id,
            owner=new.owner,
            login=mine[-1].login if mine else new.login,
            server=mine[-1].server if mine else new.server,
            account_type=new.account_type,
            is_active=True,
            created_at=created_at,
            updated_at=new.instance.at,
            order_id=new.order_id,
        )
        stored = self._begin(account_id, new.instance, LifeReason.CONNECT, None)
        return Connected(ConnectKind.CREATED, self._world.watched(stored))

    async def find(self, new: NewAccount) -> Connected | None:
        """What ``connect`` would meet now; None when the login is free."""
        for account in self._of_login(new):
            live = self._world.live_of(account.account_id)
            if account.is_active and live is not None:
                return self._compare(account, live, new)
        return None

    def _of_login(self, new: NewAccount) -> list[Account]:
        key = login_key(new.server, new.login)
        return [each for each in self._world.accounts.values() if _key(each) == key]

    async def succeed(
        self,
        account_id: UUID,
        new: NewInstance,
        reason: LifeReason,
        account_type: str | None = None,
        *,
        former_id: UUID,
    ) -> Watched:
        """End ``former_id`` and start ``new``. Raises UnknownAccount or Superseded."""
        done = self._world.instances.get(new.instance_id)
        if done is not None:
            return self._world.watched(done)
        live = self._world.live_of(account_id)
        if live is None:
            raise UnknownAccount(str(account_id))
        if live.instance.instance_id != former_id:
            raise Superseded(str(account_id))
        _end(live, new.at)
        if account_type is not None:
            account = self._world.accounts[account_id]
            self._world.accounts[account_id] = evolve(
                account, account_type=account_type, updated_at=new.at
            )
        return self._world.watched(self._begin(account_id, new, reason, live.instance))

    async def deactivate(self, account_id: UUID, at: datetime) -> bool:
        """Stop watching; False when there is no such account."""
        live = self._world.live_of(account_id)
        if live is not None:
            _end(live, at)
            account = self._world.accounts[account_id]
            self._world.accounts[account_id] = evolve(account, is_active=False, updated_at=at)
        return account_id in self._world.accounts

    async def give_way(self, instance_id: UUID, at: datetime) -> bool:
        """Deactivate a refused account that was never read; False when it is not one."""
        stored = self._world.instances[instance_id]
        refused = stored.live and self._world.refused_unread(stored)
        return refused and await self.deactivate(stored.instance.account_id, at)

    async def set_initial_balance(self, account_id: UUID, value: Decimal, at: datetime) -> Watched:  # noqa: ARG002
        """Set the live instance's initial balance by hand. Raises UnknownAccount."""
        live = self._world.live_of(account_id)
        if live is None:
            raise UnknownAccount(str(account_id))
        live.instance = evolve(live.instance, ordered_initial_balance=value)
        self._world.lives[live.instance.life_id].balance_source = InitialBalanceSource.MANUAL
        return self._world.watched(live)

    async def active(self) -> tuple[Watched, ...]:
        """All live instances."""
        return self._where(lambda each: each.live)

    async def of_ids(self, instance_ids: tuple[UUID, ...]) -> tuple[Watched, ...]:
        """The live ones among these instances."""
        return self._where(lambda each: each.live and each.instance.instance_id in instance_ids)

    async def live(self, account_id: UUID) -> Watched | None:
        """The account's live instance."""
        stored = self._world.live_of(account_id)
        return None if stored is None else self._world.watched(stored)

    async def envelope(self, instance_id: UUID) -> str | None:
        """The sealed password of an instance, None when it was wiped or is unknown."""
        stored = self._world.instances.get(instance_id)
        return None if stored is None else stored.envelope

    async def instance(self, instance_id: UUID) -> Watched | None:
        """Any instance."""
        stored = self._world.instances.get(instance_id)
        return None if stored is None else self._world.watched(stored)

    def _where(self, condition: Callable[[MemoryInstance], bool]) -> tuple[Watched, ...]:
        return tuple(map(self._world.watched, filter(condition, self._world.instances.values())))

    def _compare(self, account: Account, live: MemoryInstance, new: NewAccount) -> Connected:
        if account.owner != new.owner:
            if self._world.refused_unread(live):
                return Connected(ConnectKind.REFUSED_OTHER, self._world.watched(live))
            return Connected(ConnectKind.OWNED_BY_OTHER, None)
        same = live.fingerprint == new.instance.fingerprint
        kind = ConnectKind.EXISTING if same else ConnectKind.OTHER_CREDENTIALS
        return Connected(kind, self._world.watched(live))

    def _begin(
        self,
        account_id: UUID,
        new: NewInstance,
        reason: LifeReason,
        former: AccountInstance | None,
    ) -> MemoryInstance:
        fresh = AccountInstance(
            instance_id=new.instance_id,
            instance_key=next(self._world.keys),
            account_id=account_id,
            life_id=new.life_id,
            hash_id=new.hash_id,
            status=Status.ACTIVE,
            reason=reason,
            plan_name=new.plan_name,
            plan_hash=new.plan_hash,
            phase=new.phase,
            created_at=new.at,
            started_at=new.at,
            predecessor_id=None if former is None else former.instance_id,
            opening_balance=new.opening_balance,
            ordered_initial_balance=new.ordered_initial_balance,
            ordered_currency=new.ordered_currency,
        )
        if former is not None and reason in KEEPS_LIFE:
            fresh = _keeping_life(fresh, former)
        else:
            ordered = new.ordered_initial_balance is not None
            source = InitialBalanceSource.ORDER_META if ordered else None
            self._world.lives[new.life_id] = MemoryLife(account_id, balance_source=source)
        stored = MemoryInstance(fresh, new.envelope, new.fingerprint)
        self._world.instances[new.instance_id] = stored
        return stored


class MemoryAccountStore:
    """Implements ``actors.ports.AccountStore``; see ``PostgresAccountStore``."""

    def __init__(self, world: MemoryWorld, vault: Vault) -> None:
        self._world = world
        self._vault = vault

    async def load(self, instance: AccountInstance, *, past: bool = False) -> StoredLife:
        """The life's number and document, the instance's condition, and the account's deals.

        ``past``: and the life's rule days and breaches.
        """
        life = self._world.lives[instance.life_id]
        deals: dict[int, Deal] = {}
        for each in self._of_account(instance):
            deals |= each.in_force
        deals |= life.in_force
        ordered = sorted(deals.values(), key=lambda deal: (deal.occurred_at, deal.ticket))
        last = self._world.instances[instance.instance_id].last
        return StoredLife(
            sync_seq=life.sync_seq,
            deals=tuple(ordered),
            rule_state=life.document,
            connection_state=ConnectionState.CONNECTING if last is None else last.connection_state,
            last_error_code=None if last is None else last.last_error_code,
            past=life.past if past else None,
        )

    async def commit(self, unit: SyncUnit) -> None:
        """Write the unit. Raises Fenced or StaleSync."""
        if self._is_new(unit):
            self._standing(unit)
            self._facts(unit)

    async def record(self, standing: Standing) -> None:
        """Write a change of condition. Raises Fenced."""
        if self._is_new(standing):
            self._standing(standing)

    async def credentials(self, instance_id: UUID) -> Credentials | None:
        """Decrypt the investor password; None when it was wiped. May raise VaultError."""
        stored = self._world.instances.get(instance_id)
        if stored is None or stored.envelope is None:
            return None
        account = self._world.accounts[stored.instance.account_id]
        context = Context(instance_id, account.login, account.server)
        password = self._vault.open(stored.envelope, context)
        return Credentials(account.login, account.server, password)

    def _of_account(self, instance: AccountInstance) -> list[MemoryLife]:
        lives = self._world.lives.values()
        return [each for each in lives if each.account_id == instance.account_id]

    def _is_new(self, unit: Unit) -> bool:
        rows: dict[UUID, dict[str, Any]] = {}
        stored = self._world.instances.get(unit.instance.instance_id)
        if stored is not None:
            life = self._world.lives[stored.instance.life_id]
            rows[unit.instance.instance_id] = {
                "lease_fence": stored.fence,
                "sync_seq": life.sync_seq,
                "state_fence": life.fence,
                "writer": life.writer,
            }
        verdict = judge(unit, rows)
        if isinstance(verdict, Exception):
            raise verdict
        return verdict

    def _standing(self, unit: Unit) -> None:
        stored = self._world.instances[unit.instance.instance_id]
        stored.last, stored.tier = unit, unit.tier or stored.tier
        if unit.status is not Status.DEACTIVATED and stored.live:
            stored.instance = evolve(stored.instance, status=unit.status)
        stored.logs += [entry for entry in unit.log if entry not in stored.logs]

    def _facts(self, unit: SyncUnit) -> None:
        life, effects = self._world.lives[unit.instance.life_id], unit.effects
        life.sync_seq, life.fence = unit.sync_seq, unit.fence
        life.writer = unit.instance.instance_key
        life.document = effects.rule_state or life.document
        for each in self._of_account(unit.instance):
            each.lose(effects.gone, unit.observed_at)
        life.keep(effects.deals)
        life.trades = {t: one for t, one in life.trades.items() if t not in effects.trades_gone}
        life.trades |= {trade.ticket: trade for trade in effects.trades}
        life.discrepancies += effects.discrepancies
        life.rule_days |= {(day.rule_id, day.date, day.revision): day for day in effects.rule_days}
        for violation in effects.violations:
            if not any(_clash(violation, other) for other in life.violations):
                life.violations.append(violation)
        if effects.initial_balance is not None:
            life.balance_source = effects.initial_balance.source
        if effects.sample is not None:
            samples = self._world.instances[unit.instance.instance_id].samples
            samples.setdefault(effects.sample.recorded_at, effects.sample)


def _key(account: Account) -> str:
    return login_key(account.server, account.login)


def _keeping_life(fresh: AccountInstance, former: AccountInstance) -> AccountInstance:
    return evolve(
        fresh,
        life_id=former.life_id,
        plan_name=former.plan_name,
        plan_hash=former.plan_hash,
        phase=former.phase,
        started_at=former.started_at,
        opening_balance=former.opening_balance,
        ordered_initial_balance=former.ordered_initial_balance,
        ordered_currency=former.ordered_currency,
    )


def _end(stored: MemoryInstance, at: datetime) -> None:
    stored.instance = evolve(stored.instance, status=Status.DEACTIVATED, deactivated_at=at)
    stored.envelope, stored.node, stored.fence = None, None, stored.fence + 1


def _clash(new: Violation, old: Violation) -> bool:
    """The unique keys: once per (rule, day, severity, verdict), hard once per rule."""
    if new.rule_id != old.rule_id:
        return False
    if new.verdict is old.verdict is Verdict.HARD:
        return True
    same = (new.rule_date, new.severity, new.verdict)
    return same == (old.rule_date, old.severity, old.verdict)
