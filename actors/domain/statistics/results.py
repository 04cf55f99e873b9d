"""What closed positions add up to: sums that can be added in any order (RULES 8)."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Self

from attrs import frozen

from actors.domain.trades import Trade

_MICROSECOND = timedelta(microseconds=1)


def hold_us(trade: Trade) -> int | None:
    """Microseconds from the first opening to the last close; None while either is unknown."""
    if trade.opened_at is None or trade.closed_at is None:
        return None
    return (trade.closed_at - trade.opened_at) // _MICROSECOND


@frozen
class Results:
    """Sums over closed positions. Amounts in minor units, ``gross_loss`` negative or 0.

    A win is a net above 0, a loss one below; ``held`` counts the positions whose opening is known
    and ``hold_us`` sums their microseconds.
    """

    closed: int = 0
    wins: int = 0
    losses: int = 0
    gross_profit: int = 0
    gross_loss: int = 0
    best: int | None = None
    worst: int | None = None
    held: int = 0
    hold_us: int = 0

    @classmethod
    def of(cls, trades: Iterable[Trade]) -> Self:
        """The sums of closed ``trades``."""
        closed = tuple(trades)
        nets = [trade.net for trade in closed]
        wins = [net for net in nets if net > 0]
        losses = [net for net in nets if net < 0]
        holds = [hold for trade in closed if (hold := hold_us(trade)) is not None]
        return cls(
            closed=len(nets),
            wins=len(wins),
            losses=len(losses),
            gross_profit=sum(wins),
            gross_loss=sum(losses),
            best=max(nets, default=None),
            worst=min(nets, default=None),
            held=len(holds),
            hold_us=sum(holds),
        )

    def plus(self, other: "Results") -> "Results":
        """These sums and those of other positions."""
        bests = [best for best in (self.best, other.best) if best is not None]
        worsts = [worst for worst in (self.worst, other.worst) if worst is not None]
        return Results(
            closed=self.closed + other.closed,
            wins=self.wins + other.wins,
            losses=self.losses + other.losses,
            gross_profit=self.gross_profit + other.gross_profit,
            gross_loss=self.gross_loss + other.gross_loss,
            best=max(bests, default=None),
            worst=min(worsts, default=None),
            held=self.held + other.held,
            hold_us=self.hold_us + other.hold_us,
        )

    @property
    def breakeven(self) -> int:
        """Positions with a net of exactly 0."""
        return self.closed - self.wins - self.losses

    @property
    def net(self) -> int:
        """Sum of all nets."""
        return self.gross_profit + self.gross_loss
