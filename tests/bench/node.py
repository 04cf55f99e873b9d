"""One node with many accounts and many readers: syncs in time, memory, latency, freshness."""

import sys
from pathlib import Path

import click
import msgspec
import trio
from attrs import frozen

from actors.mt5.simulator.scenarios import add_population
from tests.bench.crowd import USERS, plan_of_all, store_accounts, vault_of
from tests.bench.figures import Figure, Goal
from tests.bench.lateness import MOST_INTERVALS, Lateness, LatenessLedger, Standing
from tests.bench.percentile import percentile
from tests.bench.readers import Order, Report, Seat
from tests.bench.watch import Usage, Watch, WatchedBridge, totals
from tests.stage import ROOT, Stage

SETTLE_SECONDS = 60.0
"""Readers come when the accounts have logged in; lateness counts from the first sync on."""

_FRESH = 20


@frozen
class NodeRun:
    """What one run of a node gave."""

    lateness: Lateness
    report: Report
    seconds: float
    rss_mib: float
    rss_at_start_mib: float
    cpu_seconds: float
    wait_seconds: float
    last_first_sync: float
    totals: str
    exit_code: int


async def run_node(dsn: str, folder: Path, accounts: int, minutes: float) -> NodeRun:
    """Run the node for ``minutes`` with 100 requests a second by readers in another process."""
    ledger = LatenessLedger()
    stage = Stage(
        folder,
        dsn,
        seed=11,
        lease_seconds=30.0,
        bridge=lambda broker: WatchedBridge(broker, ledger.read),
    )
    async with stage:
        cards = add_population(stage.broker, accounts)
        click.echo(f"storing {accounts} accounts …", err=True)
        owned = await store_accounts(dsn, vault_of(folder / "keys"), plan_of_all(), cards)
        stage.start()
        await stage.ready(60)
        pid = stage.pid
        began, before = stage.broker.now_ms() / 1000, Usage.of(pid)
        watch = Watch(dsn, pid, ledger)
        seconds = minutes * 60
        settle = min(SETTLE_SECONDS, seconds / 3)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(watch.run)
            nursery.start_soon(_progress, seconds)
            begun = trio.current_time()
            await trio.sleep(settle)
            seats = [
                Seat(await stage.shop.token(user), mine[number % len(mine)])
                for number, (user, mine) in enumerate(owned.items())
            ]
            left = begun + seconds - trio.current_time()
            report = await _readers(Order(stage.port, left, USERS / 100, seats, _FRESH))
            nursery.cancel_scope.cancel()
        after, ended = Usage.of(pid), stage.broker.now_ms() / 1000
        await trio.to_thread.run_sync(watch.look_at_all)
        told = totals(dsn)
        return NodeRun(
            lateness=ledger.close([card.login for card in cards], ended),
            report=report,
            seconds=ended - began,
            rss_mib=watch.rss_mib,
            rss_at_start_mib=before.rss_mib,
            cpu_seconds=after.cpu_seconds - before.cpu_seconds,
            wait_seconds=after.wait_seconds - before.wait_seconds,
            last_first_sync=max(watch.first_syncs.values(), default=began) - began,
            totals=told,
            exit_code=await stage.terminate(20),
        )


async def _readers(order: Order) -> Report:
    done = await trio.run_process(
        [sys.executable, "-m", "tests.bench.readers"],
        stdin=msgspec.json.encode(order),
        capture_stdout=True,
        cwd=ROOT,
    )
    return msgspec.json.decode(done.stdout, type=Report)


async def _progress(seconds: float) -> None:
    """A bar while it runs."""
    with click.progressbar(length=int(seconds), label="measuring", file=sys.stderr) as bar:
        for _ in range(int(seconds)):
            await trio.sleep(1)
            bar.update(1)


def figures_of(run: NodeRun, accounts: int) -> list[Figure]:
    """The figures of a run beside the goals of the product."""
    return [*_sync_figures(run.lateness), *_reader_figures(run.report), *_process(run, accounts)]


def _sync_figures(late: Lateness) -> list[Figure]:
    none = Goal("≤", 0)
    return [
        Figure("longest gap between syncs", late.worst, "intervals", Goal("≤", MOST_INTERVALS)),
        Figure("gap between syncs p99", late.gap(0.99), "intervals"),
        Figure("sync after its told time p99", late.overdue(0.99), "s"),
        Figure("sync after its told time worst", late.overdue(1.0), "s"),
        Figure("accounts with a late sync", late.count(Standing.LATE), goal=none, digits=0),
        Figure("accounts never synced", late.count(Standing.NEVER), goal=none, digits=0),
        Figure("accounts decided (two syncs or more)", late.count(Standing.KEPT), digits=0),
        Figure("accounts whose second sync was not due", late.count(Standing.NOT_DUE), digits=0),
        Figure("accounts overdue at the end, undecided", late.count(Standing.OVERDUE), digits=0),
        Figure("syncs seen in storage", late.syncs, digits=0),
        Figure("syncs known by number only", late.unseen, digits=0),
    ]


def _reader_figures(report: Report) -> list[Figure]:
    none = Goal("≤", 0)
    others = sum(count for status, count in report.statuses.items() if status != 200)
    refused = sum(report.refused.values())
    return [
        Figure("GET summary p50", percentile(report.latencies, 0.5), "ms", digits=1),
        Figure("GET summary p99", percentile(report.latencies, 0.99), "ms", Goal("<", 50), 1),
        Figure("GET summary worst", percentile(report.latencies, 1.0), "ms", digits=1),
        Figure("readers' own loop lag p99", percentile(report.lags, 0.99), "ms", digits=1),
        Figure("readers' own loop lag worst", percentile(report.lags, 1.0), "ms", digits=1),
        Figure("answers 200", report.statuses.get(200, 0), goal=Goal("≥", 1), digits=0),
        Figure("other answers", others, goal=none, digits=0),
        Figure("failed requests", report.failures, goal=none, digits=0),
        Figure("new rev after POST sync median", percentile(report.fresh, 0.5), "s"),
        Figure("new rev after POST sync worst", percentile(report.fresh, 1.0), "s", Goal("≤", 2)),
        Figure("POST sync measured", len(report.fresh), goal=Goal("≥", 1), digits=0),
        Figure("POST sync refused (not 202)", refused, goal=none, digits=0),
        Figure("POST sync without a new rev in 15 s", report.stuck, goal=none, digits=0),
        Figure("POST sync not asked (own read near)", report.too_near, digits=0),
    ]


def _process(run: NodeRun, accounts: int) -> list[Figure]:
    per_account = (run.rss_mib - run.rss_at_start_mib) * 1024 / accounts
    return [
        Figure("resident memory, most", run.rss_mib, "MiB", Goal("<", 300), 0),
        Figure("resident memory when ready", run.rss_at_start_mib, "MiB", digits=0),
        Figure("memory grown per account", per_account, "KiB", digits=1),
        Figure("CPU of the node", run.cpu_seconds / run.seconds, "cores"),
        Figure("node ready but without a CPU", 100 * run.wait_seconds / run.seconds, "% of time"),
        Figure("last account's first sync", run.last_first_sync, "s after ready", digits=1),
        Figure("exit code at SIGTERM", run.exit_code, goal=Goal("≤", 0), digits=0),
    ]
