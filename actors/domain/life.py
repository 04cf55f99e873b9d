"""A life: an account from connect, reset or phase start to the next one (RULES 1)."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from attrs import frozen

from actors.domain.account import ConnectionState, InitialBalanceSource
from actors.domain.deals import Deal
from actors.domain.past import Past
from actors.domain.plan import Phase, Plan
from actors.domain.server_clock import ServerClock


@frozen
class Life:
    """What is fixed while a life lasts: the plan version, the phase and the broker's clock.

    ``ordered_initial_balance`` is in whole currency units (order meta or set by hand), None when
    the deposits decide.

    ``deals_from``: deals stamped before it belong to earlier lives but count in the completeness
    sum; None in an account's first life, whose deals are all its own, however late it was
    connected. A life born of a reset or a new phase sets it to its start.
    ``proven_from``: exact facts (balance at deals, flat points) from this instant on count as
    observed; None means from the first observation on. An audit of a report sets it to the
    report's start. ``opening_balance`` (minor units): balance before the first known deal of a
    report window that starts mid-life; overall rules are then unproven.
    """

    life_id: UUID
    instance_id: UUID
    account_id: UUID
    started_at: datetime
    plan: Plan
    phase: int
    server_clock: ServerClock
    ordered_initial_balance: Decimal | None = None
    initial_balance_source: InitialBalanceSource = InitialBalanceSource.MT5_DEPOSITS
    deals_from: datetime | None = None
    proven_from: datetime | None = None
    opening_balance: int | None = None

    @property
    def rules_phase(self) -> Phase:
        """The pinned phase of the plan."""
        return self.plan.phases[self.phase]


@frozen
class StoredLife:
    """What storage knows of a life: enough to start or restart its actor (crash-only).

    ``deals`` are all known deals of the account in (occurred_at, ticket) order;
    ``rule_state`` is the document that the last committed sync wrote, None before the first.
    ``connection_state`` and ``last_error_code`` are the instance's last stored condition, so that
    a pause or a rejection outlives a restart. ``past`` is there only when it was asked for.
    """

    sync_seq: int
    deals: tuple[Deal, ...]
    rule_state: bytes | None
    connection_state: ConnectionState | None = None
    last_error_code: str | None = None
    past: Past | None = None
