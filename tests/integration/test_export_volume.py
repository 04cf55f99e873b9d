"""A million rows: how long each file takes, and how much memory."""

from pathlib import Path
from time import monotonic

import psycopg
import pytest
import trio

from actors.domain.account import Owner
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
"""


def peak_mib(pid: int) -> float:
    """A process's peak of resident memory; 0 when it is gone."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    lines = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
    return int(lines.get("VmHWM", "0 kB").split()[0]) / 1024


@pytest.mark.slow
async def test_a_million_rows_in_bounded_memory(tmp_path: Path, postgres_dsn: str) -> None:
    """Both files are complete; neither server nor child grows with the rows."""
    async with Stage(tmp_path, postgres_dsn) as stage:
        stage.start()
        await stage.ready()
        account_id = kept_account(stage.dsn, Owner("shop", 1))
        with psycopg.connect(stage.dsn) as line:
            line.execute("SET synchronous_commit = off")
            line.execute(_TRADES, (MILLION,))
        alice = Trader(stage, await stage.shop.token(1), account_id)
        server = peak_mib(stage.pid)
        peaks = {"csv": 0.0, "xlsx": 0.0}
        kind = "csv"

        async def watch() -> None:
            while True:
                for child in children(stage.pid):
                    peaks[kind] = max(peaks[kind], peak_mib(child))
                await trio.sleep(0.2)

        waits = [0.0]

        async def ask() -> None:
            while True:
                asked = monotonic()
                assert (await stage.shop.http.get(f"{stage.url}/livez")).status_code == 200
                waits.append(monotonic() - asked)
                await trio.sleep(0.1)

        async with trio.open_nursery() as nursery:
            nursery.start_soon(watch)
            nursery.start_soon(ask)
            began = monotonic()
            ordered = await alice.order(format="csv")
            link = await alice.link(ordered.json()["export_id"])
            size = lines = 0
            async with stage.shop.http.stream("GET", link) as answer:
                async for part in answer.aiter_raw():
                    size += len(part)
                    lines += part.count(b"\r\n")
            csv_seconds = monotonic() - began
            kind, began = "xlsx", monotonic()
            ordered = await alice.order(format="xlsx")
            made = await alice.ended(ordered.json()["export_id"], 600)
            xlsx_seconds = monotonic() - began
            nursery.cancel_scope.cancel()
        assert lines == MILLION + 1
        assert (made["state"], made["rows_done"]) == ("done", MILLION), made
        grown = peak_mib(stage.pid) - server
        print(f"csv {csv_seconds:.1f} s, {size / 2**20:.0f} MiB, child {peaks['csv']:.0f} MiB")
        print(
            f"xlsx {xlsx_seconds:.1f} s, {made['size_bytes'] / 2**20:.0f} MiB,"
            f" child {peaks['xlsx']:.0f} MiB; server {server:.0f} MiB, grew by {grown:.0f} MiB;"
            f" slowest of {len(waits)} answers meanwhile {max(waits) * 1000:.0f} ms"
        )
        assert max(peaks.values()) < 128
        assert grown < 64
