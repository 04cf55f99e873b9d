"""``make bench``: a thousand accounts in one process, with readers, and the machine it ran on."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import click
import trio

from storage.migrations.migrate import migrate
from supervisor.embedded import EmbeddedPostgres
from tests.bench import backtest, bridge, durable_rows, step
from tests.bench.figures import Figure, table
from tests.bench.machine import load_average, machine, postgres_version
from tests.bench.node import figures_of, run_node


@click.command()
@click.option("--accounts", default=1000, show_default=True, help="Accounts in the one process.")
@click.option("--minutes", default=10.0, show_default=True, help="How long the node runs.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
def bench(accounts: int, minutes: float, *, as_json: bool) -> None:
    """Measure one node under a firm's usual mix of accounts; exit 1 when a goal is missed."""
    with tempfile.TemporaryDirectory() as name:
        sections, about = _measure(Path(name), accounts, minutes)
    if as_json:
        told = {title: [f.document() for f in figures] for title, figures in sections.items()}
        click.echo(json.dumps(about | {"figures": told}, indent=2, ensure_ascii=False))
    else:
        for key, value in about.items():
            click.echo(f"{key}: {value}")
        for title, figures in sections.items():
            click.echo(f"\n{title}\n{table(figures)}")
    missed = [each.name for figures in sections.values() for each in figures if each.missed]
    if missed:
        click.echo(f"\nmissed: {', '.join(missed)}", err=True)
    sys.exit(1 if missed else 0)


def _measure(
    folder: Path, accounts: int, minutes: float
) -> tuple[dict[str, list[Figure]], dict[str, Any]]:
    """One after the other, so that no benchmark takes the machine from another."""
    server = EmbeddedPostgres(folder / "postgres")
    try:
        with server:
            migrate(server.dsn)
            load_before = load_average()
            run = trio.run(run_node, server.dsn, folder, accounts, minutes)
            load_after = load_average()
            about = {
                "accounts": accounts,
                "minutes": minutes,
                "machine": machine(),
                "postgres": postgres_version(server.dsn),
                "load average": f"{load_before} before, {load_after} after the node's run",
                "accounts at the end": run.totals,
            }
            return {
                "one node": figures_of(run, accounts),
                "durable rows": durable_rows.figures(server),
                "one sync": step.figures(),
                "a bridge": bridge.figures(),
                "rule backtest": backtest.figures(server),
            }, about
    finally:
        server.erase()


if __name__ == "__main__":
    bench()
