"""Speed of the rule backtest over a generated firm; by samples in the same run as reference.

The firm is calm: each rule day one position is opened and closed without a result, and one life in
twenty has a bad day. ``python -m tests.bench.backtest`` measures it alone.
"""

import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import click
import psycopg

from actors.domain.account import InitialBalanceSource
from actors.domain.plan import Plan
from actors.domain.plan_file import parse_plan
from actors.domain.progress import Progress, encode
from actors.domain.server_clock import ServerClock
from actors.domain.state import InitialBalance
from actors.domain.trading_day import RuleClock
from storage.backtest_rows import LifeFilter
from storage.migrations.migrate import migrate
from supervisor.backtest_run import Asked, Backtest
from supervisor.commands.backtest import run
from supervisor.embedded import EmbeddedPostgres
from tests.bench.figures import Figure, Goal, table
from tests.bench.machine import machine

ACCOUNTS = 2_000
DAYS = 360
_SAMPLED = 5
"""So many lives have deals and an hourly curve, for the reference."""

_UTC = ServerClock.parse("UTC")
_FIRST = date(2025, 1, 1)
_BEGAN = datetime(2025, 1, 1, tzinfo=UTC)
_PLAN = """
name = "bench"
title = "Bench"
version = 1
[[phases]]
name = "One"
[[phases.rules]]
id = "daily"
kind = "daily_loss"
allowance = { percent = 5 }
[[phases.rules]]
id = "overall"
kind = "overall_loss"
allowance = { percent = 10 }
cash_flow = "shift"
"""
_ACCOUNT_ROWS = """
    INSERT INTO accounts (id, site_id, wp_user_id, login, server, login_key, account_type)
    SELECT md5(n::text)::uuid, 'bench', n, n::text, 'bench', n::text, 'bench'
    FROM generate_series(1, $1::int) n
"""
_STATE_ROWS = (
    "INSERT INTO rule_state (life_id, account_id, document) SELECT id, id, $1 FROM accounts"
)
_INSTANCE_ROWS = """
    INSERT INTO account_instances (id, account_id, life_id, hash_id, reason, plan_name, plan_hash,
        started_at, currency, currency_digits)
    SELECT id, id, id, id::text, 'connect', 'bench', $1, $2, 'USD', 2 FROM accounts
"""
_DAY_ROWS = """
    INSERT INTO rule_days (life_id, account_instance_id, rule_id, rule_date, revision, start_at,
        end_at, anchor, anchor_balance, anchor_equity, anchor_grade, anchor_source, allowance,
        floor, worst, worst_used, worst_at, level, flows, closed_result, opened, closed, unproven,
        flat_seconds, reconstructed_seconds, sampled_seconds, unknown_seconds)
    SELECT a.id, a.id, r.id, d.day, 0, d.start_at, d.end_at, 100000.00, 100000.00, 100000.00,
        'exact', 'deals', r.allowance, 100000.00 - r.allowance, 100000.00 - u.used, u.used,
        d.start_at + interval '9 hours', 'ok', 0, 0, 1, 1, false, 43200, 0, 43200, 0
    FROM accounts a
    CROSS JOIN unnest($1::date[], $2::timestamptz[], $3::timestamptz[]) AS d (day, start_at, end_at)
    CROSS JOIN (VALUES ('daily', 5000.00), ('overall', 10000.00)) AS r (id, allowance)
    CROSS JOIN LATERAL (SELECT CASE
        WHEN a.wp_user_id % 20 = 0 AND d.day = $4::date + (a.wp_user_id % 300)::int THEN 3500.00
        ELSE (abs(hashtext(a.login || d.day)) % 290000) / 100.0 END AS used) u
"""
_DEAL_ROWS = """
    INSERT INTO deals (life_id, ticket, instance_key, position_id, order_ticket, type, entry,
        reason, symbol, volume, price, profit, commission, swap, fee, broker_msc, occurred_at)
    SELECT i.life_id, t.n, i.instance_key, CASE t.n WHEN 0 THEN 0 ELSE t.n - t.n % 2 END, t.n,
        CASE WHEN t.n = 0 THEN 2 ELSE t.n % 2 END, t.n % 2, 0, 'EURUSD', 1, 1.1,
        CASE t.n WHEN 0 THEN 100000.00 ELSE 0 END, 0, 0, 0,
        (extract(epoch FROM t.at) * 1000)::bigint, t.at
    FROM account_instances i JOIN accounts a ON a.id = i.account_id
    CROSS JOIN LATERAL (SELECT 0 AS n, $1::timestamptz AS at UNION ALL
        SELECT 2 * d + e, $1 + make_interval(days => d, hours => 9 + 6 * e)
        FROM generate_series(1, $2::int) d CROSS JOIN generate_series(0, 1) e) t
    WHERE a.wp_user_id <= $3::int
"""
_HOUR_ROWS = """
    INSERT INTO equity_hours (bucket_at, first_at, last_at, balance_last, equity_last, equity_min,
        equity_max, instance_key, samples)
    SELECT h, h + interval '5 seconds', h + interval '3595 seconds', 10000000, 10000000,
        10000000 - e.used, 10000000 + e.used, i.instance_key, 120
    FROM account_instances i JOIN accounts a ON a.id = i.account_id
    CROSS JOIN generate_series($1::timestamptz, $1 + make_interval(days => $2::int),
        interval '1 hour') h
    CROSS JOIN LATERAL (SELECT CASE WHEN extract(hour FROM h) BETWEEN 10 AND 14
        THEN abs(hashtext(a.login || h)) % 250000 ELSE 0 END AS used) e
    WHERE a.wp_user_id <= $3::int
"""


