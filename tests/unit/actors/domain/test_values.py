"""The core holds frozen values: what was published or read can never change under a reader."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from inspect import getmembers, isclass

import attrs
import pytest

import actors.domain

# Local to one walk or one run: collected into, never kept in a state or published.
COLLECTING = {"Outbox", "Run", "_Runs"}


def records() -> Iterator[type]:
    """Every attrs class of the domain but those that collect."""
    for module in pkgutil.walk_packages(actors.domain.__path__, "actors.domain."):
        for _, found in getmembers(import_module(module.name), isclass):
            own = found.__module__ == module.name and found.__name__ not in COLLECTING
            if own and attrs.has(found):
                yield found


@pytest.mark.parametrize("record", sorted(set(records()), key=str), ids=lambda one: one.__name__)
def test_a_record_of_the_domain_is_frozen(record: type) -> None:
    """Setting a field of any record raises, except in the few that collect."""
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        object.__new__(record).__setattr__("anything", 1)
