"""Key rotation: move every stored envelope to another key, while the product runs.

It may be stopped and started again at any point: an envelope already under the new key is left
alone, and each write replaces only the very envelope that was read, so that a password wiped or
changed meanwhile stays as it is. Retire the old key when ``count_by_key`` no longer names it.
"""

from collections import Counter
from collections.abc import Callable
from uuid import UUID

from attrs import evolve, frozen

from storage.postgres import Connection, Database, Record
from storage.vault import Context, Vault, VaultError, key_id_of

_PAGE = """
SELECT i.id, i.instance_key, i.encrypted_investor_pass AS envelope, a.login, a.server
FROM account_instances i JOIN accounts a ON a.id = i.account_id
WHERE i.encrypted_investor_pass IS NOT NULL AND i.instance_key > $1
ORDER BY i.instance_key LIMIT 200
"""
_REPLACE = """
UPDATE account_instances SET encrypted_investor_pass = $3
WHERE id = $1 AND encrypted_investor_pass = $2
"""


@frozen
class Rotated:
    """How far a rotation came. ``failed`` names instances whose envelope does not open."""

    moved: int = 0
    kept: int = 0
    failed: tuple[UUID, ...] = ()


async def rotate(
    database: Database,
    vault: Vault,
    new_kid: str,
    progress: Callable[[Rotated], None] = lambda _: None,
) -> Rotated:
    """Re-wrap all envelopes under ``new_kid``; ``progress`` is called after each page.

    An envelope that does not open is left as it is and reported. Raises StoreUnavailable.
    """
    done, after = Rotated(), 0
    while rows := await _page(database, after):
        for row in rows:
            done = await _one(database, vault, new_kid, row, done)
        after = rows[-1]["instance_key"]
        progress(done)
    return done


async def count_by_key(database: Database) -> dict[str, int]:
    """Return how many envelopes each key id has; damaged ones count under ``unreadable``."""
    counted: Counter[str] = Counter()
    after = 0
    while rows := await _page(database, after):
        counted.update(_kid(row["envelope"]) or "unreadable" for row in rows)
        after = rows[-1]["instance_key"]
    return dict(counted)


def _kid(envelope: str) -> str | None:
    try:
        return key_id_of(envelope)
    except VaultError:
        return None


async def _one(
    database: Database, vault: Vault, new_kid: str, row: Record, done: Rotated
) -> Rotated:
    envelope = row["envelope"]
    if _kid(envelope) == new_kid:
        return evolve(done, kept=done.kept + 1)
    context = Context(row["id"], row["login"], row["server"])
    try:
        moved = vault.rewrap(envelope, context, new_kid)
    except VaultError:
        return evolve(done, failed=(*done.failed, row["id"]))

    async def job(connection: Connection) -> str:
        return await connection.execute(_REPLACE, row["id"], envelope, moved)

    await database.execute(job)
    return evolve(done, moved=done.moved + 1)


async def _page(database: Database, after: int) -> list[Record]:
    async def job(connection: Connection) -> list[Record]:
        return await connection.fetch(_PAGE, after)

    return await database.execute(job)
