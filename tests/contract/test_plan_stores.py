"""What every plan store promises: versions that never change."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import trio
from attrs import evolve

from storage.memory import MemoryPlans, MemoryWorld
from storage.plans import PlanChanged, PostgresPlans
from storage.postgres import Database
from tests.store_builders import PLAN


@pytest.fixture(params=["memory", "postgres"])
async def plans(request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    """Each implementation in turn, empty."""
    if request.param == "memory":
        yield MemoryPlans(MemoryWorld())
        return
    database = Database(request.getfixturevalue("postgres_dsn"), workers=1)
    async with trio.open_nursery() as nursery:
        await nursery.start(database.run)
        yield PostgresPlans(database)
        nursery.cancel_scope.cancel()


async def test_plan_versions_never_change(plans: Any) -> None:
    """The same version with another content is refused; saving again is not."""
    await plans.save(PLAN)
    assert await plans.document(PLAN.content_hash) == "doc"
    with pytest.raises(PlanChanged):
        await plans.save(evolve(PLAN, content_hash="b" * 64))


async def test_a_published_plan_needs_a_number_above_the_newest(plans: Any) -> None:
    """Publishing the same again is no news; an old number for new content is refused."""
    assert await plans.publish(PLAN)
    assert not await plans.publish(PLAN)
    for version in (PLAN.version, PLAN.version - 1):
        with pytest.raises(PlanChanged):
            await plans.publish(evolve(PLAN, content_hash="b" * 64, version=version))
    newer = evolve(PLAN, content_hash="c" * 64, version=PLAN.version + 1, document="newer")
    assert await plans.publish(newer)
    assert await plans.newest(PLAN.name) == "newer"
    assert await plans.newest("unheard-of") is None
