"""Named streams of random numbers: one root seed, and a stream for each name."""

from hashlib import blake2b
from random import Random

import numpy as np


def number(seed: int, name: str) -> int:
    """A 64-bit seed that depends on the root seed and the name, and on nothing else."""
    return int.from_bytes(blake2b(f"{seed}/{name}".encode(), digest_size=8).digest(), "big")


def stream(seed: int, name: str) -> Random:
    """The named stream, for choices one by one."""
    return Random(number(seed, name))


def field_of(seed: int, name: str) -> np.random.Generator:
    """The named stream, for whole arrays."""
    return np.random.Generator(np.random.PCG64(number(seed, name)))
