"""The command room on the memory stores, with a broker and a fleet that a test can hold up."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import trio

from actors.clock import TrioClock
from actors.domain.account import ConnectionState
from actors.domain.plan import Plan
from actors.domain.plan_file import parse_plan, plan_from_document
from actors.errors import BrokerError, BrokerFault
from actors.mt5.brokers import parse_brokers
from actors.ports import BrokerAccount, Credentials
from storage.command_rows import CommandKind
from storage.lives import Watched
from storage.memory import MemoryAccounts, MemoryAccountStore, MemoryPlans, MemoryWorld
from storage.memory_services import MemoryAuditLog, MemoryIdempotency
from supervisor.attempts import Attempts
from supervisor.catalogue import Catalogue
from supervisor.changes import Changes
from supervisor.commanding import CommandRoom
from supervisor.connecting import Connecting
from supervisor.desk import Desk
from supervisor.first_login import FirstLogin
from supervisor.logs import Scrubber
from tests.fakes.actor_world import PLAN, SERVER, START, make_account
from tests.store_builders import VAULT
from web.ports import Answer, Caller, CommandResult, ConnectRequest, Request

SITE, PASSWORD = "shop", "investor-1"
OTHER_PLAN = parse_plan(Path("configs/plans/two-step-balance.toml").read_text(), "other.toml")


async def _at_once() -> None:
    await trio.lowlevel.checkpoint()


class HeldBroker:
    """Accepts the passwords in ``right``; ``hold`` is awaited before each answer."""

    def __init__(self) -> None:
        self.right = {PASSWORD}
        self.asked: list[str] = []
        self.hold: Callable[[], Awaitable[None]] = _at_once

    async def verify(self, credentials: Credentials, *, deadline_seconds: float) -> BrokerAccount:
        """Check the password. Raises BrokerError."""
        del deadline_seconds
        self.asked.append(credentials.password)
        await self.hold()
        if credentials.password not in self.right:
            raise BrokerError(BrokerFault.BAD_CREDENTIALS)
        return make_account(credentials.login)


class Office:
    """Use ``start`` first. ``before_dismiss`` and ``before_adopt`` run inside a command."""

    def __init__(self) -> None:
        self.clock = TrioClock(START)
        self.world = MemoryWorld()
        self.accounts = MemoryAccounts(self.world)
        self.broker = HeldBroker()
        self.audit = MemoryAuditLog(self.clock)
        self.idempotency = MemoryIdempotency()
        self.desk = Desk(self.idempotency, self.clock)
        self.before_dismiss: Callable[[], Awaitable[None]] = _at_once
        self.first_login = FirstLogin(ConnectionState.READY)
        self.before_adopt: Callable[[], Awaitable[None]] = _at_once
        brokers = parse_brokers(f'[[server]]\nname = "{SERVER}"\nclock = "UTC"\n', "brokers.toml")
        plans = {plan.name: plan for plan in (PLAN, OTHER_PLAN)}
        accounts: Any = self.accounts
        broker: Any = self.broker
        rows: Any = _Rows(self)
        nobody: Any = None
        connecting = Connecting(
            accounts=accounts,
            vault=VAULT,
            broker=broker,
            catalogue=Catalogue(plans, brokers),
            attempts=Attempts(self.clock),
            scrubber=Scrubber(),
            clock=self.clock,
            newest_plan=self._newest_plan,
            adopt=self._adopt,
            dismiss=self._dismiss,
            audit=self.audit,
        )
        changes = Changes(connecting, rows, _Post())
        self.room = CommandRoom(
            self.desk, connecting, changes, nobody, nobody, nobody, self.audit, self.clock
        )

    async def _newest_plan(self, name: str) -> Plan | None:
        document = await MemoryPlans(self.world).newest(name)
        return None if document is None else plan_from_document(document)

    async def start(self, nursery: trio.Nursery) -> None:
        """Open the desk."""
        for plan in (PLAN, OTHER_PLAN):
            await MemoryPlans(self.world).save(plan)
        await nursery.start(self.desk.run)

    async def connect(self, key: str = "job-0001", **changes: Any) -> CommandResult:
        """Alice connects her login."""
        wanted: dict[str, Any] = {
            "site_id": SITE,
            "wp_user_id": 1,
            "login": "5001",
            "server": SERVER,
            "account_type": PLAN.name,
            "investor_pass": PASSWORD,
        } | changes
        digest = repr(sorted(wanted.items())).encode()
        return await self.room.connect(asked(key, digest), ConnectRequest(**wanted))

    def instances(self, account_id: UUID) -> list[UUID]:
        """The account's instances, oldest first."""
        stored = self.world.instances.values()
        return [
            each.instance.instance_id for each in stored if each.instance.account_id == account_id
        ]

    async def password(self, account_id: UUID) -> str | None:
        """The password that the account's live instance logs in with."""
        live = await self.accounts.live(account_id)
        if live is None:
            return None
        found = await MemoryAccountStore(self.world, VAULT).credentials(live.instance.instance_id)
        return None if found is None else found.password

    async def _adopt(self, instance_id: UUID, seconds: float) -> FirstLogin:
        del instance_id, seconds
        await self.before_adopt()
        return self.first_login

    async def _dismiss(self, instance_id: UUID) -> None:
        del instance_id
        await self.before_dismiss()


class _Post:
    """Every command reaches its actor at once."""

    async def send(
        self, account_id: UUID, kind: CommandKind, job: UUID | None = None
    ) -> CommandResult:
        del kind, job
        return CommandResult(Answer.DONE, account_id)

    async def reload(self, changed: Watched, job: UUID) -> CommandResult:
        del job
        return CommandResult(Answer.DONE, changed.instance.account_id)


class _Rows:
    """What the command room reads of an account of the site: its newest instance."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def of_site_one(self, site_id: str, account_id: UUID) -> Watched | None:
        account = self._office.world.accounts.get(account_id)
        if account is None or account.owner.site_id != site_id:
            return None
        newest = self._office.instances(account_id)[-1]
        return await self._office.accounts.instance(newest)


def asked(key: str, digest: bytes = b"digest", site_id: str = SITE) -> Request:
    """A request of the site's staff under an idempotency key."""
    caller = Caller("primary", site_id, frozenset({"connect", "admin"}))
    return Request(f"request-{key}", caller, key, digest, actor="staff-7", reason="asked")
