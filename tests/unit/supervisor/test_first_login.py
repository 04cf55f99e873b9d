"""The first login of an instance: what is told of one that another node has taken."""

import pytest
import trio
import trio.testing

from actors.domain.account import ConnectionState
from supervisor.first_login import stored_first_login
from web.ports import Answer


@pytest.mark.parametrize(
    ("state", "code", "answer"),
    [
        (ConnectionState.READY, None, Answer.CONNECTED),
        (ConnectionState.CREDENTIALS_REJECTED, "bad_credentials", Answer.BAD_CREDENTIALS),
        (ConnectionState.CREDENTIALS_REJECTED, "master_password", Answer.MASTER_PASSWORD),
    ],
)
async def test_what_another_node_stored_is_the_answer(
    state: ConnectionState, code: str | None, answer: Answer, autojump_clock: trio.testing.MockClock
) -> None:
    """It is told as soon as that node has stored it, not when the wait is over."""
    began = trio.current_time()

    async def condition() -> tuple[ConnectionState, str | None]:
        if trio.current_time() - began < 3:
            return ConnectionState.CONNECTING, None
        return state, code

    told = await stored_first_login(condition, 10)
    assert told.answer is answer
    assert trio.current_time() - began == 3


async def test_an_undecided_login_is_told_as_connecting(
    autojump_clock: trio.testing.MockClock,
) -> None:
    """Nobody took the instance in time, or its broker does not answer."""
    began = trio.current_time()

    async def condition() -> None:
        await trio.lowlevel.checkpoint()

    assert (await stored_first_login(condition, 10)).answer is Answer.CONNECTING
    assert trio.current_time() - began == 10
