"""Closed trades and days for the statistics' tests, told in a line each."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from actors.domain.rule_day import AnchorGrade, Coverage, Level, RuleDay
from actors.domain.snapshot import Side
from actors.domain.trades import Trade
from tests.unit.actors.domain.histories import at


def trade(
    net: int,
    closed: str = "03 10:00:00",
    *,
    held: float | None = 60.0,
    symbol: str = "EURUSD",
    side: Side = Side.BUY,
    number: int = 1,
) -> Trade:
    """A trade of March 2026 that closed with ``net``, of which 10 went for commission."""
    closed_at = at(closed)
    opened_at = None if held is None else closed_at - timedelta(seconds=held)
    return Trade(
        ticket=str(number), position_id=number, symbol=symbol, side=side, volume=Decimal(1),
        open_volume=Decimal(0), opened_at=opened_at, closed_at=closed_at, open_price=None,
        close_price=None, profit=net + 10, commission=-10, swap=0, fee=0,
        deal_tickets=(2 * number, 2 * number + 1),
    )  # fmt: skip


def row(
    on: date,
    start: datetime,
    equity: int | None,
    *,
    flows: int = 0,
    result: int = 0,
    trades: int = 0,
    rule_id: str = "daily",
    revision: int = 0,
    coverage: Coverage | None = None,
    unproven: bool = False,
) -> RuleDay:
    """A rule day whose start's equity is ``equity``; flat all day unless told otherwise."""
    return RuleDay(
        rule_id=rule_id, date=on, revision=revision, start_at=start,
        end_at=start + timedelta(days=1), anchor=equity, anchor_balance=equity,
        anchor_equity=equity, anchor_grade=AnchorGrade.EXACT, anchor_source="", allowance=0,
        floor=0, worst=None, worst_used=None, worst_at=None, level=Level.OK, flows=flows,
        closed_result=result, opened=trades, closed=trades, unproven=unproven,
        coverage=coverage or Coverage(flat_seconds=86_400.0),
    )  # fmt: skip
