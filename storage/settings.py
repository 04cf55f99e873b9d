"""A reader's settings of an account: one JSON document for each user and account."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from attrs import frozen

from actors.domain.account import Owner
from storage.postgres import Connection, Database

_READ = """
SELECT coalesce(s.settings, '{}')::text FROM accounts a
LEFT JOIN user_settings s
    ON s.account_id = a.id AND s.site_id = a.site_id AND s.wp_user_id = a.wp_user_id
WHERE a.id = $1 AND a.site_id = $2 AND a.wp_user_id = $3
"""
_SAVE = """
INSERT INTO user_settings AS s (site_id, wp_user_id, account_id, settings, updated_at)
SELECT a.site_id, a.wp_user_id, a.id, $4::text::jsonb, $5 FROM accounts a
WHERE a.id = $1 AND a.site_id = $2 AND a.wp_user_id = $3
ON CONFLICT (site_id, wp_user_id, account_id)
    DO UPDATE SET settings = excluded.settings, updated_at = excluded.updated_at
RETURNING true
"""


@frozen
class PostgresSettings:
    """Settings in the database. Both methods may raise StoreUnavailable."""

    database: Database

    async def get(self, owner: Owner, account_id: UUID) -> Mapping[str, Any] | None:
        """The settings, empty when never saved; None when the account is not the owner's."""

        async def job(connection: Connection) -> Any:
            return await connection.fetchval(_READ, account_id, owner.site_id, owner.wp_user_id)

        text = await self.database.execute(job)
        return None if text is None else msgspec.json.decode(text, type=dict[str, Any])

    async def save(
        self, owner: Owner, account_id: UUID, settings: Mapping[str, Any], now: datetime
    ) -> bool:
        """Replace the settings; False when the account is not the owner's."""
        text = msgspec.json.encode(settings).decode()
        row = (account_id, owner.site_id, owner.wp_user_id, text, now)

        async def job(connection: Connection) -> bool:
            return await connection.fetchval(_SAVE, *row) is not None

        return await self.database.execute(job)
