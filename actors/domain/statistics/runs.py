"""Streaks of closed positions in the order of their closes: the present one and the longest."""

from collections.abc import Iterable

from attrs import field, frozen

from actors.domain.mt5_summary import Streak
from actors.domain.trades import Trade


def in_order(trades: Iterable[Trade]) -> list[Trade]:
    """The closed ones among ``trades`` by their close, then by the deal that did it (if known)."""
    closed = [(t.closed_at, t.deal_tickets[-1:], t) for t in trades if t.closed_at is not None]
    return [trade for _, _, trade in sorted(closed, key=lambda each: each[:2])]


@frozen
class Runs:
    """Streaks so far; a breakeven position ends a streak and belongs to none.

    ``now`` has won or lost by the sign of its amount and is empty at the start and after a
    breakeven. Of streaks equally long the one with the larger sum is the longest.
    """

    now: Streak = field(factory=Streak)
    wins: Streak = field(factory=Streak)
    losses: Streak = field(factory=Streak)

    def after(self, net: int) -> "Runs":
        """The streaks after one more closed position."""
        if net == 0:
            return Runs(Streak(), self.wins, self.losses)
        goes_on = self.now.amount * net > 0
        before = self.now if goes_on else Streak()
        now = Streak(before.count + 1, before.amount + net)
        if net > 0:
            return Runs(now, max(self.wins, now, key=_length), self.losses)
        return Runs(now, self.wins, max(self.losses, now, key=_length))


def _length(run: Streak) -> tuple[int, int]:
    return run.count, abs(run.amount)
