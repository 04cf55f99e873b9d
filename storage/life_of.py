"""Whose history is asked for: the door that every read of an account's past goes through."""

from datetime import datetime
from uuid import UUID

from attrs import frozen

from actors.domain.account import Owner
from storage.postgres import Connection

_LIFE = """
SELECT i.life_id, l.account_id, l.started_at, l.digits, l.keys
FROM accounts a
JOIN account_instances i ON i.account_id = a.id
JOIN LATERAL (
    SELECT x.account_id, min(x.started_at) AS started_at, max(x.currency_digits) AS digits,
        array_agg(x.instance_key ORDER BY x.instance_key) AS keys
    FROM account_instances x WHERE x.life_id = i.life_id AND x.account_id = a.id
    GROUP BY x.account_id
) l ON true
WHERE a.id = $3 AND a.site_id = $1 AND a.wp_user_id = $2 AND ($4::uuid IS NULL OR i.id = $4)
ORDER BY i.created_at DESC, i.instance_key DESC LIMIT 1
"""


@frozen
class LifeOf:
    """A life that the owner may read: its id, the short keys of its instances, its currency."""

    life_id: UUID
    account_id: UUID
    started_at: datetime
    digits: int | None
    keys: tuple[int, ...]


async def life_of(
    connection: Connection, owner: Owner, account_id: UUID, instance_id: UUID | None
) -> LifeOf | None:
    """The life of the named (else newest) instance; None when the account is not the owner's."""
    who = (owner.site_id, owner.wp_user_id)
    row = await connection.fetchrow(_LIFE, *who, account_id, instance_id)
    if row is None:
        return None
    keys = tuple(row["keys"])
    return LifeOf(row["life_id"], row["account_id"], row["started_at"], row["digits"], keys)
