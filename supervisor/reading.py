"""Reading for the web: published state where an actor runs here, storage for the rest.

Implements ``web.ports.Accounts`` and ``web.ports.Staff``. A token narrowed to some accounts sees
no others; storage checks the owner in every query.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from attrs import evolve, frozen

from actors.domain.account import Tier
from actors.domain.history import (
    AccountFilter,
    AccountRow,
    Curve,
    DealPage,
    DiscrepancyRow,
    LogRow,
    Page,
    RuleDayRow,
    Sparkline,
    TradeFilter,
    TradePage,
    ViolationRow,
)
from actors.domain.published import Published
from actors.ports import Clock, StoreUnavailable
from actors.registry import Registry
from storage.account_rows import AccountRows
from storage.curve import Curves
from storage.day_rows import DayRows
from storage.deal_rows import DealRows
from storage.discrepancies import Discrepancies
from storage.lives import Watched
from storage.log_rows import LogRows
from storage.settings import PostgresSettings
from storage.sparklines import Sparklines
from storage.trade_rows import TradeRows
from storage.violations import Violations
from supervisor.life_room import LifeRoom
from supervisor.statistics_room import StatisticsRoom
from web.ports import Principal, ToldLife, ToldStatistics, Unavailable, View

T = TypeVar("T")
_IDLE_GAP_SECONDS = 1_860.0
_GAP_SECONDS = 360.0
_WEEK = timedelta(days=7)
_SPARK_POINTS = 32


async def asked(answer: Awaitable[T]) -> T:
    """Await storage for the web layer, which knows an outage as Unavailable."""
    try:
        return await answer
    except StoreUnavailable as outage:
        raise Unavailable(str(outage)) from outage


def _promise_seconds(view: View) -> float:
    """How far apart stored samples may lie: unchanged equity is stored every five minutes."""
    tier = view.published.tier if view.published else view.row.tier
    return _IDLE_GAP_SECONDS if tier is Tier.IDLE else _GAP_SECONDS


def _row_of(watched: Watched, published: Published) -> AccountRow:
    return AccountRow(
        account=watched.account,
        instance=watched.instance,
        connection_state=published.connection_state,
        outcome=published.outcome,
        tier=published.tier,
        sync_seq=published.rev,
        last_sync_at=published.last_sync_at,
        next_sync_at=published.next_sync_at,
        last_error_code=published.last_error_code,
        violations=published.summary.violations,
        currency=published.summary.currency,
        currency_digits=published.summary.currency_digits,
        summary=None,
    )


def readable(who: Principal, account_id: UUID) -> bool:
    """False when the principal's token is narrowed to other accounts."""
    return who.accounts is None or account_id in who.accounts


