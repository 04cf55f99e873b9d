"""How often a database that is away is asked for an epoch."""

from typing import Any

import pytest

from actors.domain.account import Owner
from actors.ports import StoreUnavailable
from storage.users import PostgresUsers

ALICE, BOB = Owner("shop", 1), Owner("shop", 2)


class Seconds:
    """A clock moved by hand."""

    value = 0.0

    def monotonic(self) -> float:
        """Seconds."""
        return self.value


class Away:
    """A database that answers ``epoch``, or not at all; ``asked`` counts the questions."""

    away = False
    epoch = 3
    asked = 0

    async def execute(self, _job: Any) -> int:
        """One question."""
        self.asked += 1
        if self.away:
            raise StoreUnavailable
        return self.epoch


async def test_an_absent_database_is_asked_by_one_reader_in_two_seconds() -> None:
    """The other readers go by what it told before; who is not remembered asks and is told."""
    clock, database = Seconds(), Away()
    there: Any = database
    users = PostgresUsers(there, clock)
    assert await users.epoch_for_reading(ALICE) == 3
    clock.value, database.away = 10.0, True
    assert [await users.epoch_for_reading(ALICE) for _ in range(3)] == [3, 3, 3]
    assert database.asked == 2
    for ask in (users.epoch_for_reading(BOB), users.epoch(ALICE)):
        with pytest.raises(StoreUnavailable):
            await ask
    assert database.asked == 4
    clock.value = 13.0
    assert await users.epoch_for_reading(ALICE) == 3
    assert database.asked == 5
    clock.value = 610.0
    with pytest.raises(StoreUnavailable):
        await users.epoch_for_reading(ALICE)
    database.away, database.epoch = False, 4
    assert await users.epoch_for_reading(ALICE) == 4
