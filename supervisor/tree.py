"""The supervision tree: starts, restarts, quarantines and stops children.

Each child runs in a wrapper that catches Exception, never BaseException: cancellation and
KeyboardInterrupt pass. A crash is decided on by ``restarts.decide`` and touches no sibling.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum

import trio
from attrs import define, field, frozen
from trio import TaskStatus

from actors.ports import Clock
from supervisor.child_spec import Child, ChildSpec
from supervisor.restarts import (
    Asked,
    Crashed,
    Exit,
    Finished,
    Quarantine,
    RestartAfter,
    RestartPolicy,
    Returned,
    alarming,
    decide,
    recent,
)

OnEvent = Callable[[str, Mapping[str, object]], None]


class ChildState(StrEnum):
    """Where a child stands."""

    RUNNING = "running"
    RESTARTING = "restarting"
    QUARANTINED = "quarantined"
    FINISHED = "finished"


@frozen
class ChildRow:
    """A child as the status page shows it. ``last_error`` is the exception's type, no text."""

    id: str
    state: ChildState
    restarts: int
    crashes_in_window: int
    last_error: str | None


@define
class _Entry:
    spec: ChildSpec
    state: ChildState = ChildState.RUNNING
    child: Child | None = None
    scope: trio.CancelScope = field(factory=trio.CancelScope)
    done: trio.Event = field(factory=trio.Event)
    asked: bool = False
    forgotten: bool = False
    restarts: int = 0
    crashes: tuple[float, ...] = ()
    last_error: str | None = None


class Tree:
    """Children by id. ``run`` holds their nursery; the other methods work while it runs."""

    def __init__(
        self,
        clock: Clock,
        policy: RestartPolicy | None = None,
        on_event: OnEvent = lambda _code, _fields: None,
    ) -> None:
        self._clock = clock
        self._policy = policy or RestartPolicy()
        self._on_event = on_event
        self._entries: dict[str, _Entry] = {}
        self._nursery: trio.Nursery | None = None
        self.alarm = False

    async def run(self, *, task_status: TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Hold the children until cancelled; call ``shutdown`` before for an orderly end."""
        async with trio.open_nursery() as nursery:
            self._nursery = nursery
            task_status.started()
            await trio.sleep_forever()

    def start(self, spec: ChildSpec) -> None:
        """Start a child. ValueError while one of this id is held and has not finished."""
        held = self._entries.get(spec.id)
        if held is not None and held.state is not ChildState.FINISHED:
            raise ValueError(f"child {spec.id} runs already")
        self._spawn(_Entry(spec))

    async def stop(self, child_id: str) -> None:
        """End a child in order, then by cancellation after its deadline, and forget it."""
        entry = self._entries.get(child_id)
        if entry is None:
            return
        entry.forgotten = True
        await self._end(entry)
        if self._entries.get(child_id) is entry:
            del self._entries[child_id]

    async def restart(self, child_id: str) -> None:
        """Stop and start a child anew, also out of quarantine. KeyError when unknown.

        A ``stop`` meanwhile wins: whoever asked for it counts on the child's end.
        """
        entry = self._entries[child_id]
        await self._end(entry)
        if self._entries.get(child_id) is entry and not entry.forgotten:
            self._spawn(_Entry(entry.spec))

    async def shutdown(self) -> None:
        """Stop all children, higher ranks first, those of one rank together."""
        ranks = sorted({entry.spec.rank for entry in self._entries.values()}, reverse=True)
        for rank in ranks:
            ids = [id_ for id_, entry in self._entries.items() if entry.spec.rank == rank]
            async with trio.open_nursery() as nursery:
                for child_id in ids:
                    nursery.start_soon(self.stop, child_id)

    def rows(self) -> tuple[ChildRow, ...]:
        """Every child that is held, also the finished and the quarantined."""
        return tuple(map(self._row, self._entries.values()))

    def row(self, child_id: str) -> ChildRow | None:
        """One child, None when it is not held."""
        entry = self._entries.get(child_id)
        return None if entry is None else self._row(entry)

    def _row(self, entry: _Entry) -> ChildRow:
        crashes = recent(entry.crashes, self._policy, self._clock.monotonic())
        return ChildRow(entry.spec.id, entry.state, entry.restarts, len(crashes), entry.last_error)

    def _spawn(self, entry: _Entry) -> None:
        if self._nursery is None:
            raise RuntimeError("the tree does not run")
        self._entries[entry.spec.id] = entry
        self._nursery.start_soon(self._keep, entry)

    async def _end(self, entry: _Entry) -> None:
        entry.asked = True
        if entry.child is None:
            entry.scope.cancel()
        else:
            entry.child.stop()
        with trio.move_on_after(entry.spec.shutdown_seconds):
            await entry.done.wait()
        entry.scope.cancel()
        await entry.done.wait()

    async def _keep(self, entry: _Entry) -> None:
        """Run incarnations of a child until the decision is to leave it."""
        try:
            with entry.scope:
                while await self._incarnation(entry):
                    entry.restarts += 1
        finally:
            entry.done.set()
        if entry.state in (ChildState.RUNNING, ChildState.RESTARTING):
            entry.state = ChildState.FINISHED

    async def _incarnation(self, entry: _Entry) -> bool:
        entry.state = ChildState.RUNNING
        ended = await self._run_child(entry)
        entry.child = None
        entry.crashes = recent(entry.crashes, self._policy, self._clock.monotonic())
        match decide(entry.spec.restart, ended, entry.crashes, self._policy):
            case Finished():
                entry.state = ChildState.FINISHED
                return False
            case Quarantine():
                entry.state = ChildState.QUARANTINED
                self._on_event("child_quarantined", {"id": entry.spec.id})
                await self._tell_quarantine(entry)
                return False
            case RestartAfter(seconds=seconds):
                entry.state = ChildState.RESTARTING
                await trio.sleep(seconds)
                return not entry.asked

    async def _tell_quarantine(self, entry: _Entry) -> None:
        """A bug in the telling is an event: the child is in quarantine all the same."""
        if entry.spec.on_quarantine is None:
            return
        try:
            await entry.spec.on_quarantine()
        except* Exception as group:  # noqa: BLE001 - the wrapper of bugs
            error = type(_first(group)).__name__
            self._on_event("quarantine_untold", {"id": entry.spec.id, "error": error})

    async def _run_child(self, entry: _Entry) -> Exit:
        try:
            entry.child = entry.spec.start()
            await entry.child.run()
        except* Exception as group:  # noqa: BLE001 - the wrapper of bugs
            self._note_crash(entry, group)
            return_value: Exit = Crashed()
        else:
            return_value = Returned()
        return Asked() if entry.asked else return_value

    def _note_crash(self, entry: _Entry, group: BaseExceptionGroup[Exception]) -> None:
        """Remember a crash, and raise the alarm when many different children crash."""
        now = self._clock.monotonic()
        entry.crashes = (*entry.crashes, now)
        entry.last_error = type(_first(group)).__name__
        self._on_event("child_crashed", {"id": entry.spec.id, "error": entry.last_error})
        crashed = sum(bool(recent(e.crashes, self._policy, now)) for e in self._entries.values())
        alarm = alarming(crashed, len(self._entries), self._policy)
        if alarm and not self.alarm:
            self._on_event("tree_alarm", {"crashed": crashed, "children": len(self._entries)})
        self.alarm = alarm


def _first(error: BaseException) -> BaseException:
    """The first exception inside a group, however deep."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
