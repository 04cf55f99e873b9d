"""Alice's account in the database, for tests of what readers get."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from actors.domain.account import Owner
from storage.postgres import Connection
from storage.vault import Context, Vault

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ALICE, MALLORY = Owner("shop", 1), Owner("shop", 2)
ACCOUNT, INSTANCE, LIFE, BREACH = UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=4)
VAULT = Vault({"k1": bytes(range(32)), "k2": bytes(range(130, 162))}, "k1", bytes(range(200, 232)))
CONTEXT = Context(INSTANCE, "501", "Demo_Server")


async def fill(connection: Connection) -> None:
    """One account of Alice's: 23 trades, 3 of them open, a rule day in two revisions, a breach."""
    run = connection.execute
    await run(
        "INSERT INTO plans (content_hash, name, version, document) VALUES ($1, 'two', 1, '')",
        "a" * 64,
    )
    await run(
        "INSERT INTO accounts (id, site_id, wp_user_id, login, server, login_key, account_type,"
        " order_id, created_at)"
        " VALUES ($1, 'shop', 1, '501', 'Demo_Server', 'k', 'two', 'o-9', $2)",
        ACCOUNT,
        NOW,
    )
    await run("INSERT INTO rule_state (life_id, account_id) VALUES ($1, $2)", LIFE, ACCOUNT)
    await run(
        "INSERT INTO account_instances (id, account_id, life_id, hash_id, encrypted_investor_pass,"
        " reason, plan_name, plan_hash, started_at, created_at, currency, currency_digits)"
        " VALUES ($1, $2, $3, 'h', $4, 'connect', 'two', $5, $6, $6, 'USD', 2)",
        INSTANCE,
        ACCOUNT,
        LIFE,
        VAULT.seal("investor-canary", CONTEXT),
        "a" * 64,
        NOW,
    )
    for n in range(23):
        closed = None if n >= 20 else NOW + timedelta(hours=n % 7)
        await run(
            "INSERT INTO trades (account_instance_id, life_id, ticket, position_id, symbol, type,"
            " open_time, close_time, open_price, lots, open_lots, profit)"
            " VALUES ($1, $2, $3, $4, $5, 'BUY', $6, $7, 1.10000, 0.015, 0, $8)",
            INSTANCE,
            LIFE,
            str(n),
            n,
            "EURUSD" if n % 2 else "XAUUSD",
            NOW + timedelta(minutes=n % 5),
            closed,
            Decimal(n % 4) - Decimal("1.5"),
        )
    for revision in (1, 2):
        await run(
            "INSERT INTO rule_days (life_id, rule_id, rule_date, revision, account_instance_id,"
            " start_at, end_at, anchor, anchor_grade, anchor_source, level, flows, closed_result,"
            " opened, closed, unproven, flat_seconds, reconstructed_seconds, sampled_seconds,"
            " unknown_seconds) VALUES ($1, 'daily', '2026-03-01', $2, $3, $4, $4, 100000.5,"
            " 'exact', '', 'ok', 0, 1, 0, 0, false, 1, 2, 3, 4)",
            LIFE,
            revision,
            INSTANCE,
            NOW,
        )
    await run(
        "INSERT INTO rule_violations (id, account_instance_id, life_id, rule_id, rule_type,"
        " rule_date, threshold_value, current_value, severity, verdict, grade, is_primary,"
        " occurred_at, observed_at, metadata) VALUES ($1, $2, $3, 'daily', 'daily_loss',"
        " '2026-03-01', 95000, 94999.99, 'breach', 'hard', 'observed', true, $4, $4,"
        " '{\"equity\": 94999.99}')",
        BREACH,
        INSTANCE,
        LIFE,
        NOW,
    )
    await run(
        "INSERT INTO connection_logs (account_instance_id, request_id, action, status,"
        " error_context) VALUES ($1, 'r', 'login', 'failed', '{\"retcode\": 5}')",
        INSTANCE,
    )
