"""Plan versions: immutable documents, pinned by instances through their content hash."""

from actors.domain.plan import Plan
from storage.postgres import Connection, Database

_SAVE = """
    INSERT INTO plans (content_hash, name, version, document) VALUES ($1, $2, $3, $4)
    ON CONFLICT (content_hash) DO NOTHING
"""


class PlanChanged(ValueError):
    """A plan of this name and version is stored with another content: raise its version."""


class PostgresPlans:
    """Plan versions in PostgreSQL. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, plan: Plan) -> None:
        """Keep this version; saving it again changes nothing.

        Raises PlanChanged when the name and version are taken by another content.
        """
        values = (plan.content_hash, plan.name, plan.version, plan.document)

        async def job(connection: Connection) -> bool:
            taken = await connection.fetchval(
                "SELECT content_hash FROM plans WHERE name = $1 AND version = $2",
                plan.name,
                plan.version,
            )
            if taken is None:
                await connection.execute(_SAVE, *values)
            return taken in (None, plan.content_hash)

        if not await self._database.transact(job):
            raise PlanChanged(f"plan {plan.name} version {plan.version} has another content")

    async def document(self, content_hash: str) -> str | None:
        """The document of a stored version."""
        return await self._database.execute(
            lambda connection: connection.fetchval(
                "SELECT document FROM plans WHERE content_hash = $1", content_hash
            )
        )
