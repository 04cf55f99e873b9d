"""Watches a node from outside: reads at the broker, syncs in storage, memory and CPU of /proc.

Nothing is asked of the node itself, so that watching does not slow down what is watched.
"""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import trio
from attrs import define, field, frozen
from psycopg.rows import dict_row

from actors.clock import SystemClock
from actors.mt5.simulator.broker import SimulatedBroker
from actors.mt5.simulator.faults import Fault
from actors.mt5.simulator.service import SimulatedBridge
from actors.mt5.wire_answers import ResponseBody, SnapshotResult
from actors.mt5.wire_requests import RequestBody
from tests.bench.lateness import LatenessLedger, StoredSync

LOOK_SECONDS = 0.5
_RECENT_SECONDS = 60
_EVER_SECONDS = 10**8
_SYNCED = """
    SELECT a.login, i.sync_seq, i.last_sync_at, i.next_sync_at, i.summary
    FROM account_instances i JOIN accounts a ON a.id = i.account_id
    WHERE i.last_sync_at > now() - make_interval(secs => %s)
"""
_TOTALS = "SELECT connection_state, tier, count(*) FROM account_instances GROUP BY 1, 2"


class _Told(msgspec.Struct):
    """The one field of a stored summary that is a promise."""

    sync_interval_seconds: float


class WatchedBridge(SimulatedBridge):
    """A simulated bridge that tells of each snapshot: login and seconds since the epoch."""

    def __init__(self, broker: SimulatedBroker, on_read: Callable[[str, float], None]) -> None:
        super().__init__(broker)
        self._on_read = on_read
        self._clock = SystemClock()

    def answer(self, body: RequestBody, fault: Fault | None = None) -> ResponseBody:
        """Answer as the bridge does."""
        answer = super().answer(body, fault)
        if isinstance(answer, SnapshotResult):
            self._on_read(answer.login, self._clock.now().timestamp())
        return answer


@frozen
class Usage:
    """What a process uses: resident MiB, and seconds since its start: of CPU, and of waiting.

    ``wait_seconds``: its main thread was ready to run but had no CPU, because of other processes.
    """

    rss_mib: float
    cpu_seconds: float
    wait_seconds: float

    @classmethod
    def of(cls, pid: int) -> "Usage":
        """Read a live process's figures."""
        fields = Path(f"/proc/{pid}/status").read_text().split("VmRSS:")[1].split()
        ticks = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
        cpu = (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")
        waited = int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
        return cls(int(fields[0]) / 1024, cpu, waited)


@define
class Watch:
    """Fills a ledger from storage and keeps the greatest memory; ``run`` until cancelled."""

    dsn: str
    pid: int
    ledger: LatenessLedger
    rss_mib: float = 0.0
    first_syncs: dict[str, float] = field(factory=dict)

    async def run(self) -> None:
        """Look twice a second."""
        with psycopg.connect(self.dsn, autocommit=True, row_factory=dict_row) as line:
            while True:
                await trio.to_thread.run_sync(self.look, line, _RECENT_SECONDS)
                await trio.sleep(LOOK_SECONDS)

    def look_at_all(self) -> None:
        """Take in every account's last sync, however long ago."""
        with psycopg.connect(self.dsn, autocommit=True, row_factory=dict_row) as line:
            self.look(line, _EVER_SECONDS)

    def look(self, line: psycopg.Connection[dict[str, Any]], seconds: float) -> None:
        """Take in what was synced within the last ``seconds``."""
        self.rss_mib = max(self.rss_mib, Usage.of(self.pid).rss_mib)
        for row in line.execute(_SYNCED, [seconds]).fetchall():
            observed = row["last_sync_at"].timestamp()
            told = msgspec.json.decode(row["summary"], type=_Told).sync_interval_seconds
            sync = StoredSync(row["sync_seq"], observed, told, _seconds(row["next_sync_at"]))
            self.ledger.stored(row["login"], sync)
            self.first_syncs.setdefault(row["login"], observed)


def _seconds(instant: datetime | None) -> float | None:
    return None if instant is None else instant.timestamp()


def totals(dsn: str) -> str:
    """How many accounts are in which state and tier."""
    with psycopg.connect(dsn) as line:
        rows = line.execute(_TOTALS).fetchall()
    return ", ".join(f"{count} {state}/{tier}" for state, tier, count in sorted(rows))
