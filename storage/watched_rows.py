"""Rows of an account with one instance, its plan document and the source of its balance."""

from actors.domain.account import (
    Account,
    AccountInstance,
    InitialBalanceSource,
    LifeReason,
    Owner,
    Status,
)
from storage.lives import Watched
from storage.postgres import Record

SELECT_WATCHED = """
    SELECT a.site_id, a.wp_user_id, a.login, a.server, a.account_type, a.is_active, a.order_id,
        a.created_at AS account_created_at, a.updated_at,
        i.id, i.instance_key, i.account_id, i.life_id, i.hash_id, i.status, i.reason,
        i.plan_name, i.plan_hash, i.phase, i.created_at, i.started_at, i.deactivated_at,
        i.predecessor_id, i.opening_balance, i.ordered_initial_balance, i.ordered_currency,
        p.document AS plan_document,
        (SELECT b.initial_balance_source FROM initial_balances b WHERE b.life_id = i.life_id
         ORDER BY b.version DESC LIMIT 1) AS initial_balance_source,
        (SELECT f.reason FROM account_instances f WHERE f.life_id = i.life_id
         ORDER BY f.instance_key LIMIT 1) AS life_reason
    FROM accounts a
    JOIN account_instances i ON i.account_id = a.id
    JOIN plans p ON p.content_hash = i.plan_hash
"""


def watched(row: Record) -> Watched:
    """Read a row of SELECT_WATCHED."""
    source = row["initial_balance_source"]
    return Watched(
        account=_account(row),
        instance=_instance(row),
        plan_document=row["plan_document"],
        initial_balance_source=None if source is None else InitialBalanceSource(source),
        life_reason=LifeReason(row["life_reason"]),
    )


def _account(row: Record) -> Account:
    return Account(
        account_id=row["account_id"],
        owner=Owner(row["site_id"], row["wp_user_id"]),
        login=row["login"],
        server=row["server"],
        account_type=row["account_type"],
        is_active=row["is_active"],
        created_at=row["account_created_at"],
        updated_at=row["updated_at"],
        order_id=row["order_id"],
    )


def _instance(row: Record) -> AccountInstance:
    return AccountInstance(
        instance_id=row["id"],
        instance_key=row["instance_key"],
        account_id=row["account_id"],
        life_id=row["life_id"],
        hash_id=row["hash_id"],
        status=Status(row["status"]),
        reason=LifeReason(row["reason"]),
        plan_name=row["plan_name"],
        plan_hash=row["plan_hash"],
        phase=row["phase"],
        created_at=row["created_at"],
        started_at=row["started_at"],
        deactivated_at=row["deactivated_at"],
        predecessor_id=row["predecessor_id"],
        opening_balance=row["opening_balance"],
        ordered_initial_balance=row["ordered_initial_balance"],
        ordered_currency=row["ordered_currency"],
    )
