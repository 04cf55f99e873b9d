"""``onefunders audit``: a saved MT5 report judged by a plan, offline.

Exit codes: 0 the audit was made (its verdict is in the output, breaches included),
2 bad usage or input: a message on stderr, nothing on stdout.
"""

import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, DecimalException
from pathlib import Path

import click
from rich.console import Console

from actors.domain.money import MoneyError, to_minor
from actors.domain.plan import Plan
from actors.domain.server_clock import ServerClock, ServerClockError
from actors.mt5.brokers import BrokerTableError
from actors.mt5.reports import Report, ReportError, ReportKind, read_report
from supervisor.audit_document import encoded
from supervisor.audit_run import Audit, Sourced, audit_report
from supervisor.audit_tables import show
from supervisor.catalogue import Catalogue, CatalogueError, load_catalogue
from supervisor.commands.exits import fail, json_option

_CONFIGS = Path("configs")
_WIDTH = 140


@click.command("audit")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--plan", "plan_name", required=True, help="Name of the plan to judge by.")
@click.option(
    "--plans", type=click.Path(path_type=Path), default=_CONFIGS / "plans", show_default=True,
    help="Folder with the plans.",
)  # fmt: skip
@click.option("--phase", default=0, show_default=True, help="Phase of the plan, the first is 0.")
@click.option("--server-zone", help="The server's clock, such as America/New_York+7h.")
@click.option("--initial-balance", help="Initial balance, instead of the report's own.")
@click.option(
    "--brokers", type=click.Path(path_type=Path), default=_CONFIGS / "brokers.toml",
    show_default=True, help="Table of servers and their clocks.",
)  # fmt: skip
@json_option
def audit(
    file: Path,
    plan_name: str,
    plans: Path,
    phase: int,
    server_zone: str | None,
    initial_balance: str | None,
    brokers: Path,
    as_json_flag: bool,
) -> None:
    """Judge an MT5 history report by a plan; tester reports and positions are shown unjudged."""
    try:
        report = read_report(file)
        catalogue = load_catalogue(plans, brokers)
        plan = _plan(catalogue, plan_name, phase)
        clock, source = _clock(catalogue, report, server_zone)
        initial = _initial(initial_balance, report.currency_digits)
        made = audit_report(report, plan, phase, clock, Sourced(clock.name, source), initial)
    except (ReportError, CatalogueError, BrokerTableError, ServerClockError) as error:
        fail(str(error))
    _print(made, as_json=as_json_flag)


def _plan(catalogue: Catalogue, name: str, phase: int) -> Plan:
    plan = catalogue.plan(name)
    if plan is None:
        fail(f"--plan: {name!r} is unknown; allowed: {', '.join(sorted(catalogue.plans))}")
    if not 0 <= phase < len(plan.phases):
        fail(f"--phase: {phase} is not in plan {name!r}; allowed: 0 to {len(plan.phases) - 1}")
    return plan


def _clock(catalogue: Catalogue, report: Report, given: str | None) -> tuple[ServerClock, str]:
    """The server's clock and where it came from: the option, else the broker table."""
    if given is not None:
        return ServerClock.parse(given), "option"
    if report.kind is not ReportKind.HISTORY:
        return ServerClock.parse("UTC"), "unknown: broker time is shown as UTC"
    server = report.header.server if report.header else ""
    return catalogue.clock(server, _broker_date(report)), "brokers"


def _broker_date(report: Report) -> date:
    """The broker date at the end of the report."""
    last = max((row.broker_msc for row in report.deals), default=0)
    if report.header and report.header.date_msc:
        last = max(last, report.header.date_msc)
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=last)).date()


def _initial(given: str | None, digits: int) -> Decimal | None:
    if given is None:
        return None
    try:
        value = Decimal(given)
        to_minor(value, digits)
    except (DecimalException, MoneyError):
        fail(f"--initial-balance: {given!r}; allowed: an amount with up to {digits} decimals")
    if value <= 0:
        fail(f"--initial-balance: {given!r}; allowed: an amount above 0")
    return value


def _print(made: Audit, *, as_json: bool) -> None:
    if not as_json:
        on_terminal = sys.stdout.isatty()
        show(made, Console(file=sys.stdout, width=None if on_terminal else _WIDTH))
        return
    for note in made.notes:
        click.echo(f"note: {note}", err=True)
    checks = (made.balance_chain, made.positions, made.summary)
    for difference in (each for check in checks for each in check.differences):
        click.echo(f"difference: {difference}", err=True)
    click.echo(encoded(made))
