"""Services start in order, stop in reverse, and none can hold up the stop."""

import pytest
import trio
import trio.testing

from supervisor.services import ServiceEnded, Services


class Notes:
    """Makes services that write down when they start and stop."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def service(self, name: str, stubborn_seconds: float = 0.0):  # type: ignore[no-untyped-def]
        """A service that notes its life, and may resist its end for a while."""

        async def run(*, task_status: trio.TaskStatus[str]) -> None:
            self.lines.append(f"start {name}")
            task_status.started(name)
            try:
                await trio.sleep_forever()
            finally:
                with trio.CancelScope(shield=True):
                    await trio.sleep(stubborn_seconds)
                self.lines.append(f"stop {name}")

        return run


async def test_services_stop_in_reverse_order(autojump_clock: trio.testing.MockClock) -> None:
    """What was started last is stopped first, and each one's drain comes before its end."""
    notes = Notes()

    async def drain() -> None:
        notes.lines.append("drain b")

    async with trio.open_nursery() as nursery:
        services = Services(nursery)
        for name in ("a", "b", "c"):
            given = await services.start(
                name, notes.service(name), drain=drain if name == "b" else None
            )
            assert given == name
        await services.stop()
    starts = ["start a", "start b", "start c"]
    assert notes.lines == [*starts, "stop c", "drain b", "stop b", "stop a"]


async def test_a_stubborn_service_does_not_hold_up_the_others(
    autojump_clock: trio.testing.MockClock,
) -> None:
    """After its deadline the stop goes on with the next service."""
    notes = Notes()
    async with trio.open_nursery() as nursery:
        services = Services(nursery)
        await services.start("quick", notes.service("quick"))
        await services.start("slow", notes.service("slow", 60.0), deadline_seconds=1.0)
        began = trio.current_time()
        await services.stop()
        assert trio.current_time() - began == 1.0
        assert notes.lines[-1] == "stop quick"


async def test_a_service_that_ends_by_itself_is_a_fault() -> None:
    """Nobody stopped it, so the process must not go on without it."""

    async def brief(*, task_status: trio.TaskStatus[None]) -> None:
        task_status.started()

    with pytest.RaisesGroup(ServiceEnded):
        async with trio.open_nursery() as nursery:
            services = Services(nursery)
            await services.start("brief", brief)