@frozen
class ReadingRoom:
    """The readers' side of registry and storage."""

    registry: Registry
    rows: AccountRows
    trade_rows: TradeRows
    deal_rows: DealRows
    curve_rows: Curves
    sparkline_rows: Sparklines
    day_rows: DayRows
    violation_rows: Violations
    discrepancy_rows: Discrepancies
    settings_rows: PostgresSettings
    clock: Clock
    life_room: LifeRoom
    statistics_room: StatisticsRoom
    watched: Callable[[UUID], Watched | None]
    storage_answers: Callable[[], bool]

    def published(self, instance_id: UUID) -> Published | None:
        """What the instance's actor last published, None when none works on this node."""
        ref = self.registry.instance(instance_id)
        return ref.published if ref is not None and ref.alive else None

    def seen(self, row: AccountRow) -> View:
        """The row with the live state beside it."""
        return View(row, self.published(row.instance.instance_id))

    async def list(self, who: Principal) -> tuple[View, ...]:
        """All accounts that the principal may read."""
        rows = await asked(self.rows.of_owner(who.owner))
        return tuple(self.seen(row) for row in rows if readable(who, row.account.account_id))

    async def view(self, who: Principal, account_id: UUID, instance_id: UUID | None) -> View | None:
        """One account, its newest instance unless one is named.

        While storage is away, what an actor of this node published last is shown as stale, also
        after its lease has ended it.
        """
        if not readable(who, account_id):
            return None
        known = self._known(who, account_id, instance_id)
        if known is not None and self.published(known.row.instance.instance_id) is not None:
            return evolve(known, stale=not self.storage_answers())
        try:
            row = await asked(self.rows.one(who.owner, account_id, instance_id))
        except Unavailable:
            if known is None:
                raise
            return evolve(known, stale=True)
        return None if row is None else self.seen(row)

    def _known(self, who: Principal, account_id: UUID, instance_id: UUID | None) -> View | None:
        """The account from its actor's memory: a dict look-up, no query on the hot path."""
        watched, ref = self.watched(account_id), self.registry.account(account_id)
        if watched is None or ref is None or watched.account.owner != who.owner:
            return None
        if ref.published is None or instance_id not in (None, ref.instance_id):
            return None
        return View(_row_of(watched, ref.published), ref.published)

    async def instances(self, who: Principal, account_id: UUID) -> tuple[AccountRow, ...] | None:
        """Its instances, newest first."""
        if not readable(who, account_id):
            return None
        return await asked(self.rows.instances(who.owner, account_id))

    async def trades(
        self, who: Principal, account_id: UUID, instance_id: UUID | None, wanted: TradeFilter
    ) -> TradePage | None:
        """A page of trades."""
        if not readable(who, account_id):
            return None
        return await asked(self.trade_rows.page(who.owner, account_id, instance_id, wanted))

    async def deals(
        self, who: Principal, account_id: UUID, instance_id: UUID | None, ticket: str
    ) -> DealPage | None:
        """The deals of one trade."""
        if not readable(who, account_id):
            return None
        return await asked(self.deal_rows.of_trade(who.owner, account_id, instance_id, ticket))

    async def curve(
        self,
        who: Principal,
        account_id: UUID,
        instance_id: UUID | None,
        from_at: datetime,
        to_at: datetime,
        points: int,
    ) -> Curve | None:
        """The equity curve; spans longer than the tier's promise are gaps."""
        view = await self.view(who, account_id, instance_id)
        if view is None:
            return None
        return await asked(
            self.curve_rows.curve(
                who.owner,
                account_id,
                instance_id,
                from_at=from_at,
                to_at=min(to_at, self.clock.now()),
                points=points,
                promise_seconds=_promise_seconds(view),
            )
        )

    async def sparklines(
        self, who: Principal, account_ids: tuple[UUID, ...]
    ) -> tuple[Sparkline, ...]:
        """The last week's equity of the principal's accounts among these."""
        own = tuple(account_id for account_id in account_ids if readable(who, account_id))
        now = self.clock.now()
        lines = self.sparkline_rows.of(who.owner, own, to_at=now, span=_WEEK, points=_SPARK_POINTS)
        return await asked(lines)

    async def days(
        self, who: Principal, account_id: UUID, instance_id: UUID | None
    ) -> tuple[RuleDayRow, ...] | None:
        """The rule-day calendar."""
        if not readable(who, account_id):
            return None
        return await asked(self.day_rows.days(who.owner, account_id, instance_id))

    async def statistics(
        self, who: Principal, account_id: UUID, instance_id: UUID | None
    ) -> ToldStatistics | None:
        """The statistics of the instance's life, from its running actor where there is one."""
        view = await self.view(who, account_id, instance_id)
        if view is None:
            return None
        view = await asked(self.life_room.current(view))
        return ToldStatistics(view, await asked(self.statistics_room.of(view)))

    async def life(
        self, who: Principal, account_id: UUID, instance_id: UUID | None
    ) -> ToldLife | None:
        """The instance's whole life, from its running actor where there is one."""
        view = await self.view(who, account_id, instance_id)
        return None if view is None else await asked(self.life_room.of(view))

    async def violations(
        self, who: Principal, account_id: UUID, instance_id: UUID | None
    ) -> tuple[ViolationRow, ...] | None:
        """The violations of the instance's life."""
        if not readable(who, account_id):
            return None
        return await asked(self.violation_rows.of_life(who.owner, account_id, instance_id))

    async def discrepancies(
        self, who: Principal, account_id: UUID, instance_id: UUID | None
    ) -> tuple[DiscrepancyRow, ...] | None:
        """What late facts contradict in the instance's life."""
        if not readable(who, account_id):
            return None
        return await asked(self.discrepancy_rows.of_life(who.owner, account_id, instance_id))

    async def evidence(
        self, who: Principal, account_id: UUID, violation_id: UUID
    ) -> ViolationRow | None:
        """One violation with its evidence."""
        if not readable(who, account_id):
            return None
        return await asked(self.violation_rows.one(who.owner, account_id, violation_id))

    async def settings(self, who: Principal, account_id: UUID) -> Mapping[str, Any] | None:
        """The reader's settings for the account."""
        if not readable(who, account_id):
            return None
        return await asked(self.settings_rows.get(who.owner, account_id))

    async def save_settings(
        self, who: Principal, account_id: UUID, settings: Mapping[str, Any]
    ) -> bool:
        """Replace them."""
        if not readable(who, account_id):
            return False
        return await asked(
            self.settings_rows.save(who.owner, account_id, settings, self.clock.now())
        )


@frozen
class StaffRoom:
    """Reading for the shop's staff, within one site."""

    room: ReadingRoom
    log_rows: LogRows

    async def accounts(self, wanted: AccountFilter, page: int, limit: int) -> Page[View]:
        """The site's accounts."""
        found = await asked(self.room.rows.of_site(wanted, page, limit))
        return Page(tuple(self.room.seen(row) for row in found.items), found.total)

    async def account(self, site_id: str, account_id: UUID) -> View | None:
        """One account of the site."""
        row = await asked(self.room.rows.of_site_one(site_id, account_id))
        return None if row is None else self.room.seen(row)

    async def logs(
        self, site_id: str, account_id: UUID, page: int, limit: int
    ) -> Page[LogRow] | None:
        """Its connection log."""
        return await asked(self.log_rows.page(site_id, account_id, page, limit))
