"""Plan versions: immutable documents, pinned by instances through their content hash."""

from datetime import datetime

from attrs import frozen

from actors.domain.plan import Plan
from storage.postgres import Connection, Database

_SAVE = """
    INSERT INTO plans (content_hash, name, version, document) VALUES ($1, $2, $3, $4)
    ON CONFLICT (content_hash) DO NOTHING
"""
_VERSIONS = """
    SELECT p.name, p.version, p.content_hash, p.document, p.created_at,
        (SELECT count(*) FROM account_instances i
         WHERE i.plan_hash = p.content_hash AND i.status <> 'deactivated') AS live_accounts
    FROM plans p ORDER BY p.name, p.version
"""
_NEWEST = "SELECT document FROM plans WHERE name = $1 ORDER BY version DESC LIMIT 1"


class PlanChanged(ValueError):
    """A plan of this name and version is stored with another content: raise its version."""


@frozen
class PlanVersion:
    """A stored version and how many live instances are pinned to it."""

    name: str
    version: int
    content_hash: str
    document: str
    stored_at: datetime
    live_accounts: int


class PostgresPlans:
    """Plan versions in PostgreSQL. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, plan: Plan) -> None:
        """Keep this version; saving it again changes nothing.

        Raises PlanChanged when the name and version are taken by another content.
        """

        async def job(connection: Connection) -> bool:
            taken = await connection.fetchval(
                "SELECT content_hash FROM plans WHERE name = $1 AND version = $2",
                plan.name,
                plan.version,
            )
            if taken is None:
                await connection.execute(_SAVE, *_row(plan))
            return taken in (None, plan.content_hash)

        if not await self._database.transact(job):
            raise PlanChanged(f"plan {plan.name} version {plan.version} has another content")

    async def publish(self, plan: Plan) -> bool:
        """Keep a new version: True; False when exactly this one is stored already.

        Raises PlanChanged when the document is new but its version is not above the newest.
        """

        async def job(connection: Connection) -> tuple[bool, int]:
            known = await connection.fetchval(
                "SELECT true FROM plans WHERE content_hash = $1", plan.content_hash
            )
            newest = await connection.fetchval(
                "SELECT coalesce(max(version), 0) FROM plans WHERE name = $1", plan.name
            )
            if not known and plan.version > newest:
                await connection.execute(_SAVE, *_row(plan))
            return bool(known), newest

        known, newest = await self._database.transact(job)
        if not known and plan.version <= newest:
            raise PlanChanged(
                f"plan {plan.name}: this document is not stored and version {newest} is; "
                f"allowed: version {newest + 1} or above"
            )
        return not known

    async def versions(self) -> tuple[PlanVersion, ...]:
        """Every stored version, by name and number."""
        rows = await self._database.execute(lambda connection: connection.fetch(_VERSIONS))
        return tuple(
            PlanVersion(
                row["name"],
                row["version"],
                row["content_hash"],
                row["document"],
                row["created_at"],
                row["live_accounts"],
            )
            for row in rows
        )

    async def newest(self, name: str) -> str | None:
        """The document of the newest stored version, None when the name is unknown."""
        return await self._database.execute(lambda connection: connection.fetchval(_NEWEST, name))

    async def document(self, content_hash: str) -> str | None:
        """The document of a stored version."""
        return await self._database.execute(
            lambda connection: connection.fetchval(
                "SELECT document FROM plans WHERE content_hash = $1", content_hash
            )
        )


def _row(plan: Plan) -> tuple[str, str, int, str]:
    return plan.content_hash, plan.name, plan.version, plan.document
