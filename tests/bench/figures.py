"""Figures beside their goals: as a table for people, as JSON for scripts."""

from collections.abc import Sequence
from typing import Any

from attrs import frozen


@frozen
class Goal:
    """A figure must be ``<``, ``≤`` or ``≥`` the limit."""

    sign: str
    limit: float

    def met(self, value: float) -> bool:
        """True when the value keeps it. ValueError for another sign."""
        match self.sign:
            case "<":
                return value < self.limit
            case "≤":
                return value <= self.limit
            case "≥":
                return value >= self.limit
        raise ValueError(f"goal {self.sign!r} must be one of < ≤ ≥")

    def __str__(self) -> str:
        return f"{self.sign} {self.limit:g}"


@frozen
class Figure:
    """One measured value with its unit; ``goal`` None is for information."""

    name: str
    value: float
    unit: str = ""
    goal: Goal | None = None
    digits: int = 2

    @property
    def missed(self) -> bool:
        """True when there is a goal and the value does not keep it."""
        return self.goal is not None and not self.goal.met(self.value)

    def document(self) -> dict[str, Any]:
        """JSON-ready; an infinite value (never came) is null."""
        finite = self.value != float("inf")
        return {
            "name": self.name,
            "value": round(self.value, self.digits) if finite else None,
            "unit": self.unit,
            "goal": None if self.goal is None else str(self.goal),
            "met": None if self.goal is None else not self.missed,
        }


def table(figures: Sequence[Figure]) -> str:
    """Name, value, unit, goal and a mark at each missed one."""
    width = max((len(each.name) for each in figures), default=6) + 2
    lines = [f"{'figure':{width}}{'measured':>12}  {'unit':14}goal"]
    for each in figures:
        goal = "" if each.goal is None else f"{each.goal}{'  MISSED' if each.missed else ''}"
        value = f"{each.value:,.{each.digits}f}"
        lines.append(f"{each.name:{width}}{value:>12}  {each.unit:14}{goal}".rstrip())
    return "\n".join(lines)
