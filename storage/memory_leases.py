"""Leases in dicts; the clock's monotonic seconds stand for the database's."""

from collections.abc import Sequence
from uuid import UUID

from actors.domain.account import (
    Tier,
)
from actors.ports import Clock, Lease
from storage.leases import NodeReplaced, Placement
from storage.memory_world import MemoryInstance, MemoryWorld


class MemoryLeases:
    """One node's leases; see ``PostgresLeases``."""

    def __init__(
        self,
        world: MemoryWorld,
        clock: Clock,
        node_id: str,
        *,
        lease_seconds: float = 30.0,
        margin_seconds: float = 10.0,
    ) -> None:
        self._world = world
        self._clock = clock
        self._node_id = node_id
        self._lease_seconds = lease_seconds
        self._held_seconds = lease_seconds - margin_seconds
        self._epoch = 0

    async def register(self) -> int:
        """Announce this process."""
        known = self._world.nodes.get(self._node_id)
        self._epoch = 1 if known is None else known[0] + 1
        self._world.nodes[self._node_id] = (self._epoch, False, self._clock.monotonic())
        return self._epoch

    async def heartbeat(self, *, draining: bool = False) -> None:
        """Say that this node lives. Raises NodeReplaced."""
        if self._world.nodes.get(self._node_id, (0,))[0] != self._epoch:
            raise NodeReplaced(self._node_id)
        self._world.nodes[self._node_id] = (self._epoch, draining, self._clock.monotonic())

    async def claim(self, most: int) -> tuple[Lease, ...]:
        """Take up to ``most`` free accounts, the riskiest first."""
        now = self._clock.monotonic()
        epoch, draining, _ = self._world.nodes.get(self._node_id, (0, True, 0.0))
        if draining or epoch != self._epoch:
            return ()
        free = [
            each
            for each in self._world.instances.values()
            if each.live
            and (each.node is None or each.expires_at < now or self._was_ours(each.node))
        ]
        free.sort(key=lambda each: (list(Tier).index(each.tier), each.instance.instance_key))
        for each in free[:most]:
            each.node, each.fence = (self._node_id, self._epoch), each.fence + 1
        return self._prolong(free[:most])

    def _was_ours(self, node: tuple[str, int]) -> bool:
        """Held by a former process of this node's name, which was replaced."""
        return node[0] == self._node_id and node[1] < self._epoch

    async def renew(self) -> tuple[Lease, ...]:
        """Prolong all leases of this process."""
        return self._prolong(self._mine())

    async def release(self, instance_ids: Sequence[UUID] | None = None) -> None:
        """Give these (or all) back."""
        for each in self._mine():
            if instance_ids is None or each.instance.instance_id in instance_ids:
                each.node = None

    async def placement(self) -> Placement:
        """What there is to share, and among how many."""
        since = self._clock.monotonic() - self._lease_seconds
        alive = [seen for _, draining, seen in self._world.nodes.values() if not draining]
        accounts = sum(each.live for each in self._world.instances.values())
        return Placement(accounts, sum(seen > since for seen in alive))

    def _mine(self) -> list[MemoryInstance]:
        me = (self._node_id, self._epoch)
        return [each for each in self._world.instances.values() if each.node == me]

    def _prolong(self, held: Sequence[MemoryInstance]) -> tuple[Lease, ...]:
        now = self._clock.monotonic()
        for each in held:
            each.expires_at = now + self._lease_seconds
        until = now + self._held_seconds
        return tuple(Lease(each.instance.instance_id, each.fence, until) for each in held)
