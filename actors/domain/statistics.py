"""Trade statistics by position (RULES 8); never per deal. Amounts in minor units."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal, localcontext
from fractions import Fraction

from attrs import frozen

from actors.domain.money import percent_even
from actors.domain.trades import Trade

_STEP = Decimal("0.0001")


@frozen
class Statistics:
    """Figures over closed positions; None where there is nothing to divide by.

    ``gross_loss`` is negative or 0. Averages are minor units to 4 decimals, ``win_rate`` is 0-100
    of all closed positions, ``win_rate_decided`` of wins and losses only. ``profit_factor`` is
    None without trades, and without losses (then shown as ∞ when there are wins).
    Hold times leave out positions whose opening is unknown.
    """

    closed: int
    wins: int
    losses: int
    breakeven: int
    win_rate: Decimal | None
    win_rate_decided: Decimal | None
    gross_profit: int
    gross_loss: int
    net: int
    profit_factor: Decimal | None
    expectancy: Decimal | None
    average_win: Decimal | None
    average_loss: Decimal | None
    best: int | None
    worst: int | None
    average_hold: timedelta | None
    median_hold: timedelta | None


def statistics(trades: Sequence[Trade]) -> Statistics:
    """Return the figures of the closed positions among ``trades``, in any order."""
    nets = [trade.net for trade in trades if trade.is_closed]
    wins = [net for net in nets if net > 0]
    losses = [net for net in nets if net < 0]
    holds = [
        trade.closed_at - trade.opened_at
        for trade in trades
        if trade.closed_at is not None and trade.opened_at is not None
    ]
    return Statistics(
        closed=len(nets),
        wins=len(wins),
        losses=len(losses),
        breakeven=len(nets) - len(wins) - len(losses),
        win_rate=percent_even(len(wins), len(nets)),
        win_rate_decided=percent_even(len(wins), len(wins) + len(losses)),
        gross_profit=sum(wins),
        gross_loss=sum(losses),
        net=sum(nets),
        profit_factor=_ratio(sum(wins), -sum(losses)),
        expectancy=_ratio(sum(nets), len(nets)),
        average_win=_ratio(sum(wins), len(wins)),
        average_loss=_ratio(sum(losses), len(losses)),
        best=max(nets, default=None),
        worst=min(nets, default=None),
        average_hold=sum(holds, timedelta()) / len(holds) if holds else None,
        median_hold=_median(holds),
    )


def _median(holds: Sequence[timedelta]) -> timedelta | None:
    """The middle hold, or the mean of the two middle ones."""
    ordered, middle = sorted(holds), len(holds) // 2
    if not ordered:
        return None
    return (ordered[(len(holds) - 1) // 2] + ordered[middle]) / 2


def _ratio(part: int, whole: int) -> Decimal | None:
    """part / whole, half-even to 4 decimals; None when ``whole`` is 0."""
    if whole == 0:
        return None
    exact = Fraction(part, whole)
    with localcontext(prec=60):
        return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(_STEP)
