"""The readers of the benchmark, in a process of their own: ``python -m tests.bench.readers``.

An order comes as JSON on standard input, a report goes as JSON to standard output. The process
measures how late its own loop runs, because that is part of every latency it reports.
"""

import sys
from datetime import datetime

import msgspec
import trio
from attrs import Factory, define, frozen

from tests.bench.http_load import GONE, Connection, Load, poll

_LAG_SECONDS = 0.02
_FAR_SECONDS = 20.0
"""An account is asked to sync only when its next read of its own is at least this far away."""

_GIVE_UP_SECONDS = 15.0
_PACE_SECONDS = 0.05


@frozen
class Seat:
    """One user who reads one account."""

    token: str
    account_id: str


@frozen
class Order:
    """Readers ask each second for ``seconds``; ``fresh`` of them are asked to sync by POST."""

    port: int
    seconds: float
    every: float
    seats: list[Seat]
    fresh: int


@define
class Report:
    """What the readers measured; latencies and lags in milliseconds, freshness in seconds.

    ``refused`` are status codes of POST sync other than 202; ``too_near`` the accounts that were
    passed over because a read of their own was near; ``stuck`` those whose rev did not change.
    """

    latencies: list[float] = Factory(list)
    statuses: dict[int, int] = Factory(dict)
    failures: int = 0
    lags: list[float] = Factory(list)
    fresh: list[float] = Factory(list)
    refused: dict[int, int] = Factory(dict)
    too_near: int = 0
    stuck: int = 0


async def _sample_lag(report: Report) -> None:
    while True:
        due = trio.current_time() + _LAG_SECONDS
        await trio.sleep_until(due)
        report.lags.append((trio.current_time() - due) * 1000)


async def _summary(line: Connection, path: str) -> dict[str, object] | None:
    """The summary as JSON, None when the answer is another."""
    status, body = await line.call("GET", f"{path}/summary")
    found: dict[str, object] | None = msgspec.json.decode(body) if status == 200 else None
    return found


def _far(summary: dict[str, object]) -> bool:
    """True when no read of its own can change the rev while we wait."""
    then, now = summary["next_sync_at"], summary["server_now"]
    if not (isinstance(then, str) and isinstance(now, str)):
        return False
    away = datetime.fromisoformat(then) - datetime.fromisoformat(now)
    return away.total_seconds() >= _FAR_SECONDS


async def _ask_freshness(order: Order, report: Report) -> None:
    """Ask accounts one after the other for a sync, and wait for the rev that it makes."""
    for seat in order.seats:
        if len(report.fresh) + report.stuck >= order.fresh:
            return
        line = Connection(order.port, seat.token)
        try:
            await _freshness(line, f"/api/account/{seat.account_id}", report)
        except GONE:
            report.failures += 1
        await line.close()


async def _freshness(line: Connection, path: str, report: Report) -> None:
    before = await _summary(line, path)
    if before is None or not _far(before):
        report.too_near += 1
        return
    began = trio.current_time()
    status, _ = await line.call("POST", f"{path}/sync")
    if status != 202:
        report.refused[status] = report.refused.get(status, 0) + 1
        return
    while trio.current_time() < began + _GIVE_UP_SECONDS:
        now = await _summary(line, path)
        if now is not None and now["rev"] != before["rev"]:
            report.fresh.append(trio.current_time() - began)
            return
        waited = trio.current_time() - began
        await trio.sleep(_PACE_SECONDS if waited < 2 else 10 * _PACE_SECONDS)
    report.stuck += 1


async def _read(order: Order) -> Report:
    report, load = Report(), Load()
    until = trio.current_time() + order.seconds
    async with trio.open_nursery() as nursery:
        nursery.start_soon(_sample_lag, report)
        async with trio.open_nursery() as readers:
            readers.start_soon(_ask_freshness, order, report)
            for seat in order.seats:
                line = Connection(order.port, seat.token)
                path = f"/api/account/{seat.account_id}/summary"
                await trio.sleep(order.every / len(order.seats))  # readers are not in step
                readers.start_soon(poll, line, path, order.every, until, load)
        nursery.cancel_scope.cancel()
    report.latencies, report.statuses = load.latencies, dict(load.statuses)
    report.failures += load.failures
    return report


def main() -> None:
    """Read the order, do it, write the report."""
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    sys.stdout.buffer.write(msgspec.json.encode(trio.run(_read, order)))


if __name__ == "__main__":
    main()
