"""``onefunders verify-log``: check the hash chain of the audit log."""

import sys

import click
import psycopg
import trio
from attrs import frozen

from actors.clock import SystemClock
from actors.ports import StoreUnavailable
from storage.audit_chain import ChainReport
from storage.audit_log import PostgresAuditLog
from storage.postgres import Database
from supervisor.child_process import EmbeddedError
from supervisor.commands.asking import ask
from supervisor.commands.check_config import read_or_fail
from supervisor.commands.exits import (
    FOUND,
    UNAVAILABLE,
    as_json,
    config_option,
    fail,
    json_option,
)
from supervisor.commands.serve import database_as_it_is


@frozen
class Mark:
    """A row number and its hash, noted when the log was checked before."""

    seq: int
    hash: bytes


class MarkType(click.ParamType[Mark]):
    """``SEQ:HASH`` as an earlier check printed it."""

    name = "SEQ:HASH"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Mark:
        """Read the mark, or fail with what is allowed."""
        seq, _, digest = str(value).partition(":")
        if not seq.isascii() or not seq.isdigit() or len(digest) != 64:
            self.fail("allowed: a row number, a colon and 64 hexadecimal digits", param, ctx)
        try:
            return Mark(int(seq), bytes.fromhex(digest))
        except ValueError:
            self.fail("the hash has other characters than hexadecimal digits", param, ctx)


async def check(database: Database, mark: Mark | None) -> tuple[ChainReport, bool]:
    """Check every row; also whether the marked row is still there and the same."""
    log = PostgresAuditLog(database, SystemClock())
    with click.progressbar(length=await log.length(), label="checking", file=sys.stderr) as bar:
        report = await log.verify(lambda rows: bar.update(rows - bar.pos))
    return report, mark is None or await log.hash_at(mark.seq) == mark.hash


@click.command("verify-log")
@config_option
@click.option("--mark", type=MarkType(), help="A row and its hash that must still be there.")
@json_option
def verify_log(config: str | None, mark: Mark | None, as_json_flag: bool) -> None:
    """Check that no row of the audit log was changed, added, swapped or cut out.

    Rows cut off the end show only against a mark noted elsewhere: keep the one that is printed,
    and give it to the next check. Exit code 1 when the chain does not hold.
    """
    settings = read_or_fail(config)
    try:
        with database_as_it_is(settings) as dsn:
            report, kept = trio.run(ask, dsn, lambda database: check(database, mark))
    except (psycopg.OperationalError, StoreUnavailable) as error:
        fail(f"the database does not answer ({type(error).__name__})", UNAVAILABLE)
    except EmbeddedError as error:
        fail(str(error), UNAVAILABLE)
    holds = report.broken_at is None and kept
    last = f"{report.rows}:{report.last_hash.hex()}"
    if as_json_flag:
        as_json(
            {
                "holds": holds,
                "rows": report.rows,
                "broken_at": report.broken_at,
                "mark_kept": kept,
                "mark": last,
            }
        )
    elif holds:
        click.echo(f"the log holds: {report.rows} rows\nmark {last}")
    elif report.broken_at is not None:
        click.echo(f"the log is broken at row {report.broken_at}", err=True)
    else:
        click.echo("the marked row is gone or another one: rows were cut off", err=True)
    if not holds:
        raise SystemExit(FOUND)
