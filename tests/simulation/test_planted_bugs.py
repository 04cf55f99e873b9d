"""Planted bugs: the simulation, the vectors and the rule-day table notice every one."""

import pytest

from tests.simulation.detectors import DETECTORS, first_noticed
from tests.simulation.mutations import BY_TITLE, MUTATIONS, planted


def test_nothing_is_noticed_in_the_product_as_it_is() -> None:
    """Without a planted bug no detector says anything."""
    assert first_noticed() is None


@pytest.mark.parametrize("title", BY_TITLE)
def test_a_planted_bug_is_noticed(title: str) -> None:
    """With this bug in the product at least one detector speaks up."""
    with planted(BY_TITLE[title]):
        assert first_noticed() is not None


def test_a_planted_bug_leaves_nothing_behind() -> None:
    """After planting and pulling out every bug the product is as it was."""
    for mutation in MUTATIONS:
        with planted(mutation):
            pass
    assert len(BY_TITLE) == len(MUTATIONS) >= 20
    assert next(DETECTORS[1](), None) is None
