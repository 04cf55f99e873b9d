"""What the integration tests ask of a staged installation: connect, look, wait, and compare what
is stored with the broker's own journal.
"""

from collections.abc import Callable
from typing import Any

import psycopg
import trio
from psycopg.rows import dict_row

from actors.mt5.simulator.broker import AccountCard
from tests.stage import Stage


def rows(dsn: str, query: str) -> list[dict[str, Any]]:
    """The rows of a query, in a session of its own."""
    with psycopg.connect(dsn, row_factory=dict_row) as line:
        return line.execute(query.encode()).fetchall()


def synced(dsn: str) -> dict[str, int]:
    """Committed sync numbers by login."""
    query = """SELECT a.login, r.sync_seq FROM accounts a
               JOIN account_instances i ON i.account_id = a.id
               JOIN rule_state r ON r.life_id = i.life_id"""
    return {row["login"]: row["sync_seq"] for row in rows(dsn, query)}


def assert_deals_are_the_brokers(stage: Stage, *, behind: int | None = 3) -> None:
    """What is stored is the beginning of the broker's journal: each deal once, none left out.

    At most ``behind`` of the newest may not be there yet; None: any number of the newest.
    """
    stored = rows(
        stage.dsn,
        """SELECT a.login, d.ticket, d.profit + d.commission + d.swap + d.fee AS amount
           FROM deals d JOIN account_instances i USING (instance_key)
           JOIN accounts a ON a.id = i.account_id ORDER BY d.ticket""",
    )
    for card in stage.broker.accounts():
        scale = 10**card.currency_digits
        mine = [
            (row["ticket"], row["amount"] * scale) for row in stored if row["login"] == card.login
        ]
        known, _ = stage.broker.account(card.login).shown()
        theirs = sorted(
            (deal.ticket, deal.profit + deal.commission + deal.swap + deal.fee) for deal in known
        )
        assert mine == theirs[: len(mine)]
        assert behind is None or len(theirs) - len(mine) <= behind


async def advance(stage: Stage, by: int, seconds: float = 40.0) -> None:
    """Wait until every account has ``by`` more committed syncs than now."""
    before = synced(stage.dsn)
    with trio.fail_after(seconds):
        while any(seq < before[login] + by for login, seq in synced(stage.dsn).items()):
            token = await stage.shop.token(1)
            accounts = (await stage.shop.read("/api/accounts", token)).json()["accounts"]
            for account in accounts:
                await stage.shop.post(f"/api/account/{account['account_id']}/sync", token)
            await trio.sleep(1.0)


def verdicts(dsn: str) -> list[dict[str, Any]]:
    """Every stored violation, whole, in the order of detection."""
    return rows(
        dsn,
        """SELECT a.login, v.* FROM rule_violations v
           JOIN account_instances i ON i.id = v.account_instance_id
           JOIN accounts a ON a.id = i.account_id ORDER BY v.detected_at, v.id""",
    )


def assert_verdicts_are_single(stage: Stage) -> None:
    """One row per violation key, and the rule state's number is the mirror's."""
    doubled = rows(
        stage.dsn,
        """SELECT life_id, rule_id, rule_date, severity, verdict, count(*) FROM rule_violations
           GROUP BY 1, 2, 3, 4, 5 HAVING count(*) > 1""",
    )
    assert doubled == []
    behind = rows(
        stage.dsn,
        """SELECT i.id FROM account_instances i JOIN rule_state r USING (life_id)
           WHERE i.sync_seq <> r.sync_seq""",
    )
    assert behind == []


async def connect(stage: Stage, card: AccountCard, wp_user_id: int = 1) -> str:
    """Connect a simulated account of a user; returns its id."""
    answer = await stage.shop.connect(
        login=card.login,
        server=card.server,
        investor_pass=card.investor_password,
        account_type="two-step-classic",
        wp_user_id=wp_user_id,
    )
    assert answer.status_code in (200, 202), answer.text
    return str(answer.json()["account_id"])


async def seen(stage: Stage, account_id: str) -> dict[str, Any]:
    """The account as the shop's staff see it."""
    answer = await stage.shop.call("GET", f"/api/s2s/accounts/{account_id}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def until(
    stage: Stage, account_id: str, fits: Callable[[dict[str, Any]], bool]
) -> dict[str, Any]:
    """Wait for the account to look so."""
    with trio.fail_after(40):
        while True:
            found = await seen(stage, account_id)
            if fits(found):
                return found
            await trio.sleep(0.1)


def is_in(state: str) -> Callable[[dict[str, Any]], bool]:
    """Whether an account is in this connection state."""
    return lambda found: bool(found["summary"]["connection_state"] == state)


async def running(stage: Stage, *account_ids: str) -> dict[str, Any]:
    """Wait until actors run for all of them; their rows of the supervisor's status, by account."""
    with trio.fail_after(40):
        while True:
            status = (await stage.ops.call("GET", "/api/supervisor/status")).json()["status"]
            rows = {row["account_id"]: row for row in status["actors"] if row["alive"]}
            if set(account_ids) <= set(rows):
                return rows
            await trio.sleep(0.1)
