"""Tier B: a whole node under a virtual clock, with crashes, broker faults and storage outages."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from actors.account import AccountActor
from actors.events import Committed, Event
from actors.ports import StoreUnavailable
from tests.simulation.mutations import Mutation, planted
from tests.simulation.node.run import NodeRun, run_node
from tests.simulation.outcome import FAILURES
from tests.simulation.verdicts import compare
from tests.simulation.world.population import make_world
from tests.simulation.world.story import Temper

BUSY = Temper(sessions=1, risk=0.07, hours=(0.3, 1.0), flows=1)


def run(seed: int, accounts: int) -> NodeRun:
    """Two days of a node."""
    return run_node(make_world(seed, accounts, 2, BUSY))


@pytest.mark.parametrize("seed", [2])
def test_a_node_among_faults_gives_the_oracles_verdicts(seed: int) -> None:
    """Crashes, outages and lost leases lose nothing and add nothing."""
    done = run(seed, 10)
    result = compare(done.told)
    assert result.failures == []
    assert all(told.samples for told in done.told)
    assert done.crashes > 0
    assert sum(result.classes.values()) > 0


def test_the_same_seed_gives_the_same_digest() -> None:
    """Every (time, actor, event) of a whole node is the same in a second run."""
    first, again = run(5, 2), run(5, 2)
    assert first.journal.events > 100
    assert first.journal.digest == again.journal.digest


def test_an_early_acknowledgement_is_noticed() -> None:
    """An actor that takes an unknown outcome for a commit shows what storage does not hold."""

    def early(original: Any) -> Callable[[AccountActor, Any], Awaitable[Event]]:
        async def commit(actor: AccountActor, command: Any) -> Event:
            try:
                event: Event = await original(actor, command)
            except StoreUnavailable:
                return Committed(actor._moment())
            return event

        return commit

    with planted(Mutation("early acknowledgement", AccountActor, "_commit", early)):
        result = compare(run(2, 4).told)
    assert any(result.classes[outcome] for outcome in FAILURES)
