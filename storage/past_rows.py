"""A life's past as late facts need it: its rule days, its breaches, its conduct."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from actors.domain.money import to_minor
from actors.domain.past import LOSS_KINDS, Breach, ConductRecord, Past
from actors.domain.rule_day import AnchorGrade, Coverage, Level, RuleDay
from actors.domain.units import smallest, unit_of
from actors.domain.violation import Severity, Verdict
from storage.exact import read_json
from storage.postgres import Connection, Record

_DAYS = """
SELECT DISTINCT ON (rule_date, rule_id) * FROM rule_days WHERE life_id = $1
ORDER BY rule_date, rule_id, revision DESC
"""
_BREACHES = """
SELECT rule_id, rule_date, verdict, threshold_value, current_value, occurred_at
FROM rule_violations WHERE life_id = $1 AND severity = 'breach' AND rule_type = ANY($2::text[])
ORDER BY occurred_at, rule_id
"""
_CONDUCT = """
SELECT rule_id, rule_type, rule_date, severity, verdict, threshold_value, current_value,
    occurred_at, (metadata -> 'facts')::text AS facts
FROM rule_violations WHERE life_id = $1 AND rule_type <> ALL($2::text[])
ORDER BY occurred_at, rule_id, severity
"""
_MONEY = (
    *("anchor", "anchor_balance", "anchor_equity", "allowance", "floor", "worst", "worst_used"),
    *("flows", "closed_result"),
)
_PLAIN = (
    *("rule_id", "revision", "start_at", "end_at", "anchor_source", "worst_at"),
    *("opened", "closed", "unproven", "cause"),
)
_COVERAGE = ("flat_seconds", "reconstructed_seconds", "sampled_seconds", "unknown_seconds")


async def read_past(connection: Connection, life_id: UUID, digits: int | None) -> Past:
    """The life's past; a life that was never read has none and no currency."""
    if digits is None:
        return Past()
    days = await connection.fetch(_DAYS, life_id)
    breaches = await connection.fetch(_BREACHES, life_id, sorted(LOSS_KINDS))
    conduct = await connection.fetch(_CONDUCT, life_id, sorted(LOSS_KINDS))
    return Past(
        tuple(_day(row, digits) for row in days),
        tuple(_breach(row, digits) for row in breaches),
        tuple(map(_record, conduct)),
    )


def _day(row: Record, digits: int) -> RuleDay:
    def money(amount: Decimal | None) -> int | None:
        return None if amount is None else to_minor(amount, digits)

    fields: dict[str, Any] = {name: row[name] for name in _PLAIN}
    fields |= {name: money(row[name]) for name in _MONEY}
    return RuleDay(
        date=row["rule_date"],
        anchor_grade=AnchorGrade(row["anchor_grade"]),
        level=Level(row["level"]),
        coverage=Coverage(**{name: row[name] for name in _COVERAGE}),
        **fields,
    )


def _breach(row: Record, digits: int) -> Breach:
    return Breach(
        row["rule_id"],
        row["rule_date"],
        Verdict(row["verdict"]),
        to_minor(row["threshold_value"], digits),
        to_minor(row["current_value"], digits),
        row["occurred_at"],
    )


def _record(row: Record) -> ConductRecord:
    unit = unit_of(row["rule_type"])
    return ConductRecord(
        row["rule_id"],
        row["rule_date"],
        Severity(row["severity"]),
        Verdict(row["verdict"]),
        smallest(row["threshold_value"], unit),
        smallest(row["current_value"], unit),
        row["occurred_at"],
        {} if row["facts"] is None else read_json(row["facts"]),
    )
