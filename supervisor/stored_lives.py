"""Lives as storage has them, for readers, where no actor of this node tells them.

A life is loaded by one reader at a time, who may have to wait for his turn; the others take what
he found. It is kept until its account commits again: on another node that is seen by its number,
and half a minute at most goes by. A life that has ended is kept as long as there is room.
"""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Protocol
from uuid import UUID

import trio
from attrs import define, evolve, field

from actors.domain.account import AccountInstance, Status
from actors.domain.account_state import AccountState
from actors.domain.history import AccountRow
from actors.domain.life import Life, StoredLife
from actors.domain.step import at_rest, start
from actors.ports import AccountStore, Clock
from storage.lives import Watched
from web.ports import Unavailable

_FRESH_SECONDS = 30.0
Revision = tuple[int, AccountInstance, int]
"""The row's sync_seq, its instance, and the half minute while its life goes on."""


class Instances(Protocol):
    """Where an instance that does not run here is looked up."""

    async def instance(self, instance_id: UUID) -> Watched | None:
        """Any instance. Raises StoreUnavailable."""
        ...


@define
class StoredLives:
    """Loads the engine's state of stored lives, and keeps the last ``room`` of them.

    ``life_of`` gives what an actor of the instance would watch, None while the broker table does
    not name its server.
    """

    instances: Instances
    store: AccountStore
    life_of: Callable[[Watched], Life | None]
    clock: Clock
    room: int = 128
    _kept: OrderedDict[UUID, tuple[Revision, AccountState]] = field(factory=OrderedDict, init=False)
    _turn: trio.Lock = field(factory=trio.Lock, init=False)

    def revision(self, row: AccountRow) -> Revision:
        """What changes whenever the life may be another one than it was."""
        ended = row.instance.status is Status.DEACTIVATED
        slot = -1 if ended else int(self.clock.monotonic() / _FRESH_SECONDS)
        return row.sync_seq, row.instance, slot

    async def state(self, row: AccountRow) -> AccountState:
        """The state of the row's life.

        Raises StoreUnavailable, and Unavailable for a server whose clock is not known.
        """
        async with self._turn:
            instance_id, revision = row.instance.instance_id, self.revision(row)
            kept = self._kept.get(instance_id)
            if kept is None or kept[0] != revision:
                kept = revision, await self._loaded(row)
            self._keep(instance_id, kept)
            return kept[1]

    def _keep(self, instance_id: UUID, kept: tuple[Revision, AccountState]) -> None:
        self._kept[instance_id] = kept
        self._kept.move_to_end(instance_id)
        if len(self._kept) > self.room:
            self._kept.popitem(last=False)

    async def _loaded(self, row: AccountRow) -> AccountState:
        watched = await self.instances.instance(row.instance.instance_id)
        life = None if watched is None else self.life_of(watched)
        if watched is None or life is None:
            raise Unavailable(f"the clock of {row.account.server} is not known")
        stored = await self.store.load(watched.instance)
        ended = watched.instance.status is Status.DEACTIVATED
        begin = partial(_begun, life, stored, self.clock.now(), ended=ended)
        return await trio.to_thread.run_sync(begin)


def _begun(life: Life, stored: StoredLife, now: datetime, *, ended: bool) -> AccountState:
    """The state of a stored life. What an account did after a life's end is not the life's."""
    if not ended:
        return at_rest(start(life, stored, now))
    walked_to = start(life, evolve(stored, deals=()), now).progress.walked_to
    deals = (d for d in stored.deals if walked_to is not None and d.occurred_at <= walked_to)
    return at_rest(start(life, evolve(stored, deals=tuple(deals)), now))
