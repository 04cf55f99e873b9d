"""Idempotency keys: one job, one effect, the same answer however often it is sent."""

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from attrs import frozen

from storage.claims import Claim, Claimed, Finished, Mismatch, Receipt, Running
from storage.postgres import Connection, Database, Record

_CLAIM = """
INSERT INTO idempotency AS i (scope, key, body_digest, state, created_at, expires_at)
VALUES ($1, $2, $3, 'running', $4, $5)
ON CONFLICT (scope, key) DO UPDATE SET
    body_digest = excluded.body_digest, state = 'running', answer = NULL,
    created_at = excluded.created_at, expires_at = excluded.expires_at
WHERE i.expires_at <= $4
   OR (i.state = 'running' AND i.created_at <= $6 AND i.body_digest = excluded.body_digest)
RETURNING xmax <> 0 AS replaced
"""
_READ = "SELECT body_digest, state, answer::text FROM idempotency WHERE scope = $1 AND key = $2"
_FINISH = """
UPDATE idempotency SET state = 'done', answer = $4::text::jsonb
WHERE scope = $1 AND key = $2 AND created_at = $3 AND state = 'running'
"""
_RELEASE = """
DELETE FROM idempotency WHERE scope = $1 AND key = $2 AND created_at = $3 AND state = 'running'
"""


@frozen
class PostgresIdempotency:
    """Claims of idempotency keys. ``scope`` is the site and key id that a key belongs to.

    A claim left running for ``takeover_seconds`` (its process died) may be taken over by a retry
    with the same body; the former owner can no longer finish it. Keys are kept ``keep_seconds``.
    Every method may raise StoreUnavailable.
    """

    database: Database
    takeover_seconds: float = 30.0
    keep_seconds: float = 86_400.0

    async def claim(self, scope: str, key: str, digest: bytes, now: datetime) -> Claim:
        """Claim ``key`` for the request whose keyed body digest is ``digest``."""
        expires_at = now + timedelta(seconds=self.keep_seconds)
        stale_at = now - timedelta(seconds=self.takeover_seconds)

        async def job(connection: Connection) -> Claim:
            made = await connection.fetchrow(_CLAIM, scope, key, digest, now, expires_at, stale_at)
            if made is not None:
                return Claimed(now, taken_over=made["replaced"])
            row = await connection.fetchrow(_READ, scope, key)
            return Running() if row is None else _standing(row, digest)

        return await self.database.execute(job)

    async def finish(
        self, scope: str, key: str, claimed: Claimed, answer: Mapping[str, Any]
    ) -> bool:
        """Store the answer (JSON-ready); False when the claim was taken over meanwhile."""
        receipt = Receipt(scope, key, claimed, answer)
        return await self.database.execute(lambda connection: write_receipt(connection, receipt))

    async def release(self, scope: str, key: str, claimed: Claimed) -> None:
        """Give the key back unanswered, so that a retry may try again at once."""

        async def job(connection: Connection) -> None:
            await connection.execute(_RELEASE, scope, key, claimed.claimed_at)

        await self.database.execute(job)


async def write_receipt(connection: Connection, receipt: Receipt) -> bool:
    """Store the answer; False when the claim was taken over meanwhile."""
    text = msgspec.json.encode(receipt.answer).decode()
    claimed_at = receipt.claimed.claimed_at
    tag = await connection.execute(_FINISH, receipt.scope, receipt.key, claimed_at, text)
    return tag == "UPDATE 1"


def _standing(row: Record, digest: bytes) -> Claim:
    if not hmac.compare_digest(row["body_digest"], digest):
        return Mismatch()
    if row["state"] == "running":
        return Running()
    return Finished(msgspec.json.decode(row["answer"]))
