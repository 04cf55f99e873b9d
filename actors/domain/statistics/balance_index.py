"""The closed balance as a growth index: exact at every deal, cut at each flow (RULES 8).

Between two flows the index moves with the balance; a flow changes the balance and not the index.
Falls are measured on it, once an instant: deals of one instant are one point.
"""

from datetime import datetime
from fractions import Fraction
from math import ceil, floor
from typing import Self

from attrs import evolve, frozen

from actors.domain.deals import FLOW_TYPES, Deal, DealType


@frozen
class Cut:
    """A flow's instant. ``balance`` before and ``amount`` in minor units; the floating there is
    0 when ``flat``, else the deals do not tell it.
    """

    at: datetime
    balance: int
    amount: int
    flat: bool


@frozen
class BalanceIndex:
    """The index, 1 at the start; ``base`` is the balance at the last cut, ``factor`` the index
    there. ``earned`` is the balance without flows; its deepest fall is in minor units.

    With nothing left (a base of 0 or less) the index stands still until the next flow. Balances
    from ``low`` to ``high`` make neither a new peak nor a deeper fall: most points need no
    arithmetic with fractions.
    """

    base: int
    balance: int
    factor: Fraction = Fraction(1)
    peak: Fraction = Fraction(1)
    drawdown: Fraction = Fraction(0)
    earned: int = 0
    highest: int = 0
    deepest: int = 0
    low: int = 1
    high: int = 0

    @classmethod
    def opened(cls, balance: int) -> Self:
        """The index at the initial balance."""
        return cls(base=balance, balance=balance)

    @property
    def value(self) -> Fraction:
        """The index now."""
        return self.factor * self.balance / self.base if self.base > 0 else self.factor

    def after(self, deal: Deal) -> "BalanceIndex":
        """The index after one more deal; ``measured`` follows the last one of an instant."""
        amount = deal.amount
        if amount == 0 or deal.type is DealType.CREDIT:
            return self
        if deal.type in FLOW_TYPES:
            left = self.balance + amount
            return evolve(self, factor=self.value, base=left, balance=left, low=1, high=0)
        return evolve(self, balance=self.balance + amount, earned=self.earned + amount)

    def measured(self) -> "BalanceIndex":
        """With the highest and the falls as they stand now."""
        highest = max(self.highest, self.earned)
        deepest = max(self.deepest, highest - self.earned)
        known = self.low <= self.balance <= self.high
        if known and highest == self.highest and deepest == self.deepest:
            return self
        index = evolve(self, highest=highest, deepest=deepest)
        return index if known else _with_fall(index)


def _with_fall(index: BalanceIndex) -> BalanceIndex:
    """With peak and drawdown by the index now, and the balances that would change them."""
    value = index.value
    peak = max(index.peak, value)
    drawdown = max(index.drawdown, (peak - value) / peak)
    fallen = evolve(index, peak=peak, drawdown=drawdown)
    if index.base <= 0 or index.factor <= 0:
        return fallen
    scale = index.base / index.factor
    return evolve(fallen, low=ceil(peak * (1 - drawdown) * scale), high=floor(peak * scale))
