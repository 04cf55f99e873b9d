"""The demo's stage: keys, settings and accounts, all made anew in one folder."""

import socket
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from actors.domain.server_clock import ServerClock
from actors.mt5.brokers import BrokerTable, BrokerTableError
from actors.mt5.reports import Report
from actors.mt5.simulator.broker import SimulatedBroker
from actors.mt5.simulator.replay import add_replay
from actors.mt5.simulator.scenarios import add_account
from supervisor.commands.keys import make_keys
from supervisor.demo import ALICE, BOB, Casting
from supervisor.embedded import EmbeddedPostgres
from supervisor.settings import Settings, load_settings

_USUAL_CLOCK = "America/New_York+7h"
_SETTINGS = """
[server]
host = "127.0.0.1"
port = {port}
admin_port = {admin_port}
origins = ["http://127.0.0.1:{port}"]
[node]
id = "demo"
data_folder = "{folder}"
[log]
level = "warning"
[auth]
token_key = "token-1"
[auth.tokens.token-1]
secret_file = "{keys}/token-1.key"
[auth.sites.primary]
site_id = "shop"
scopes = ["connect", "exchange", "admin"]
secret_file = "{keys}/s2s-primary.key"
[auth.sites.ops]
site_id = "shop"
scopes = ["ops"]
secret_file = "{keys}/s2s-ops.key"
[vault]
key = "vault-1"
[vault.keys.vault-1]
secret_file = "{keys}/vault-1.key"
[vault.pepper]
secret_file = "{keys}/pepper.key"
[evidence]
secret_file = "{keys}/evidence.key"
[[bridges]]
host = "127.0.0.1"
port = {bridge_port}
secret_file = "{keys}/bridge.key"
"""


def free_port() -> int:
    """A port of the loopback address that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """True when the port can be listened on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def demo_settings(folder: Path, port: int, bridge_port: int) -> Settings:
    """Make the keys that are missing, write the demo's settings file, and read it."""
    keys = (folder / "keys").resolve()
    make_keys(keys)
    file = folder / "demo.toml"
    admin_port = port + 1 if is_free(port + 1) else free_port()
    file.write_text(
        _SETTINGS.format(
            port=port,
            admin_port=admin_port,
            bridge_port=bridge_port,
            folder=folder.resolve(),
            keys=keys,
        ),
        encoding="utf-8",
    )
    return load_settings(file)


def fresh_database(server: EmbeddedPostgres) -> str:
    """Drop what an earlier demo left: the simulated world begins anew too. Returns the DSN."""
    with psycopg.connect(server.dsn, autocommit=True) as line:
        line.execute("DROP DATABASE IF EXISTS demo WITH (FORCE)")
        line.execute("CREATE DATABASE demo")
    return server.dsn_of("demo")


def report_clock(report: Report, brokers: BrokerTable) -> tuple[ServerClock, str]:
    """The clock of the report's server, and what to say when the table does not name it."""
    header = report.header
    if header is not None and header.date_msc is not None:
        on = datetime.fromtimestamp(header.date_msc / 1000, UTC).date()
        with suppress(BrokerTableError):
            return brokers.clock(header.server, on), ""
    return ServerClock.parse(_USUAL_CLOCK), f"; its server's clock is taken as {_USUAL_CLOCK}"


def cast(broker: SimulatedBroker, report: Report, brokers: BrokerTable) -> Sequence[Casting]:
    """Add the demo's accounts to the broker: a replayed report, and one story of each kind."""
    clock, told = report_clock(report, brokers)
    replay = add_replay(broker, report, clock)
    plan = "two-step-classic"
    stories = (
        (ALICE, "breach_soon", "700100301", plan, "walks into its daily limit in about 80 s"),
        (ALICE, "near_floor", "700100302", plan, "hovers near its daily floor"),
        (ALICE, "active", "700100303", "one-step-trailing", "trades now and then"),
        (ALICE, "calm", "700100304", "two-step-balance", "rests"),
        (BOB, "active", "700100401", plan, "trades now and then"),
        (BOB, "payout", "700100402", plan, "withdraws after 40 s"),
    )
    return (
        Casting(ALICE, replay, plan, f"the report, replayed live{told}"),
        *(
            Casting(person, add_account(broker, scenario, login=login), plan, story)
            for person, scenario, login, plan, story in stories
        ),
    )
