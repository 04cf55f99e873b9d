"""The firm's plans and the brokers' clocks, read from ``configs/`` at start."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from attrs import frozen

from actors.domain.plan import Plan
from actors.domain.plan_file import PlanError, parse_plan
from actors.domain.server_clock import ServerClock
from actors.mt5.brokers import BrokerTable, BrokerTableError, parse_brokers


class CatalogueError(ValueError):
    """Plans or brokers that cannot be used; the message names file and field."""


@frozen
class Catalogue:
    """Plans by name (the newest version that the folder holds), and the broker table."""

    plans: Mapping[str, Plan]
    brokers: BrokerTable

    def plan(self, name: str) -> Plan | None:
        """The plan of that name, None when there is none."""
        return self.plans.get(name)

    def knows_server(self, server: str, on: date) -> bool:
        """True when the broker table names the server's clock."""
        try:
            self.brokers.clock(server, on)
        except BrokerTableError:
            return False
        return True

    def clock(self, server: str, on: date) -> ServerClock:
        """The server's clock on a broker date. Raises BrokerTableError, never guesses."""
        return self.brokers.clock(server, on)


def load_catalogue(plans_folder: Path, brokers_file: Path) -> Catalogue:
    """Read every ``*.toml`` of the folder and the broker table. Raises CatalogueError."""
    files = sorted(plans_folder.glob("*.toml"))
    if not files:
        raise CatalogueError(f"{plans_folder}: holds no plan (*.toml)")
    plans: dict[str, Plan] = {}
    for file in files:
        plan = _plan(file)
        if plan.name in plans:
            raise CatalogueError(f"{file}: the plan name {plan.name!r} is taken by another file")
        plans[plan.name] = plan
    try:
        brokers = parse_brokers(_text(brokers_file), str(brokers_file))
    except BrokerTableError as error:
        raise CatalogueError(str(error)) from error
    return Catalogue(plans, brokers)


def _plan(file: Path) -> Plan:
    try:
        return parse_plan(_text(file), str(file))
    except PlanError as error:
        raise CatalogueError(str(error)) from error


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{file}: cannot be read: {error}") from error