def figures(server: EmbeddedPostgres, accounts: int = ACCOUNTS) -> list[Figure]:
    """Generate the firm and judge it by a tighter draft: by rule days, and some by samples."""
    with psycopg.connect(server.dsn, autocommit=True) as line:
        line.execute("CREATE DATABASE backtest")
    dsn = server.dsn_of("backtest")
    migrate(dsn)
    fill(dsn, accounts)
    own = time.process_time()
    by_days, days_seconds = _timed(dsn, Asked(draft("percent = 3 }")), LifeFilter())
    own = time.process_time() - own
    other_reset = draft("percent = 3 }", '[reset]\nat = "00:00"\nzone = "UTC"\n')
    months = seconds = 0.0
    for account_id in _sampled(dsn):
        found, took = _timed(dsn, Asked(other_reset), LifeFilter(account_id=account_id))
        months, seconds = months + found.account_months, seconds + took
    fast, slow = by_days.account_months / days_seconds, months / seconds
    return [
        Figure("reference: by deals and hourly roll-ups", slow, "months/s", digits=1),
        Figure("by rule days", fast, "months/s", Goal("≥", 200), digits=0),
        Figure("by rule days, own CPU alone", by_days.account_months / own, "months/s", digits=0),
        Figure("by rule days against the reference", fast / slow, "times", digits=0),
        Figure("account-months judged by rule days", by_days.account_months, "", digits=0),
        Figure("lives that would have breached", len(by_days.shown), "", digits=0),
    ]


def draft(allowance: str, reset: str = "") -> Plan:
    """The firm's plan with another daily allowance, and perhaps another reset."""
    text = _PLAN.replace("percent = 5 }", allowance).replace("[[phases]]", f"{reset}[[phases]]")
    return parse_plan(text, "bench.toml")


def fill(dsn: str, accounts: int) -> None:
    """Lives with a year of rule days of two rules each."""
    stored = parse_plan(_PLAN, "bench.toml")
    clock = RuleClock.of(stored.reset, _UTC)
    dates = [_FIRST + timedelta(days=n) for n in range(DAYS)]
    starts = [clock.boundary(day) for day in dates]
    ends = [clock.boundary(day + timedelta(days=1)) for day in dates]
    initial = InitialBalance(10_000_000, InitialBalanceSource.MT5_DEPOSITS, _BEGAN)
    document = encode(Progress(first_seen_at=_BEGAN, initial=initial))
    with psycopg.connect(dsn, autocommit=True) as line:
        ask = psycopg.RawCursor(line).execute
        values = (stored.content_hash, stored.name, stored.version, stored.document)
        ask("INSERT INTO plans VALUES ($1, $2, $3, $4)", values)
        ask(_ACCOUNT_ROWS.encode(), (accounts,))
        ask(_STATE_ROWS.encode(), (document,))
        ask(_INSTANCE_ROWS.encode(), (stored.content_hash, _BEGAN))
        ask(_DAY_ROWS.encode(), (dates, starts, ends, _FIRST))
        ask(_DEAL_ROWS.encode(), (_BEGAN, DAYS, _SAMPLED))
        ask(_HOUR_ROWS.encode(), (_BEGAN, DAYS, _SAMPLED))
        ask("ANALYZE", ())


def _sampled(dsn: str) -> list[UUID]:
    with psycopg.connect(dsn) as line:
        rows = line.execute("SELECT id FROM accounts WHERE wp_user_id <= %s", (_SAMPLED,))
        return [account_id for (account_id,) in rows]


def _timed(dsn: str, asked: Asked, wanted: LifeFilter) -> tuple[Backtest, float]:
    """The backtest and the seconds it took, the database's included."""
    began = time.perf_counter()
    found = run(dsn, asked, lambda _: _UTC, wanted)
    return found, time.perf_counter() - began


@click.command()
@click.option("--accounts", default=ACCOUNTS, show_default=True, help="Accounts in the firm.")
def bench(accounts: int) -> None:
    """Measure the backtest alone; exit 1 when its goal is missed."""
    with tempfile.TemporaryDirectory() as name:
        server = EmbeddedPostgres(Path(name) / "postgres")
        try:
            with server:
                found = figures(server, accounts)
        finally:
            server.erase()
    click.echo(f"machine: {machine()}\n{table(found)}")
    sys.exit(1 if any(each.missed for each in found) else 0)


if __name__ == "__main__":
    bench()
