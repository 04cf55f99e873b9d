"""``onefunders backtest``: a draft plan over the stored history of all accounts.

Exit codes: 0 every life would have ended as it did, 1 the draft would have changed an outcome or
the day of one, 2 bad usage or input, 3 the database does not answer.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import click
import psycopg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from actors.clock import SystemClock
from actors.domain.plan import Plan
from actors.domain.plan_file import PlanError
from actors.domain.server_clock import ServerClock
from storage.backtest_rows import BacktestRows, ClockOf, LifeFilter
from supervisor.backtest_document import encoded
from supervisor.backtest_run import Asked, Backtest, answers
from supervisor.backtest_tables import show
from supervisor.catalogue import Catalogue
from supervisor.child_process import EmbeddedError
from supervisor.commands.check_config import read_or_fail
from supervisor.commands.exits import FOUND, UNAVAILABLE, config_option, fail, json_option
from supervisor.commands.plans import read_file
from supervisor.commands.serve import catalogue_or_fail, database_as_it_is

_WIDTH = 140


@click.command("backtest")
@click.option(
    "--plan", "plan_name", required=True, help="The draft: a plan file, or a plan's name."
)
@click.option("--phase", type=int, help="Judge all lives by this phase; else each by its own.")
@click.option(
    "--from",
    "since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Leave out lives that ended before this rule day.",
)
@click.option("--to", "until", type=click.DateTime(["%Y-%m-%d"]), help="Last rule day judged.")
@click.option("--account", type=click.UUID, help="Only the lives of this account.")
@click.option("--life", type=click.UUID, help="Only this life.")
@config_option
@json_option
def backtest(
    plan_name: str,
    phase: int | None,
    since: datetime | None,
    until: datetime | None,
    account: UUID | None,
    life: UUID | None,
    config: str | None,
    as_json_flag: bool,
) -> None:
    """Judge stored lives by a draft plan: who would have breached or passed, and when.

    Reads one snapshot and writes nothing; the node may run meanwhile. Exit code 1 when the draft
    would have changed an outcome, or the day of one.
    """
    settings = read_or_fail(config)
    catalogue = catalogue_or_fail(settings)
    draft = draft_of(plan_name, catalogue)
    if phase is not None and not 0 <= phase < len(draft.phases):
        fail(f"--phase: {phase} is not in the draft; allowed: 0 to {len(draft.phases) - 1}")
    asked = Asked(draft, phase, _date(since), _date(until))
    if asked.since and asked.until and asked.since > asked.until:
        fail(f"--from {asked.since} is after --to {asked.until}")
    began = time.perf_counter()
    try:
        with database_as_it_is(settings) as dsn:
            found = run(dsn, asked, _clocks(catalogue), LifeFilter(account, life))
    except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn) as error:
        fail(f"the schema is not the newest ({error}): run onefunders migrate", UNAVAILABLE)
    except psycopg.OperationalError as error:
        fail(f"the database does not answer ({type(error).__name__})", UNAVAILABLE)
    except EmbeddedError as error:
        fail(str(error), UNAVAILABLE)
    _print(found, time.perf_counter() - began, as_json=as_json_flag)
    if found.differs:
        raise SystemExit(FOUND)


def draft_of(name: str, catalogue: Catalogue) -> Plan:
    """The draft: a file if there is one of that name, else a plan of the catalogue."""
    file = Path(name)
    if not file.is_file():
        plan = catalogue.plan(name)
        if plan is None:
            known = ", ".join(sorted(catalogue.plans))
            fail(f"--plan: {name!r} is no file and no plan; plans: {known}")
        return plan
    try:
        return read_file(file)
    except PlanError as error:
        fail(str(error))


def run(dsn: str, asked: Asked, clock_of: ClockOf, wanted: LifeFilter) -> Backtest:
    """Judge all wanted lives; the bar shows on a terminal only."""
    found = Backtest(asked)
    with BacktestRows(dsn, clock_of, wanted) as rows, _bar(rows.count()) as step:
        for one in answers(rows, asked):
            found.take(one)
            step()
    return found


@contextmanager
def _bar(length: int) -> Iterator[Callable[[], None]]:
    columns = ("lives", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("lives", total=length)
        yield lambda: progress.advance(task)


def _clocks(catalogue: Catalogue) -> ClockOf:
    """Clocks of servers as of today, as the running node takes them."""
    today = SystemClock().now().date()

    def clock_of(server: str) -> ServerClock | None:
        known = catalogue.knows_server(server, today)
        return catalogue.clock(server, today) if known else None

    return clock_of


def _date(given: datetime | None) -> date | None:
    return None if given is None else given.date()


def _print(found: Backtest, seconds: float, *, as_json: bool) -> None:
    if as_json:
        click.echo(encoded(found, seconds))
        return
    width = None if sys.stdout.isatty() else _WIDTH
    show(found, seconds, Console(file=sys.stdout, width=width))
