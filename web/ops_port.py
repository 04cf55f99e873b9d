"""The port of the operators' routes: the supervisor, told in the web layer's words."""

from collections.abc import Mapping
from typing import Any, Protocol
from uuid import UUID

from web.ports import CommandResult


class Ops(Protocol):
    """The supervisor as operators see it."""

    def status(
        self, *, page: int, limit: int, state: str | None, tier: str | None, sort: str
    ) -> Mapping[str, Any]:
        """Totals by state and tier, and a page of actors, JSON-ready."""
        ...

    async def restart(self, account_id: UUID) -> CommandResult:
        """Restart the actor, also out of quarantine."""
        ...

    async def pause(self, account_id: UUID) -> CommandResult:
        """Stop syncing until resumed."""
        ...

    async def resume(self, account_id: UUID) -> CommandResult:
        """Go on syncing."""
        ...

    async def drain(self) -> CommandResult:
        """Give up all leases and refuse new accounts, before a planned stop."""
        ...

    def ready(self) -> Mapping[str, bool]:
        """Readiness by part: storage, registry, accepting."""
        ...

    def metrics(self) -> bytes:
        """Prometheus text of the process."""
        ...
