"""The truth about one account: every deal, every swap booking, every tick. Nothing is sampled.

Prices are points, volumes hundredths of a lot; one point of one hundredth of a lot is one minor
unit, so that every figure is a whole number. Instants are UTC milliseconds.
"""

from collections.abc import Mapping
from typing import Literal

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

FLOWS = frozenset({"balance", "correction", "bonus"})
"""Kinds of deals that are cash flows; ``credit`` is kept apart."""

Ints = NDArray[np.int64]


@frozen(eq=False)
class Ticks:
    """One symbol's ticks: the n-th is at ``start + n * step`` and holds until the next."""

    start: int
    step: int
    bid: NDArray[np.int32]
    ask: NDArray[np.int32]

    def row(self, instant: int) -> int:
        """The tick that holds at ``instant``."""
        return min(max(0, (instant - self.start) // self.step), len(self.bid) - 1)

    def closing(self, instant: int, sign: int) -> int:
        """The price at which a position of this sign would close."""
        row = self.row(instant)
        return int(self.bid[row] if sign > 0 else self.ask[row])


@frozen
class TrueDeal:
    """A deal as it really happened. ``sign`` +1 buys, -1 sells, 0 on account-level deals.

    ``entry`` and ``forced`` (a stop-out) are what a terminal says of it; what it does to its
    position follows from sign and lots alone.
    """

    at: int
    ticket: int
    kind: str
    profit: int = 0
    commission: int = 0
    swap: int = 0
    fee: int = 0
    position: int = 0
    symbol: str = ""
    sign: int = 0
    lots: int = 0
    price: int = 0
    entry: Literal["in", "out", "inout", "out_by"] = "in"
    forced: bool = False

    @property
    def amount(self) -> int:
        """What it adds to balance, or to credit."""
        return self.profit + self.commission + self.swap + self.fee


@frozen
class SwapBooking:
    """Swap that an open position gathers at ``at``; it floats until the position closes."""

    at: int
    position: int
    amount: int


@frozen
class StopSet:
    """From ``at`` on an open position has a stop-loss, too far away ever to be hit."""

    at: int
    position: int


@frozen(eq=False)
class Truth:
    """Everything that happened to an account, in order."""

    deals: tuple[TrueDeal, ...]
    swaps: tuple[SwapBooking, ...]
    ticks: Mapping[str, Ticks]
    until: int
    stops: tuple[StopSet, ...] = ()
