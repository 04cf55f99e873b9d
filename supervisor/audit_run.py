"""An audit: one report through the same rule engine that watches live accounts. Pure.

A report knows closed results only: between deals the equity of open positions is unknown, and
the engine grades anchors and verdicts accordingly.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from attrs import evolve, frozen

from actors.domain.account import InitialBalanceSource, Outcome
from actors.domain.deals import Deal, DealEntry, DealReason, DealType, History
from actors.domain.life import Life, StoredLife
from actors.domain.money import to_decimal, to_minor
from actors.domain.mt5_summary import Mt5Figures
from actors.domain.plan import Plan, RuleKind
from actors.domain.rule_day import Level, RuleDay
from actors.domain.server_clock import ServerClock
from actors.domain.snapshot import Side
from actors.domain.state import Effects, Reading
from actors.domain.statistics.chronicle import Chronicle
from actors.domain.statistics.life_statistics import LifeStatistics, life_statistics
from actors.domain.statistics.position_statistics import PositionStatistics, position_statistics
from actors.domain.step import start, step
from actors.domain.summary_view import outcome
from actors.domain.trades import Trade, rebuild
from actors.domain.trading_day import RuleClock
from actors.domain.violation import Violation
from actors.mt5.report_checks import (
    Check,
    PositionsCheck,
    balance_chain,
    positions_check,
    summary_figures,
)
from actors.mt5.report_deals import (
    deals_of,
    observation_at_end,
    opening_balance,
    opening_credit,
    trades_of_positions,
)
from actors.mt5.report_rows import OpenRow, Report, ReportKind
from actors.mt5.report_summary import SummaryCheck, compare

_NIL = UUID(int=0)
_BEYOND = 2**62
_SIMULATED = "strategy tester report: simulated results are never used for rules"
_BARE = "positions only: without deals no balance, summary or rule can be checked"
_LEVELS = {level: rank for rank, level in enumerate(Level)}


@frozen
class Sourced:
    """A value and where it came from (``brokers.toml``, ``option``, ``mt5_deposits`` …)."""

    value: str
    source: str


@frozen
class Audit:
    """What an audit found. Amounts in minor units of the report's currency.

    ``rule_days`` holds one row for each rule day, of the daily rule that stood worst that day.
    Only a history report is judged: others have no outcome, no rule day and no violation.
    ``mt5_summary`` counts closing deals as the terminal does, None without deals;
    ``statistics`` counts positions; ``life`` is what an account's statistics say, of a history
    report alone.
    """

    report: Report
    plan: Plan
    phase: int
    server_zone: Sourced
    initial_balance: Decimal | None
    initial_balance_source: str
    outcome: Outcome | None
    deals: tuple[Deal, ...]
    trades: tuple[Trade, ...]
    statistics: PositionStatistics
    life: LifeStatistics | None
    rule_days: tuple[RuleDay, ...]
    violations: tuple[Violation, ...]
    balance_chain: Check
    positions: PositionsCheck
    mt5_summary: Mt5Figures | None
    summary: SummaryCheck
    notes: tuple[str, ...]


def audit_report(
    report: Report,
    plan: Plan,
    phase: int,
    clock: ServerClock,
    zone: Sourced,
    initial: Decimal | None = None,
) -> Audit:
    """Judge a history report by a phase of ``plan``; of others only what they hold is told."""
    deals = deals_of(report, clock)
    bare = report.kind is ReportKind.POSITIONS
    trades = trades_of_positions(report, clock) if bare else rebuild(deals)
    figures = None if bare else summary_figures(report, deals)
    told = Audit(
        report=report,
        plan=plan,
        phase=phase,
        server_zone=zone,
        initial_balance=None,
        initial_balance_source="unknown",
        outcome=None,
        deals=deals,
        trades=trades,
        statistics=position_statistics(
            Chronicle().with_trades(trades, RuleClock.of(plan.reset, clock)),
            report.currency_digits,
        ),
        life=None,
        rule_days=(),
        violations=(),
        balance_chain=balance_chain(report),
        positions=PositionsCheck(0, 0) if bare else positions_check(report, deals, trades),
        mt5_summary=figures,
        summary=compare(report.printed, figures) if figures else SummaryCheck(0, 0),
        notes=report.notes,
    )
    if report.kind is ReportKind.HISTORY:
        return _judged(told, clock, initial)
    return evolve(told, notes=(_BARE,) if bare else (_SIMULATED, *told.notes))


def _judged(told: Audit, clock: ServerClock, initial: Decimal | None) -> Audit:
    """The audit with the rule engine's verdict."""
    report, plan, phase, deals = told.report, told.plan, told.phase, told.deals
    seen = observation_at_end(report, clock)
    opened_before = _openings_before(report, deals, clock)
    first = min((deal.occurred_at for deal in deals), default=seen.observed_at)
    life = _life(report, plan, phase, clock, initial, first)
    walked = (*opened_before, *deals)
    reading = Reading(seen, walked, History(total=len(walked), stable=True))
    state, effects = step(
        start(life, StoredLife(0, (), None), seen.observed_at), reading, seen.observed_at
    )
    found, figures = effects.initial_balance, life_statistics(state, effects.rule_days)
    return evolve(
        told,
        initial_balance=to_decimal(found.value, report.currency_digits) if found else None,
        initial_balance_source=found.source.value if found else "unknown",
        outcome=outcome(state),
        statistics=figures.positions,
        life=figures,
        rule_days=_one_a_day(effects.rule_days, plan, phase, first),
        violations=effects.violations,
        notes=(*report.notes, *_doubts(life, walked, seen.balance, effects, report)),
    )


