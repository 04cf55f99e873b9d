"""The supervisor as operators see it: totals, and one row per actor."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from attrs import frozen

from actors.domain.account import ConnectionState
from actors.domain.published import Published
from actors.ports import Clock
from actors.ref import ActorRef
from actors.registry import Registry
from supervisor.metrics import lateness_seconds

_SORTS: Mapping[str, Callable[[dict[str, Any]], Any]] = {
    "lag": lambda row: -row["lag_seconds"],
    "state": lambda row: (row["connection_state"], row["account_id"]),
    "tier": lambda row: (row["tier"], row["account_id"]),
    "restarts": lambda row: -row["restarts"],
    "account": lambda row: row["account_id"],
}


@frozen
class ActorFacts:
    """What the tree and the leases know of an actor beside its published state.

    ``condition`` is that of an account whose actor does not work (in quarantine, or its server is
    unknown), None while the actor speaks for itself.
    """

    restarts: int
    condition: ConnectionState | None
    fence: int | None


@frozen
class StatusBoard:
    """Builds the status from the registry. ``facts(instance_id)`` asks the tree."""

    registry: Registry
    clock: Clock
    node_id: str
    facts: Callable[[UUID], ActorFacts]

    def rows(self) -> list[dict[str, Any]]:
        """One JSON-ready row per actor of this node."""
        return [self._row(ref) for ref in self.registry]

    def status(
        self, *, page: int, limit: int, state: str | None, tier: str | None, sort: str
    ) -> Mapping[str, Any]:
        """Totals over all actors, and a page of those that match."""
        rows = self.rows()
        wanted = [
            row
            for row in rows
            if state in (None, row["connection_state"]) and tier in (None, row["tier"])
        ]
        wanted.sort(key=_SORTS.get(sort, _SORTS["lag"]))
        first = (page - 1) * limit
        return {
            "node": self.node_id,
            "server_now": self.clock.now(),
            "totals": {
                "actors": len(rows),
                "state": dict(Counter(row["connection_state"] for row in rows)),
                "tier": dict(Counter(row["tier"] for row in rows)),
                "restarts": sum(row["restarts"] for row in rows),
                "greatest_lag_seconds": max((row["lag_seconds"] for row in rows), default=0.0),
            },
            "actors": wanted[first : first + limit],
            "total": len(wanted),
            "page": page,
            "limit": limit,
        }

    def _row(self, ref: ActorRef) -> dict[str, Any]:
        facts, seen = self.facts(ref.instance_id), ref.published
        state = _state_of(seen, facts)
        return {
            "account_id": str(ref.account_id),
            "instance_id": str(ref.instance_id),
            "connection_state": state,
            "outcome": seen.outcome.value if seen else "running",
            "tier": seen.tier.value if seen else "active",
            "rev": seen.rev if seen else 0,
            "restarts": facts.restarts,
            "mailbox": len(ref.mailbox),
            "alive": ref.alive,
            "last_sync_at": seen.last_sync_at if seen else None,
            "next_sync_at": seen.next_sync_at if seen else None,
            "lag_seconds": round(lateness_seconds(seen, self.clock.now()), 3) if seen else 0.0,
            "interval_seconds": seen.summary.sync_interval_seconds if seen else None,
            "expected_lag_seconds": seen.summary.expected_lag_seconds if seen else None,
            "worst_lag_seconds": seen.summary.worst_lag_seconds if seen else None,
            "last_error_code": seen.last_error_code if seen else None,
            "node": self.node_id,
            "fence": facts.fence,
        }


def _state_of(seen: Published | None, facts: ActorFacts) -> str:
    if facts.condition is not None:
        return facts.condition.value
    return seen.connection_state.value if seen else "connecting"
