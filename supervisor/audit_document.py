"""An audit as a JSON document: exact decimal numbers, RFC 3339 times, ids as text. Pure."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from attrs import asdict, fields

from actors.domain.deals import Deal
from actors.domain.money import to_decimal
from actors.domain.mt5_summary import Mt5Figures
from actors.domain.rule_day import RuleDay
from actors.domain.server_clock import ServerClock
from actors.domain.trades import Trade
from actors.domain.violation import Violation
from actors.mt5.report_rows import OpenRow, PositionRow
from actors.mt5.report_summary import SummaryCheck
from supervisor.audit_run import Audit

_ENCODER = msgspec.json.Encoder(decimal_format="number")


def encoded(audit: Audit) -> str:
    """The document as indented JSON text; money keeps the currency's decimals."""
    return msgspec.json.format(_ENCODER.encode(document(audit)), indent=2).decode()


def document(audit: Audit) -> dict[str, Any]:
    """The audit's document, in the order of its keys."""
    digits = audit.report.currency_digits
    clock = ServerClock.parse(audit.server_zone.value)
    return {
        "account": _account(audit),
        "plan": _plan(audit),
        "deals": [_deal(deal, digits) for deal in audit.deals],
        "positions": [
            *(_position(row, clock) for row in audit.report.positions),
            *(_position(row, clock) for row in audit.report.open_positions),
        ],
        "trades": [_trade(trade, digits) for trade in audit.trades],
        "rule_days": [_rule_day(row, digits) for row in audit.rule_days],
        "violations": [_violation(each, digits) for each in audit.violations],
        "mt5_summary": _mt5_summary(audit.mt5_summary),
        "checks": {
            "balance_chain": _check(audit.balance_chain.rows, audit.balance_chain.exact),
            "positions": _check(audit.positions.rows, audit.positions.exact),
            "summary": _summary(audit.summary),
        },
    }


def _check(rows: int, exact: int) -> dict[str, int]:
    return {"rows": rows, "exact": exact}


def _mt5_summary(figures: Mt5Figures | None) -> dict[str, str | None]:
    """Each figure as text; all unknown without deals."""
    known = asdict(figures) if figures else {}
    return {field.name: plain_decimal(known.get(field.name)) for field in fields(Mt5Figures)}


def _summary(check: SummaryCheck) -> dict[str, Any]:
    return {
        "printed": check.printed,
        "equal": check.equal,
        "differences": [
            {
                "figure": each.figure,
                "printed": plain_decimal(each.printed),
                "computed": plain_decimal(each.computed),
            }
            for each in check.differences
        ],
    }


def _account(audit: Audit) -> dict[str, Any]:
    header = audit.report.header
    return {
        "kind": audit.report.kind,
        "login": header.login if header else None,
        "server": header.server if header else None,
        "company": header.company if header else None,
        "currency": header.currency if header else None,
        "currency_digits": audit.report.currency_digits,
        "margin_mode": header.margin_mode if header else None,
        "server_zone": audit.server_zone.value,
        "server_zone_source": audit.server_zone.source,
        "initial_balance": audit.initial_balance,
        "initial_balance_source": audit.initial_balance_source,
        "outcome": audit.outcome,
    }


def _plan(audit: Audit) -> dict[str, Any]:
    return {
        "name": audit.plan.name,
        "version": audit.plan.version,
        "title": audit.plan.title,
        "content_hash": audit.plan.content_hash,
        "phase": audit.phase,
        "phase_name": audit.plan.phases[audit.phase].name,
    }


def _deal(deal: Deal, digits: int) -> dict[str, Any]:
    return {
        "ticket": str(deal.ticket),
        "position_id": str(deal.position_id) if deal.position_id else None,
        "order": str(deal.order) if deal.order else None,
        "time": deal.occurred_at,
        "type": deal.type.name.lower(),
        "entry": deal.entry.name.lower() if deal.is_trade else None,
        "symbol": deal.symbol or None,
        "volume": deal.volume,
        "price": deal.price,
        "profit": to_decimal(deal.profit, digits),
        "commission": to_decimal(deal.commission, digits),
        "swap": to_decimal(deal.swap, digits),
        "fee": to_decimal(deal.fee, digits),
        "comment": deal.comment,
    }


def _position(row: PositionRow | OpenRow, clock: ServerClock) -> dict[str, Any]:
    closed = isinstance(row, PositionRow)
    return {
        "position_id": str(row.position_id),
        "symbol": row.symbol,
        "side": row.side,
        "volume": row.volume,
        "open_time": clock.to_utc(row.open_msc),
        "open_price": row.open_price,
        "close_time": clock.to_utc(row.close_msc) if isinstance(row, PositionRow) else None,
        "close_price": row.close_price if isinstance(row, PositionRow) else None,
        "commission": row.commission if isinstance(row, PositionRow) else None,
        "swap": row.swap,
        "profit": row.profit,
        "state": "closed" if closed else "open",
    }


def _trade(trade: Trade, digits: int) -> dict[str, Any]:
    return {
        "ticket": trade.ticket,
        "position_id": str(trade.position_id),
        "symbol": trade.symbol,
        "type": trade.side.value.upper(),
        "lots": trade.volume,
        "open_time": trade.opened_at,
        "open_price": trade.open_price,
        "close_time": trade.closed_at,
        "close_price": trade.close_price,
        "profit": to_decimal(trade.profit, digits),
        "commission": to_decimal(trade.commission, digits),
        "swap": to_decimal(trade.swap, digits),
        "fee": to_decimal(trade.fee, digits),
        "net": to_decimal(trade.net, digits),
        "deals": [str(ticket) for ticket in trade.deal_tickets],
    }


def _rule_day(row: RuleDay, digits: int) -> dict[str, Any]:
    return {
        "date": row.date,
        "rule_id": row.rule_id,
        "start_at": row.start_at,
        "end_at": row.end_at,
        "anchor": money(row.anchor, digits),
        "anchor_grade": row.anchor_grade,
        "floor": money(row.floor, digits),
        "worst": money(row.worst, digits),
        "used": money(row.worst_used, digits),
        "allowance": money(row.allowance, digits),
        "level": row.level,
        "closed_result": money(row.closed_result, digits),
        "opened": row.opened,
        "closed": row.closed,
        "unproven": row.unproven,
    }


def _violation(each: Violation, digits: int) -> dict[str, Any]:
    threshold, current = each.amounts(digits)
    return {
        "rule_id": each.rule_id,
        "rule_type": each.rule_type,
        "rule_date": each.rule_date,
        "severity": each.severity,
        "verdict": each.verdict,
        "grade": each.grade,
        "threshold_value": threshold,
        "current_value": current,
        "unit": each.unit,
        "is_primary": each.is_primary,
        "occurred_at": each.occurred_at,
    }


def money(minor: int | None, digits: int) -> Decimal | None:
    """Minor units as whole units with the currency's decimals; None stays unknown."""
    return None if minor is None else to_decimal(minor, digits)


def plain_decimal(value: Decimal | None) -> str | None:
    """A decimal as text without an exponent; None stays unknown."""
    return None if value is None else format(value, "f")


def short_time(at: datetime | None) -> str:
    """An instant for a table, UTC to the second; a dash when unknown."""
    return "-" if at is None else at.strftime("%Y-%m-%d %H:%M:%S")
