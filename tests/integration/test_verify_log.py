"""Checking the audit log from the command line, against real tampering in the database."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import trio

from actors.clock import SystemClock
from storage.audit_log import PostgresAuditLog
from storage.postgres import Database
from tests.stage import ROOT, Stage

ROWS = 5


async def write_rows(dsn: str) -> None:
    """Five rows behind one another, as the product writes them."""
    async with trio.open_nursery() as nursery:
        database = Database(dsn, workers=1)
        await nursery.start(database.run)
        log = PostgresAuditLog(database, SystemClock())
        for number in range(ROWS):
            await log.append(
                "plan_published", actor="ops", site_id=None, subject=f"plan-{number}", details={}
            )
        nursery.cancel_scope.cancel()


def tamper(dsn: str, statement: str) -> None:
    """Change the table behind the product's back, its guards switched off."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(statement.encode())


def verify(stage: Stage, *arguments: str) -> tuple[int, dict[str, object]]:
    """Exit code and JSON of ``onefunders verify-log``."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "supervisor", "verify-log", "--json"),
            *("--config", str(stage.settings)),
            *arguments,
        ],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": stage.dsn},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, json.loads(done.stdout)


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("UPDATE audit_log SET actor = 'nobody' WHERE seq = 2", 2),
        ("UPDATE audit_log SET payload = '{\"details\": 1}' WHERE seq = 3", 3),
        ("DELETE FROM audit_log WHERE seq = 4", 4),
    ],
)
async def test_a_changed_row_is_named(
    tmp_path: Path, postgres_dsn: str, statement: str, broken_at: int
) -> None:
    """A changed actor, a changed payload and a row cut out are each found at their row."""
    async with Stage(tmp_path, postgres_dsn) as stage:
        await write_rows(postgres_dsn)
        tamper(postgres_dsn, statement)
        code, told = verify(stage)
        assert (code, told["holds"], told["broken_at"]) == (1, False, broken_at)


async def test_a_mark_shows_rows_cut_off_the_end(tmp_path: Path, postgres_dsn: str) -> None:
    """Without the last rows the chain still holds by itself; against the mark it does not."""
    async with Stage(tmp_path, postgres_dsn) as stage:
        await write_rows(postgres_dsn)
        code, told = verify(stage)
        assert (code, told["rows"], told["holds"]) == (0, ROWS, True)
        mark = str(told["mark"])
        assert verify(stage, "--mark", mark)[0] == 0
        tamper(postgres_dsn, "DELETE FROM audit_log WHERE seq > 3")
        assert verify(stage)[0] == 0
        code, told = verify(stage, "--mark", mark)
        assert (code, told["holds"], told["mark_kept"]) == (1, False, False)
