"""Statistics for readers: from a running account's own state, else from the life as stored.

Both ways end in the same function over the engine's state. It runs in a thread, and its answer is
kept until the account's next commit, as far as this node can know of one.
"""

from collections import OrderedDict
from typing import Protocol
from uuid import UUID

import trio
from attrs import define, field

from actors.domain.account import Owner
from actors.domain.account_state import AccountState
from actors.domain.rule_day import RuleDay
from actors.domain.statistics.life_statistics import LifeStatistics, life_statistics
from actors.ports import StoreUnavailable
from supervisor.stored_lives import Revision, StoredLives
from web.ports import View

_KEPT = 256


class ExactDays(Protocol):
    """Where the rule days of a life are read."""

    async def exact(
        self, owner: Owner, account_id: UUID, instance_id: UUID | None
    ) -> tuple[RuleDay, ...] | None:
        """Newest revisions, None when the account is not the owner's. Raises StoreUnavailable."""
        ...


@define
class StatisticsRoom:
    """Makes statistics of a running account, or of a stored life by the newest row of it."""

    stored: StoredLives
    day_rows: ExactDays
    _kept: OrderedDict[UUID, tuple[tuple[int, int] | Revision, LifeStatistics]] = field(
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
                told = self._told(view)
                return told or await self._tell(view, await self.stored.state(view.row))
        except StoreUnavailable:
            kept = self._kept.get(view.row.instance.instance_id)
            if kept is None:
                raise
            return kept[1]

    def _revision(self, view: View) -> tuple[int, int] | Revision:
        """What changes with every commit that this node can know of."""
        if view.published is not None:
            return view.published.rev, view.published.condition
        return self.stored.revision(view.row)

    def _told(self, view: View) -> LifeStatistics | None:
        kept = self._kept.get(view.row.instance.instance_id)
        return kept[1] if kept is not None and kept[0] == self._revision(view) else None

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
