"""``make bench``: a thousand accounts in one process, with readers, and the machine it ran on."""

import os
import platform
import tempfile
from pathlib import Path
from typing import Any

import click
import trio
from attrs import define, field

from actors.mt5.simulator.scenarios import add_population
from storage.migrations.migrate import migrate
from supervisor.embedded import EmbeddedPostgres
from tests.bench.crowd import USERS, plan_of_all, store_accounts, vault_of
from tests.bench.http_load import Load, Reader, poll
from tests.stage import Stage

SETTLE_SECONDS = 60.0


@define
class Lateness:
    """Gaps between an account's syncs, as multiples of the interval that it promised."""

    last: dict[str, tuple[str, float]] = field(factory=dict)
    worst: float = 0.0
    worst_lag: float = 0.0
    syncs: int = 0

    def see(self, row: dict[str, Any], *, counts: bool) -> None:
        """Take one status row in."""
        at, interval = row["last_sync_at"], row["interval_seconds"]
        if at is None or not interval:
            return
        account = row["account_id"]
        before = self.last.get(account)
        self.last[account] = (at, interval)
        if before is not None and before[0] != at:
            self.syncs += 1
        if counts:
            self.worst_lag = max(self.worst_lag, row["lag_seconds"])
            self.worst = max(self.worst, 1.0 + row["lag_seconds"] / interval)


@define
class Figures:
    """What was measured."""

    lateness: Lateness = field(factory=Lateness)
    load: Load = field(factory=Load)
    rss_mib: float = 0.0
    fresh_seconds: list[float] = field(factory=list)
    cpu_seconds: float = 0.0
    states: dict[str, int] = field(factory=dict)
    tiers: dict[str, int] = field(factory=dict)


