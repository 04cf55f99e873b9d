"""Rows for the stores' tests: Alice's account, her instance, and the units of its syncs."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import psycopg

from actors.domain.account import (
    AccountInstance,
    ConnectionState,
    Outcome,
    Owner,
    Status,
    Tier,
)
from actors.domain.curve import EquitySample
from actors.domain.deals import Deal, DealEntry, DealReason, DealType
from actors.domain.plan import Phase, Plan, Reset
from actors.domain.state import Effects
from actors.domain.violation import Grade, Severity, Verdict, Violation
from actors.ports import LogEntry, Standing, SyncUnit
from storage.lives import NewAccount, NewInstance
from storage.vault import Context, Vault

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
ALICE = Owner("shop", 7)
BOB = Owner("shop", 8)
PLAN = Plan("two-step", 1, "Two steps", Reset(time(1, 30)), (Phase("one", ()),), "a" * 64, "doc")
VAULT = Vault({"k1": sha256(b"key").digest()}, "k1", sha256(b"pepper").digest())


def new_instance(login: str = "1001", password: str = "p", **changes: Any) -> NewInstance:
    """An instance to be on Demo-Server, sealed for its own row."""
    instance_id = uuid4()
    fields: dict[str, Any] = {
        "instance_id": instance_id,
        "life_id": uuid4(),
        "hash_id": uuid4().hex,
        "envelope": VAULT.seal(password, Context(instance_id, login, "Demo-Server")),
        "fingerprint": VAULT.fingerprint(login, "Demo-Server", password),
        "plan_name": PLAN.name,
        "plan_hash": PLAN.content_hash,
        "phase": 0,
        "at": NOON,
        "ordered_initial_balance": Decimal("100000.10"),
    }
    return NewInstance(**(fields | changes))


def new_account(owner: Owner = ALICE, login: str = "1001", **changes: Any) -> NewAccount:
    """Alice's account to be, unless someone else is named."""
    return NewAccount(
        account_id=uuid4(),
        owner=owner,
        login=login,
        server="Demo-Server",
        account_type=PLAN.name,
        order_id="5001",
        instance=new_instance(login, **changes),
    )


def deal(ticket: int, profit: int = 1050, **changes: Any) -> Deal:
    """A closing buy deal, ``ticket`` seconds after noon."""
    at = NOON + timedelta(seconds=ticket)
    fields: dict[str, Any] = {
        "ticket": ticket,
        "position_id": 9,
        "order": ticket,
        "type": DealType.BUY,
        "entry": DealEntry.OUT,
        "reason": DealReason.CLIENT,
        "symbol": "EURUSD",
        "volume": Decimal("0.10"),
        "price": Decimal("1.08005"),
        "profit": profit,
        "commission": -7,
        "swap": 0,
        "fee": 0,
        "broker_msc": int(at.timestamp() * 1000),
        "occurred_at": at,
    }
    return Deal(**(fields | changes))


def violation(rule_id: str = "daily", verdict: Verdict = Verdict.HARD, day: int = 2) -> Violation:
    """A daily breach on the given day of November."""
    return Violation(
        rule_id=rule_id,
        rule_type="daily_loss",
        rule_date=date(2026, 11, day),
        severity=Severity.BREACH,
        verdict=verdict,
        grade=Grade.OBSERVED,
        threshold=9_500_000,
        current=9_499_999,
        is_primary=True,
        occurred_at=NOON,
        observed_at=NOON,
        evidence={"floor": 9500000},
    )


def sample(at: datetime, equity: int = 10_000_000) -> EquitySample:
    """A flat reading."""
    return EquitySample(at, equity, equity, 0, 0, equity, equity, equity)


def unit(instance: AccountInstance, fence: int, seq: int, **effects: Any) -> SyncUnit:
    """The ``seq``-th sync, one second after the one before."""
    at = NOON + timedelta(seconds=seq)
    fields: dict[str, Any] = {"sample": sample(at), "rule_state": f"state-{seq}".encode()}
    return SyncUnit(
        instance=instance,
        fence=fence,
        sync_seq=seq,
        observed_at=at,
        currency="USD",
        currency_digits=2,
        effects=Effects(**(fields | effects)),
        summary=b"{}",
        standings=b"[]",
        status=Status.ACTIVE,
        connection_state=ConnectionState.READY,
        outcome=Outcome.RUNNING,
        tier=Tier.ACTIVE,
        last_error_code=None,
        next_sync_at=at + timedelta(seconds=30),
        log=(LogEntry(str(UUID(int=seq)), "sync", "ok", None, {"deals": 0}, at),),
    )


