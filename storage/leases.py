"""Ownership of accounts, leased in PostgreSQL: whose writes the database takes.

The database's clock decides when a lease has run out; a node judges its own by its monotonic
clock, read before it asked, less a margin, so that it always stops first.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from attrs import frozen

from actors.ports import Clock, Lease
from storage.postgres import Connection, Database, Record

_REGISTER = """
    INSERT INTO nodes (node_id, epoch) VALUES ($1, 1)
    ON CONFLICT (node_id) DO UPDATE SET epoch = nodes.epoch + 1, started_at = now(),
        heartbeat_at = now(), draining = false
    RETURNING epoch
"""
_HEARTBEAT = """
    UPDATE nodes SET heartbeat_at = now(), draining = $3 WHERE node_id = $1 AND epoch = $2
"""
_CLAIM = """
    WITH free AS (
        SELECT l.instance_id FROM account_leases l
        JOIN account_instances i ON i.id = l.instance_id
        WHERE i.status <> 'deactivated' AND (l.expires_at IS NULL OR l.expires_at < now()
            OR (l.node_id = $1 AND l.node_epoch < $2))
        ORDER BY CASE i.tier WHEN 'breach_risk' THEN 0 WHEN 'active' THEN 1 ELSE 2 END,
            i.next_sync_at NULLS FIRST, i.instance_key
        LIMIT $4
        FOR UPDATE OF l SKIP LOCKED
    )
    UPDATE account_leases l SET node_id = n.node_id, node_epoch = n.epoch, fence = l.fence + 1,
        expires_at = now() + $3::interval
    FROM free, nodes n
    WHERE l.instance_id = free.instance_id AND n.node_id = $1 AND n.epoch = $2 AND NOT n.draining
    RETURNING l.instance_id, l.fence
"""
_RENEW = """
    UPDATE account_leases SET expires_at = now() + $3::interval
    WHERE node_id = $1 AND node_epoch = $2
    RETURNING instance_id, fence
"""
_RELEASE = """
    UPDATE account_leases SET node_id = NULL, node_epoch = NULL, expires_at = NULL
    WHERE node_id = $1 AND node_epoch = $2 AND ($3::uuid[] IS NULL OR instance_id = ANY($3))
"""
_PLACEMENT = """
    SELECT (SELECT count(*) FROM account_instances WHERE status <> 'deactivated') AS accounts,
        (SELECT count(*) FROM nodes
         WHERE NOT draining AND heartbeat_at > now() - $1::interval) AS nodes
"""


class NodeReplaced(Exception):
    """A newer process registered under this node's name: this one must stop."""


@frozen
class Placement:
    """How many accounts there are to watch, and how many nodes are alive to share them."""

    accounts: int
    nodes: int

    @property
    def fair_share(self) -> int:
        """How many accounts one node should hold at most."""
        return -(-self.accounts // max(1, self.nodes))


class PostgresLeases:
    """One node's leases. ``register`` first. Every method may raise StoreUnavailable.

    A lease lasts ``lease_seconds`` at the database and ``margin_seconds`` less for its holder.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        node_id: str,
        *,
        lease_seconds: float = 30.0,
        margin_seconds: float = 10.0,
    ) -> None:
        self._database = database
        self._clock = clock
        self._node_id = node_id
        self._lease = timedelta(seconds=lease_seconds)
        self._held_seconds = lease_seconds - margin_seconds
        self._epoch = 0

    async def register(self) -> int:
        """Announce this process; a former one of the same name may write no more heartbeats."""
        self._epoch = await self._database.execute(
            lambda connection: connection.fetchval(_REGISTER, self._node_id)
        )
        return self._epoch

    async def heartbeat(self, *, draining: bool = False) -> None:
        """Say that this node lives. Raises NodeReplaced."""
        tag = await self._database.execute(
            lambda connection: connection.execute(_HEARTBEAT, self._node_id, self._epoch, draining)
        )
        if tag == "UPDATE 0":
            raise NodeReplaced(self._node_id)

    async def claim(self, most: int) -> tuple[Lease, ...]:
        """Take up to ``most`` free or run-out accounts, the riskiest first. Fences go up by one.

        Those of a former process of this node's name are taken at once: it was replaced.

        An outage leaves the outcome unknown; what was claimed appears in the next ``renew``.
        """
        return await self._leases(_CLAIM, self._lease, most)

    async def renew(self) -> tuple[Lease, ...]:
        """Prolong all leases of this process; one that is missing in the answer is lost."""
        return await self._leases(_RENEW, self._lease)

    async def release(self, instance_ids: Sequence[UUID] | None = None) -> None:
        """Give these (or all) back, after their actors have stopped."""
        wanted = None if instance_ids is None else list(instance_ids)
        await self._database.execute(
            lambda connection: connection.execute(_RELEASE, self._node_id, self._epoch, wanted)
        )

    async def placement(self) -> Placement:
        """What there is to share, and among how many."""
        row = await self._database.execute(
            lambda connection: connection.fetchrow(_PLACEMENT, self._lease)
        )
        if row is None:
            raise LookupError("the placement query gave no row")
        return Placement(row["accounts"], row["nodes"])

    async def _leases(self, query: str, *args: object) -> tuple[Lease, ...]:
        valid_until = self._clock.monotonic() + self._held_seconds

        async def job(connection: Connection) -> list[Record]:
            return await connection.fetch(query, self._node_id, self._epoch, *args)

        rows = await self._database.execute(job)
        return tuple(Lease(row["instance_id"], row["fence"], valid_until) for row in rows)