def process_figures(pid: int) -> tuple[float, float]:
    """Resident MiB and CPU seconds of a process."""
    fields = Path(f"/proc/{pid}/status").read_text().split("VmRSS:")[1].split()
    ticks = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return int(fields[0]) / 1024, (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")


async def watch_status(stage: Stage, figures: Figures, until: float, counts_from: float) -> None:
    """Sample every actor's lateness once a second."""
    url = f"http://127.0.0.1:{stage.admin_port}/api/supervisor/status"
    while trio.current_time() < until:
        page = 1
        while True:
            answer = await stage.shop.http.get(url, params={"page": page, "limit": 200})
            if answer.status_code == 429:
                await trio.sleep(2)
                continue
            told = answer.json()["status"]
            for row in told["actors"]:
                figures.lateness.see(row, counts=trio.current_time() > counts_from)
            figures.states, figures.tiers = told["totals"]["state"], told["totals"]["tier"]
            if page * 200 >= told["total"]:
                break
            page += 1
        if stage.process is not None:
            rss, figures.cpu_seconds = process_figures(stage.process.pid)
            figures.rss_mib = max(figures.rss_mib, rss)
        await trio.sleep(5)


async def seen_rev(stage: Stage, path: str, token: str) -> int | None:
    """The rev that a reader sees, None when the answer is no summary."""
    told: dict[str, Any] = (await stage.shop.read(f"{path}/summary", token)).json()
    return told.get("rev")


async def ask_freshness(
    stage: Stage, tokens: dict[int, str], owned: dict[int, list[str]], figures: Figures
) -> None:
    """How long after POST sync the summary shows a new rev, on twenty accounts."""
    for user in list(owned)[:20]:
        path = f"/api/account/{owned[user][0]}"
        before = await seen_rev(stage, path, tokens[user])
        began = trio.current_time()
        await stage.shop.post(f"{path}/sync", tokens[user])
        with trio.move_on_after(15):
            while (await stage.shop.read(f"{path}/summary", tokens[user])).json().get(
                "rev", before
            ) == before:
                await trio.sleep(0.1)
        figures.fresh_seconds.append(trio.current_time() - began)


async def measure(dsn: str, folder: Path, accounts: int, minutes: float) -> Figures:
    """Run the node for ``minutes`` with readers at 100 requests a second."""
    figures = Figures()
    async with Stage(folder, dsn, seed=11) as stage:
        settings = stage.settings.read_text().replace("lease_seconds = 3.0", "lease_seconds = 30.0")
        stage.settings.write_text(settings)
        cards = add_population(stage.broker, accounts)
        click.echo(f"storing {accounts} accounts …")
        owned = await store_accounts(dsn, vault_of(folder / "keys"), plan_of_all(), cards)
        stage.start()
        await stage.ready(60)
        tokens = {user: await stage.shop.token(user) for user in owned}
        begun = trio.current_time()
        until = begun + minutes * 60
        async with trio.open_nursery() as nursery:
            nursery.start_soon(watch_status, stage, figures, until, begun + SETTLE_SECONDS)
            await trio.sleep(min(SETTLE_SECONDS, minutes * 20))
            for number, user in enumerate(owned):
                path = f"/api/account/{owned[user][number % len(owned[user])]}/summary"
                reader = Reader(stage.port, tokens[user])
                await trio.sleep(1 / USERS)  # readers are not in step with each other
                nursery.start_soon(poll, reader, path, USERS / 100, until, figures.load)
            nursery.start_soon(ask_freshness, stage, tokens, owned, figures)
            await progress(begun, until)
        await stage.terminate(20)
    return figures


async def progress(begun: float, until: float) -> None:
    """A bar while it runs."""
    whole = int(until - begun)
    with click.progressbar(length=whole, label="measuring") as bar:
        while trio.current_time() < until:
            await trio.sleep(1)
            bar.update(max(0, int(trio.current_time() - begun) - bar.pos))


def machine() -> str:
    """What the figures were taken on."""
    cpu = [x for x in Path("/proc/cpuinfo").read_text().splitlines() if x.startswith("model name")]
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / 1024**2
    return (
        f"{os.cpu_count()} cores, {cpu[0].split(': ')[1] if cpu else 'unknown CPU'}, "
        f"{memory:.0f} GiB, {platform.platform()}, Python {platform.python_version()}"
    )


def table(figures: Figures, accounts: int, minutes: float) -> str:
    """The figures beside their goals."""
    load, fresh = figures.load, sorted(figures.fresh_seconds) or [0.0]
    rows = [
        ("worst sync, × its interval", f"{figures.lateness.worst:.2f}", "< 2"),
        ("worst sync, seconds late", f"{figures.lateness.worst_lag:.1f}", ""),
        ("resident memory, MiB", f"{figures.rss_mib:.0f}", "< 300"),
        ("GET summary p50, ms", f"{load.percentile(0.5):.1f}", ""),
        ("GET summary p99, ms", f"{load.percentile(0.99):.1f}", "< 50"),
        ("answers", str(dict(load.statuses)), "all 200"),
        ("failed requests", str(load.failures), "0"),
        ("new rev after POST sync, median s", f"{fresh[len(fresh) // 2]:.2f}", ""),
        ("new rev after POST sync, worst s", f"{fresh[-1]:.2f}", "≤ 2"),
        ("CPU of the node, share of one core", f"{figures.cpu_seconds / (minutes * 60):.2f}", ""),
    ]
    head = f"{accounts} accounts, {minutes:g} min, states {figures.states}, tiers {figures.tiers}"
    lines = [f"{name:36}{value:>24}  {goal}" for name, value, goal in rows]
    return "\n".join([head, f"on {machine()}", "", f"{'figure':36}{'measured':>24}  goal", *lines])


@click.command()
@click.option("--accounts", default=1000, show_default=True)
@click.option("--minutes", default=10.0, show_default=True)
def bench(accounts: int, minutes: float) -> None:
    """Measure one node under a firm's usual mix of accounts."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with EmbeddedPostgres(folder / "postgres") as server:
            migrate(server.dsn)
            figures = trio.run(measure, server.dsn, folder, accounts, minutes)
        server.erase()
    click.echo(table(figures, accounts, minutes))


if __name__ == "__main__":
    bench()
