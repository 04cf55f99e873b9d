"""Hold times, kept whole because a median cannot be added up: eight bytes each."""

from array import array
from collections.abc import Iterable
from fractions import Fraction
from typing import Self

from attrs import frozen

_TYPE = "q"


@frozen
class Holds:
    """Hold times in microseconds, in no order."""

    packed: bytes = b""

    @classmethod
    def of(cls, holds: Iterable[int]) -> Self:
        """Pack hold times."""
        return cls(array(_TYPE, holds).tobytes())

    def plus(self, other: "Holds") -> "Holds":
        """These hold times and others."""
        return Holds(self.packed + other.packed) if other.packed else self

    @property
    def median_us(self) -> Fraction | None:
        """The middle one, or the mean of the two middle ones; None without any."""
        ordered = array(_TYPE)
        ordered.frombytes(self.packed)
        count, times = len(ordered), sorted(ordered)
        return Fraction(times[(count - 1) // 2] + times[count // 2], 2) if count else None
