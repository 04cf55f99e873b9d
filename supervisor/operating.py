"""What operators may see and do (``web.ports.Ops``)."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from attrs import define

from storage.batcher import Batcher
from storage.command_rows import CommandKind
from storage.postgres import Database
from supervisor.bridging.status import BridgeBoard
from supervisor.changes import Post
from supervisor.fleet import Fleet
from supervisor.metrics import Metrics
from supervisor.placement import PlacementLoop
from supervisor.status import StatusBoard
from web.ports import Answer, CommandResult


@define
class OpsRoom:
    """Status, metrics, readiness, and the operators' commands."""

    board: StatusBoard
    bridges: BridgeBoard
    fleet: Fleet
    post: Post
    placement: PlacementLoop
    database: Database
    batcher: Batcher
    figures: Metrics
    carry_out: Callable[[Callable[[], Awaitable[CommandResult]]], Awaitable[CommandResult]]

    def status(
        self, *, page: int, limit: int, state: str | None, tier: str | None, sort: str
    ) -> Mapping[str, Any]:
        """Totals by state and tier, bridges, server clocks and breakers, and a page of actors."""
        told = self.board.status(page=page, limit=limit, state=state, tier=tier, sort=sort)
        alarm = self.fleet.tree.alarm
        return {"ready": self.ready(), "alarm": alarm, **self.bridges.status(), **told}

    async def restart(self, account_id: UUID) -> CommandResult:
        """Restart the actor, also out of quarantine, on whatever node it runs."""
        return await self.carry_out(lambda: self.post.send(account_id, CommandKind.RESTART))

    async def pause(self, account_id: UUID) -> CommandResult:
        """Stop syncing until resumed."""
        return await self.carry_out(lambda: self.post.send(account_id, CommandKind.PAUSE))

    async def resume(self, account_id: UUID) -> CommandResult:
        """Go on syncing, after a pause or out of quarantine."""
        return await self.carry_out(lambda: self.post.send(account_id, CommandKind.RESUME))

    async def drain(self) -> CommandResult:
        """Stop every actor, give all leases back, and take no new ones."""

        async def job() -> CommandResult:
            told = await self.placement.drain()
            return CommandResult(Answer.DONE if told else Answer.UNAVAILABLE)

        return await self.carry_out(job)

    def ready(self) -> Mapping[str, bool]:
        """Readiness by part."""
        return {
            "storage": self.database.health.healthy,
            "placement": self.placement.reachable,
            "accepting": not self.placement.draining,
        }

    def metrics(self) -> bytes:
        """Prometheus text of the process."""
        return self.figures.text()
