"""A million rows: how long each file takes, how much memory, and what readers wait meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import psycopg
import pytest
import trio
from attrs import define, field

from actors.domain.account import Owner
from actors.mt5.simulator.scenarios import add_account
from tests.integration.checks import connect, running
from tests.integration.exported import Trader
from tests.integration.test_exports import children
from tests.stage import Stage
from tests.store_builders import kept_account

MILLION = 1_000_000
_TRADES = """
INSERT INTO trades (account_instance_id, life_id, ticket, position_id, symbol, type, open_time,
    close_time, open_price, close_price, lots, open_lots, profit, commission)
SELECT i.id, i.life_id, n::text, n, 'EURUSD', 'BUY', at, at + interval '20 s', 1.08005, 1.08025,
    0.30, 0, (n %% 401 - 200) * 1.01, -0.35
FROM account_instances i, generate_series(1, %s) n,
    LATERAL (SELECT timestamptz '2026-01-05+00' + make_interval(secs => n)) t (at)
WHERE i.account_id = %s
"""


def peak_mib(pid: int) -> float:
    """A process's peak of resident memory; 0 when it is gone."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    lines = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
    return int(lines.get("VmHWM", "0 kB").split()[0]) / 1024


@define
class Phase:
    """One file: its child's peak, its seconds, and how long each answer took meanwhile."""

    name: str
    child_mib: float = 0.0
    seconds: float = 0.0
    waits: list[float] = field(factory=list)

    def told(self, size: int) -> str:
        """The figures in one line."""
        waits = sorted(self.waits)
        middle, late = (waits[int(len(waits) * share)] * 1000 for share in (0.5, 0.99))
        return (
            f"{self.name}: {self.seconds:.1f} s, {MILLION / self.seconds:.0f} rows/s,"
            f" {size / 2**20:.0f} MiB, child {self.child_mib:.0f} MiB; of {len(waits)} summaries"
            f" meanwhile p50 {middle:.0f} ms, p99 {late:.0f} ms, slowest {waits[-1] * 1000:.0f} ms"
        )


@define
class Meter:
    """Watches the server's children, and reads a live account's summary, while a phase lasts."""

    stage: Stage
    account_id: str
    phase: Phase = field(factory=lambda: Phase("none"))

    @contextmanager
    def during(self, phase: Phase) -> Iterator[Phase]:
        """Measure this phase."""
        self.phase, began = phase, monotonic()
        yield phase
        phase.seconds = monotonic() - began

    async def watch(self) -> None:
        """Keep the peak of every child."""
        while True:
            for child in children(self.stage.pid):
                self.phase.child_mib = max(self.phase.child_mib, peak_mib(child))
            await trio.sleep(0.2)

    async def ask(self) -> None:
        """Read the summary about twice a second."""
        path = f"/api/account/{self.account_id}/summary"
        while True:
            token = await self.stage.shop.token(1)
            for _ in range(100):
                asked = monotonic()
                answer = await self.stage.shop.read(path, token)
                assert answer.status_code == 200, answer.text
                self.phase.waits.append(monotonic() - asked)
                await trio.sleep(0.4)


@pytest.mark.slow
async def test_a_million_rows_in_bounded_memory(tmp_path: Path, postgres_dsn: str) -> None:
    """Both files are complete; neither server nor child grows with the rows. No time is asserted:
    a slow machine takes longer, and is cut by nothing."""
    async with Stage(tmp_path, postgres_dsn) as stage:
        card = add_account(stage.broker, "active", login="9500", server="Simulated-1")
        stage.start()
        await stage.ready()
        live = await connect(stage, card)
        await running(stage, live)
        account_id = kept_account(stage.dsn, Owner("shop", 2))
        with psycopg.connect(stage.dsn) as line:
            line.execute("SET synchronous_commit = off")
            line.execute(_TRADES, (MILLION, account_id))
        alice = Trader(stage, await stage.shop.token(2), account_id)
        server = peak_mib(stage.pid)
        csv, xlsx, meter = Phase("csv"), Phase("xlsx"), Meter(stage, live)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(meter.watch)
            nursery.start_soon(meter.ask)
            with meter.during(csv):
                ordered = await alice.order(format="csv")
                link = await alice.link(ordered.json()["export_id"])
                size = lines = 0
                async with stage.shop.http.stream("GET", link, timeout=None) as answer:
                    async for part in answer.aiter_raw():
                        size += len(part)
                        lines += part.count(b"\n")
            with meter.during(xlsx):
                alice.token = await stage.shop.token(2)
                ordered = await alice.order(format="xlsx")
                made = await alice.ended(ordered.json()["export_id"], 840)
            nursery.cancel_scope.cancel()
        assert lines == MILLION + 1
        assert (made["state"], made["rows_done"]) == ("done", MILLION), made
        grown = peak_mib(stage.pid) - server
        print(csv.told(size))
        print(xlsx.told(made["size_bytes"]))
        print(f"server {server:.0f} MiB, grew by {grown:.0f} MiB")
        assert max(csv.child_mib, xlsx.child_mib) < 128
        assert grown < 64
