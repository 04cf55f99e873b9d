"""Sharpe and Sortino ratio of daily returns (RULES 8). Without a risk-free rate.

Sharpe = mean ÷ sample standard deviation x √252; Sortino = mean ÷ √(Σ min(r, 0)² ÷ n) x √252.
Both say nothing under 30 observations, and where there is nothing to divide by.
"""

from collections.abc import Sequence
from decimal import Context, Decimal
from fractions import Fraction

_WIDE = Context(prec=60)
_STEP = Decimal("0.0001")
_YEAR = Decimal(252)
LEAST = 30
"""Fewer daily returns than this tell nothing."""


def sharpe(returns: Sequence[Fraction]) -> Decimal | None:
    """The Sharpe ratio to 4 decimals."""
    if len(returns) < LEAST or len(set(returns)) == 1:
        return None
    values = [_decimal(value) for value in returns]
    count = Decimal(len(values))
    mean = _WIDE.divide(_sum(values), count)
    squares = _sum([_square(_WIDE.subtract(value, mean)) for value in values])
    return _annual(mean, _WIDE.divide(squares, count - 1))


def sortino(returns: Sequence[Fraction]) -> Decimal | None:
    """The Sortino ratio to 4 decimals."""
    if len(returns) < LEAST:
        return None
    values = [_decimal(value) for value in returns]
    count = Decimal(len(values))
    falls = _sum([_square(value) for value in values if value < 0])
    return _annual(_WIDE.divide(_sum(values), count), _WIDE.divide(falls, count))


def _annual(mean: Decimal, variance: Decimal) -> Decimal | None:
    if variance == 0:
        return None
    ratio = _WIDE.divide(mean, _WIDE.sqrt(variance))
    return _WIDE.multiply(ratio, _WIDE.sqrt(_YEAR)).quantize(_STEP, context=_WIDE)


def _decimal(value: Fraction) -> Decimal:
    return _WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))


def _square(value: Decimal) -> Decimal:
    return _WIDE.multiply(value, value)


def _sum(values: Sequence[Decimal]) -> Decimal:
    total = Decimal(0)
    for value in values:
        total = _WIDE.add(total, value)
    return total
