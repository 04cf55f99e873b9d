"""Figures for Prometheus: counted as things happen, gauged when somebody asks.

Labels are bounded (states, tiers, outcomes, route patterns), never an account.
"""

from collections import Counter as Tally
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

import trio
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from actors.domain.published import Published
from actors.ports import Clock
from actors.registry import Registry
from storage.batcher import Batcher
from web.live.board import Board

_LAG_SAMPLE_SECONDS = 0.5


class Metrics:
    """The process's figures, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.syncs = Counter(
            "onefunders_syncs", "Committed syncs by tier", ["tier"], registry=self.registry
        )
        self.violations = Counter(
            "onefunders_violations", "Stored violations", ["severity"], registry=self.registry
        )
        self.faults = Counter(
            "onefunders_mt5_faults", "Failed bridge operations", ["code"], registry=self.registry
        )
        self.restarts = Counter(
            "onefunders_actor_restarts", "Actor restarts after a crash", registry=self.registry
        )
        self.refused_writes = Counter(
            "onefunders_refused_writes", "Writes refused by a fence", registry=self.registry
        )
        self.clock_mismatches = Counter(
            "onefunders_server_clock_mismatches",
            "Server clocks that a bridge found off the broker table",
            registry=self.registry,
        )
        self.requests = Counter(
            "onefunders_http_requests", "Requests", ["route", "status"], registry=self.registry
        )
        self.request_seconds = Histogram(
            "onefunders_http_seconds", "Time to answer", ["route"], registry=self.registry
        )
        self.loop_lag = Gauge(
            "onefunders_loop_lag_seconds", "How late the loop runs", registry=self.registry
        )

    def text(self) -> bytes:
        """All figures in Prometheus text form."""
        return generate_latest(self.registry)

    def watch(self, registry: Registry, batcher: Batcher, clock: Clock, board: Board) -> None:
        """Gauge the actors, the batcher and the live sockets whenever somebody asks."""
        self.registry.register(_Fleet(registry, batcher, clock))
        self.registry.register(_Live(board))

    def gauge(self, gauges: Callable[[], Iterator[GaugeMetricFamily]]) -> None:
        """Ask for further gauges whenever somebody asks for the figures."""
        self.registry.register(_Asked(gauges))

    def counting(self, app: Any) -> Any:
        """Wrap an ASGI application so that its answers are counted by status class.

        Paths hold account ids, so they are no labels; the first two segments are.
        """

        async def counted(scope: Any, receive: Any, send: Any) -> None:
            began = trio.current_time()
            route = _family(scope.get("path", "")) if scope["type"] == "http" else scope["type"]

            async def sent(message: Any) -> None:
                if message["type"] == "http.response.start":
                    self.requests.labels(route, f"{message['status'] // 100}xx").inc()
                    self.request_seconds.labels(route).observe(trio.current_time() - began)
                await send(message)

            await app(scope, receive, sent)

        return counted

    async def sample_lag(
        self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED
    ) -> None:
        """Measure how late a sleeping task is woken, until cancelled."""
        task_status.started()
        while True:
            due = trio.current_time() + _LAG_SAMPLE_SECONDS
            await trio.sleep_until(due)
            self.loop_lag.set(trio.current_time() - due)


_FAMILIES = frozenset(
    {"account", "accounts", "auth", "connect", "docs", "health", "metrics", "s2s", "supervisor"}
)


def _family(path: str) -> str:
    """The route's family: a bounded label, ``other`` for what no route takes."""
    parts = path.split("/")
    return parts[2] if len(parts) > 2 and parts[2] in _FAMILIES else "other"


class _Fleet(Collector):
    def __init__(self, registry: Registry, batcher: Batcher, clock: Clock) -> None:
        self._registry = registry
        self._batcher = batcher
        self._clock = clock

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing is known before the first ask."""
        return ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Actors by state and tier, the greatest lag, and the batcher's queue."""
        published = [ref.published for ref in self._registry if ref.published is not None]
        actors = GaugeMetricFamily(
            "onefunders_actors", "Actors by state and tier", labels=["state", "tier"]
        )
        counted = Tally((seen.connection_state.value, seen.tier.value) for seen in published)
        for labels, number in counted.items():
            actors.add_metric(labels, number)
        yield actors
        now = self._clock.now()
        lag = max((lateness_seconds(seen, now) for seen in published), default=0.0)
        yield GaugeMetricFamily("onefunders_sync_lag_seconds", "Greatest lateness", value=lag)
        waiting = self._batcher.counts.waiting
        yield GaugeMetricFamily("onefunders_batch_waiting", "Units waiting", value=waiting)


class _Asked(Collector):
    def __init__(self, gauges: Callable[[], Iterator[GaugeMetricFamily]]) -> None:
        self._gauges = gauges

    def describe(self) -> Iterable[Metric]:
        """Nothing is known before the first ask."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """What the room tells now."""
        return self._gauges()


class _Live(Collector):
    def __init__(self, board: Board) -> None:
        self._board = board

    def describe(self) -> Iterable[Metric]:
        """Nothing is known before the first ask."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Open live sockets, those that ended by reason, and readers who were left behind."""
        board = self._board
        yield GaugeMetricFamily("onefunders_live_clients", "Live sockets", value=board.clients)
        ended = CounterMetricFamily(
            "onefunders_live_ended", "Live sockets that ended", labels=["reason"]
        )
        for reason, number in board.closed.items():
            ended.add_metric([reason], number)
        yield ended
        resyncs = CounterMetricFamily(
            "onefunders_live_resyncs", "Slow readers told to read again", value=board.resyncs
        )
        yield resyncs


def lateness_seconds(seen: Published, now: datetime) -> float:
    """How long the account's next sync is overdue; 0 when it is not, or none is planned."""
    if seen.next_sync_at is None:
        return 0.0
    return max(0.0, (now - seen.next_sync_at).total_seconds())
