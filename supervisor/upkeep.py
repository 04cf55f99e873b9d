"""Hourly care of the database, from one task: partitions ahead, roll-ups, retention."""

from collections.abc import Awaitable, Callable

import structlog
import trio

from actors.ports import Clock, StoreUnavailable
from storage.maintenance import maintain
from storage.postgres import Database

_EVERY_SECONDS = 3600.0
_RETRY_SECONDS = 60.0

_log = structlog.get_logger("supervisor.upkeep")


def keep_up(database: Database, clock: Clock) -> Callable[..., Awaitable[None]]:
    """Return the service that does one round at start and then each hour."""

    async def run(*, task_status: trio.TaskStatus[None]) -> None:
        task_status.started()
        while True:
            try:
                care = await maintain(database, clock.now())
            except StoreUnavailable:
                await trio.sleep(_RETRY_SECONDS)
                continue
            _log.debug("upkeep", purged=care.purged, roll_up_steps=care.roll_up_steps)
            await trio.sleep(_EVERY_SECONDS)

    return run
