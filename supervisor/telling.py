"""What happens, told: to the log, to the figures, to the cache, and to the demo's terminal."""

from collections.abc import Callable, Iterator, Mapping

import msgspec
import structlog
from attrs import evolve, frozen

from actors.domain.published import Published
from actors.domain.rule_day import Level
from storage.lives import Watched
from storage.summary_cache import SummaryCache
from supervisor.metrics import Metrics
from web.live.board import Board

_log = structlog.get_logger("actors")
_WARNINGS = frozenset(
    {"broker_failed", "store_unavailable", "child_crashed", "clock_stepped", "server_clock_differs"}
)
_ERRORS = frozenset({"child_quarantined", "quarantine_untold", "tree_alarm"})


@frozen
class Happening:
    """One thing worth telling about an account. ``code`` is stable, ``fields`` are plain."""

    code: str
    watched: Watched
    fields: Mapping[str, object]


@frozen
class Telling:
    """Passes on what actors and the tree say; ``listener`` gets every happening."""

    listener: Callable[[Happening], None] = lambda _happening: None
    metrics: Metrics | None = None
    cache: SummaryCache | None = None
    board: Board | None = None

    def counted(self, metrics: Metrics, cache: SummaryCache, board: Board) -> "Telling":
        """The same, also counting, caching and waking those who listen live."""
        return evolve(self, metrics=metrics, cache=cache, board=board)

    def published(self, watched: Watched, before: Published | None, now: Published) -> None:
        """An actor published a state that is stored."""
        synced = before is not None and before.rev < now.rev
        if synced and self.metrics is not None:
            self.metrics.syncs.labels(now.tier.value).inc()
        if synced and self.cache is not None:
            self.cache.put(now.instance_id, now.rev, msgspec.json.encode(now.summary))
        if self.board is not None:
            self.board.changed(now.account_id)
        for happening in changes(watched, before, now):
            self._tell(happening)

    def event(self, watched: Watched, code: str, fields: Mapping[str, object]) -> None:
        """An actor said something."""
        if self.metrics is not None and code == "broker_failed":
            self.metrics.faults.labels(str(fields.get("code"))).inc()
        if self.metrics is not None and code == "server_clock_differs" and fields["seconds"]:
            self.metrics.clock_mismatches.inc()
        if self.metrics is not None and fields.get("reason") == "fenced":
            self.metrics.refused_writes.inc()
        self._tell(Happening(code, watched, fields))

    def tree(self, code: str, fields: Mapping[str, object]) -> None:
        """The tree said something about a child."""
        if self.metrics is not None and code == "child_crashed":
            self.metrics.restarts.inc()
        _level(code)(code, **fields)

    def _tell(self, happening: Happening) -> None:
        if self.metrics is not None and happening.code == "level":
            self.metrics.violations.labels(str(happening.fields["level"])).inc()
        account = str(happening.watched.account.account_id)
        _level(happening.code)(happening.code, account_id=account, **happening.fields)
        self.listener(happening)


def changes(watched: Watched, before: Published | None, now: Published) -> Iterator[Happening]:
    """What is new in a published state: connection, tier, outcome, levels of rules."""
    if before is None or before.connection_state is not now.connection_state:
        fields = {"state": now.connection_state.value, "error": now.last_error_code}
        yield Happening("state", watched, fields)
    if before is not None and before.tier is not now.tier:
        yield Happening("tier", watched, {"tier": now.tier.value})
    known = {} if before is None else {old.rule_id: old for old in before.standings}
    for standing in now.standings:
        old = known.get(standing.rule_id)
        if standing.level is not Level.OK and (old is None or old.level is not standing.level):
            yield Happening(
                "level",
                watched,
                {
                    "rule": standing.rule_id,
                    "level": standing.level.value,
                    "value": _text(standing.value),
                    "floor": _text(standing.floor),
                },
            )
    if before is not None and before.outcome is not now.outcome:
        yield Happening("outcome", watched, {"outcome": now.outcome.value})


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _level(code: str) -> Callable[..., object]:
    name = "error" if code in _ERRORS else "warning" if code in _WARNINGS else "info"
    say: Callable[..., object] = getattr(_log, name)
    return say
