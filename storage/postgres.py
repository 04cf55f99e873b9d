"""Database workers: the only place that knows asyncpg, asyncio and trio-asyncio.

K workers each own one connection. A job (an ``async def`` over one connection) runs wholly on
the asyncio side, shielded from trio's cancellation, under a time limit of its own. Cancelling a
query in the middle is what corrupts a pooled connection; so a caller may give up waiting, but its
job still lands, and therefore every write must be safe to repeat. After any error the worker
drops its connection and opens a new one for the next job.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeAlias, TypeVar, cast

import asyncpg
import structlog
import trio
import trio_asyncio
from attrs import define, field, frozen
from outcome import Error, Outcome, Value

from actors.ports import StoreUnavailable

T = TypeVar("T")
Record: TypeAlias = Mapping[str, Any]
"""A row as jobs see it: read by column name."""


class Connection(Protocol):
    """A connection as jobs see it: asyncpg's methods that jobs may use, on the asyncio side."""

    async def execute(self, query: str, *args: object) -> str:
        """Run a statement; the answer is its command tag."""
        ...

    async def executemany(self, query: str, args: Iterable[Sequence[object]]) -> None:
        """Run a statement once for each row of arguments, in one transaction."""
        ...

    async def fetch(self, query: str, *args: object) -> list[Record]:
        """All rows."""
        ...

    async def fetchrow(self, query: str, *args: object) -> Record | None:
        """The first row, None when there is none."""
        ...

    async def fetchval(self, query: str, *args: object) -> Any:
        """The first column of the first row, None when there is none."""
        ...

    def transaction(
        self, *, isolation: str | None = None, readonly: bool = False
    ) -> AbstractAsyncContextManager[object]:
        """A transaction; a nested one is a savepoint."""
        ...

    def is_closed(self) -> bool:
        """True when the connection is gone."""
        ...

    def terminate(self) -> None:
        """Close by force."""
        ...


Job: TypeAlias = Callable[[Connection], Awaitable[T]]
"""Work on one connection. It must be safe to repeat, and may await nothing but the connection."""

_asyncpg: Any = asyncpg
_trio_asyncio: Any = trio_asyncio
_log = structlog.get_logger()
_OUTAGE = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.LockNotAvailableError,
    asyncpg.PostgresSystemError,
)
_ABORT_SECONDS = 2.0


@define(eq=False)
class _Request:
    job: Job[Any]
    done: trio.Event = field(factory=trio.Event)
    outcome: Outcome[Any] | None = None

    def settle(self, outcome: Outcome[Any]) -> None:
        self.outcome = outcome
        self.done.set()


@frozen
class Health:
    """How the database answers: ``healthy`` after the last job, and strays since start.

    A stray is an exception that asyncio reported outside any job (a lost connection's debris).
    """

    healthy: bool
    strays: int


class _Lost(Exception):
    """The job was aborted at its time limit."""


