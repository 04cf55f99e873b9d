"""The broker table: which clock a server keeps (``configs/brokers.toml``, MT5 4)."""

import tomllib
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

from attrs import frozen

from actors.domain.server_clock import ServerClock, ServerClockError


class BrokerTableError(ValueError):
    """A table that cannot be used, or a server that it does not name; says what is allowed."""


@frozen
class ServerEntry:
    """One line of the table: a casefolded name or pattern, its clock, and from which date."""

    pattern: str
    clock: ServerClock
    starts: date


@frozen
class BrokerTable:
    """Server clocks by name. ``source`` names the file for messages."""

    source: str
    entries: tuple[ServerEntry, ...]

    def clock(self, server: str, on: date) -> ServerClock:
        """Return the clock that ``server`` keeps on the broker date ``on``.

        The entry with the longest name wins, then the latest start. Raises BrokerTableError
        when no entry fits: never guess a clock.
        """
        name = server.casefold()
        fitting = [
            entry
            for entry in self.entries
            if entry.starts <= on and fnmatchcase(name, entry.pattern)
        ]
        if not fitting:
            raise BrokerTableError(
                f"server {server!r} is not in {self.source}: add it there with its clock, or "
                "give the clock with --server-zone, such as Europe/Athens or America/New_York+7h"
            )
        return max(fitting, key=_exactness).clock


def _exactness(entry: ServerEntry) -> tuple[bool, int, date]:
    return ("*" not in entry.pattern, len(entry.pattern), entry.starts)


def parse_brokers(text: str, source: str) -> BrokerTable:
    """Read the broker table. Raises BrokerTableError naming file, entry and what is allowed."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BrokerTableError(f"{source}: no valid TOML: {error}") from error
    servers = document.get("server")
    if set(document) != {"server"} or not isinstance(servers, list):
        raise BrokerTableError(f"{source}: only [[server]] entries are allowed")
    entries = tuple(_entry(raw, f"{source}: server {at}") for at, raw in enumerate(servers, 1))
    return BrokerTable(source, entries)


def _entry(raw: Any, where: str) -> ServerEntry:
    if not isinstance(raw, dict) or set(raw) - {"name", "clock", "from"}:
        raise BrokerTableError(f"{where}: allowed are name, clock and from")
    name, clock, starts = raw.get("name"), raw.get("clock"), raw.get("from", date.min)
    if not isinstance(name, str) or not name or set(name) & set("[]?"):
        raise BrokerTableError(f"{where}: name must be a server's name, * for any characters")
    if not isinstance(clock, str):
        raise BrokerTableError(f"{where} ({name}): clock must be text such as Europe/Athens")
    if type(starts) is not date:
        raise BrokerTableError(f"{where} ({name}): from must be a date such as 2024-03-10")
    try:
        return ServerEntry(name.casefold(), ServerClock.parse(clock), starts)
    except ServerClockError as error:
        raise BrokerTableError(f"{where} ({name}): {error}") from error
