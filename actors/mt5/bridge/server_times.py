"""The clocks of the servers that a bridge sees, and the file that keeps their history."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from actors.mt5.bridge.offsets import Reading, ServerTime, Since, learn
from actors.mt5.brokers import BrokerTable, BrokerTableError
from actors.mt5.wire_answers import ServerOffset
from actors.mt5.wire_fields import OffsetSource
from actors.ports import Clock

FRESH_SECONDS = 300


class ServerTimes:
    """Learns each server's offset. ``file``: JSON lines, only ever appended to."""

    def __init__(self, brokers: BrokerTable, clock: Clock, file: Path | None) -> None:
        self._brokers = brokers
        self._clock = clock
        self._file = file
        self._known: dict[str, ServerTime] = _stored(file)
        self._names: dict[str, str] = {}

    def is_known(self, server: str) -> bool:
        """True when the broker table has a clock for this server."""
        return self._configured(server) is not None

    def is_due(self, server: str) -> bool:
        """True when the server's ticks were not looked at for five minutes."""
        last = self._known.get(server.casefold(), ServerTime()).last
        return last is None or self._now() - last.at > FRESH_SECONDS * 1000

    def read(self, server: str, stamp: int) -> None:
        """Learn from a server's newest tick (broker ms)."""
        key = server.casefold()
        self._names[key] = server
        known = self._known.get(key, ServerTime())
        found = learn(known, Reading(stamp, self._now()), self._configured(server))
        self._known[key] = found
        if len(found.history) > len(known.history):
            self._keep(key, found.history[-1])

    def offset(self, server: str) -> tuple[int | None, OffsetSource]:
        """The detected offset in seconds while it is valid, else the configured zone's."""
        detected = self._known.get(server.casefold(), ServerTime()).detected(self._now())
        if detected is not None:
            return detected, "detected"
        configured = self._configured(server)
        return configured, "unknown" if configured is None else "configured"

    def offsets(self) -> Iterator[ServerOffset]:
        """Every server seen since the start, for the health answer."""
        for key, name in sorted(self._names.items()):
            seconds, source = self.offset(name)
            confirmed = self._known[key].confirmed_at
            is_detected = source == "detected" and confirmed is not None
            age = self._now() - confirmed if is_detected and confirmed is not None else 0
            yield ServerOffset(name, seconds, source, max(0, age))

    def _configured(self, server: str) -> int | None:
        now = self._clock.now()
        try:
            clock = self._brokers.clock(server, _date(now))
        except BrokerTableError:
            return None
        return int(clock.offset(now).total_seconds())

    def _now(self) -> int:
        return int(self._clock.now().timestamp() * 1000)

    def _keep(self, key: str, since: Since) -> None:
        if self._file is None:
            return
        line = {"server": key, "from_utc_msc": since.at, "offset_seconds": since.offset}
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _date(at: datetime) -> date:
    return at.astimezone(UTC).date()


def _stored(file: Path | None) -> dict[str, ServerTime]:
    """What earlier runs learned. A line that was cut by a crash is the last one, and taken away:
    the next one must not be written behind it.
    """
    known: dict[str, ServerTime] = {}
    if file is None or not file.exists():
        return known
    text = file.read_bytes()
    whole = text[: text.rfind(b"\n") + 1]
    if whole != text:
        with file.open("r+b") as cut:
            cut.truncate(len(whole))
    for line in whole.decode("utf-8").splitlines():
        told = json.loads(line)
        since = Since(int(told["from_utc_msc"]), int(told["offset_seconds"]))
        before = known.get(told["server"], ServerTime()).history
        known[told["server"]] = ServerTime(history=(*before, since))
    return known
