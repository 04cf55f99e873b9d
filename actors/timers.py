"""One shared timer heap for all actors: thousands of sleepers cost one sleeping task."""

import heapq
from collections.abc import Callable
from itertools import count

import trio
from trio import TaskStatus

from actors.ports import Clock

_BATCH = 256
"""Ticks posted before other tasks get their turn."""


class Timer:
    """A pending wake-up."""

    __slots__ = ("_tick", "at")

    def __init__(self, at: float, tick: Callable[[], None]) -> None:
        self.at = at
        self._tick: Callable[[], None] | None = tick

    @property
    def cancelled(self) -> bool:
        """True once cancelled or fired."""
        return self._tick is None

    def cancel(self) -> None:
        """Forget the wake-up; harmless when it has fired."""
        self._tick = None

    def fire(self) -> None:
        """Call the tick once."""
        tick, self._tick = self._tick, None
        if tick is not None:
            tick()


class Timers:
    """The heap. ``run`` must run for ticks to be posted; ticks must be quick and not raise."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heap: list[tuple[float, int, Timer]] = []
        self._order = count()
        self._earlier = trio.Event()

    def __len__(self) -> int:
        return len(self._heap)

    def arm(self, at: float, tick: Callable[[], None]) -> Timer:
        """Call ``tick`` at monotonic time ``at`` or as soon after as the loop allows."""
        timer = Timer(at, tick)
        heapq.heappush(self._heap, (at, next(self._order), timer))
        if self._heap[0][2] is timer:
            self._earlier.set()
        return timer

    async def run(self, *, task_status: TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Post ticks until cancelled."""
        task_status.started()
        while True:
            fired = self._fire_due()
            if fired == _BATCH:
                await trio.lowlevel.checkpoint()
                continue
            self._earlier = trio.Event()
            with trio.move_on_at(self._heap[0][0] if self._heap else float("inf")):
                await self._earlier.wait()

    def _fire_due(self) -> int:
        """Fire what is due, at most a batch, and drop cancelled timers at the top."""
        fired, now = 0, self._clock.monotonic()
        while self._heap and fired < _BATCH:
            at, _, timer = self._heap[0]
            if at > now and not timer.cancelled:
                break
            heapq.heappop(self._heap)
            fired += not timer.cancelled
            timer.fire()
        return fired
