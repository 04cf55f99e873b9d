"""Figures count positions, not deals, and say nothing where nothing is known."""

from decimal import Decimal

import pytest

from actors.domain.statistics.figures import Figures, figures
from actors.domain.statistics.results import Results
from actors.domain.trades import rebuild
from tests.unit.actors.domain.statistics.made import trade
from tests.unit.actors.domain.test_trades import BUY, IN, OUT, SELL, deal


def told(*nets: int, digits: int = 2) -> Figures:
    """The figures of one closed position per net."""
    return figures(Results.of(trade(net) for net in nets), digits)


def test_a_position_closed_in_parts_is_one_win() -> None:
    """Parts of +50, +30 and -5 are one winner; with two losers the win rate is 1 in 3."""
    parts = [deal(90 + n, SELL, OUT, "1", position=9, profit=p) for n, p in enumerate((50, 30, -5))]
    trades = [*rebuild([deal(80, BUY, IN, "3", position=9), *parts]), trade(-20), trade(-1)]
    assert figures(Results.of(trades), 2).win_rate == Decimal("33.3333")


def test_every_figure_by_hand() -> None:
    """+114, -50, -7 and 0 cents, worked out on paper."""
    assert told(114, -50, 0, -7) == Figures(
        closed=4,
        wins=1,
        losses=2,
        breakeven=1,
        win_rate=Decimal("25.0000"),
        win_rate_decided=Decimal("33.3333"),
        gross_profit=Decimal("1.14"),
        gross_loss=Decimal("-0.57"),
        net=Decimal("0.57"),
        profit_factor=Decimal("2.0000"),
        expectancy=Decimal("0.142500"),
        average_win=Decimal("1.140000"),
        average_loss=Decimal("-0.285000"),
        rrr=Decimal("4.0000"),
        best=Decimal("1.14"),
        worst=Decimal("-0.50"),
        average_hold_seconds=Decimal("60.000"),
    )


def test_a_currency_without_decimals_keeps_whole_units() -> None:
    """114 yen are 114, and an average has four decimals."""
    yen = told(114, -50, digits=0)
    assert (str(yen.net), str(yen.expectancy)) == ("64", "32.0000")


@pytest.mark.parametrize(("nets", "factor"), [((5,), None), ((-5,), 0), ((), None), ((0,), None)])
def test_profit_factor_needs_losses(nets: tuple[int, ...], factor: int | None) -> None:
    """Without losses and without trades nothing is divided; without wins it is 0."""
    assert told(*nets).profit_factor == factor


def test_nothing_is_known_without_closed_positions() -> None:
    """Sums are 0, everything else is unknown."""
    empty = told()
    assert (empty.closed, empty.net) == (0, Decimal(0))
    unknown = (empty.win_rate, empty.expectancy, empty.average_win, empty.rrr, empty.best)
    assert unknown == (None,) * 5


def test_hold_times_leave_out_unknown_openings() -> None:
    """Of 10 s, 20 s and an unknown one the mean is 15 s."""
    results = Results.of([trade(1, held=10), trade(1, held=20), trade(1, held=None)])
    assert figures(results, 2).average_hold_seconds == Decimal("15.000")
