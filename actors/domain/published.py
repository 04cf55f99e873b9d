"""What an actor publishes after each commit: the frozen state that every reader answers from."""

from datetime import datetime
from uuid import UUID

from attrs import field, frozen

from actors.domain.account import ConnectionState, Outcome, Status, Tier
from actors.domain.account_state import AccountState
from actors.domain.loss_stands import Stands
from actors.domain.snapshot import Observation
from actors.domain.stops import Specs
from actors.domain.summary import RuleStanding, Summary


@frozen
class Published:
    """An account as last committed. ``rev`` is the committed sync_seq, monotone per life.

    ``condition`` is the number of changes of condition since start, so that a change without a
    sync (rejected, backoff) also gives a new ETag. ``observation`` is None before the first sync.
    ``core`` is the engine's state behind it all and ``stands`` its loss rules as looked at for the
    figures, ``specs`` the symbols' specifications: for what is worked out when somebody asks.
    """

    account_id: UUID
    instance_id: UUID
    life_id: UUID
    rev: int
    condition: int
    status: Status
    connection_state: ConnectionState
    outcome: Outcome
    tier: Tier
    summary: Summary
    standings: tuple[RuleStanding, ...]
    observation: Observation | None
    last_sync_at: datetime | None
    next_sync_at: datetime | None
    last_error_code: str | None
    core: AccountState = field(eq=False, repr=False)
    stands: Stands = field(eq=False, repr=False)
    specs: Specs = field(factory=dict, eq=False, repr=False)
