"""The bridges in the settings: where each listens, its secret, its room and what it is for."""

from collections.abc import Callable
from typing import Any

from attrs import field, frozen

from supervisor.secret import Secret

_ALLOWED = ("name", "host", "port", "secret_file", "slots", "servers")
_MOST_SLOTS = 1_000_000
_MOST_NAME = 64


@frozen
class BridgeSetting:
    """One MT5 bridge. ``secret`` is shared with it for the opening hello.

    ``slots``: how many of its terminals are ours, None for all that it says it has. ``servers``:
    the casefolded broker servers that it is used for, empty for every one.
    """

    name: str
    host: str
    port: int
    secret: Secret = field(repr=False)
    slots: int | None = None
    servers: frozenset[str] = frozenset()


def read_bridges(
    tables: Any, read_secret: Callable[[str, Any], Secret]
) -> tuple[tuple[BridgeSetting, ...], list[str]]:
    """Read ``[[bridges]]``: the bridges that can be used, and every fault in words.

    ``read_secret(where, table)`` reads the table's ``secret_file`` and tells its own faults.
    """
    if not isinstance(tables, list):
        return (), ["bridges: must be a list of tables ([[bridges]])"]
    bridges, problems = [], []
    for number, table in enumerate(tables):
        where = f"bridges.{number}"
        faults = _faults(where, table)
        secret = read_secret(where, table)
        problems += faults
        if not faults:
            bridges.append(_bridge(table, secret))
    for what in ("name", "address"):
        told = [each.name if what == "name" else (each.host, each.port) for each in bridges]
        if len(set(told)) < len(told):
            problems.append(f"bridges: each must have {what} of its own")
    return tuple(bridges), problems


def _bridge(table: dict[str, Any], secret: Secret) -> BridgeSetting:
    host, port = table["host"], table["port"]
    servers = frozenset(name.casefold() for name in table.get("servers", ()))
    name = table.get("name", f"{host}:{port}")
    return BridgeSetting(name, host, port, secret, table.get("slots"), servers)


def _faults(where: str, table: Any) -> list[str]:
    if not isinstance(table, dict):
        return [f"{where}: must be a table"]
    faults = [
        f"{where}: unknown setting {key}; known: {', '.join(_ALLOWED)}"
        for key in table
        if key not in _ALLOWED
    ]
    if not _is_text(table.get("host")):
        faults.append(f"{where}.host: must be a host's name or address")
    if not _is_number(table.get("port"), 65_535):
        faults.append(f"{where}.port: must be a number from 1 to 65535")
    name = table.get("name")
    if name is not None and not (_is_text(name) and len(name) <= _MOST_NAME):
        faults.append(f"{where}.name: must be a text of at most {_MOST_NAME} characters")
    if "slots" in table and not _is_number(table["slots"], _MOST_SLOTS):
        faults.append(f"{where}.slots: must be a number from 1 to {_MOST_SLOTS}")
    servers = table.get("servers", [])
    if not isinstance(servers, list) or not all(_is_text(each) for each in servers):
        faults.append(f"{where}.servers: must be a list of broker servers' names")
    return faults


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_number(value: Any, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most
