"""Everything that is counted by position, as a reader gets it (RULES 8)."""

from decimal import Decimal

from attrs import frozen

from actors.domain.money import to_decimal
from actors.domain.mt5_summary import Streak
from actors.domain.statistics.chronicle import Chronicle
from actors.domain.statistics.figures import Figures, figures, seconds
from actors.domain.statistics.groups import Dimension


@frozen
class Group:
    """One group of a dimension and its figures."""

    name: str
    figures: Figures


@frozen
class StreakFigures:
    """Closed positions of one outcome in a row, and their sum in whole units."""

    count: int
    amount: Decimal


@frozen
class StreaksFigures:
    """The present streak (won or lost by its sign, empty after a breakeven) and the longest."""

    now: StreakFigures
    longest_wins: StreakFigures
    longest_losses: StreakFigures


@frozen
class PositionStatistics:
    """Closed positions, all and in groups. ``by_weekday`` is by the rule day of the close,
    ``by_hour`` by the wall clock at the close in the zone of the plan's reset.
    """

    all: Figures
    median_hold_seconds: Decimal | None
    streaks: StreaksFigures
    by_symbol: tuple[Group, ...]
    by_side: tuple[Group, ...]
    by_weekday: tuple[Group, ...]
    by_hour: tuple[Group, ...]
    by_duration: tuple[Group, ...]


def position_statistics(told: Chronicle, digits: int) -> PositionStatistics:
    """What a chronicle tells of positions, in a currency with ``digits`` decimals."""

    def by(dimension: Dimension) -> tuple[Group, ...]:
        groups = told.groups.by(dimension)
        return tuple(Group(name, figures(results, digits)) for name, results in groups)

    def shown(run: Streak) -> StreakFigures:
        return StreakFigures(run.count, to_decimal(run.amount, digits))

    runs = told.runs
    return PositionStatistics(
        all=figures(told.results, digits),
        median_hold_seconds=seconds(told.holds.median_us),
        streaks=StreaksFigures(shown(runs.now), shown(runs.wins), shown(runs.losses)),
        by_symbol=by(Dimension.SYMBOL),
        by_side=by(Dimension.SIDE),
        by_weekday=by(Dimension.WEEKDAY),
        by_hour=by(Dimension.HOUR),
        by_duration=by(Dimension.DURATION),
    )
