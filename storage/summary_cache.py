"""Summaries of accounts that another node runs: written behind, believed only when they fit."""

import zlib
from uuid import UUID

import msgspec
from attrs import frozen

from storage.redis_store import Lane

_TTL_MILLISECONDS = 30_000


class _Entry(msgspec.Struct, array_like=True):
    key: str
    rev: int
    body: bytes


@frozen
class CachedSummary:
    """A summary as JSON and the revision that it shows."""

    rev: int
    body: bytes


@frozen
class SummaryCache:
    """Cache of published summaries. A value names its own key, so a crossed reply is a miss."""

    lane: Lane

    def put(self, instance_id: UUID, rev: int, body: bytes) -> bool:
        """Write behind, never wait; False when it was dropped."""
        key = _key(instance_id)
        packed = msgspec.msgpack.encode(_Entry(key, rev, body))
        return self.lane.post("SET", key, packed, "PX", _lifetime(key))

    async def get(self, instance_id: UUID, at_least_rev: int = 0) -> CachedSummary | None:
        """The cached summary; None on a miss, an older revision or a value that does not fit."""
        key = _key(instance_id)
        packed = await self.lane.call("GET", key)
        if not isinstance(packed, bytes):
            return None
        try:
            entry = msgspec.msgpack.decode(packed, type=_Entry)
        except msgspec.DecodeError:
            return None
        fits = entry.key == key and entry.rev >= at_least_rev
        return CachedSummary(entry.rev, entry.body) if fits else None


def _key(instance_id: UUID) -> str:
    return f"summary:v1:{instance_id}"


def _lifetime(key: str) -> int:
    """Milliseconds to live, spread by key so that entries do not all end at once."""
    return _TTL_MILLISECONDS - zlib.crc32(key.encode()) % (_TTL_MILLISECONDS // 5)
