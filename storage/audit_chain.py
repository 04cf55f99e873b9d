"""The audit log's hash chain, pure: each row's hash covers its words and the hash before it.

The details travel in a payload with a random salt. The chain covers only the payload's digest,
so a payload can be erased later: the chain still holds, and the salt is gone with the details,
so that nobody can guess them back from the digest.
"""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from attrs import frozen

GENESIS = bytes(32)
_SALT_BYTES = 16
_canonical = msgspec.json.Encoder(order="sorted")


@frozen
class AuditRow:
    """One row of the audit log. ``payload`` is JSON text, None when it was erased."""

    seq: int
    created_at: datetime
    action: str
    actor: str
    site_id: str | None
    subject: str
    payload: str | None
    payload_digest: bytes
    prev_hash: bytes
    hash: bytes


@frozen
class ChainReport:
    """Result of a check: rows that hold from the start, and the first that does not (or None)."""

    rows: int
    broken_at: int | None
    last_hash: bytes


def link(
    prev: tuple[int, bytes],
    created_at: datetime,
    *,
    action: str,
    actor: str,
    site_id: str | None,
    subject: str,
    details: Mapping[str, Any],
) -> AuditRow:
    """Return the row that follows ``prev`` (its seq and hash; ``(0, GENESIS)`` at the start)."""
    salted = {"salt": secrets.token_hex(_SALT_BYTES), "details": details}
    payload = _canonical.encode(salted).decode()
    digest = payload_digest(payload)
    seq, prev_hash = prev[0] + 1, prev[1]
    words = (action, actor, site_id, subject)
    hashed = row_hash(seq, created_at, words, digest, prev_hash)
    return AuditRow(seq, created_at, *words, payload, digest, prev_hash, hashed)


def payload_digest(payload: str) -> bytes:
    """Return SHA-256 of the canonical form of JSON text, whatever its spacing or key order."""
    decoded = msgspec.json.decode(payload)
    return hashlib.sha256(_canonical.encode(decoded)).digest()


def row_hash(
    seq: int,
    created_at: datetime,
    words: tuple[str, str, str | None, str],
    digest: bytes,
    prev_hash: bytes,
) -> bytes:
    """Return sha256(previous hash, canonical row)."""
    at = created_at.astimezone(UTC).isoformat(timespec="microseconds")
    row = _canonical.encode([seq, at, *words, digest.hex()])
    return hashlib.sha256(prev_hash + row).digest()


def check_chain(rows: Iterable[AuditRow], after: tuple[int, bytes] = (0, GENESIS)) -> ChainReport:
    """Check rows in order of seq; ``after`` is the last checked row's seq and hash.

    Finds changed, missing, added and swapped rows, and payloads that are not the ones written.
    Cutting rows off the end shows only against a hash that was noted elsewhere.
    """
    seq, last = after
    for row in rows:
        if row.seq != seq + 1 or row.prev_hash != last or not _holds(row):
            return ChainReport(seq, seq + 1, last)
        seq, last = row.seq, row.hash
    return ChainReport(seq, None, last)


def _holds(row: AuditRow) -> bool:
    words = (row.action, row.actor, row.site_id, row.subject)
    expected = row_hash(row.seq, row.created_at, words, row.payload_digest, row.prev_hash)
    if expected != row.hash:
        return False
    return row.payload is None or payload_digest(row.payload) == row.payload_digest
