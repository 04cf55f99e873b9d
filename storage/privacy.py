"""A person's rights: a copy of everything stored about them, and being forgotten.

Forgetting keeps the firm's facts (money, trades, verdicts, digests, the audit chain) under a
pseudonym and takes away what names the person: user id, login, order, credentials, free text,
evidence payloads and settings. The erasure itself is audited with a digest of each payload.
"""
# ruff: noqa: S608  (queries are put together from texts of this module only)

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attrs import frozen

from actors.domain.account import Owner
from storage.audit_log import append_row
from storage.claims import Receipt
from storage.exact import read_json
from storage.idempotency import write_receipt
from storage.nonces import rows_of
from storage.postgres import Connection, Database

_MINE = "SELECT id FROM accounts WHERE site_id = $1 AND wp_user_id = $2"
_MY_INSTANCES = f"SELECT id FROM account_instances WHERE account_id IN ({_MINE})"
_MY_LIVES = f"SELECT life_id FROM account_instances WHERE account_id IN ({_MINE})"
_MY_KEYS = f"SELECT instance_key FROM account_instances WHERE account_id IN ({_MINE})"

# What is exported: table -> which columns are left out, which rows, in which order.
_EXPORTED: Mapping[str, tuple[str, str, str]] = {
    "accounts": ("'{login_key}'", f"id IN ({_MINE})", "created_at, id"),
    "account_instances": (
        "'{encrypted_investor_pass,fingerprint,summary,standings}'",
        f"account_id IN ({_MINE})",
        "instance_key",
    ),
    "initial_balances": ("'{}'", f"account_id IN ({_MINE})", "account_id, life_id, version"),
    "deals": ("'{}'", f"life_id IN ({_MY_LIVES})", "life_id, ticket"),
    "trades": ("'{}'", f"life_id IN ({_MY_LIVES})", "life_id, ticket"),
    "equity_hours": ("'{}'", f"instance_key IN ({_MY_KEYS})", "instance_key, bucket_at"),
    "rule_days": ("'{}'", f"life_id IN ({_MY_LIVES})", "life_id, rule_id, rule_date, revision"),
    "rule_violations": ("'{}'", f"life_id IN ({_MY_LIVES})", "occurred_at, id"),
    "discrepancies": ("'{}'", f"life_id IN ({_MY_LIVES})", "life_id, sync_seq, place"),
    "violation_overrides": (
        "'{}'",
        f"violation_id IN (SELECT id FROM rule_violations WHERE life_id IN ({_MY_LIVES}))",
        "created_at, id",
    ),
    "connection_logs": ("'{}'", f"account_instance_id IN ({_MY_INSTANCES})", "created_at, id"),
    "user_settings": ("'{}'", "site_id = $1 AND wp_user_id = $2", "account_id"),
    "user_epochs": ("'{}'", "site_id = $1 AND wp_user_id = $2", "site_id"),
    "exports": (
        "'{idempotency_key,body_digest}'",
        "site_id = $1 AND wp_user_id = $2",
        "created_at, id",
    ),
    "audit_log": (
        "'{payload_digest,prev_hash,hash}'",
        (
            f"site_id = $1 AND (subject = 'user:' || $2::bigint OR subject IN "
            f"(SELECT id::text FROM accounts WHERE id IN ({_MINE})))"
        ),
        "seq",
    ),
}

