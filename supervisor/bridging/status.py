"""Bridges, server clocks and breakers as operators see them: JSON-ready rows."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from attrs import frozen
from prometheus_client.core import GaugeMetricFamily

from actors.breaker import Gate, ServerBreaker
from actors.domain.server_clock import ServerClock
from actors.mt5.wire_answers import ServerOffset
from actors.mt5.wire_records import offset_differs
from actors.ports import Clock
from storage.server_clocks import SeenClock
from supervisor.bridging.building import BridgeRoom
from supervisor.bridging.door import BridgeDoor


@frozen
class BridgeBoard:
    """Tells what stands between this node and the brokers.

    ``server_clock`` gives a server's configured clock or raises KeyError; ``breakers`` are those of
    the servers that this node's accounts are at, by casefolded name.
    """

    room: BridgeRoom
    clock: Clock
    server_clock: Callable[[str], ServerClock]
    breakers: Callable[[], Mapping[str, ServerBreaker]]

    def status(self) -> dict[str, Any]:
        """Every bridge, every server's clock as each bridge sees it, every server's breaker."""
        return {
            "bridges": [self._bridge(door) for door in self.room.doors],
            "server_clocks": [self._server_clock(door, told) for door, told in self._told()],
            "breakers": [
                self._breaker(server, breaker)
                for server, breaker in sorted(self.breakers().items())
            ],
            "refused_credentials": len(self.room.broker.refusals),
        }

    def gauges(self) -> Iterator[GaugeMetricFamily]:
        """Slots and seats by bridge, and breakers by position, for Prometheus."""
        slots = GaugeMetricFamily(
            "onefunders_bridge_slots", "Slots by bridge and state", labels=["bridge", "state"]
        )
        seats = GaugeMetricFamily(
            "onefunders_bridge_seats", "Slots taken by this node", labels=["bridge"]
        )
        connected = GaugeMetricFamily(
            "onefunders_bridge_connected", "1 while the stream is up", labels=["bridge"]
        )
        for door in self.room.doors:
            name, health = door.setting.name, door.client.health
            for each in health.slots if health else ():
                slots.add_metric([name, each.state], each.slots)
            seats.add_metric([name], self.room.broker.berths.taken(name))
            connected.add_metric([name], float(door.client.is_connected))
        gates = Counter(breaker.state.gate for breaker in self.breakers().values())
        breakers = GaugeMetricFamily(
            "onefunders_breakers", "Breakers of brokers' servers by position", labels=["gate"]
        )
        for gate in Gate:
            breakers.add_metric([gate.value], gates[gate])
        yield from (slots, seats, connected, breakers)

    def _bridge(self, door: BridgeDoor) -> dict[str, Any]:
        """``seats`` are ours, ``slots_busy`` everyone's; null what the bridge has not said yet."""
        name, health, berths = door.setting.name, door.client.health, self.room.broker.berths
        return {
            "bridge": name,
            "connected": door.client.is_connected,
            "servers": sorted(door.setting.servers),
            "seats": berths.taken(name),
            "seats_most": door.station().slots,
            "avoided_seconds": round(berths.avoided_seconds(name, self.clock.monotonic()), 1),
            "slots_total": health.slots_total if health else None,
            "slots_busy": health.slots_busy if health else None,
            "slots": {each.state: each.slots for each in health.slots} if health else None,
            "login_p50_ms": health.login_p50_ms if health else None,
            "login_p95_ms": health.login_p95_ms if health else None,
            "build": health.build if health else None,
            "last_violation": door.client.last_violation,
        }

    def seen_clocks(self) -> list[SeenClock]:
        """Every server's clock as each connected bridge sees it, for the history."""
        return [
            SeenClock(
                told.server.casefold(),
                door.setting.name,
                told.source,
                told.offset_seconds,
                self._configured(told)[0],
            )
            for door, told in self._told()
            if door.client.is_connected
        ]

    def _told(self) -> Iterator[tuple[BridgeDoor, ServerOffset]]:
        for door in self.room.doors:
            for told in door.client.health.offsets if door.client.health else ():
                yield door, told

    def _configured(self, told: ServerOffset) -> tuple[int | None, int | None]:
        """Our offset and the difference; None for a server that the broker table does not name."""
        now = self.clock.now()
        try:
            ours = self.server_clock(told.server)
        except KeyError:
            return None, None
        differs = offset_differs(told.offset_seconds, told.source, ours, now)
        return ours.offset(now) // timedelta(seconds=1), differs

    def _server_clock(self, door: BridgeDoor, told: ServerOffset) -> dict[str, Any]:
        configured, differs = self._configured(told)
        return {
            "server": told.server,
            "bridge": door.setting.name,
            "source": told.source,
            "offset_seconds": told.offset_seconds,
            "configured_seconds": configured,
            "differs_seconds": differs,
            "age_seconds": round(told.age_ms / 1000, 1),
        }

    def _breaker(self, server: str, breaker: ServerBreaker) -> dict[str, Any]:
        state = breaker.state
        left = max(0.0, state.until - self.clock.monotonic())
        return {
            "server": server,
            "gate": state.gate.value,
            "failures": sum(not succeeded for _, succeeded in state.outcomes),
            "calls": len(state.outcomes),
            "opens_again_seconds": None if state.gate is Gate.CLOSED else round(left, 1),
        }
