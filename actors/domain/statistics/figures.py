"""What a reader is told of closed positions: sums in whole units, rates, and averages."""

from decimal import Context, Decimal
from fractions import Fraction

from attrs import frozen

from actors.domain.money import percent_even, to_decimal
from actors.domain.statistics.results import Results

_WIDE = Context(prec=60)
_RATIO = 4
_MILLISECONDS = 3


@frozen
class Figures:
    """Figures over closed positions; None where there is nothing to divide by.

    Money is in whole units, averages with 4 decimals more than the currency has. ``win_rate`` is
    0-100 of all closed positions, ``win_rate_decided`` of wins and losses. ``profit_factor`` is
    None without trades, and without losses (shown as ∞ when there are wins). ``rrr`` is the
    average win ÷ the size of the average loss. Hold times leave out unknown openings.
    """

    closed: int
    wins: int
    losses: int
    breakeven: int
    win_rate: Decimal | None
    win_rate_decided: Decimal | None
    gross_profit: Decimal
    gross_loss: Decimal
    net: Decimal
    profit_factor: Decimal | None
    expectancy: Decimal | None
    average_win: Decimal | None
    average_loss: Decimal | None
    rrr: Decimal | None
    best: Decimal | None
    worst: Decimal | None
    average_hold_seconds: Decimal | None


def figures(results: Results, digits: int) -> Figures:
    """The figures of ``results`` in a currency with ``digits`` decimals."""
    wins, losses = results.wins, results.losses
    profit, loss = results.gross_profit, results.gross_loss
    return Figures(
        closed=results.closed,
        wins=wins,
        losses=losses,
        breakeven=results.breakeven,
        win_rate=percent_even(wins, results.closed),
        win_rate_decided=percent_even(wins, wins + losses),
        gross_profit=to_decimal(profit, digits),
        gross_loss=to_decimal(loss, digits),
        net=to_decimal(results.net, digits),
        profit_factor=rounded(_share(profit, -loss), _RATIO),
        expectancy=_average(results.net, results.closed, digits),
        average_win=_average(profit, wins, digits),
        average_loss=_average(loss, losses, digits),
        rrr=rounded(_share(profit * losses, -loss * wins), _RATIO),
        best=None if results.best is None else to_decimal(results.best, digits),
        worst=None if results.worst is None else to_decimal(results.worst, digits),
        average_hold_seconds=seconds(_share(results.hold_us, results.held)),
    )


def rounded(exact: Fraction | None, decimals: int) -> Decimal | None:
    """``exact``, half-even to ``decimals``; None stays unknown."""
    if exact is None:
        return None
    ratio = _WIDE.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    return ratio.quantize(Decimal(1).scaleb(-decimals), context=_WIDE)


def seconds(microseconds: Fraction | None) -> Decimal | None:
    """Microseconds as seconds to the millisecond; None stays unknown."""
    return None if microseconds is None else rounded(microseconds / 1_000_000, _MILLISECONDS)


def _average(total: int, count: int, digits: int) -> Decimal | None:
    share = _share(total, count)
    return None if share is None else rounded(share / 10**digits, digits + _RATIO)


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None
