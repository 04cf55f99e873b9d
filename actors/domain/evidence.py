"""Evidence: everything a verdict rests on, so that it can be recomputed offline (RULES 5)."""

from typing import Any

from actors.domain.context import Point, Walk
from actors.domain.deals import Deal
from actors.domain.drawdown import Floor, Measure, Values
from actors.domain.plan import Anchor, LossRule
from actors.domain.progress import Boundary, Progress, Sight
from actors.domain.snapshot import Observation
from actors.domain.violation import Grade, Severity, Verdict

ENGINE_VERSION = "1"
"""Version of the rule engine's arithmetic; raised when a verdict could differ."""

_MOST_DEALS = 500
_TRAILING = frozenset({Anchor.HIGH, Anchor.EOD_HIGH, Anchor.EQUITY_HIGH, Anchor.BALANCE_HIGH})


def bundle(
    progress: Progress,
    walk: Walk,
    point: Point,
    values: Values,
    rule: LossRule,
    floor: Floor,
    measured: Measure,
    severity: Severity,
    verdict: Verdict,
    grade: Grade,
) -> dict[str, Any]:
    """The JSON-ready evidence of one violation. Amounts in minor units, decimals as text."""
    life, day = walk.life, progress.day
    since = day.start if day else point.at
    deals = [d for d in walk.ledger.between(None, point.at) if d.occurred_at >= since]
    return {
        "engine_version": ENGINE_VERSION,
        "plan": {"name": life.plan.name, "hash": life.plan.content_hash, "phase": life.phase},
        "life_id": str(life.life_id),
        "instance_id": str(life.instance_id),
        "currency": progress.currency,
        "currency_digits": progress.digits,
        "initial": _initial(progress),
        "rule": rule_document(rule),
        "anchor": {
            "value": floor.anchor,
            "grade": floor.grade.value,
            "source": floor.source,
            "boundary": _boundary(day.boundary) if day else None,
        },
        "allowance": floor.allowance,
        "shift": floor.shift,
        "floor": floor.floor,
        "sure_floor": floor.sure,
        "checked": measured.value,
        "used": measured.used,
        "headroom": measured.headroom,
        "severity": severity.value,
        "verdict": verdict.value,
        "grade": grade.value,
        "proven_point": point.proven,
        "doubt": point.doubt,
        "breached_before": progress.breached,
        "at": point.at.isoformat(),
        "rule_day": day.date.isoformat() if day else None,
        "balance": values.balance,
        "equity_without_credit": values.equity,
        "credit": values.credit,
        "observation": None if point.observation is None else _observation(point.observation),
        "open_volumes": {str(p): str(v) for p, v in sorted(progress.open.items())},
        "deals_since_reset": [_deal(deal) for deal in deals[-_MOST_DEALS:]],
        "deals_left_out": max(0, len(deals) - _MOST_DEALS),
        "coverage": _coverage(progress),
    }


def rule_document(rule: LossRule) -> dict[str, Any]:
    """A loss rule's choices as JSON-ready text."""
    allowance = rule.allowance
    return {
        "id": rule.rule_id,
        "kind": rule.kind.value,
        "anchor": rule.anchor.value,
        "trailing": rule.anchor in _TRAILING,
        "allowance": {
            "of": allowance.of.value,
            "percent": None if allowance.percent is None else str(allowance.percent),
            "money": None if allowance.money is None else str(allowance.money),
        },
        "checked": rule.checked.value,
        "operator": rule.operator.value,
        "lock_plus": None if rule.lock is None else str(rule.lock.plus),
        "warning": str(rule.warning),
        "critical": str(rule.critical),
        "severity": rule.severity.value,
        "cash_flow": rule.cash_flow.value,
        "credit": rule.credit.value,
    }


def _initial(progress: Progress) -> dict[str, Any] | None:
    if progress.initial is None:
        return None
    found = progress.initial
    return {
        "value": found.value,
        "source": found.source.value,
        "at": found.initial_at.isoformat(),
    }


def _boundary(boundary: Boundary) -> dict[str, Any]:
    return {
        "at": boundary.at.isoformat(),
        "balance": boundary.sums.balance,
        "credit": boundary.sums.credit,
        "flat": boundary.flat,
        "floating": boundary.floating,
        "observation": None if boundary.sight is None else _sight(boundary.sight),
    }


def _sight(sight: Sight) -> dict[str, Any]:
    return {
        "at": sight.at.isoformat(),
        "balance": sight.balance,
        "equity": sight.equity,
        "credit": sight.credit,
        "positions": [
            {"position_id": p.position_id, "volume": str(p.volume), "floating": p.floating}
            for p in sight.positions
        ],
    }


def _observation(seen: Observation) -> dict[str, Any]:
    return {
        "at": seen.observed_at.isoformat(),
        "balance": seen.balance,
        "equity": seen.equity,
        "credit": seen.credit,
        "margin": seen.margin,
        "free_margin": seen.free_margin,
        "positions": [
            {
                "position_id": p.position_id,
                "symbol": p.symbol,
                "side": p.side.value,
                "volume": str(p.volume),
                "open_price": str(p.open_price),
                "current_price": str(p.current_price),
                "profit": p.profit,
                "swap": p.swap,
            }
            for p in seen.positions
        ],
    }


def _deal(deal: Deal) -> dict[str, Any]:
    return {
        "ticket": deal.ticket,
        "position_id": deal.position_id,
        "type": deal.type.name.lower(),
        "entry": deal.entry.name.lower(),
        "volume": str(deal.volume),
        "price": str(deal.price),
        "amount": deal.amount,
        "at": deal.occurred_at.isoformat(),
        "broker_msc": deal.broker_msc,
    }


def _coverage(progress: Progress) -> dict[str, int] | None:
    """Microseconds of the rule day so far, by how they are known."""
    if progress.day is None:
        return None
    span = progress.day.span
    return {"flat": span.flat, "sampled": span.sampled, "unknown": span.unknown}
