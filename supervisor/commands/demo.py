"""``onefunders demo``: everything on this machine, one link to click, one line per event."""

from collections.abc import Sequence
from pathlib import Path

import click
import httpx
import trio
from attrs import define, field

from actors.clock import SystemClock
from actors.mt5.reports import Report, ReportError, read_report
from actors.mt5.simulator.broker import SimulatedBroker
from actors.mt5.simulator.server import SimulatorServer
from actors.mt5.simulator.service import SimulatedBridge
from storage.migrations.migrate import migrate
from supervisor.boot import Wish, run
from supervisor.catalogue import Catalogue
from supervisor.child_process import EmbeddedError
from supervisor.commands.exits import UNAVAILABLE, fail
from supervisor.commands.serve import catalogue_or_fail, logs_for, until_signalled
from supervisor.demo import (
    ALICE,
    PEOPLE,
    Casting,
    SignedCalls,
    connect_all,
    demo_code,
    write_directions,
)
from supervisor.demo_stage import cast, demo_settings, free_port, fresh_database, is_free
from supervisor.embedded import EmbeddedPostgres
from supervisor.settings import Settings, SettingsError, demo_port
from supervisor.telling import Happening, Telling
from web.server import Listening

_SAMPLE = Path("configs/demo/report.html")
_SEED = 20_261_122
_COLOURS = {"warning": "yellow", "critical": "bright_red", "breach": "red"}


@define
class Announcer:
    """Prints one line per event; logins stand for accounts."""

    clock: SystemClock
    names: dict[str, str] = field(factory=dict)

    def say(self, text: str, colour: str | None = None) -> None:
        """One line with the time."""
        stamp = self.clock.now().strftime("%H:%M:%S")
        click.secho(f"{stamp}  {text}", fg=colour)

    def hear(self, happening: Happening) -> None:
        """Turn what happened into a line; what only operators care about is left out."""
        login, fields = happening.watched.account.login, happening.fields
        match happening.code:
            case "level":
                level = str(fields["level"])
                line = (
                    f"{level.upper()} {fields['rule']}: {fields['value']}, floor {fields['floor']}"
                )
                self.say(f"account {login}  {line}", _COLOURS.get(level))
            case "tier":
                self.say(f"account {login}  tier {fields['tier']}")
            case "state":
                error = f" ({fields['error']})" if fields["error"] else ""
                self.say(f"account {login}  {fields['state']}{error}")
            case "outcome":
                self.say(f"account {login}  OUTCOME {fields['outcome']}", "red")


@define
class Demo:
    """One run of the demo over a started database."""

    settings: Settings
    catalogue: Catalogue
    report: Report
    folder: Path
    bridge_port: int
    clock: SystemClock = field(factory=SystemClock)

    def play(self, dsn: str) -> None:
        """Run until a signal. Everything that was started is stopped again."""
        trio.run(self._main, dsn)

    async def _main(self, dsn: str) -> None:
        announcer, stop = Announcer(self.clock), trio.Event()
        scrubber = logs_for(self.settings)
        broker = SimulatedBroker(_SEED, self.clock)
        castings = cast(broker, self.report, self.catalogue.brokers)
        wish = Wish(Telling(announcer.hear), demo_code(ALICE, self.clock))
        async with trio.open_nursery() as nursery:
            await nursery.start(until_signalled, stop)
            secret = self.settings.bridges[0].secret.reveal()
            simulator = SimulatorServer(SimulatedBridge(broker), secret)
            await nursery.start(lambda **given: simulator.serve(port=self.bridge_port, **given))
            ended = trio.Event()

            async def node(*, task_status: trio.TaskStatus[Listening]) -> None:
                await run(
                    self.settings, dsn, self.catalogue, scrubber, stop, wish,
                    task_status=task_status,
                )  # fmt: skip
                ended.set()

            await nursery.start(node)
            nursery.start_soon(self._direct, announcer, castings)
            await ended.wait()
            nursery.cancel_scope.cancel()
        announcer.say("everything is stopped")

    async def _direct(self, announcer: Announcer, castings: Sequence[Casting]) -> None:
        """Connect the accounts as a shop would, then hand the demo over to its user."""
        url = self.settings.origins[0]
        key = next(key for key in self.settings.site_keys if key.key_id == "primary")
        async with httpx.AsyncClient(timeout=20.0) as http:
            calls = SignedCalls(http, url, key.key_id, key.secret.reveal(), self.clock)
            await connect_all(calls, castings, announcer.say)
        file = self.folder / "demo.json"
        write_directions(file, url, self.folder / "keys", PEOPLE)
        announcer.say(f"open {url}/demo  (signed in as {ALICE.name}; Ctrl-C stops)", "green")
        announcer.say(f"scripts: {file}")


def free_demo_port() -> int:
    """The port to listen on; leave with 2 when it is no port or taken."""
    try:
        port = demo_port()
    except SettingsError as error:
        fail(str(error))
    if not is_free(port):
        fail(f"port {port} is taken: choose another with ONEFUNDERS_PORT=…")
    return port


@click.command()
@click.option("--report", type=click.Path(path_type=Path), default=_SAMPLE, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), default=Path("var"), show_default=True)
def demo(report: Path, folder: Path) -> None:
    """Start everything with a simulated broker, and replay a report as a live account."""
    port = free_demo_port()
    try:
        read = read_report(report)
    except ReportError as error:
        fail(str(error))
    if read.header is None or not read.deals:
        fail(f"{report}: has no deals to replay; give a trade history report (HTML or XLSX)")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "demo.json").unlink(missing_ok=True)
    bridge_port = free_port()
    settings = demo_settings(folder, port, bridge_port)
    catalogue = catalogue_or_fail(settings)
    click.echo("starting PostgreSQL, the simulated broker, the supervisor and the API …")
    try:
        with EmbeddedPostgres(folder / "postgres") as server:
            dsn = fresh_database(server)
            migrate(dsn)
            Demo(settings, catalogue, read, folder, bridge_port).play(dsn)
    except EmbeddedError as error:
        fail(str(error), UNAVAILABLE)
    finally:
        (folder / "demo.json").unlink(missing_ok=True)
