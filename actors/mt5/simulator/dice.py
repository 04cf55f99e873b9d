"""Seeded numbers without hidden state: the same seed tells the same story on every machine."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

_MASK = (1 << 64) - 1
_STEP = 0x9E3779B97F4A7C15


def seed_of(*parts: int | str) -> int:
    """Return a 64-bit seed that depends on every part and on nothing else."""
    text = "\x1f".join(str(part) for part in parts).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")


def mix(value: int) -> int:
    """Return 64 well mixed bits of ``value`` (the splitmix64 finaliser)."""
    value = (value * _STEP + _STEP) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


class Dice:
    """A small random source (a random.Random would weigh 2.5 KB per account)."""

    __slots__ = ("_state",)

    def __init__(self, seed: int) -> None:
        self._state = seed & _MASK

    def between(self, low: int, high: int) -> int:
        """Return an integer in [low, high]."""
        self._state = (self._state + 1) & _MASK
        return low + mix(self._state) % (high - low + 1)

    def pick(self, choices: Sequence[T]) -> T:
        """Return one of ``choices``."""
        return choices[self.between(0, len(choices) - 1)]
