"""The statistics of one life as a reader gets them (RULES 8): one function for all who show them.

Running accounts, stored lives and audits of reports all come here with a state of the engine and
the rule-day rows of the life.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from attrs import frozen

from actors.domain import day_rows
from actors.domain.account_state import AccountState
from actors.domain.context import Outbox, Walk
from actors.domain.money import to_decimal
from actors.domain.mt5_summary import Mt5Figures
from actors.domain.rule_day import Coverage, RuleDay
from actors.domain.statistics.balance_index import BalanceIndex
from actors.domain.statistics.days import Day, calendar
from actors.domain.statistics.figures import rounded
from actors.domain.statistics.growth import Growth, Worth, growth
from actors.domain.statistics.position_statistics import PositionStatistics, position_statistics
from actors.domain.statistics.ratios import sharpe, sortino
from actors.domain.statistics.telling import chronicle

_PERCENT = 4
_RATIO = 4


@frozen
class GrowthFigures:
    """Growth without flows. Percentages 0-100, to 4 decimals; None while nothing is known.

    ``gain_pct`` is time-weighted on equity, ``equity_drawdown_pct`` the largest fall of that
    index between the resets, the flows and now; ``balance_*`` are on the closed balance, exact at
    each deal, and ``balance_drawdown`` is money. ``recovery_factor`` = what the balance earned
    ÷ ``balance_drawdown``. ``sharpe`` and ``sortino`` say nothing under 30 ``daily_returns``.
    ``proven``: the floating at each flow is known.
    """

    gain_pct: Decimal | None
    equity_drawdown_pct: Decimal | None
    balance_gain_pct: Decimal | None
    balance_drawdown_pct: Decimal | None
    balance_drawdown: Decimal | None
    recovery_factor: Decimal | None
    sharpe: Decimal | None
    sortino: Decimal | None
    daily_returns: int
    proven: bool


@frozen
class DayFigures:
    """One rule day in whole units; ``equity_result`` None while an end's equity is unknown."""

    date: date
    closed_result: Decimal
    equity_result: Decimal | None
    flows: Decimal
    opened: int
    closed: int
    unproven: bool
    coverage: Coverage


@frozen
class LifeStatistics:
    """Everything counted by position, and ``mt5_summary``: the terminal's own set, by deal.

    ``zone`` is that of the plan's reset. ``account_costs`` belong to no position. ``days`` are
    newest first.
    """

    currency: str | None
    currency_digits: int | None
    zone: str
    positions: PositionStatistics
    account_costs: Decimal
    growth: GrowthFigures
    days: tuple[DayFigures, ...]
    mt5_summary: Mt5Figures


def life_statistics(state: AccountState, rows: Iterable[RuleDay]) -> LifeStatistics:
    """The statistics of ``state``; ``rows`` are the life's rule days, all rules and revisions.

    Of the day under way the state knows more than its stored rows.
    """
    told, digits = chronicle(state), state.progress.digits or 0
    walk = Walk(state.life, state.clock, state.ledger, Outbox(), 0.0)
    days = calendar((*rows, *day_rows.rows(state.progress, walk)))
    initial, now = _initial(state), _now(state)
    grown = growth(initial, days, told.cuts, state.progress.flow_sights, now)
    return LifeStatistics(
        currency=state.progress.currency,
        currency_digits=state.progress.digits,
        zone=state.life.plan.reset.zone,
        positions=position_statistics(told, digits),
        account_costs=to_decimal(told.costs, digits),
        growth=_growth(grown, told.balance, digits),
        days=_days(days, initial, now, digits),
        mt5_summary=told.mt5.figures(digits),
    )


def _initial(state: AccountState) -> Worth | None:
    """What the path starts with: the balance itself, whatever was ordered."""
    initial = state.progress.initial
    return None if initial is None else Worth(initial.initial_at, state.progress.base.balance)


def _now(state: AccountState) -> Worth | None:
    last = state.progress.last
    return None if last is None else Worth(last.at, last.equity - last.credit)


def _growth(grown: Growth, balance: BalanceIndex | None, digits: int) -> GrowthFigures:
    returns = [value for value in grown.returns if value is not None]
    deepest = None if balance is None else balance.deepest
    recovery = Fraction(balance.earned, balance.deepest) if balance and balance.deepest else None
    return GrowthFigures(
        gain_pct=_percent(None if grown.value is None else grown.value - 1),
        equity_drawdown_pct=_percent(grown.drawdown),
        balance_gain_pct=_percent(None if balance is None else balance.value - 1),
        balance_drawdown_pct=_percent(None if balance is None else balance.drawdown),
        balance_drawdown=None if deepest is None else to_decimal(deepest, digits),
        recovery_factor=rounded(recovery, _RATIO),
        sharpe=sharpe(returns),
        sortino=sortino(returns),
        daily_returns=len(returns),
        proven=grown.proven,
    )


def _percent(share: Fraction | None) -> Decimal | None:
    return None if share is None else rounded(100 * share, _PERCENT)


def _days(
    days: Sequence[Day], initial: Worth | None, now: Worth | None, digits: int
) -> tuple[DayFigures, ...]:
    starts = [_start(day, initial) for day in days]
    ends = [*starts[1:], None if now is None else now.equity]
    pairs = zip(days, starts, ends, strict=False)
    return tuple(_day(day, start, end, digits) for day, start, end in pairs)[::-1]


def _start(day: Day, initial: Worth | None) -> int | None:
    first = initial is not None and day.start_at <= initial.at
    return initial.equity if initial is not None and first else day.equity


def _day(day: Day, start: int | None, end: int | None, digits: int) -> DayFigures:
    result = None if start is None or end is None else end - start - day.flows
    return DayFigures(
        date=day.date,
        closed_result=to_decimal(day.closed_result, digits),
        equity_result=None if result is None else to_decimal(result, digits),
        flows=to_decimal(day.flows, digits),
        opened=day.opened,
        closed=day.closed,
        unproven=day.unproven,
        coverage=day.coverage,
    )
