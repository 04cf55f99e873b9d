"""The port through which the live board learns of what happens elsewhere."""

from collections.abc import Collection, Mapping
from typing import Protocol
from uuid import UUID

from actors.domain.account import Owner


class LiveSource(Protocol):
    """What storage and registry tell about accounts and users. Filled by the supervisor."""

    def is_here(self, account_id: UUID) -> bool:
        """Whether an actor of this node tells of the account's changes by itself."""
        ...

    async def marks(self, account_ids: Collection[UUID]) -> Mapping[UUID, str]:
        """A text for each account that changes with every commit. Raises Unavailable."""
        ...

    async def epochs(self, owners: Collection[Owner]) -> Mapping[Owner, int]:
        """The stored epoch of each owner, 0 when never revoked. Raises Unavailable."""
        ...
