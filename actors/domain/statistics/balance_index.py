"""The closed balance as a growth index: exact at every deal, cut at each flow (RULES 8).

Between two flows the index moves with the balance; a flow changes the balance and not the index.
Falls are measured on it, once an instant: deals of one instant are one point.
"""

from datetime import datetime
from fractions import Fraction
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

    With nothing left (a base of 0 or less) the index stands still until the next flow.
    """

    base: int
    balance: int
    factor: Fraction = Fraction(1)
    peak: Fraction = Fraction(1)
    drawdown: Fraction = Fraction(0)
    earned: int = 0
    highest: int = 0
    deepest: int = 0

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
        if deal.type in FLOW_TYPES:
            moved = self.balance + deal.amount
            return evolve(self, factor=self.value, base=moved, balance=moved)
        if deal.type is DealType.CREDIT:
            return self
        earned = self.earned + deal.amount
        return evolve(self, balance=self.balance + deal.amount, earned=earned)

    def measured(self) -> "BalanceIndex":
        """With the highest and the falls as they stand now."""
        value = self.value
        peak, highest = max(self.peak, value), max(self.highest, self.earned)
        return evolve(
            self,
            peak=peak,
            drawdown=max(self.drawdown, (peak - value) / peak),
            highest=highest,
            deepest=max(self.deepest, highest - self.earned),
        )
