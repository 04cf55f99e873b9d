"""``onefunders serve``: run the node until it is told to stop."""

import gc
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click
import psycopg
import structlog
import trio
from attrs import evolve

from storage.migrations.migrate import head, migrate, schema_of
from supervisor.boot import Wish, run
from supervisor.catalogue import Catalogue, CatalogueError, load_catalogue
from supervisor.child_process import EmbeddedError
from supervisor.commands.check_config import read_or_fail
from supervisor.commands.exits import UNAVAILABLE, config_option, fail
from supervisor.embedded import EmbeddedPostgres
from supervisor.logs import Scrubber, configure_logs
from supervisor.settings import Settings
from supervisor.telling import Telling
from web.server import Listening

HARD_EXIT_SECONDS = 9.5
_HARD_EXIT_CODE = 70

_log = structlog.get_logger("supervisor")


@contextmanager
def database_of(settings: Settings) -> Iterator[str]:
    """The DSN of the configured database, or of an embedded one; its schema is the newest."""
    if settings.database_url is not None:
        migrate(settings.database_url)
        yield settings.database_url
        return
    with EmbeddedPostgres(settings.data_folder / "postgres") as server:
        migrate(server.dsn)
        yield server.dsn


@contextmanager
def database_as_it_is(settings: Settings) -> Iterator[str]:
    """The DSN of the configured or the embedded database: nothing is migrated.

    Leaves with exit code 3 when its schema is not this program's.
    """
    if settings.database_url is not None:
        _require_schema(settings.database_url)
        yield settings.database_url
        return
    with EmbeddedPostgres(settings.data_folder / "postgres") as server:
        _require_schema(server.dsn)
        yield server.dsn


def _require_schema(dsn: str) -> None:
    found = schema_of(dsn)
    if found != head():
        told = "no schema" if found is None else f"schema {found}"
        needed = f"this program needs {head()}: run `onefunders migrate`"
        fail(f"the database has {told}, {needed}", UNAVAILABLE)


def logs_for(settings: Settings) -> Scrubber:
    """Configure the logs; every secret of the settings is scrubbed from now on."""
    scrubber = Scrubber()
    secrets = [
        settings.pepper,
        settings.evidence_key,
        *(key.secret for key in settings.site_keys),
        *(key.secret for key in settings.token_keys),
        *(key.secret for key in settings.vault_keys),
        *(bridge.secret for bridge in settings.bridges),
    ]
    for secret in secrets:
        scrubber.keep(secret.reveal())
    configure_logs(scrubber, settings.log_level)
    return scrubber


def catalogue_or_fail(settings: Settings) -> Catalogue:
    """Plans and brokers, or leave with exit code 2."""
    try:
        return load_catalogue(settings.plans_folder, settings.brokers_file)
    except CatalogueError as error:
        fail(str(error))


def calm_collector() -> None:
    """Keep the garbage collector from walking all that was built at start again and again.

    Its full rounds are what makes ticks and answers late in a process with many small objects.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 1_000)


async def until_signalled(stop: trio.Event, *, task_status: trio.TaskStatus[None]) -> None:
    """Set ``stop`` at the first SIGINT or SIGTERM; leave by force when the stop takes too long.

    The hard exit is a thread of its own, so that a blocked loop cannot hold it up.
    """
    with trio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        task_status.started()
        async for number in signals:
            _log.info("stopping", signal=signal.Signals(number).name)
            timer = threading.Timer(HARD_EXIT_SECONDS, os._exit, (_HARD_EXIT_CODE,))
            timer.daemon = True
            timer.start()
            stop.set()


def run_node(settings: Settings, catalogue: Catalogue, scrubber: Scrubber, dsn: str) -> None:
    """Run the node in this thread until a signal stops it."""

    async def main() -> None:
        stop = trio.Event()
        async with trio.open_nursery() as nursery:
            await nursery.start(until_signalled, stop)
            await run_until(stop, nursery)
            nursery.cancel_scope.cancel()

    async def run_until(stop: trio.Event, nursery: trio.Nursery) -> None:
        ended = trio.Event()

        async def node(*, task_status: trio.TaskStatus[Listening]) -> None:
            wish = Wish(Telling())
            await run(settings, dsn, catalogue, scrubber, stop, wish, task_status=task_status)
            ended.set()

        listening: Listening = await nursery.start(node)
        _log.info("listening", public=listening.public, admin=listening.admin)
        calm_collector()
        await ended.wait()

    trio.run(main)
    _log.info("stopped")


@click.command()
@config_option
@click.option("--port", type=int, default=None, help="Listen here instead.")
def serve(config: str | None, port: int | None) -> None:
    """Run the supervisor, the account actors and the API until SIGTERM or Ctrl-C."""
    settings = read_or_fail(config)
    if port is not None:
        settings = evolve(settings, port=port)
    catalogue = catalogue_or_fail(settings)
    scrubber = logs_for(settings)
    try:
        with database_of(settings) as dsn:
            scrubber.keep(dsn)
            run_node(settings, catalogue, scrubber, dsn)
    except psycopg.OperationalError as error:
        fail(f"the database does not answer ({type(error).__name__})", UNAVAILABLE)
    except EmbeddedError as error:
        fail(str(error), UNAVAILABLE)
