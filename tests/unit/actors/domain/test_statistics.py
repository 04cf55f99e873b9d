"""Statistics count positions, not deals, and say nothing where nothing is known."""

from datetime import timedelta
from decimal import Decimal

from attrs import evolve

from actors.domain.deals import Deal
from actors.domain.statistics import statistics
from actors.domain.trades import rebuild
from tests.unit.actors.domain.test_trades import BUY, IN, OUT, SELL, deal


def positions(*nets: int) -> list[Deal]:
    """Deals of one closed position per net result, each held 10 s times its number."""
    deals = []
    for number, net in enumerate(nets, start=1):
        deals.append(deal(2 * number, BUY, IN, "1", position=number, commission=-10, seconds=0))
        deals.append(
            deal(
                2 * number + 1, SELL, OUT, "1", position=number, profit=net + 10,
                seconds=10 * number,
            )
        )  # fmt: skip
    return deals


def test_win_rate_counts_positions() -> None:
    """A position closed in three deals is one win; breakeven counts in the rate's base."""
    parts = [deal(90 + i, SELL, OUT, "1", position=9, profit=p) for i, p in enumerate((-5, 20, -1))]
    trades = rebuild([*positions(100, -50, 0), deal(80, BUY, IN, "3", position=9), *parts])
    figures = statistics(trades)
    assert (figures.closed, figures.wins, figures.losses, figures.breakeven) == (4, 2, 1, 1)
    assert (figures.win_rate, figures.win_rate_decided) == (Decimal("50.0000"), Decimal("66.6667"))
    assert (figures.gross_profit, figures.gross_loss, figures.net) == (114, -50, 64)
    assert figures.profit_factor == Decimal("2.2800")
    assert figures.expectancy == Decimal(16)
    assert (figures.average_win, figures.average_loss) == (Decimal(57), Decimal(-50))
    assert (figures.best, figures.worst) == (100, -50)


def test_profit_factor_is_unknown_without_losses_and_without_trades() -> None:
    """Nothing is divided by zero: no losses and no trades both give None."""
    assert statistics(rebuild(positions(100))).profit_factor is None
    assert statistics(rebuild(positions(-100))).profit_factor == 0
    empty = statistics(())
    assert (empty.closed, empty.win_rate, empty.profit_factor, empty.best) == (0, None, None, None)
    assert empty.average_hold is None


def test_hold_times_leave_out_unknown_openings_and_open_positions() -> None:
    """Mean and median hold use only positions known from open to close."""
    trades = rebuild(positions(1, 2, 3))
    orphan = evolve(trades[0], opened_at=None, open_price=None)
    unfinished = evolve(trades[0], closed_at=None, close_price=None, open_volume=Decimal(1))
    figures = statistics((*trades[1:], orphan, unfinished))
    assert figures.closed == 3
    assert figures.average_hold == timedelta(seconds=25)
    assert statistics(trades).median_hold == timedelta(seconds=20)