def _life(
    report: Report,
    plan: Plan,
    phase: int,
    clock: ServerClock,
    initial: Decimal | None,
    first: datetime,
) -> Life:
    column = opening_balance(report)
    before = None if column is None else column - opening_credit(report)
    given = InitialBalanceSource.MT5_DEPOSITS if initial is None else InitialBalanceSource.MANUAL
    return Life(
        life_id=_NIL,
        instance_id=_NIL,
        account_id=_NIL,
        started_at=first,
        plan=plan,
        phase=phase,
        server_clock=clock,
        ordered_initial_balance=initial,
        initial_balance_source=given,
        proven_from=first,
        opening_balance=None if before is None else to_minor(before, report.currency_digits),
    )


def _openings_before(report: Report, deals: Sequence[Deal], clock: ServerClock) -> tuple[Deal, ...]:
    """Openings of positions still open at the end that no deal of the window tells.

    They carry no money, so no sum changes; the engine needs them to know the account was exposed
    all along (of positions closed in the window it knows by their closes). Their tickets lie
    beyond any broker's.
    """
    known = {deal.position_id for deal in deals if deal.is_trade}
    rows = (row for row in report.open_positions if row.position_id not in known)
    return tuple(_opening(row, clock) for row in rows)


def _opening(row: OpenRow, clock: ServerClock) -> Deal:
    return Deal(
        ticket=_BEYOND + row.position_id,
        position_id=row.position_id,
        order=row.position_id,
        type=DealType.BUY if row.side is Side.BUY else DealType.SELL,
        entry=DealEntry.IN,
        reason=DealReason.CLIENT,
        symbol=row.symbol,
        volume=row.volume,
        price=row.open_price,
        profit=0,
        commission=0,
        swap=0,
        fee=0,
        broker_msc=row.open_msc,
        occurred_at=clock.to_utc(row.open_msc),
        comment="from the open positions table",
    )


def _one_a_day(
    rows: Sequence[RuleDay], plan: Plan, phase: int, first: datetime
) -> tuple[RuleDay, ...]:
    """One row for each rule day of the report: the daily rule that stood worst, newest revision.

    A plan without daily rules shows its overall ones. Days that ended before the first deal of
    the report are left out.
    """
    rules = plan.phases[phase].rules
    daily = [rule.rule_id for rule in rules if rule.kind is RuleKind.DAILY_LOSS]
    shown = daily or [rule.rule_id for rule in rules]
    newest: dict[tuple[str, date], RuleDay] = {}
    for row in rows:
        key = (row.rule_id, row.date)
        if row.end_at > first and (key not in newest or newest[key].revision < row.revision):
            newest[key] = row
    by_date: dict[date, list[RuleDay]] = {}
    for rule_id in shown:
        for (owner, day), row in newest.items():
            if owner == rule_id:
                by_date.setdefault(day, []).append(row)
    return tuple(max(by_date[day], key=_badness) for day in sorted(by_date))


def _badness(row: RuleDay) -> tuple[int, Decimal]:
    share = Decimal(row.worst_used or 0) / row.allowance if row.allowance else Decimal(0)
    return _LEVELS[row.level], share


def _doubts(
    life: Life, deals: Sequence[Deal], balance: int, effects: Effects, report: Report
) -> list[str]:
    """What keeps the verdict from being whole, in plain words."""
    doubts = [f"the rule engine notes {code}" for code in effects.notes]
    moved = sum(deal.amount for deal in deals if deal.type is not DealType.CREDIT)
    expected = (life.opening_balance or 0) + moved
    if expected != balance:
        digits = report.currency_digits
        doubts.append(
            f"the deals add up to {to_decimal(expected, digits)} but the balance is "
            f"{to_decimal(balance, digits)}: no rule is judged"
        )
    elif not effects.rule_days:
        doubts.append("no initial balance is known: no rule is judged; give --initial-balance")
    if life.opening_balance is not None:
        doubts.append("the report starts mid-life: overall rules are unproven")
    return doubts


def days_net(audit: Audit) -> int:
    """Sum of the days' closed results, which must equal the net profit without flows."""
    return sum(row.closed_result for row in audit.rule_days)
