"""The ``onefunders`` program (also ``python -m supervisor``).

Exit codes: 0 fine, 1 something was found (unhealthy, quarantined, a check failed),
2 bad usage or input, 3 a service that is needed does not answer.
"""

import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import click

from supervisor.audit import audit
from supervisor.commands.backtest import backtest
from supervisor.commands.check_config import check_config
from supervisor.commands.demo import demo
from supervisor.commands.doctor import doctor
from supervisor.commands.keys import keys
from supervisor.commands.migrate import migrate
from supervisor.commands.plans import plans
from supervisor.commands.replay import replay
from supervisor.commands.serve import serve
from supervisor.commands.status import accounts, status
from supervisor.commands.token import token
from supervisor.commands.verify_log import verify_log

_PACKAGES = ("supervisor", "actors", "web", "storage")
_DISTRIBUTION = "onefunders-analyze"


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


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name=_DISTRIBUTION)
def onefunders() -> None:
    """Watch MetaTrader 5 accounts and prove every verdict."""


for command in (
    serve, demo, audit, migrate, status, accounts, check_config, keys, doctor, token,
    verify_log, replay, plans, backtest,
):  # fmt: skip
    onefunders.add_command(command)


def main() -> None:
    """Entry of the console script and of ``python -m supervisor``."""
    refuse_foreign_packages()
    onefunders(prog_name="onefunders")


if __name__ == "__main__":
    main()
