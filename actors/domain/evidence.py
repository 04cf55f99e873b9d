"""Evidence: everything a verdict rests on, so that it can be recomputed offline (RULES 5)."""

from typing import Any

from actors.domain.context import Point, Walk
from actors.domain.drawdown import Floor, Measure, Values
from actors.domain.evidence_parts import deal_document, head, moment
from actors.domain.path_evidence import path_document
from actors.domain.plan import Anchor, LossRule
from actors.domain.progress import Boundary, Progress, Sight
from actors.domain.rule_day import AnchorGrade
from actors.domain.violation import Grade, Severity, Verdict

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
    day = progress.day
    since = day.start if day else point.at
    deals = [d for d in walk.ledger.between(None, point.at) if d.occurred_at >= since]
    return {
        **head(progress, walk),
        "rule": rule_document(rule),
        "anchor": {
            "value": floor.anchor,
            "grade": floor.grade.value,
            "source": floor.source,
            "boundary": _boundary(day.boundary, floor.grade) if day else None,
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
        **moment(progress, point),
        "balance": values.balance,
        "equity_without_credit": values.equity,
        "credit": values.credit,
        "deals_since_reset": [deal_document(deal) for deal in deals[-_MOST_DEALS:]],
        "deals_left_out": max(0, len(deals) - _MOST_DEALS),
        "path": path_document(point),
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


def _boundary(boundary: Boundary, grade: AnchorGrade) -> dict[str, Any]:
    """The account at the reset; ``floating`` is the one that an anchor of this grade rests on."""
    floating = boundary.floating
    if grade is AnchorGrade.RECONSTRUCTED:
        floating = boundary.rebuilt
    elif grade is AnchorGrade.INTERPOLATED:
        floating = boundary.interpolated
    return {
        "at": boundary.at.isoformat(),
        "balance": boundary.sums.balance,
        "credit": boundary.sums.credit,
        "flat": boundary.flat,
        "floating": floating,
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
