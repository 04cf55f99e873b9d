"""A command's one question to the database."""

import socket

import pytest
import trio

from actors.ports import StoreUnavailable
from storage.postgres import Connection, Database
from supervisor.commands.asking import ask


async def one(connection: Connection) -> int:
    """Ask for the number one."""
    return int(await connection.fetchval("SELECT 1"))


async def question(database: Database) -> int:
    """Put it to the database."""
    return await database.execute(one)


def test_an_outage_comes_as_it_is() -> None:
    """A database that does not answer raises what the commands catch, not a group around it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(StoreUnavailable):
            trio.run(ask, f"postgresql://nobody@127.0.0.1:{port}/none", question)
