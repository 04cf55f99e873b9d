"""What the board of live updates asks of registry and storage (``web.live.source``)."""

from collections.abc import Collection, Mapping
from uuid import UUID

from attrs import frozen

from actors.domain.account import Owner
from actors.registry import Registry
from storage.live_marks import LiveMarks
from storage.users import PostgresUsers
from supervisor.reading import asked


@frozen
class LiveWatch:
    """``web.live.source.LiveSource`` over registry and storage."""

    registry: Registry
    stored: LiveMarks
    users: PostgresUsers

    def is_here(self, account_id: UUID) -> bool:
        """Whether an actor of this node publishes the account."""
        ref = self.registry.account(account_id)
        return ref is not None and ref.alive

    async def marks(self, account_ids: Collection[UUID]) -> Mapping[UUID, str]:
        """A text for each account that changes with every commit."""
        return await asked(self.stored.of(account_ids))

    async def epochs(self, owners: Collection[Owner]) -> Mapping[Owner, int]:
        """The owners' stored epochs."""
        return await asked(self.users.epochs(owners))
