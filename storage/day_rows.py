"""The rule-day calendar: for every rule and day the newest revision, as the core decided it."""

from uuid import UUID

from attrs import frozen

from actors.domain.account import Owner
from actors.domain.history import RuleDayRow
from actors.domain.money import to_minor
from actors.domain.rule_day import AnchorGrade, Coverage, Level, RuleDay
from storage.exact import shown, shown_always
from storage.life_of import life_of
from storage.postgres import Connection, Database, Record

_DAYS = """
SELECT DISTINCT ON (rule_date, rule_id) * FROM rule_days WHERE life_id = $1
ORDER BY rule_date DESC, rule_id, revision DESC
"""
_COVERAGE = ("flat_seconds", "reconstructed_seconds", "sampled_seconds", "unknown_seconds")


@frozen
class DayRows:
    """Rule days from the database."""

    database: Database

    async def days(
        self, owner: Owner, account_id: UUID, instance_id: UUID | None
    ) -> tuple[RuleDayRow, ...] | None:
        """The life's rule days, newest first; None when the account is not the owner's.

        Raises StoreUnavailable.
        """

        async def job(connection: Connection) -> tuple[RuleDayRow, ...] | None:
            life = await life_of(connection, owner, account_id, instance_id)
            if life is None:
                return None
            rows = await connection.fetch(_DAYS, life.life_id)
            return tuple(_day(row, life.digits) for row in rows)

        return await self.database.execute(job)

    async def exact(
        self, owner: Owner, account_id: UUID, instance_id: UUID | None
    ) -> tuple[RuleDay, ...] | None:
        """The same rows as the core wrote them, in minor units, oldest first."""

        async def job(connection: Connection) -> tuple[RuleDay, ...] | None:
            life = await life_of(connection, owner, account_id, instance_id)
            if life is None:
                return None
            rows = () if life.digits is None else await connection.fetch(_DAYS, life.life_id)
            return tuple(_exact(row, life.digits or 0) for row in reversed(rows))

        return await self.database.execute(job)


def _day(row: Record, digits: int | None) -> RuleDayRow:
    return RuleDayRow(
        rule_id=row["rule_id"],
        date=row["rule_date"],
        revision=row["revision"],
        start_at=row["start_at"],
        end_at=row["end_at"],
        anchor=shown(row["anchor"], digits),
        anchor_grade=row["anchor_grade"],
        floor=shown(row["floor"], digits),
        allowance=shown(row["allowance"], digits),
        worst=shown(row["worst"], digits),
        used=shown(row["worst_used"], digits),
        level=row["level"],
        closed_result=shown_always(row["closed_result"], digits),
        opened=row["opened"],
        closed=row["closed"],
        unproven=row["unproven"],
        coverage={name: row[name] for name in _COVERAGE},
    )


def _exact(row: Record, digits: int) -> RuleDay:
    def minor(name: str) -> int | None:
        return None if row[name] is None else to_minor(row[name], digits)

    return RuleDay(
        rule_id=row["rule_id"],
        date=row["rule_date"],
        revision=row["revision"],
        start_at=row["start_at"],
        end_at=row["end_at"],
        anchor=minor("anchor"),
        anchor_balance=minor("anchor_balance"),
        anchor_equity=minor("anchor_equity"),
        anchor_grade=AnchorGrade(row["anchor_grade"]),
        anchor_source=row["anchor_source"],
        allowance=minor("allowance"),
        floor=minor("floor"),
        worst=minor("worst"),
        worst_used=minor("worst_used"),
        worst_at=row["worst_at"],
        level=Level(row["level"]),
        flows=to_minor(row["flows"], digits),
        closed_result=to_minor(row["closed_result"], digits),
        opened=row["opened"],
        closed=row["closed"],
        unproven=row["unproven"],
        coverage=Coverage(*(row[name] for name in _COVERAGE)),
        cause=row["cause"],
    )
