"""Checking the audit log from the command line, against real tampering in the database."""

import json
import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import trio

from actors.clock import SystemClock
from storage.audit_log import PostgresAuditLog
from storage.postgres import Database
from supervisor.embedded import EmbeddedPostgres
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


def told(stage: Stage, dsn: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program with the stage's settings against a database."""
    return subprocess.run(
        [sys.executable, "-m", "supervisor", *arguments, "--config", str(stage.settings)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": dsn},
        capture_output=True,
        text=True,
        check=False,
    )


def verify(stage: Stage, *arguments: str) -> tuple[int, dict[str, object]]:
    """Exit code and JSON of ``onefunders verify-log``."""
    done = told(stage, stage.dsn, "verify-log", "--json", *arguments)
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
        code, report = verify(stage)
        assert (code, report["holds"], report["broken_at"]) == (1, False, broken_at)


async def test_a_database_without_our_schema_is_told_and_left_alone(
    tmp_path: Path, postgres_server: EmbeddedPostgres, postgres_dsn: str
) -> None:
    """Looking never migrates; a schema of another program and no server at all give exit code 3."""
    empty = postgres_server.dsn_of("postgres")
    gone = postgres_dsn.replace(
        f":{psycopg.conninfo.conninfo_to_dict(postgres_dsn)['port']}/", ":1/"
    )
    async with Stage(tmp_path, postgres_dsn) as stage:
        for command in (("verify-log",), ("replay", str(uuid4()))):
            for dsn, word in ((empty, "no schema"), (gone, "does not answer")):
                done = told(stage, dsn, *command)
                assert (done.returncode, done.stdout) == (3, "")
                assert word in done.stderr
                assert "Traceback" not in done.stderr
    with psycopg.connect(empty) as connection:
        found = connection.execute("SELECT to_regclass('audit_log')").fetchone()
    assert found == (None,)


async def test_a_mark_shows_rows_cut_off_the_end(tmp_path: Path, postgres_dsn: str) -> None:
    """Without the last rows the chain still holds by itself; against the mark it does not."""
    async with Stage(tmp_path, postgres_dsn) as stage:
        await write_rows(postgres_dsn)
        code, report = verify(stage)
        assert (code, report["rows"], report["holds"]) == (0, ROWS, True)
        mark = str(report["mark"])
        assert verify(stage, "--mark", mark)[0] == 0
        tamper(postgres_dsn, "DELETE FROM audit_log WHERE seq > 3")
        assert verify(stage)[0] == 0
        code, report = verify(stage, "--mark", mark)
        assert (code, report["holds"], report["mark_kept"]) == (1, False, False)
