"""Users as token checks need them: do they own accounts, and at which epoch are they."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from actors.domain.account import Owner
from actors.ports import StoreUnavailable
from storage.epoch_cache import EpochCache, Ticking
from storage.postgres import Connection, Database, Record

_ASK_AGAIN_SECONDS = 2.0
_HAS_ANY = "SELECT EXISTS (SELECT 1 FROM accounts WHERE site_id = $1 AND wp_user_id = $2)"
_HAS_ALL = """
SELECT count(*) FROM accounts WHERE site_id = $1 AND wp_user_id = $2 AND id = ANY($3::uuid[])
"""
_EPOCH = "SELECT epoch FROM user_epochs WHERE site_id = $1 AND wp_user_id = $2"
_EPOCHS = """
SELECT w.site_id, w.wp_user_id, coalesce(u.epoch, 0) AS epoch
FROM unnest($1::text[], $2::bigint[]) AS w (site_id, wp_user_id)
LEFT JOIN user_epochs u ON u.site_id = w.site_id AND u.wp_user_id = w.wp_user_id
"""
_BUMP = """
INSERT INTO user_epochs AS u (site_id, wp_user_id, epoch, updated_at) VALUES ($1, $2, 1, $3)
ON CONFLICT (site_id, wp_user_id) DO UPDATE SET epoch = u.epoch + 1, updated_at = $3
RETURNING epoch
"""


class PostgresUsers:
    """Users in the database. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Ticking) -> None:
        self._database = database
        self._clock = clock
        self._cache = EpochCache(clock)
        self._ask_again_at = float("-inf")

    async def has_account(self, owner: Owner, accounts: frozenset[UUID] | None) -> bool:
        """True when the owner has at least one account, and all of ``accounts`` when given."""

        async def job(connection: Connection) -> bool:
            who = (owner.site_id, owner.wp_user_id)
            if not accounts:
                return bool(await connection.fetchval(_HAS_ANY, *who))
            found = await connection.fetchval(_HAS_ALL, *who, list(accounts))
            return bool(found == len(accounts))

        return await self._database.execute(job)

    async def epoch(self, owner: Owner) -> int:
        """The user's epoch, 0 when never revoked; at most 4 s old."""
        known = self._cache.fresh(owner)
        if known is not None:
            return known
        asked_at = self._cache.asked_at()

        async def job(connection: Connection) -> int:
            found = await connection.fetchval(_EPOCH, owner.site_id, owner.wp_user_id)
            return int(found or 0)

        epoch = await self._database.execute(job)
        self._cache.keep(owner, asked_at, epoch)
        return epoch

    async def epoch_for_reading(self, owner: Owner) -> int:
        """The same; while the database is away, as it told it in the last ten minutes.

        Then one reader every 2 s asks on, so that the others need not wait for a frozen one.
        """
        remembered, now = self._cache.remembered(owner), self._clock.monotonic()
        if remembered is not None and now < self._ask_again_at:
            return remembered
        if self._ask_again_at > float("-inf"):
            self._ask_again_at = now + _ASK_AGAIN_SECONDS
        try:
            epoch = await self.epoch(owner)
        except StoreUnavailable:
            self._ask_again_at = self._clock.monotonic() + _ASK_AGAIN_SECONDS
            remembered = self._cache.remembered(owner)
            if remembered is None:
                raise
            return remembered
        self._ask_again_at = float("-inf")
        return epoch

    async def epochs(self, owners: Collection[Owner]) -> Mapping[Owner, int]:
        """The stored epoch of each of these users, in one query and past every cache."""
        asked = list(owners)
        sites, users = [one.site_id for one in asked], [one.wp_user_id for one in asked]

        async def job(connection: Connection) -> list[Record]:
            return await connection.fetch(_EPOCHS, sites, users)

        rows = await self._database.execute(job)
        return {Owner(row["site_id"], row["wp_user_id"]): int(row["epoch"]) for row in rows}

    async def bump_epoch(self, owner: Owner, now: datetime) -> int:
        """Raise the user's epoch by one: tokens of lower epochs are refused. Returns it."""
        self._cache.forget(owner)

        async def job(connection: Connection) -> int:
            return int(await connection.fetchval(_BUMP, owner.site_id, owner.wp_user_id, now))

        epoch = await self._database.execute(job)
        self._cache.forget(owner)
        return epoch