_EVIDENCE_DIGESTS = f"""
SELECT id::text AS id, encode(sha256(convert_to(metadata::text, 'UTF8')), 'hex') AS digest
FROM rule_violations WHERE life_id IN ({_MY_LIVES}) AND metadata IS NOT NULL ORDER BY id
"""
# $1 and $2 name the owner. The accounts come last: after that nobody finds them by the owner.
_FORGET = (
    f"UPDATE deals SET comment = '' WHERE life_id IN ({_MY_LIVES}) AND comment <> ''",
    (
        f"UPDATE rule_violations SET metadata = NULL WHERE life_id IN ({_MY_LIVES}) "
        "AND metadata IS NOT NULL"
    ),
    (f"UPDATE discrepancies SET facts = NULL WHERE life_id IN ({_MY_LIVES}) AND facts IS NOT NULL"),
    (
        f"UPDATE connection_logs SET error_message = NULL, error_context = NULL "
        f"WHERE account_instance_id IN ({_MY_INSTANCES})"
    ),
    f"UPDATE initial_balances SET source_metadata = NULL WHERE account_id IN ({_MINE})",
    f"UPDATE rule_state SET document = NULL WHERE account_id IN ({_MINE})",
    (
        "UPDATE audit_log SET payload = NULL WHERE payload IS NOT NULL AND site_id = $1 "
        "AND (subject = 'user:' || $2::bigint "
        f"OR subject IN (SELECT id::text FROM accounts WHERE id IN ({_MINE})))"
    ),
    (
        "DELETE FROM export_tickets WHERE export_id IN "
        "(SELECT id FROM exports WHERE site_id = $1 AND wp_user_id = $2)"
    ),
    "DELETE FROM exports WHERE site_id = $1 AND wp_user_id = $2",
    "DELETE FROM user_settings WHERE site_id = $1 AND wp_user_id = $2",
    (
        "DELETE FROM login_codes WHERE principal -> 'owner' = "
        "jsonb_build_object('site_id', $1::text, 'wp_user_id', $2::bigint)"
    ),
)
_STOP = f"""
UPDATE account_instances SET encrypted_investor_pass = NULL, fingerprint = NULL, summary = NULL,
    standings = NULL, status = 'deactivated', deactivated_at = coalesce(deactivated_at, $3)
WHERE account_id IN ({_MINE})
"""
_FENCE_OUT = f"""
UPDATE account_leases SET fence = fence + 1, node_id = NULL, node_epoch = NULL, expires_at = NULL
WHERE instance_id IN ({_MY_INSTANCES})
"""
_RENAME = """
UPDATE accounts SET wp_user_id = $3, login = 'erased', login_key = 'erased:' || id,
    order_id = NULL, is_active = false, updated_at = $4
WHERE site_id = $1 AND wp_user_id = $2
"""


@frozen
class Forgotten:
    """Result of an erasure: how many accounts were pseudonymised, and under which user id."""

    accounts: int
    pseudonym: int


def user_subject(owner: Owner) -> str:
    """Return the audit log's subject for a user; audit rows of accounts use the account id."""
    return f"user:{owner.wp_user_id}"


@frozen
class Privacy:
    """Export and erasure of one user. Both methods may raise StoreUnavailable."""

    database: Database

    async def export(self, owner: Owner) -> Mapping[str, Any]:
        """Everything stored about the user, JSON-ready (fractions are Decimal), by table.

        Never a credential. The curve comes as its hourly roll-up.
        """
        who = (owner.site_id, owner.wp_user_id)

        async def job(connection: Connection) -> dict[str, Any]:
            told: dict[str, Any] = {}
            for table, (left_out, condition, order) in _EXPORTED.items():
                query = (
                    f"SELECT (to_jsonb(t) - {left_out}::text[])::text AS row FROM {table} t "
                    f"WHERE {condition} ORDER BY {order}"
                )
                rows = await connection.fetch(query, *who[: 2 if "$2" in query else 1])
                told[table] = [read_json(row["row"]) for row in rows]
            return told

        return await self.database.execute(job)

    async def erase(
        self, owner: Owner, *, actor: str, now: datetime, receipt: Receipt | None = None
    ) -> Forgotten:
        """Forget the user in one transaction; stop the actors of the accounts before.

        The pseudonym is a random negative user id, told to nobody else. Running it again finds
        nothing left to erase, and nothing that tells that there was something: so ``receipt``, the
        answer to whoever asks again, is written with it.
        """
        who = (owner.site_id, owner.wp_user_id)
        pseudonym = -1 - secrets.randbelow(2**62)

        async def job(connection: Connection) -> Forgotten:
            digests = await connection.fetch(_EVIDENCE_DIGESTS, *who)
            for statement in _FORGET:
                await connection.execute(statement, *who)
            await connection.execute(_STOP, *who, now)
            await connection.execute(_FENCE_OUT, *who)
            renamed = rows_of(await connection.execute(_RENAME, *who, pseudonym, now))
            evidence = {row["id"]: row["digest"] for row in digests}
            subject = user_subject(Owner(owner.site_id, pseudonym))
            words = {"action": "user_erased", "actor": actor, "site_id": owner.site_id}
            details = {"accounts": renamed, "evidence_sha256": evidence}
            await append_row(connection, now, {**words, "subject": subject}, details)
            if renamed and receipt is not None:
                await write_receipt(connection, receipt)
            return Forgotten(renamed, pseudonym)

        return await self.database.transact(job)