class Database:
    """The door to PostgreSQL for trio code.

    ``workers`` connections; a job may take ``job_timeout`` seconds, a caller waits at most
    ``wait_timeout``; ``queue`` requests may wait, further callers are held back.
    Start ``run`` in a place of its own under the supervisor, with ``nursery.start``.
    """

    def __init__(
        self,
        dsn: str,
        *,
        workers: int = 4,
        job_timeout: float = 10.0,
        connect_timeout: float = 5.0,
        wait_timeout: float = 30.0,
        queue: int = 256,
    ) -> None:
        self._dsn = dsn
        self._workers = workers
        self._job_timeout = job_timeout
        self._connect_timeout = connect_timeout
        self._wait_timeout = wait_timeout
        self._send, self._receive = trio.open_memory_channel[_Request](queue)
        self._running = False
        self._healthy = False
        self._strays = 0

    @property
    def health(self) -> Health:
        """How the database answered last."""
        return Health(self._running and self._healthy, self._strays)

    async def run(self, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Own the asyncio loop and the workers until cancelled; started without a database too.

        On cancellation each worker finishes the job at hand (bounded by its time limit), and
        requests still waiting get StoreUnavailable.
        """
        async with _trio_asyncio.open_loop() as loop:
            loop.set_exception_handler(self._stray)
            try:
                async with trio.open_nursery() as nursery:
                    for _ in range(self._workers):
                        nursery.start_soon(self._work, loop)
                    self._running = True
                    task_status.started()
            finally:
                self._running = False
                self._refuse_waiting()

    async def execute(self, job: Job[T]) -> T:
        """Run ``job`` on a worker and return what it returns.

        A cancelled caller does not stop its job. Raises StoreUnavailable when the database does
        not answer in time, refuses or is lost (outcome unknown: repeat the job), and whatever
        the job raises otherwise.
        """
        request = _Request(job)
        with trio.move_on_after(self._wait_timeout):
            await self._submit(request)
            await request.done.wait()
        if request.outcome is None:
            raise StoreUnavailable("no answer in time")
        return cast(T, request.outcome.unwrap())

    async def transact(self, job: Job[T]) -> T:
        """Like ``execute``, with the job inside one transaction."""

        async def in_transaction(connection: Connection) -> T:
            async with connection.transaction():
                return await job(connection)

        return await self.execute(in_transaction)

    async def _submit(self, request: _Request) -> None:
        if not self._running:
            raise StoreUnavailable("the database workers do not run")
        await self._send.send(request)
        if not self._running:
            self._refuse_waiting()

    def _refuse_waiting(self) -> None:
        while True:
            try:
                request = self._receive.receive_nowait()
            except trio.WouldBlock:
                return
            request.settle(Error(StoreUnavailable("the database workers stopped")))

    def _stray(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self._strays += 1
        self._healthy = False
        cause = context.get("exception")
        _log.warning("database_stray", kind=type(cause).__name__, message=context.get("message"))

    async def _work(self, loop: Any) -> None:
        line = _Line(self._dsn, self._job_timeout, self._connect_timeout)
        try:
            while True:
                request = await self._receive.receive()
                with trio.CancelScope(shield=True):
                    outcome = await loop.run_aio_coroutine(line.attempt(request.job))
                self._healthy = not _is_outage(outcome)
                request.settle(outcome)
        finally:
            with trio.CancelScope(shield=True):
                await loop.run_aio_coroutine(line.drop())


def _is_outage(outcome: Outcome[Any]) -> bool:
    return isinstance(outcome, Error) and isinstance(outcome.error, StoreUnavailable)


class _Line:
    """One worker's connection; every method runs on the asyncio side."""

    def __init__(self, dsn: str, job_timeout: float, connect_timeout: float) -> None:
        self._dsn = dsn
        self._job_timeout = job_timeout
        self._connect_timeout = connect_timeout
        self._connection: Connection | None = None

    async def attempt(self, job: Job[Any]) -> Outcome[Any]:
        """Run the job once; never raises an Exception, keeps no connection after an error."""
        try:
            return Value(await self._bounded(job))
        except Exception as error:  # noqa: BLE001  (told to the caller, not swallowed)
            outage = isinstance(error, _OUTAGE) or self._is_lost(error)
            await self.drop()
            if not outage:
                return Error(error)
            unavailable = StoreUnavailable(type(error).__name__)
            unavailable.__cause__ = error
            return Error(unavailable)

    async def drop(self) -> None:
        """Close the connection by force; a frozen server cannot hold this up."""
        connection, self._connection = self._connection, None
        if connection is not None and not connection.is_closed():
            connection.terminate()
            await asyncio.sleep(0)  # lets the transport report its end to the protocol

    def _is_lost(self, error: Exception) -> bool:
        if isinstance(error, _Lost):
            return True
        gone = self._connection is None or self._connection.is_closed()
        return gone and isinstance(error, _asyncpg.InterfaceError)

    async def _bounded(self, job: Job[Any]) -> Any:
        connection = await self._open()
        task = asyncio.ensure_future(job(connection))
        done, _ = await asyncio.wait({task}, timeout=self._job_timeout)
        if not done:
            await self._abort(connection, task)
            raise _Lost
        return task.result()

    async def _abort(self, connection: Connection, task: "asyncio.Future[Any]") -> None:
        """End the connection first: a rollback on a frozen server would never return."""
        connection.terminate()
        task.cancel()
        await asyncio.wait({task}, timeout=_ABORT_SECONDS)
        if task.done() and not task.cancelled():
            task.exception()

    async def _open(self) -> Connection:
        if self._connection is None or self._connection.is_closed():
            limit = str(int(self._job_timeout * 1000))
            self._connection = await _asyncpg.connect(
                self._dsn,
                timeout=self._connect_timeout,
                command_timeout=self._job_timeout,
                server_settings={
                    "application_name": "onefunders",
                    "timezone": "UTC",
                    "statement_timeout": limit,
                    "idle_in_transaction_session_timeout": limit,
                },
            )
        return self._connection
