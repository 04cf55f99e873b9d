"""``onefunders plans``: list, check, compare and publish the firm's plans."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import click
import psycopg
import trio

from actors.domain.plan import Plan
from actors.domain.plan_diff import differences
from actors.domain.plan_file import PlanError, parse_plan, plan_from_document
from actors.ports import StoreUnavailable
from storage.plans import PlanChanged, PlanVersion, PostgresPlans
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
from supervisor.commands.serve import database_of

T = TypeVar("T")
_STORED = re.compile(r"([a-z0-9-]+)@([0-9]+)")


@click.group()
def plans() -> None:
    """List, check, compare and publish plans."""


def stored(config: str | None, question: Callable[[PostgresPlans], Awaitable[T]]) -> T:
    """Ask the database for plans; leaves with exit code 3 when it does not answer.

    Raises PlanChanged.
    """
    try:
        with database_of(read_or_fail(config)) as dsn:
            return trio.run(ask, dsn, lambda database: question(PostgresPlans(database)))
    except (psycopg.OperationalError, EmbeddedError, StoreUnavailable) as error:
        fail(f"the database does not answer ({type(error).__name__})", UNAVAILABLE)


def read_file(file: Path) -> Plan:
    """The plan of a file. Raises PlanError; leaves with exit code 2 when it cannot be read."""
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{file}: cannot be read: {error}")
    return parse_plan(text, str(file))


def _told(plan: Plan) -> dict[str, Any]:
    return {
        "name": plan.name,
        "version": plan.version,
        "title": plan.title,
        "content_hash": plan.content_hash,
        "phases": [phase.name for phase in plan.phases],
    }


@plans.command("list")
@config_option
@json_option
def list_plans(config: str | None, as_json_flag: bool) -> None:
    """List every stored version and how many live accounts are pinned to it."""
    versions = stored(config, lambda room: room.versions())
    rows = [
        {**_told(plan_from_document(one.document)), "live_accounts": one.live_accounts,
         "stored_at": one.stored_at}
        for one in versions
    ]  # fmt: skip
    if as_json_flag:
        as_json({"plans": rows})
        return
    click.echo(f"{'plan':24}{'version':>8}{'accounts':>10}  {'hash':14}phases")
    for row in rows:
        click.echo(
            f"{row['name']:24}{row['version']:>8}{row['live_accounts']:>10}  "
            f"{row['content_hash'][:12]:14}{', '.join(row['phases'])}"
        )


@plans.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True,
                type=click.Path(path_type=Path))  # fmt: skip
@json_option
def check(files: tuple[Path, ...], as_json_flag: bool) -> None:
    """Read plan files strictly, offline. Exit code 1 when one is refused."""
    results = [_checked(file) for file in files]
    if as_json_flag:
        as_json({"files": results})
    else:
        for result in results:
            if result["error"] is None:
                told = f"{result['name']} version {result['version']}"
                click.echo(f"ok       {result['file']}: {told} {result['content_hash'][:12]}")
            else:
                click.secho(f"refused  {result['error']}", fg="red")
    if any(result["error"] for result in results):
        raise SystemExit(FOUND)


def _checked(file: Path) -> dict[str, Any]:
    try:
        return {"file": str(file), "error": None, **_told(read_file(file))}
    except PlanError as error:
        return {"file": str(file), "error": str(error)}


@plans.command()
@click.argument("before")
@click.argument("after")
@config_option
@json_option
def diff(before: str, after: str, config: str | None, as_json_flag: bool) -> None:
    """Compare two plans field by field; each a file, or NAME@VERSION as stored.

    Exit code 1 when they differ.
    """
    changes = differences(_named(before, config), _named(after, config))
    if as_json_flag:
        rows = [{"path": c.path, "before": c.before, "after": c.after} for c in changes]
        as_json({"before": before, "after": after, "changes": rows})
    else:
        for change in changes:
            click.echo(_line(change.path, change.before, change.after))
        if not changes:
            click.echo("the same plan")
    if changes:
        raise SystemExit(FOUND)


def _line(path: str, before: str | None, after: str | None) -> str:
    if before is None:
        return click.style(f"+ {path}: {after}", fg="green")
    if after is None:
        return click.style(f"- {path}: {before}", fg="red")
    return f"~ {path}: {before} → {after}"


def _named(subject: str, config: str | None) -> Plan:
    match = _STORED.fullmatch(subject)
    if match is None or Path(subject).exists():
        return _file_or_fail(Path(subject))
    versions: tuple[PlanVersion, ...] = stored(config, lambda room: room.versions())
    wanted = (match[1], int(match[2]))
    found = next((one for one in versions if (one.name, one.version) == wanted), None)
    if found is None:
        fail(f"{subject}: no such stored version; `onefunders plans list` shows them")
    return plan_from_document(found.document)


def _file_or_fail(file: Path) -> Plan:
    try:
        return read_file(file)
    except PlanError as error:
        fail(str(error))


@plans.command()
@click.argument("file", type=click.Path(path_type=Path))
@config_option
@json_option
def publish(file: Path, config: str | None, as_json_flag: bool) -> None:
    """Store a new version, which accounts that connect from now on are pinned to.

    Exit code 1 when the document changed under a version number that is not new.
    """
    plan = _file_or_fail(file)
    try:
        new = stored(config, lambda room: room.publish(plan))
    except PlanChanged as refusal:
        fail(f"{file}: version: {refusal}", FOUND)
    if as_json_flag:
        as_json({**_told(plan), "published": new})
    else:
        state = "published" if new else "already stored"
        click.echo(f"{state}: {plan.name} version {plan.version} {plan.content_hash[:12]}")
