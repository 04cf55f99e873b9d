"""``onefunders mt5-bridge serve``: the MT5 wrapper beside real terminals (docs/bridge.md)."""

import signal
from pathlib import Path

import click
import trio

from actors.clock import SystemClock
from actors.mt5.bridge.config import BridgeConfig, ConfigError, parse_config
from actors.mt5.bridge.host import Listening, run_bridge
from actors.mt5.brokers import BrokerTable, BrokerTableError, parse_brokers
from supervisor.commands.exits import UNAVAILABLE, fail
from supervisor.logs import Scrubber, configure_logs
from supervisor.secret import Secret, WeakSecret, strong_secret
from supervisor.settings import machine_environment


@click.group("mt5-bridge")
def mt5_bridge() -> None:
    """Serve MetaTrader 5 terminals of this host to the supervisor."""


@mt5_bridge.command("serve")
@click.option(
    "--config",
    "file",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The host's settings (TOML), see docs/bridge.md.",
)
def serve(file: Path) -> None:
    """Run the slots and answer the supervisor until Ctrl-C or SIGTERM."""
    config = _config(file)
    secret, brokers = _secret(Path(config.secret_file)), _brokers(Path(config.brokers_file))
    Path(config.data_folder).mkdir(parents=True, exist_ok=True)
    scrubber = Scrubber()
    scrubber.keep(secret.reveal())
    configure_logs(scrubber, "info")
    try:
        trio.run(_run, config, brokers, secret)
    except OSError as error:
        fail(f"{config.host}:{config.port}: {error.strerror or error}", UNAVAILABLE)


async def _run(config: BridgeConfig, brokers: BrokerTable, secret: Secret) -> None:
    with trio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async with trio.open_nursery() as nursery:

            async def bridge(*, task_status: trio.TaskStatus[Listening]) -> None:
                await run_bridge(
                    config,
                    brokers,
                    secret.reveal(),
                    machine_environment(),
                    SystemClock(),
                    task_status=task_status,
                )

            listening: Listening = await nursery.start(bridge)
            click.echo(
                f"listening on {config.host}:{listening.port}, {config.slots} slots; "
                f"health on http://127.0.0.1:{listening.health_port}/health"
            )
            async for _ in signals:
                nursery.cancel_scope.cancel()
                return


def _config(file: Path) -> BridgeConfig:
    try:
        return parse_config(_text(file), str(file))
    except ConfigError as error:
        fail(str(error))


def _secret(file: Path) -> Secret:
    try:
        return strong_secret(file.read_bytes(), "secret_file")
    except WeakSecret as error:
        fail(str(error))
    except OSError as error:
        fail(f"secret_file {file}: {error.strerror}")


def _brokers(file: Path) -> BrokerTable:
    try:
        return parse_brokers(_text(file), str(file))
    except BrokerTableError as error:
        fail(str(error))


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{file}: cannot be read ({type(error).__name__})")
