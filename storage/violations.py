"""Violations for readers, and the human words that are appended to them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from attrs import frozen

from actors.domain.account import Owner
from actors.domain.history import OverrideRow, ViolationRow
from actors.domain.units import Unit, unit_of
from actors.domain.violation import Seal
from storage.exact import plain, read_json, shown_always
from storage.life_of import life_of
from storage.postgres import Connection, Database, Record

_COLUMNS = """
v.id, i.account_id, v.account_instance_id, i.currency_digits, v.rule_id, v.rule_type,
v.rule_date, v.severity, v.verdict, v.grade, v.threshold_value, v.current_value, v.is_primary,
v.occurred_at, v.detected_at, v.seal_public_key, v.seal_signature
"""
_OF_LIFE = f"""
SELECT {_COLUMNS}, NULL AS evidence
FROM rule_violations v JOIN account_instances i ON i.id = v.account_instance_id
WHERE v.life_id = $1 ORDER BY v.occurred_at DESC, v.detected_at DESC, v.id
"""  # noqa: S608
_ONE = f"""
SELECT {_COLUMNS}, v.metadata::text AS evidence
FROM rule_violations v
JOIN account_instances i ON i.id = v.account_instance_id
JOIN accounts a ON a.id = i.account_id
WHERE v.id = $4 AND a.id = $3 AND a.site_id = $1 AND a.wp_user_id = $2
"""  # noqa: S608
_ANY = f"""
SELECT {_COLUMNS}, v.metadata::text AS evidence
FROM rule_violations v JOIN account_instances i ON i.id = v.account_instance_id
WHERE v.id = $1
"""  # noqa: S608
_OVERRIDES = """
SELECT violation_id, id, decision, reason, actor, created_at FROM violation_overrides
WHERE violation_id = ANY($1::uuid[]) ORDER BY created_at, id
"""
_OVERRIDE = """
INSERT INTO violation_overrides (violation_id, decision, reason, actor, created_at)
SELECT v.id, $3, $4, $5, $6
FROM rule_violations v
JOIN account_instances i ON i.id = v.account_instance_id
JOIN accounts a ON a.id = i.account_id
WHERE v.id = $2 AND a.site_id = $1
RETURNING id
"""
_ACCOUNT_OF = """
SELECT i.account_id FROM rule_violations v
JOIN account_instances i ON i.id = v.account_instance_id
JOIN accounts a ON a.id = i.account_id
WHERE v.id = $2 AND a.site_id = $1
"""


@frozen
class Violations:
    """Violations in the database. Every method may raise StoreUnavailable."""

    database: Database

    async def of_life(
        self, owner: Owner, account_id: UUID, instance_id: UUID | None
    ) -> tuple[ViolationRow, ...] | None:
        """Those of the life, newest first, without evidence; None when not the owner's."""

        async def job(connection: Connection) -> tuple[ViolationRow, ...] | None:
            life = await life_of(connection, owner, account_id, instance_id)
            if life is None:
                return None
            return await _told(connection, await connection.fetch(_OF_LIFE, life.life_id))

        return await self.database.execute(job)

    async def one(self, owner: Owner, account_id: UUID, violation_id: UUID) -> ViolationRow | None:
        """One with its evidence (None once erased); None when it is not the owner's."""
        asked = (owner.site_id, owner.wp_user_id, account_id, violation_id)

        async def job(connection: Connection) -> tuple[ViolationRow, ...]:
            return await _told(connection, await connection.fetch(_ONE, *asked))

        rows = await self.database.execute(job)
        return rows[0] if rows else None

    async def any_owners(self, violation_id: UUID) -> ViolationRow | None:
        """One with its evidence, whoever owns it: for the operator's own replay."""

        async def job(connection: Connection) -> tuple[ViolationRow, ...]:
            return await _told(connection, await connection.fetch(_ANY, violation_id))

        rows = await self.database.execute(job)
        return rows[0] if rows else None

    async def account_of(self, site_id: str, violation_id: UUID) -> UUID | None:
        """The account that a violation of the site belongs to."""

        async def job(connection: Connection) -> UUID | None:
            found: UUID | None = await connection.fetchval(_ACCOUNT_OF, site_id, violation_id)
            return found

        return await self.database.execute(job)

    async def override(
        self,
        site_id: str,
        violation_id: UUID,
        *,
        decision: str,
        reason: str,
        actor: str,
        now: datetime,
    ) -> UUID | None:
        """Append a human's word and return its id; None when the violation is not the site's."""
        row = (site_id, violation_id, decision, reason, actor, now)

        async def job(connection: Connection) -> UUID | None:
            made: UUID | None = await connection.fetchval(_OVERRIDE, *row)
            return made

        return await self.database.execute(job)


async def _told(connection: Connection, rows: Sequence[Record]) -> tuple[ViolationRow, ...]:
    overrides: Mapping[UUID, list[OverrideRow]] = defaultdict(list)
    for row in await connection.fetch(_OVERRIDES, [row["id"] for row in rows]):
        words = (row["decision"], row["reason"], row["actor"], row["created_at"])
        overrides[row["violation_id"]].append(OverrideRow(row["id"], *words))
    return tuple(_violation(row, tuple(overrides[row["id"]])) for row in rows)


def _violation(row: Record, overrides: tuple[OverrideRow, ...]) -> ViolationRow:
    names = ("account_id", "rule_id", "rule_type", "rule_date", "severity", "verdict", "grade")
    fields: dict[str, Any] = {name: row[name] for name in names}
    for name in ("threshold_value", "current_value"):
        fields[name] = _amount(row[name], row)
    for name in ("is_primary", "occurred_at", "detected_at"):
        fields[name] = row[name]
    evidence, key = row["evidence"], row["seal_public_key"]
    return ViolationRow(
        violation_id=row["id"],
        instance_id=row["account_instance_id"],
        overrides=overrides,
        evidence=None if evidence is None else read_json(evidence),
        seal=None if key is None else Seal(key, row["seal_signature"]),
        **fields,
    )


def _amount(amount: Decimal, row: Record) -> Decimal:
    money = unit_of(row["rule_type"]) is Unit.MONEY
    return shown_always(amount, row["currency_digits"]) if money else plain(amount)
