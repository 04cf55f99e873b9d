"""The rule-day calendar: for every rule and day the newest revision, as the core decided it."""

from uuid import UUID

from attrs import frozen

from actors.domain.account import Owner
from actors.domain.history import RuleDayRow
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
