"""Statistics for readers: from a running account's own state, else from the life as stored.

Both ways end in the same function over the engine's state. It runs in a thread, and its answer is
kept until the account's next commit, one from storage for half a minute at most.
"""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Protocol
from uuid import UUID

import trio
from attrs import define, evolve, field

from actors.domain.account import Owner, Status
from actors.domain.account_state import AccountState
from actors.domain.life import Life, StoredLife
from actors.domain.rule_day import RuleDay
from actors.domain.statistics.life_statistics import LifeStatistics, life_statistics
from actors.domain.step import start
from actors.ports import AccountStore, Clock, StoreUnavailable
from storage.lives import Watched
from web.ports import Unavailable, View

_KEPT = 256
_FRESH_SECONDS = 30.0
_Revision = tuple[int, int]


class Instances(Protocol):
    """Where an instance that does not run here is looked up."""

    async def instance(self, instance_id: UUID) -> Watched | None:
        """Any instance. Raises StoreUnavailable."""
        ...


class ExactDays(Protocol):
    """Where the rule days of a life are read."""

    async def exact(
        self, owner: Owner, account_id: UUID, instance_id: UUID | None
    ) -> tuple[RuleDay, ...] | None:
        """Newest revisions, None when the account is not the owner's. Raises StoreUnavailable."""
        ...


@define
class StatisticsRoom:
    """Makes statistics; a life that has to be loaded waits for its turn.

    ``life_of`` gives what an actor of the instance would watch, None while the broker table does
    not name its server.
    """

    instances: Instances
    store: AccountStore
    day_rows: ExactDays
    life_of: Callable[[Watched], Life | None]
    clock: Clock
    _kept: OrderedDict[UUID, tuple[_Revision, LifeStatistics]] = field(
        factory=OrderedDict, init=False
    )
    _turn: trio.Lock = field(factory=trio.Lock, init=False)

    async def of(self, view: View) -> LifeStatistics:
        """The statistics of the account that ``view`` shows; the last known while storage is away.

        Raises StoreUnavailable, and Unavailable for a server whose clock is not known.
        """
        try:
            if view.published is not None:
                return self._told(view) or await self._tell(view, view.published.core)
            async with self._turn:
                return self._told(view) or await self._tell(view, await self._loaded(view))
        except StoreUnavailable:
            kept = self._kept.get(view.row.instance.instance_id)
            if kept is None:
                raise
            return kept[1]

    def _revision(self, view: View) -> _Revision:
        """What changes with every commit that this node can know of."""
        if view.published is not None:
            return view.published.rev, view.published.condition
        return view.row.sync_seq, -int(self.clock.monotonic() / _FRESH_SECONDS) - 1

    def _told(self, view: View) -> LifeStatistics | None:
        kept = self._kept.get(view.row.instance.instance_id)
        return kept[1] if kept is not None and kept[0] == self._revision(view) else None

    async def _loaded(self, view: View) -> AccountState:
        watched = await self.instances.instance(view.row.instance.instance_id)
        life = None if watched is None else self.life_of(watched)
        if watched is None or life is None:
            raise Unavailable(f"the clock of {view.row.account.server} is not known")
        stored = await self.store.load(watched.instance)
        ended = watched.instance.status is Status.DEACTIVATED
        begin = partial(_begun, life, stored, self.clock.now(), ended=ended)
        return await trio.to_thread.run_sync(begin)

    async def _tell(self, view: View, state: AccountState) -> LifeStatistics:
        revision, account = self._revision(view), view.row.account
        instance_id = view.row.instance.instance_id
        rows = await self.day_rows.exact(account.owner, account.account_id, instance_id)
        told = await trio.to_thread.run_sync(life_statistics, state, rows or ())
        self._kept[instance_id] = (revision, told)
        self._kept.move_to_end(instance_id)
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return told


def _begun(life: Life, stored: StoredLife, now: datetime, *, ended: bool) -> AccountState:
    """The state of a stored life. What an account did after a life's end is not the life's."""
    if not ended:
        return start(life, stored, now)
    walked_to = start(life, evolve(stored, deals=()), now).progress.walked_to
    deals = (d for d in stored.deals if walked_to is not None and d.occurred_at <= walked_to)
    return start(life, evolve(stored, deals=tuple(deals)), now)
