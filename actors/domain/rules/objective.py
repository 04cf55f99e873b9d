"""The shape of an objective: what a phase asks for before it is passed (RULES 2).

A family is one file: its record, ``read`` and ``document`` (the plan's text), ``day_ended`` (what
a rule day adds) and ``stand`` (how far it is now). Missing an objective is never a violation.
Copy the shape, then add a row to ``families.OBJECTIVES``.
"""

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from attrs import field, frozen

from actors.domain.phase_progress import ObjectiveProgress
from actors.domain.plan import Objective
from actors.domain.plan_table import Table

R = TypeVar("R", bound=Objective)


@frozen
class DayResult:
    """What a rule day brought: positions opened and closed, and the closed result without flows."""

    opened: int
    closed: int
    result: int


@frozen
class Achieved:
    """The account as objectives see it. Amounts in minor units.

    ``result``: the phase's closed result (balance - initial - flows); ``total``: the same summed
    over the rule days; ``today``: the day under way; ``flat``: no position is open.
    """

    initial: int
    digits: int
    result: int
    total: int
    today: DayResult
    flat: bool


@frozen
class Stand:
    """How far an objective is, in the smallest parts of its unit.

    ``remaining`` is what is still needed, 0 when nothing is; ``inputs``: further amounts by name.
    """

    value: int
    target: int
    remaining: int
    met: bool
    inputs: Mapping[str, int] = field(factory=dict)


@frozen
class Goal(Generic[R]):
    """The functions of an objective family."""

    read: Callable[[Table], R]
    document: Callable[[R], dict[str, Any]]
    day_ended: Callable[[R, ObjectiveProgress, DayResult, int], ObjectiveProgress]
    stand: Callable[[R, ObjectiveProgress, Achieved], Stand]
