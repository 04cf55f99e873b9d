"""The desk: a command runs to its end once, whoever waits, asks again or hangs up."""

import pytest
import trio
import trio.testing
from attrs import evolve

from actors.clock import TrioClock
from actors.ports import StoreUnavailable
from storage.memory_services import MemoryIdempotency
from supervisor.desk import Desk
from tests.fakes.actor_world import START
from tests.unit.supervisor.office import asked
from web.ports import Answer, CommandResult

DONE = CommandResult(Answer.DONE, rev=7)


class Work:
    """A command that can be held up; ``answers`` are given one a call, the last for ever."""

    def __init__(self, *answers: CommandResult | Exception) -> None:
        self.answers = list(answers) or [DONE]
        self.calls = 0
        self.ended = 0
        self.go = trio.Event()

    async def __call__(self) -> CommandResult:
        """Wait for ``go``, then answer."""
        self.calls += 1
        await self.go.wait()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        self.ended += 1
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
async def desk(nursery: trio.Nursery) -> Desk:
    """An open desk on virtual time."""
    desk = Desk(MemoryIdempotency(), TrioClock(START))
    await nursery.start(desk.run)
    return desk


async def test_a_caller_who_hangs_up_changes_nothing(
    desk: Desk, autojump_clock: trio.testing.MockClock
) -> None:
    """The command ends without its caller, and the same request gets its answer."""
    work = Work()
    with trio.move_on_after(1):
        await desk.once(asked("key-0001"), work)
    assert (work.calls, work.ended) == (1, 0)
    work.go.set()
    await desk.drain()
    assert work.ended == 1
    assert await desk.once(asked("key-0001"), work) == DONE
    assert work.calls == 1


async def test_two_equal_requests_at_once_act_once(
    desk: Desk, nursery: trio.Nursery, autojump_clock: trio.testing.MockClock
) -> None:
    """The second is told that the first still runs, and afterwards repeats its answer."""
    work = Work()
    nursery.start_soon(desk.once, asked("key-0001"), work)
    await trio.testing.wait_all_tasks_blocked()
    second = await desk.once(asked("key-0001"), work)
    assert second.answer is Answer.IDEMPOTENCY_RUNNING
    other = await desk.once(asked("key-0001", b"other"), work)
    assert other.answer is Answer.IDEMPOTENCY_MISMATCH
    work.go.set()
    await desk.drain()
    assert await desk.once(asked("key-0001"), work) == DONE
    assert work.calls == 1


@pytest.mark.parametrize("answer", [Answer.UNAVAILABLE, Answer.MAILBOX_FULL, Answer.LOCKED])
async def test_what_may_go_better_next_time_is_tried_again(
    desk: Desk, answer: Answer, autojump_clock: trio.testing.MockClock
) -> None:
    """A transient answer is not kept under the key."""
    work = Work(CommandResult(answer), DONE)
    work.go.set()
    assert (await desk.once(asked("key-0001"), work)).answer is answer
    assert await desk.once(asked("key-0001"), work) == DONE


async def test_a_bug_frees_the_key_and_shows(
    desk: Desk, autojump_clock: trio.testing.MockClock
) -> None:
    """The exception reaches the caller; a retry may act again."""
    work = Work(RuntimeError("bug"), DONE)
    work.go.set()
    with pytest.raises(RuntimeError):
        await desk.once(asked("key-0001"), work)
    assert await desk.once(asked("key-0001"), work) == DONE


async def test_an_outage_of_storage_is_an_answer(
    desk: Desk, autojump_clock: trio.testing.MockClock
) -> None:
    """Nothing is raised at the handler: the caller repeats the request."""
    work = Work(StoreUnavailable("gone"), DONE)
    work.go.set()
    assert (await desk.once(asked("key-0001"), work)).answer is Answer.UNAVAILABLE
    assert await desk.once(asked("key-0001"), work) == DONE


async def test_another_site_has_keys_of_its_own(
    desk: Desk, autojump_clock: trio.testing.MockClock
) -> None:
    """The same key of two sites is two jobs."""
    work = Work()
    work.go.set()
    mine = asked("key-0001")
    await desk.once(mine, work)
    await desk.once(evolve(mine, caller=evolve(mine.caller, site_id="second-shop")), work)
    assert work.calls == 2


async def test_a_closed_desk_takes_nothing(
    nursery: trio.Nursery, autojump_clock: trio.testing.MockClock
) -> None:
    """Before its start and after its end a command is answered as unavailable."""
    desk, work = Desk(MemoryIdempotency(), TrioClock(START)), Work()
    work.go.set()
    assert (await desk.once(asked("key-0001"), work)).answer is Answer.UNAVAILABLE
    async with trio.open_nursery() as short:
        await short.start(desk.run)
        short.cancel_scope.cancel()
    assert (await desk.once(asked("key-0001"), work)).answer is Answer.UNAVAILABLE
    assert work.calls == 0
    await desk.drain()
