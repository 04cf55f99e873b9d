"""One question of a command to the database."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import outcome
import trio

from storage.postgres import Database

T = TypeVar("T")


async def ask(dsn: str, question: Callable[[Database], Awaitable[T]]) -> T:
    """What ``question`` answers, over a database with one worker.

    Raises what it raises, as it is: left to itself the nursery would wrap it in a group, which
    no command catches. StoreUnavailable when the database does not answer.
    """
    async with trio.open_nursery() as nursery:
        database = Database(dsn, workers=1)
        await nursery.start(database.run)
        answer: outcome.Outcome[T] = await outcome.acapture(question, database)
        nursery.cancel_scope.cancel()
    return answer.unwrap()
