"""The process's services: started in order, stopped in reverse, each with a deadline.

A service is an async function that reports when it has started and then runs until its scope is
cancelled. One that ends by itself is a bug: it takes the process down, to be started again by
whoever runs it (crash-only), after the others were stopped in order.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
import trio
from attrs import define, field

Run = Callable[..., Awaitable[Any]]
Drain = Callable[[], Awaitable[object]]

_log = structlog.get_logger("supervisor.services")


def running(work: Callable[[], Awaitable[None]]) -> Run:
    """Make a service of something that runs at once and has nothing to report."""

    async def run(*, task_status: trio.TaskStatus[None]) -> None:
        task_status.started()
        await work()

    return run


class ServiceEnded(Exception):
    """A service ended although nobody stopped it."""


@define
class _Service:
    name: str
    drain: Drain | None
    deadline_seconds: float
    scope: trio.CancelScope = field(factory=trio.CancelScope)
    ended: trio.Event = field(factory=trio.Event)


class Services:
    """Holds what was started; use inside a nursery that lives as long as the process."""

    def __init__(self, nursery: trio.Nursery) -> None:
        self._nursery = nursery
        self._started: list[_Service] = []
        self._stopping = False

    async def start(
        self, name: str, run: Run, *, drain: Drain | None = None, deadline_seconds: float = 3.0
    ) -> Any:
        """Start ``run`` and wait until it reports; return what it reports.

        ``drain`` is called before the cancel, and may take at most ``deadline_seconds``.
        """
        service = _Service(name, drain, deadline_seconds)
        value = await self._nursery.start(self._keep, service, run)
        self._started.append(service)
        _log.debug("service_started", service=name)
        return value

    async def stop(self) -> None:
        """Stop everything in reverse order; a service that overruns its deadline is left behind."""
        self._stopping = True
        for service in reversed(self._started):
            with trio.move_on_after(service.deadline_seconds) as limit:
                if service.drain is not None:
                    await service.drain()
                service.scope.cancel()
                await service.ended.wait()
            service.scope.cancel()
            if limit.cancelled_caught:
                _log.warning("service_overran", service=service.name)
        self._started.clear()

    async def _keep(
        self,
        service: _Service,
        run: Run,
        *,
        task_status: trio.TaskStatus[Any],
    ) -> None:
        try:
            with service.scope:
                await run(task_status=task_status)
            if not self._stopping:
                raise ServiceEnded(service.name)
        finally:
            service.ended.set()
