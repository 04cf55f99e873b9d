"""Rate limits shared by all nodes: GCRA in one Lua call, on Redis's own clock."""

import hashlib
from typing import Protocol

from attrs import frozen

from storage.redis_store import Lane

# KEYS[1] the state, ARGV[1] microseconds between two calls. A full minute's calls may come at
# once. Answers the microseconds to wait, -1 when allowed. Text keeps 16 digits where Lua's
# own number format would cut them.
_GCRA = """
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000000 + tonumber(t[2])
local gap = tonumber(ARGV[1])
local due = tonumber(redis.call('GET', KEYS[1]) or '0')
if due < now then due = now end
local wait = due - now - (60000000 - gap)
if wait > 0 then return wait end
due = due + gap
redis.call('SET', KEYS[1], string.format('%.0f', due), 'PX', math.ceil((due - now) / 1000))
return -1
"""


class LocalLimiter(Protocol):
    """The in-process limiter that answers when Redis does not."""

    async def take(self, limit_class: str, key: str, per_minute: int) -> float | None:
        """None when allowed, else seconds to wait."""
        ...


@frozen
class RedisLimiter:
    """The shared limiter; falls back to ``local`` whenever Redis gives no sensible answer."""

    lane: Lane
    local: LocalLimiter

    async def take(self, limit_class: str, key: str, per_minute: int) -> float | None:
        """None when allowed, else seconds to wait."""
        digest = hashlib.sha256(f"{limit_class}\x00{key}".encode()).hexdigest()[:32]
        gap = 60_000_000 // per_minute
        wait = await self.lane.call("EVAL", _GCRA, 1, f"limit:v1:{digest}", gap)
        if not isinstance(wait, int):
            return await self.local.take(limit_class, key, per_minute)
        return None if wait < 0 else wait / 1_000_000
