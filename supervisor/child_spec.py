"""What the tree needs to know to run a child."""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Protocol

from attrs import frozen


class Restart(StrEnum):
    """When a child that ended is started again: always, only after a crash, or never."""

    PERMANENT = "permanent"
    TRANSIENT = "transient"
    TEMPORARY = "temporary"


class Child(Protocol):
    """One incarnation of a child. A restart makes a new one."""

    async def run(self) -> None:
        """Work until done. An exception is a crash."""
        ...

    def stop(self) -> None:
        """Ask for an orderly end; ``run`` returns soon after."""
        ...


@frozen
class ChildSpec:
    """``start`` is a factory, so that each restart begins with state read from storage.

    ``shutdown_seconds`` is how long an orderly end may take before the child is cancelled.
    Children of one ``rank`` are stopped together, higher ranks first. ``on_quarantine`` is awaited
    once the child is left in quarantine, and cancelled when it is resumed or stopped.
    """

    id: str
    start: Callable[[], Child]
    restart: Restart = Restart.TRANSIENT
    shutdown_seconds: float = 5.0
    rank: int = 0
    on_quarantine: Callable[[], Awaitable[None]] | None = None
