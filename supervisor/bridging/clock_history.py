"""Keeps the history of the brokers' clocks: a row in the database for each change."""

from collections.abc import Awaitable, Callable, Sequence

import structlog
import trio

from actors.ports import Clock, StoreUnavailable
from storage.server_clocks import SeenClock, ServerClocks

_EVERY_SECONDS = 5.0
_log = structlog.get_logger("supervisor.bridging")


def keep_clocks(
    history: ServerClocks, seen_now: Callable[[], Sequence[SeenClock]], clock: Clock
) -> Callable[[], Awaitable[None]]:
    """Return the service that looks every few seconds; an outage is made good later."""

    async def run() -> None:
        kept: frozenset[SeenClock] = frozenset()
        while True:
            seen = frozenset(seen_now())
            fresh = sorted(seen - kept, key=lambda each: (each.server, each.bridge))
            if fresh:
                try:
                    await history.keep(fresh, clock.now())
                except StoreUnavailable:
                    _log.warning("server_clocks_not_kept", servers=len(fresh))
                else:
                    kept = seen
            await trio.sleep(_EVERY_SECONDS)

    return run
