"""The ``onefunders`` program (also ``python -m supervisor``).

Exit codes: 0 fine, 1 something was found (unhealthy, quarantined, a check failed),
2 bad usage or input, 3 a service that is needed does not answer.
"""

import sys
from importlib import import_module
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import click

from supervisor.commands.exits import fail

_PACKAGES = ("supervisor", "actors", "web", "storage")
_DISTRIBUTION = "onefunders-analyze"
_COMMANDS = {
    "serve": "supervisor.commands.serve:serve",
    "demo": "supervisor.commands.demo:demo",
    "audit": "supervisor.audit:audit",
    "migrate": "supervisor.commands.migrate:migrate",
    "status": "supervisor.commands.status:status",
    "accounts": "supervisor.commands.status:accounts",
    "check-config": "supervisor.commands.check_config:check_config",
    "keys": "supervisor.commands.keys:keys",
    "doctor": "supervisor.commands.doctor:doctor",
    "token": "supervisor.commands.token:token",
    "verify-log": "supervisor.commands.verify_log:verify_log",
    "replay": "supervisor.commands.replay:replay",
    "plans": "supervisor.commands.plans:plans",
    "backtest": "supervisor.commands.backtest:backtest",
    "size-bridges": "supervisor.commands.size_bridges:size_bridges",
    "mt5-bridge": "supervisor.commands.mt5_bridge:mt5_bridge",
}


def refuse_foreign_packages() -> None:
    """Leave with exit code 2 when another distribution claims one of our package names.

    A well-known package owns the import name ``supervisor`` too; with both installed, parts of
    the two would be mixed silently.
    """
    folders = {Path(__import__(name).__path__[0]).resolve().parent for name in _PACKAGES}
    if len(folders) > 1:
        listed = ", ".join(sorted(str(folder) for folder in folders))
        click.echo(f"error: our packages load from several folders: {listed}", err=True)
        sys.exit(2)
    installed = packages_distributions()
    for name in _PACKAGES:
        foreign = set(installed.get(name, ())) - {_DISTRIBUTION}
        if foreign:
            click.echo(
                f"error: {', '.join(sorted(foreign))} also owns the name {name!r}: "
                "use a virtual environment of its own",
                err=True,
            )
            sys.exit(2)


class Commands(click.Group):
    """The commands, each imported when it is asked for: a bridge host has only its own needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's shape
        """All of them, in order of the alphabet."""
        return sorted(_COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's shape
        cmd_name: str,
    ) -> click.Command | None:
        """Import a command; where a library of it is not installed, one that says so."""
        place = _COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        try:
            command: click.Command = getattr(import_module(module), name)
        except ModuleNotFoundError as missing:
            return _absent(cmd_name, missing)
        return command


def _absent(name: str, missing: ModuleNotFoundError) -> click.Command:
    """A command that tells what it lacks. A module of ours that is missing is a bug."""
    library = (missing.name or "").partition(".")[0]
    if library in _PACKAGES:
        raise missing

    def tell(**_: Any) -> None:
        fail(f"{name} needs {library}, which is not here: install {_DISTRIBUTION}[node]")

    return click.Command(name, callback=tell, help=f"(needs {_DISTRIBUTION}[node])")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name=_DISTRIBUTION)
def onefunders() -> None:
    """Watch MetaTrader 5 accounts and prove every verdict."""


def main() -> None:
    """Entry of the console script and of ``python -m supervisor``."""
    refuse_foreign_packages()
    onefunders(prog_name="onefunders")


if __name__ == "__main__":
    main()
