"""How many terminals a firm needs (MT5 2): pure.

An account at risk or with open positions keeps its terminal. Idle ones share the rest, one login a
visit. Every idle account must have had its visit within the idle interval, so

    slots >= sticky accounts + ceil(idle accounts x visit seconds / idle interval)
"""

from fractions import Fraction
from math import ceil

from attrs import frozen

from actors.domain.account import Tier
from actors.domain.risk_tier import TierLimits, promise_of

IDLE_INTERVAL_SECONDS = int(TierLimits().idle_least)
"""The shortest interval between two visits. It is also what the daily reset asks for: within the
quarter of an hour after it every account is read once."""

VISIT_SECONDS = 30
"""A login and a read, where nothing was measured yet: the status shows the logins' p50 and p95."""


@frozen
class Sizing:
    """What is asked for, in accounts and seconds, and the slots that it takes."""

    sticky: int
    idle: int
    visit_seconds: Fraction
    idle_interval_seconds: Fraction

    def __attrs_post_init__(self) -> None:
        """Refuse what has no answer. Raises ValueError that says what is allowed."""
        if self.sticky < 0 or self.idle < 0:
            raise ValueError("numbers of accounts must not be negative")
        if self.visit_seconds <= 0:
            raise ValueError("a visit must take more than 0 seconds")
        promise = Fraction(promise_of(Tier.IDLE))
        if not 0 < self.idle_interval_seconds <= promise:
            raise ValueError(f"the idle interval must be above 0 and at most {promise} seconds")

    @property
    def visiting(self) -> int:
        """Slots that idle accounts share."""
        return ceil(self.idle * self.visit_seconds / self.idle_interval_seconds)

    @property
    def slots(self) -> int:
        """Slots in all."""
        return self.sticky + self.visiting

    def bridges(self, slots_each: int, spare: int = 0) -> int:
        """Bridges of ``slots_each`` terminals; with ``spare`` of them lost the slots still do."""
        if slots_each < 1 or spare < 0:
            raise ValueError("a bridge has at least one slot, and spares are not negative")
        return -(-self.slots // slots_each) + spare
