"""``onefunders doctor``: what is missing before this installation can run."""

import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import click
import psycopg
from attrs import asdict, frozen

from storage.migrations.migrate import head
from supervisor.catalogue import CatalogueError, load_catalogue
from supervisor.commands.check_config import read_or_fail
from supervisor.commands.exits import FOUND, as_json, config_option, json_option
from supervisor.embedded import EmbeddedRedis
from supervisor.postgres_binaries import packaged_binaries, system_binaries
from supervisor.settings import Settings

_FREE_BYTES = 2 * 1024**3


@frozen
class Check:
    """One thing looked at: ``detail`` says what was seen, and what to do when it is not fine."""

    name: str
    fine: bool
    detail: str


def python_check(_: Settings) -> Check:
    """The interpreter is one that the pinned libraries support."""
    text = ".".join(map(str, sys.version_info[:3]))
    fine = (3, 11) <= sys.version_info[:2] < (3, 14)
    return Check("python", fine, text if fine else f"{text}: 3.11, 3.12 or 3.13 is needed")


def time_zone_check(_: Settings) -> Check:
    """Asia/Tehran is known and keeps +03:30 (no daylight saving since 2022)."""
    offset = datetime(2026, 7, 1, tzinfo=UTC).astimezone(ZoneInfo("Asia/Tehran")).utcoffset()
    fine = offset == timedelta(hours=3, minutes=30)
    return Check("time zones", fine, f"tzdata {version('tzdata')}, Tehran {offset}")


def catalogue_check(settings: Settings) -> Check:
    """Plans and brokers can be read."""
    try:
        catalogue = load_catalogue(settings.plans_folder, settings.brokers_file)
    except CatalogueError as error:
        return Check("plans and brokers", fine=False, detail=str(error))
    names = ", ".join(sorted(catalogue.plans))
    return Check(
        "plans and brokers", fine=True, detail=f"{names}; {len(catalogue.brokers.entries)} servers"
    )


def database_check(settings: Settings) -> Check:
    """PostgreSQL answers and has the newest schema, or an embedded one can be started."""
    if settings.database_url is None:
        binaries = packaged_binaries() or system_binaries()
        detail = "embedded" if binaries else "no DATABASE_URL and no PostgreSQL binaries"
        return Check("database", binaries is not None, detail)
    try:
        with psycopg.connect(settings.database_url, connect_timeout=5) as line:
            server = line.info.parameter_status("server_version")
            present = line.execute("SELECT to_regclass('alembic_version')").fetchone()
            at = None
            if present and present[0]:
                row = line.execute("SELECT version_num FROM alembic_version").fetchone()
                at = row[0] if row else None
    except psycopg.Error as error:
        return Check("database", fine=False, detail=f"does not answer: {type(error).__name__}")
    fine = at == head()
    hint = "" if fine else "; run `onefunders migrate`"
    return Check("database", fine, f"PostgreSQL {server}, schema {at or 'none'}{hint}")


def redis_check(settings: Settings) -> Check:
    """Redis is optional; when one is named it must answer."""
    if settings.redis_url is None:
        there = EmbeddedRedis.available()
        return Check(
            "redis", fine=True, detail="not used" if not there else "redis-server is on PATH"
        )
    parts = urlsplit(settings.redis_url)
    try:
        socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 6379), 2).close()
    except OSError as error:
        return Check(
            "redis", fine=False, detail=f"{parts.hostname}:{parts.port}: {error.strerror or error}"
        )
    return Check("redis", fine=True, detail=f"{parts.hostname} answers")


def ports_check(settings: Settings) -> Check:
    """The ports to listen on are free, or the server is running already."""
    taken = []
    for port in (settings.port, settings.admin_port):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.host, port))
            except OSError:
                taken.append(str(port))
    detail = f"in use: {', '.join(taken)}" if taken else "free"
    return Check("ports", not taken, detail)


def bridges_check(settings: Settings) -> Check:
    """Every bridge accepts connections."""
    silent = []
    for bridge in settings.bridges:
        try:
            socket.create_connection((bridge.host, bridge.port), 2).close()
        except OSError:
            silent.append(f"{bridge.host}:{bridge.port}")
    if not settings.bridges:
        return Check("bridges", fine=False, detail="none is configured: accounts cannot be read")
    return Check("bridges", not silent, f"silent: {', '.join(silent)}" if silent else "answer")


def disk_check(settings: Settings) -> Check:
    """There is room for data."""
    folder = settings.data_folder
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    free = shutil.disk_usage(folder or Path()).free
    return Check("disk", free > _FREE_BYTES, f"{free / 1024**3:.1f} GiB free at {folder}")


CHECKS: tuple[Callable[[Settings], Check], ...] = (
    python_check,
    time_zone_check,
    catalogue_check,
    database_check,
    redis_check,
    ports_check,
    bridges_check,
    disk_check,
)


def examine(settings: Settings) -> Iterator[Check]:
    """Run every check, one after the other."""
    for check in CHECKS:
        yield check(settings)


@click.command()
@config_option
@json_option
def doctor(config: str | None, as_json_flag: bool) -> None:
    """Look at everything that a start needs. Exit code 1 when something is missing."""
    settings = read_or_fail(config)
    found = []
    for check in examine(settings):
        found.append(check)
        if not as_json_flag:
            mark = (
                click.style("ok     ", fg="green")
                if check.fine
                else click.style("missing", fg="red")
            )
            click.echo(f"{mark} {check.name:18} {check.detail}")
    if as_json_flag:
        as_json([asdict(check) for check in found])
    if not all(check.fine for check in found):
        raise SystemExit(FOUND)
