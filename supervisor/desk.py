"""The desk where commands are carried out: in the supervisor's nursery, once per idempotency key.

A web handler is cancelled when its client hangs up; the command it asked for must not be. So the
handler only waits here, while the work runs in a nursery of its own.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar
from uuid import UUID

import structlog
import trio
from outcome import Error, Outcome, Value, acapture

from actors.ports import Clock, StoreUnavailable
from storage.claims import Claim, Claimed, Finished, Mismatch, Receipt, Running
from web.ports import Answer, CommandResult, Request

T = TypeVar("T")
Action = Callable[[], Awaitable[CommandResult]]
Job = Callable[[Claimed], Awaitable[CommandResult]]
"""An action that stores its own answer with what it does, by the claim it is given."""

_log = structlog.get_logger("supervisor.desk")
_TRANSIENT = frozenset({Answer.UNAVAILABLE, Answer.MAILBOX_FULL, Answer.LOCKED})


class Idempotency(Protocol):
    """Claims of idempotency keys, as the storage offers them."""

    async def claim(self, scope: str, key: str, digest: bytes, now: Any) -> Claim:
        """Claim a key."""
        ...

    async def finish(self, scope: str, key: str, claimed: Claimed, answer: Any) -> bool:
        """Store the answer."""
        ...

    async def release(self, scope: str, key: str, claimed: Claimed) -> None:
        """Give the key back."""
        ...


class Desk:
    """Runs commands to their end, whoever still waits for them."""

    def __init__(self, idempotency: Idempotency, clock: Clock) -> None:
        self._idempotency = idempotency
        self._clock = clock
        self._nursery: trio.Nursery | None = None
        self._open = 0
        self._idle = trio.Event()

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Hold the nursery in which commands run, until cancelled."""
        try:
            async with trio.open_nursery() as nursery:
                self._nursery = nursery
                task_status.started()
                await trio.sleep_forever()
        finally:
            self._nursery = None

    async def drain(self) -> None:
        """Return when no command is under way."""
        while self._open:
            self._idle = trio.Event()
            await self._idle.wait()

    async def carry_out(self, job: Callable[[], Awaitable[T]]) -> T:
        """Run ``job`` to its end and return what it returns; a cancelled caller changes nothing."""
        if self._nursery is None:
            raise StoreUnavailable("the desk is closed")
        done = trio.Event()
        result: list[Outcome[T]] = []

        async def work() -> None:
            captured = await acapture(job)
            if isinstance(captured, Error) and not isinstance(captured.error, Exception):
                captured.unwrap()  # a cancellation belongs to the nursery, not to the caller
            result.append(captured)
            self._leave()
            done.set()

        self._open += 1
        self._nursery.start_soon(work)
        await done.wait()
        return result[0].unwrap()

    async def once(self, request: Request, action: Action) -> CommandResult:
        """Carry out ``action`` once for the request's idempotency key; repeat its answer after."""
        return await self.once_claimed(request, lambda _claim: action())

    async def once_claimed(self, request: Request, job: Job) -> CommandResult:
        """The same for a job that must know its claim (see ``receipt``)."""
        try:
            return await self.carry_out(lambda: self._once(request, job))
        except StoreUnavailable:
            _log.warning("command_without_storage", request_id=request.request_id)
            return CommandResult(Answer.UNAVAILABLE)

    def _leave(self) -> None:
        self._open -= 1
        if not self._open:
            self._idle.set()

    async def _once(self, request: Request, job: Job) -> CommandResult:
        scope, key = request.caller.site_id, request.idempotency_key
        now = self._clock.now()
        claim = await self._idempotency.claim(scope, key, request.body_digest, now)
        match claim:
            case Finished(answer=answer):
                return _decoded(answer)
            case Mismatch():
                return CommandResult(Answer.IDEMPOTENCY_MISMATCH)
            case Running():
                return CommandResult(Answer.IDEMPOTENCY_RUNNING)
            case Claimed():
                return await self._act(scope, key, claim, lambda: job(claim))

    async def _act(self, scope: str, key: str, claim: Claimed, action: Action) -> CommandResult:
        outcome = await acapture(action)
        if isinstance(outcome, Value) and outcome.value.answer not in _TRANSIENT:
            await self._idempotency.finish(scope, key, claim, _encoded(outcome.value))
            return outcome.value
        if isinstance(outcome, Value) or isinstance(outcome.error, Exception):
            await self._idempotency.release(scope, key, claim)
        return outcome.unwrap()


def receipt(request: Request, claim: Claimed, result: CommandResult) -> Receipt:
    """The job's answer, for a transaction after which nothing else would tell it."""
    return Receipt(request.caller.site_id, request.idempotency_key, claim, _encoded(result))


def _encoded(result: CommandResult) -> dict[str, Any]:
    return {
        "answer": result.answer.value,
        "account_id": str(result.account_id) if result.account_id else None,
        "rev": result.rev,
        "detail": result.detail,
    }


def _decoded(answer: Any) -> CommandResult:
    account_id = answer["account_id"]
    return CommandResult(
        Answer(answer["answer"]),
        UUID(account_id) if account_id else None,
        answer["rev"],
        answer["detail"],
    )