def standing(instance: AccountInstance, fence: int, tier: Tier = Tier.IDLE) -> Standing:
    """A rejected password."""
    return Standing(
        instance=instance,
        fence=fence,
        status=Status.ERROR,
        connection_state=ConnectionState.CREDENTIALS_REJECTED,
        tier=tier,
        last_error_code="bad_credentials",
        next_sync_at=None,
    )


def kept_account(dsn: str, owner: Owner, login: str = "501") -> UUID:
    """An active account of the owner's with one instance in USD, and no history; its id."""
    account_id, life_id = uuid4(), uuid4()
    with psycopg.connect(dsn) as line:
        line.execute(
            "INSERT INTO plans (content_hash, name, version, document) VALUES (%s, 'two', 1, '')"
            " ON CONFLICT DO NOTHING",
            ("a" * 64,),
        )
        line.execute(
            "INSERT INTO accounts (id, site_id, wp_user_id, login, server, login_key, account_type)"
            " VALUES (%s, %s, %s, %s, 'Demo-Server', %s, 'two')",
            (account_id, owner.site_id, owner.wp_user_id, login, login),
        )
        line.execute(
            "INSERT INTO rule_state (life_id, account_id) VALUES (%s, %s)", (life_id, account_id)
        )
        line.execute(
            "INSERT INTO account_instances (account_id, life_id, hash_id, reason, plan_name,"
            " plan_hash, started_at, currency, currency_digits)"
            " VALUES (%s, %s, %s, 'connect', 'two', %s, '2026-01-01+00', 'USD', 2)",
            (account_id, life_id, uuid4().hex, "a" * 64),
        )
    return account_id


def long_life(dsn: str, trades: int, login: str = "501") -> None:
    """Give the account this many trades, one a minute from 2026-01-05 on, of three deals each.

    Every hundredth is still open; every second sells, every third is in gold.
    """
    with psycopg.connect(dsn) as line:
        line.execute("SET synchronous_commit = off")
        line.execute(_LONG_LIFE_DEALS, {"login": login, "trades": trades})
        line.execute(_LONG_LIFE_TRADES, {"login": login})


_LONG_LIFE_DEALS = """
INSERT INTO deals (life_id, ticket, instance_key, position_id, order_ticket, type, entry, reason,
    symbol, volume, price, profit, commission, swap, fee, broker_msc, occurred_at, comment)
SELECT i.life_id, n * 3 + part, i.instance_key, n, n * 3 + part,
    (n %% 2 + part) %% 2, CASE part WHEN 0 THEN 0 ELSE 1 END, 0,
    CASE WHEN n %% 3 = 0 THEN 'XAUUSD' ELSE 'EURUSD' END,
    CASE part WHEN 0 THEN 0.30 WHEN 1 THEN 0.10 ELSE 0.20 END, 1.08005 + part * 0.0001,
    CASE part WHEN 0 THEN 0 ELSE (n %% 401 - 200) * 1.01 END, -0.35, 0, 0,
    extract(epoch FROM at) * 1000, at, ''
FROM account_instances i JOIN accounts a ON a.id = i.account_id,
    generate_series(1, %(trades)s) n, generate_series(0, 2) part,
    LATERAL (SELECT timestamptz '2026-01-05+00'
        + make_interval(mins => n, secs => part * 20)) t (at)
WHERE a.login = %(login)s AND (part < 2 OR n %% 100 <> 0)
"""
_LONG_LIFE_TRADES = """
INSERT INTO trades (account_instance_id, life_id, ticket, position_id, symbol, type, open_time,
    close_time, open_price, close_price, lots, open_lots, profit, commission, swap, fee,
    deal_tickets)
SELECT i.id, d.life_id, d.position_id::text, d.position_id, min(d.symbol),
    CASE WHEN d.position_id %% 2 = 0 THEN 'BUY' ELSE 'SELL' END, min(d.occurred_at),
    CASE WHEN count(*) = 3 THEN max(d.occurred_at) END, 1.08005,
    CASE WHEN count(*) = 3 THEN 1.08025 END, 0.30, CASE WHEN count(*) = 3 THEN 0 ELSE 0.20 END,
    sum(d.profit), sum(d.commission), 0, 0, array_agg(d.ticket ORDER BY d.ticket)
FROM deals d JOIN account_instances i USING (instance_key) JOIN accounts a ON a.id = i.account_id
WHERE a.login = %(login)s GROUP BY i.id, d.life_id, d.position_id
"""
