"""One running server for all bad input, and a caller with an address of its own for each test.

So no rate limit is met by accident. Passwords are canaries, searched for in each answer and in the
log.
"""

from collections.abc import AsyncIterator, Iterator

import pytest

from supervisor.embedded import EmbeddedPostgres
from tests.integration.bad_input.caller import Caller, rows
from tests.postgres_fixture import fresh_database
from tests.stage import SharedStage, shared_stage


@pytest.fixture(scope="package")
def shared(
    postgres_server: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SharedStage]:
    """The one server."""
    with (
        fresh_database(postgres_server) as dsn,
        shared_stage(tmp_path_factory.mktemp("bad-input"), dsn) as shared,
    ):
        yield shared


@pytest.fixture
async def caller(shared: SharedStage) -> AsyncIterator[Caller]:
    """A shop at an address of its own."""
    caller = Caller(shared)
    yield caller
    await caller.shop.close()


@pytest.fixture
def nothing_written(shared: SharedStage) -> Iterator[None]:
    """The test leaves the number of rows in every table of decisions as it was."""
    before = rows(shared.stage.dsn)
    yield
    assert rows(shared.stage.dsn) == before
