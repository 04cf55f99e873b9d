"""Redis as an accelerator: a lane of one thread and one connection, off the request path.

Nothing depends on it: every fault is an unanswered call, which means a cache miss or the local
limiter. The thread owns a synchronous client with a socket timeout of 0.2 s and no retries; after
a fault its connection is dropped, so that no late reply can answer another call, and callers
skip Redis for a while. Commands stay within Redis 7.0.
"""

import queue
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Protocol, TypeAlias

import redis
import trio
from attrs import field, frozen
from redis.backoff import NoBackoff
from redis.retry import Retry

from storage.epoch_cache import Ticking

_SOCKET_SECONDS = 0.2
_CALL_SECONDS = 0.25
_SKIP_SECONDS = 5.0
_QUEUE = 512
_BATCH = 64
Command: TypeAlias = tuple[bytes | str | int, ...]
Reply: TypeAlias = Callable[[Any], None]


class Lane(Protocol):
    """A way to Redis that may not answer."""

    async def call(self, *command: bytes | str | int) -> Any:
        """The reply, or None when Redis does not answer (or says nil)."""
        ...

    def post(self, *command: bytes | str | int) -> bool:
        """Send without waiting; False when it was not taken."""
        ...


class NullLane:
    """No Redis: nothing is ever answered or taken."""

    async def call(self, *command: bytes | str | int) -> None:
        """Answer nothing."""

    def post(self, *command: bytes | str | int) -> bool:  # noqa: ARG002  (the port's)
        """Take nothing."""
        return False


@frozen
class _Job:
    command: Command
    reply: Reply = field(repr=False)


@frozen
class _Failed:
    """Reply of a call that Redis did not carry out."""


class RedisLane:
    """The lane to a real Redis; open it with ``open_redis``. Methods belong to the trio thread."""

    def __init__(self, url: str, clock: Ticking) -> None:
        self._clock = clock
        self._token = trio.lowlevel.current_trio_token()
        self._jobs: queue.Queue[_Job | None] = queue.Queue(_QUEUE)
        self._skip_until = 0.0
        self._thread = threading.Thread(
            target=_serve, args=(url, self._jobs), name="redis-lane", daemon=True
        )
        self._thread.start()

    @property
    def skipping(self) -> bool:
        """True while calls go unanswered at once, after a fault."""
        return self._clock.monotonic() < self._skip_until

    async def call(self, *command: bytes | str | int) -> Any:
        """The reply; None at once while skipping, and after at most 0.25 s otherwise."""
        done = trio.Event()
        replies: list[Any] = []

        def settle(reply: Any) -> None:
            replies.append(reply)
            done.set()

        if not self._submit(command, settle):
            return None
        with trio.move_on_after(_CALL_SECONDS):
            await done.wait()
        if not replies or isinstance(replies[0], _Failed):
            self._skip()
            return None
        return replies[0]

    def post(self, *command: bytes | str | int) -> bool:
        """Send without waiting; False when Redis is skipped or the queue is full."""

        def settle(reply: Any) -> None:
            if isinstance(reply, _Failed):
                self._skip()

        return self._submit(command, settle)

    def close(self) -> None:
        """Let the thread end after what is queued; it never holds the process up."""
        try:
            self._jobs.put_nowait(None)
        except queue.Full:
            return

    def _skip(self) -> None:
        self._skip_until = self._clock.monotonic() + _SKIP_SECONDS

    def _submit(self, command: Command, settle: Reply) -> bool:
        def reply(answer: Any) -> None:
            try:
                self._token.run_sync_soon(settle, answer)
            except trio.RunFinishedError:
                return  # nobody is left to be told

        if self.skipping:
            return False
        try:
            self._jobs.put_nowait(_Job(command, reply))
        except queue.Full:
            return False
        return True


@asynccontextmanager
async def open_redis(url: str, clock: Ticking) -> AsyncIterator[RedisLane]:
    """Open a lane; works (unanswered) when Redis is down, and finds it when it comes back."""
    lane = RedisLane(url, clock)
    try:
        yield lane
    finally:
        lane.close()


def _serve(url: str, jobs: "queue.Queue[_Job | None]") -> None:
    """Run on the lane's thread until None comes."""
    client = redis.Redis.from_url(
        url,
        socket_timeout=_SOCKET_SECONDS,
        socket_connect_timeout=_SOCKET_SECONDS,
        retry=Retry(NoBackoff(), 0),
        max_connections=1,
        protocol=2,
    )
    while (batch := _gather(jobs)) is not None:
        for job, reply in zip(batch, _carry_out(client, batch), strict=True):
            job.reply(reply)
    client.close()


def _gather(jobs: "queue.Queue[_Job | None]") -> list[_Job] | None:
    """Wait for a job and take what else is waiting; None at the end."""
    first = jobs.get()
    if first is None:
        return None
    batch = [first]
    while len(batch) < _BATCH:
        try:
            job = jobs.get_nowait()
        except queue.Empty:
            break
        if job is None:
            jobs.put_nowait(None)
            break
        batch.append(job)
    return batch


def _carry_out(client: redis.Redis, batch: list[_Job]) -> list[Any]:
    pipeline = client.pipeline(transaction=False)
    for job in batch:
        pipeline.execute_command(*job.command)  # type: ignore[no-untyped-call]
    try:
        replies = pipeline.execute(raise_on_error=False)
    except (redis.RedisError, OSError):
        client.connection_pool.disconnect()
        return [_Failed()] * len(batch)
    return [_Failed() if isinstance(reply, Exception) else reply for reply in replies]
