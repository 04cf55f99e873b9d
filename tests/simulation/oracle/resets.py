"""The oracle's rule days: a fixed table of reset instants, read from a file, no time zones.

``resets.txt`` was written once and is data: for each zone and reset time the runs of resets that
lie 24 hours apart, 2016 to 2030. A run ends where the zone changes its clocks.
"""

from datetime import date, datetime
from functools import cache
from pathlib import Path

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

_TABLE = Path(__file__).with_name("resets.txt")
_EPOCH = datetime.fromisoformat("1970-01-01T00:00+00:00")
DAY_MS = 86_400_000


@frozen(eq=False)
class Resets:
    """Reset instants in UTC milliseconds; ``days[i]`` is the rule day that begins at ``at[i]``.

    ``changes`` are the resets before which a day had not 24 hours.
    """

    at: NDArray[np.int64]
    days: tuple[date, ...]
    changes: tuple[int, ...]

    def index(self, instant: int) -> int:
        """The row of the rule day that holds ``instant``."""
        row = int(np.searchsorted(self.at, instant, side="right")) - 1
        if not 0 <= row < len(self.days) - 1:
            raise IndexError(f"{instant} lies outside the table of resets")
        return row

    def day(self, instant: int) -> date:
        """The rule day that holds ``instant``."""
        return self.days[self.index(instant)]


def names() -> tuple[str, ...]:
    """Every ``zone HH:MM`` that the table tells."""
    return tuple(_runs())


@cache
def resets(name: str) -> Resets:
    """The resets of one ``zone HH:MM``. KeyError when the table does not tell it."""
    at: list[int] = []
    days: list[date] = []
    changes: list[int] = []
    for first, instant, count in _runs()[name]:
        changes.append(instant)
        at += [instant + n * DAY_MS for n in range(count)]
        days += [date.fromordinal(first.toordinal() + n) for n in range(count)]
    return Resets(np.array(at, dtype=np.int64), tuple(days), tuple(changes[1:]))


@cache
def _runs() -> dict[str, list[tuple[date, int, int]]]:
    found: dict[str, list[tuple[date, int, int]]] = {}
    runs: list[tuple[date, int, int]] = []
    for line in _TABLE.read_text("utf-8").splitlines():
        if line.startswith("["):
            runs = found.setdefault(line.strip("[]"), [])
        elif not line.startswith("#"):
            first, instant, count = line.split()
            runs.append((date.fromisoformat(first), _msc(instant), int(count)))
    return found


def _msc(text: str) -> int:
    since = datetime.fromisoformat(text.replace("Z", "+00:00")) - _EPOCH
    return since.days * DAY_MS + since.seconds * 1000
