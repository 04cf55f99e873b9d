"""Apply the schema: one advisory lock, then every revision that is missing, in order.

Synchronous, through psycopg: the only time the product speaks to PostgreSQL outside its workers.
"""

from pathlib import Path
from typing import Any

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

_HERE = Path(__file__).parent
_LOCK = 7_061_977
"""Key of the advisory lock that lets one migration run at a time."""


def _config(dsn: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.attributes["dsn"] = dsn
    return config


def migrate(dsn: str, revision: str = "head") -> None:
    """Bring the database at ``dsn`` to a revision, else the newest; again it changes nothing.

    A second caller waits until the first is done. Raises psycopg.Error when the database refuses.
    """
    with psycopg.connect(dsn, autocommit=True) as guard:
        guard.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        command.upgrade(_config(dsn), revision)


def schema_of(dsn: str) -> str | None:
    """The database's schema revision, None when it has none. Raises psycopg.OperationalError."""
    with psycopg.connect(dsn, connect_timeout=10) as connection:
        found = connection.execute("SELECT to_regclass('alembic_version')").fetchone()
        if found is None or found[0] is None:
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if row is None else str(row[0])


def head() -> str:
    """The newest revision that this code knows."""
    newest = ScriptDirectory.from_config(_config("")).get_current_head()
    assert newest is not None, "there are no revisions"  # noqa: S101
    return newest


def run_sql(bind: Any, name: str) -> None:
    """Run one released SQL file on an alembic bind, in its transaction."""
    text = (_HERE / "sql" / name).read_text(encoding="utf-8")
    bind.connection.driver_connection.execute(text)
