"""Planted bugs: the simulation, the vectors and the rule-day table notice every one."""

from typing import get_args

import pytest

from tests.simulation.conduct_bugs import CONDUCT_BUGS
from tests.simulation.detectors import by_vectors, first_noticed
from tests.simulation.mutations import MUTATIONS, Mutation, Room, planted

BUGS = (*MUTATIONS, *CONDUCT_BUGS)


@pytest.mark.parametrize("room", get_args(Room))
def test_nothing_is_noticed_in_the_product_as_it_is(room: Room) -> None:
    """Without a planted bug no detector says anything."""
    assert first_noticed(room) is None


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.title)
def test_a_planted_bug_is_noticed(bug: Mutation) -> None:
    """With this bug in the product a detector of its room speaks up."""
    with planted(bug):
        assert first_noticed(bug.room) is not None


def test_a_planted_bug_leaves_nothing_behind() -> None:
    """After planting and pulling out every bug the product is as it was."""
    for bug in BUGS:
        with planted(bug):
            pass
    assert len({bug.title for bug in BUGS}) == len(BUGS) >= 20
    assert next(by_vectors(), None) is None
