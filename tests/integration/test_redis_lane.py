"""Redis helps when it answers and costs next to nothing when it does not."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
import redis

from storage.redis_limiter import RedisLimiter
from storage.redis_store import NullLane, open_redis
from storage.summary_cache import SummaryCache
from supervisor.embedded import EmbeddedRedis

ONE, TWO = UUID(int=1), UUID(int=2)
needs_redis = pytest.mark.skipif(
    not EmbeddedRedis.available(), reason="there is no redis-server on PATH"
)


class WallClock:
    """The machine's monotonic clock."""

    def monotonic(self) -> float:
        """Seconds."""
        return time.monotonic()


class Refusing:
    """A local limiter that can be told from Redis."""

    async def take(self, limit_class: str, key: str, per_minute: int) -> float | None:
        """Always 42 seconds."""
        return 42.0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedRedis]:
    """A running Redis."""
    running = EmbeddedRedis(tmp_path)
    with running:
        yield running


@needs_redis
@pytest.mark.redis
async def test_summary_comes_back(server: EmbeddedRedis) -> None:
    """A summary put is a summary read, unless an older one is not good enough."""
    async with open_redis(server.url, WallClock()) as lane:
        cache = SummaryCache(lane)
        assert cache.put(ONE, 7, b"{}")
        found = await cache.get(ONE)
        assert found is not None
        assert (found.rev, found.body) == (7, b"{}")
        assert await cache.get(ONE, at_least_rev=8) is None
        assert await cache.get(TWO) is None


@needs_redis
@pytest.mark.redis
async def test_poisoned_values_are_misses(server: EmbeddedRedis) -> None:
    """Garbage, and a value of another account under this key, are misses."""
    with redis.Redis.from_url(server.url) as client:
        async with open_redis(server.url, WallClock()) as lane:
            cache = SummaryCache(lane)
            cache.put(ONE, 1, b"{}")
            assert await cache.get(ONE) is not None
            stolen = client.get(f"summary:v1:{ONE}")
            assert isinstance(stolen, bytes)
            for poison in (stolen, b"", b"\xc1", b"garbage"):
                client.set(f"summary:v1:{TWO}", poison)
                assert await cache.get(TWO) is None


@needs_redis
@pytest.mark.redis
async def test_limit_is_shared(server: EmbeddedRedis) -> None:
    """Two nodes together get a minute's calls at once, then wait for their turn."""
    async with open_redis(server.url, WallClock()) as a, open_redis(server.url, WallClock()) as b:
        nodes = [RedisLimiter(a, Refusing()), RedisLimiter(b, Refusing())]
        answers = [await nodes[n % 2].take("sync", "account", 6) for n in range(7)]
        assert answers[:6] == [None] * 6
        assert answers[6] is not None
        assert 0 < answers[6] <= 10
        assert await nodes[0].take("sync", "other", 6) is None


@needs_redis
@pytest.mark.redis
async def test_frozen_redis_is_skipped(server: EmbeddedRedis) -> None:
    """A frozen Redis gives one unanswered call; after that it is not asked for a while."""
    async with open_redis(server.url, WallClock()) as lane:
        assert await lane.call("PING") is not None
        pid = int((await lane.call("INFO", "server"))["process_id"])
        os.kill(pid, signal.SIGSTOP)
        try:
            assert await lane.call("PING") is None
            assert lane.skipping
            assert await RedisLimiter(lane, Refusing()).take("sync", "a", 6) == 42.0
            assert not lane.post("PING")
        finally:
            os.kill(pid, signal.SIGCONT)


async def test_nobody_there() -> None:
    """Without a server every call is a miss and the local limiter decides."""
    async with open_redis("redis://127.0.0.1:1/0", WallClock()) as lane:
        assert await lane.call("PING") is None
        assert lane.skipping
        assert await RedisLimiter(lane, Refusing()).take("sync", "a", 6) == 42.0


async def test_null_lane() -> None:
    """The shipped stand-in misses everything."""
    cache = SummaryCache(NullLane())
    assert not cache.put(ONE, 1, b"{}")
    assert await cache.get(ONE) is None
    assert await RedisLimiter(NullLane(), Refusing()).take("sync", "a", 6) == 42.0
