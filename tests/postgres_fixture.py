"""A real PostgreSQL for tests: one server per session, a fresh migrated database per test."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from storage.migrations.migrate import migrate
from supervisor.embedded import EmbeddedPostgres


@pytest.fixture(scope="session")
def postgres_server(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[EmbeddedPostgres]:
    """A running server without fsync, and a migrated template database named ``template``."""
    folder: Path = tmp_path_factory.mktemp("postgres")
    server = EmbeddedPostgres(
        folder,
        fsync=False,
        binaries=request.config.getoption("--postgres"),
        settings={"max_connections": "60"},
    )
    with server:
        _admin(server, "CREATE DATABASE template")
        migrate(server.dsn_of("template"))
        yield server
    server.erase()


@pytest.fixture
def postgres_dsn(postgres_server: EmbeddedPostgres) -> Iterator[str]:
    """The DSN of a database of the test's own, with the whole schema and no rows."""
    with fresh_database(postgres_server) as dsn:
        yield dsn


@contextmanager
def fresh_database(postgres_server: EmbeddedPostgres) -> Iterator[str]:
    """A migrated database without rows, dropped afterwards; its DSN."""
    name = f"test_{uuid4().hex}"
    _admin(postgres_server, f"CREATE DATABASE {name} TEMPLATE template")
    try:
        yield postgres_server.dsn_of(name)
    finally:
        _admin(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


def _admin(server: EmbeddedPostgres, statement: str) -> None:
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        connection.execute(statement.encode())
