"""The tables of the memory stores: accounts, instances, lives and leases in dicts."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import count
from uuid import UUID

from attrs import define, field

from actors.domain.account import (
    Account,
    AccountInstance,
    ConnectionState,
    InitialBalanceSource,
    LifeReason,
    Status,
    Tier,
)
from actors.domain.curve import EquitySample
from actors.domain.deals import Deal
from actors.domain.discrepancy import Discrepancy
from actors.domain.past import Past, breach_of, conduct_of, newest
from actors.domain.plan import Plan
from actors.domain.rule_day import RuleDay
from actors.domain.trades import Trade
from actors.domain.violation import Violation
from actors.ports import LogEntry
from storage.lives import (
    Watched,
)
from storage.sync_unit import Unit


@define
class MemoryLife:
    """What is stored of one life."""

    account_id: UUID
    sync_seq: int = 0
    fence: int | None = None
    writer: int | None = None
    document: bytes | None = None
    deals: dict[int, Deal] = field(factory=dict)
    trades: dict[str, Trade] = field(factory=dict)
    rule_days: dict[tuple[str, date, int], RuleDay] = field(factory=dict)
    violations: list[Violation] = field(factory=list)
    gone: dict[int, datetime] = field(factory=dict)
    discrepancies: list[Discrepancy] = field(factory=list)
    balance_source: InitialBalanceSource | None = None

    def keep(self, deals: Iterable[Deal]) -> None:
        """Store new and changed deals; one that was gone is there again."""
        for deal in deals:
            self.deals[deal.ticket] = deal
            self.gone.pop(deal.ticket, None)

    def lose(self, tickets: Iterable[int], at: datetime) -> None:
        """Mark the deals that the terminal's history holds no more."""
        for ticket in tickets:
            if ticket in self.deals:
                self.gone.setdefault(ticket, at)

    @property
    def in_force(self) -> dict[int, Deal]:
        """The deals that the terminal still has."""
        return {ticket: deal for ticket, deal in self.deals.items() if ticket not in self.gone}

    @property
    def past(self) -> Past:
        """The rule days, the breaches of loss rules and the records of conduct in order."""
        breaches = [breach for one in self.violations if (breach := breach_of(one)) is not None]
        ordered = sorted(breaches, key=lambda breach: (breach.occurred_at, breach.rule_id))
        conduct = [record for one in self.violations if (record := conduct_of(one)) is not None]
        conduct.sort(key=lambda record: (record.occurred_at, record.rule_id, record.severity))
        return Past(newest(self.rule_days.values()), tuple(ordered), tuple(conduct))


@define
class MemoryInstance:
    """What is stored of one instance, and who owns it."""

    instance: AccountInstance
    envelope: str | None = field(repr=False)
    fingerprint: bytes = field(repr=False)
    tier: Tier = Tier.ACTIVE
    last: Unit | None = None
    samples: dict[datetime, EquitySample] = field(factory=dict)
    logs: list[LogEntry] = field(factory=list)
    fence: int = 0
    node: tuple[str, int] | None = None
    expires_at: float = 0.0

    @property
    def live(self) -> bool:
        """True until it is deactivated."""
        return self.instance.status is not Status.DEACTIVATED


@define
class MemoryWorld:
    """The tables."""

    accounts: dict[UUID, Account] = field(factory=dict)
    instances: dict[UUID, MemoryInstance] = field(factory=dict)
    lives: dict[UUID, MemoryLife] = field(factory=dict)
    plans: dict[str, Plan] = field(factory=dict)
    nodes: dict[str, tuple[int, bool, float]] = field(factory=dict)
    keys: "count[int]" = field(factory=lambda: count(1))

    def watched(self, stored: MemoryInstance) -> Watched:
        """An instance as readers of accounts see it."""
        instance = stored.instance
        return Watched(
            account=self.accounts[instance.account_id],
            instance=instance,
            plan_document=self.plans[instance.plan_hash].document,
            initial_balance_source=self.lives[instance.life_id].balance_source,
            life_reason=self._life_reason(instance.life_id),
        )

    def _life_reason(self, life_id: UUID) -> LifeReason:
        """How the life began: the reason of its first instance."""
        of_life = (each.instance for each in self.instances.values())
        first = min(
            (instance for instance in of_life if instance.life_id == life_id),
            key=lambda instance: instance.instance_key,
        )
        return first.reason

    def refused_unread(self, stored: MemoryInstance) -> bool:
        """True when the broker refused its password before anything of its account was read."""
        lives = [
            each for each in self.lives.values() if each.account_id == stored.instance.account_id
        ]
        rejected = ConnectionState.CREDENTIALS_REJECTED
        refused = stored.last is not None and stored.last.connection_state is rejected
        return refused and not any(life.sync_seq for life in lives)

    def live_of(self, account_id: UUID) -> MemoryInstance | None:
        """The account's live instance."""
        of_account = self.instances.values()
        return next(
            (each for each in of_account if each.live and each.instance.account_id == account_id),
            None,
        )
