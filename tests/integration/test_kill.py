"""kill -9 at every named step, then start: no deal lost or doubled, the same verdicts."""

import os
import sys
from pathlib import Path
from typing import Any

import psycopg
import trio
from psycopg.rows import dict_row

from actors.mt5.simulator.scenarios import add_account
from storage.seals import Sealer
from supervisor.check_evidence import check
from tests.stage import ROOT, Stage

STEPS = ("after_fetch", "before_commit", "after_commit", "before_publish")
SCENARIOS = ("active", "breach_soon", "near_floor")


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


def assert_deals_are_the_brokers(stage: Stage) -> None:
    """Every deal of the broker's journal is stored once, with its amounts, and no other."""
    stored = rows(
        stage.dsn,
        """SELECT a.login, d.ticket, d.profit + d.commission + d.swap + d.fee AS amount
           FROM deals d JOIN account_instances i USING (instance_key)
           JOIN accounts a ON a.id = i.account_id ORDER BY d.ticket""",
    )
    for card in stage.broker.accounts():
        mine = [(row["ticket"], row["amount"]) for row in stored if row["login"] == card.login]
        known, _ = stage.broker.account(card.login).shown()
        scale = 10**card.currency_digits
        theirs = {
            deal.ticket: deal.profit + deal.commission + deal.swap + deal.fee for deal in known
        }
        assert len(mine) == len({ticket for ticket, _ in mine})
        assert {ticket for ticket, _ in mine} <= set(theirs)
        missing = set(theirs) - {ticket for ticket, _ in mine}
        newest = max(theirs)
        assert all(ticket > newest - 3 for ticket in missing)  # what came since the last sync
        assert all(amount * scale == theirs[ticket] for ticket, amount in mine)


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


async def test_kills_at_every_step_lose_and_double_nothing(
    tmp_path: Path, postgres_dsn: str, faults: bool
) -> None:
    """After each kill and start the deals equal the broker's and each violation is there once."""
    async with Stage(tmp_path, postgres_dsn) as stage:
        for number, scenario in enumerate(SCENARIOS, 1):
            add_account(stage.broker, scenario, login=str(9000 + number), server="Simulated-1")
        stage.start()
        await stage.ready()
        for card in stage.broker.accounts():
            answer = await stage.shop.connect(
                login=card.login,
                server=card.server,
                investor_pass=card.investor_password,
                account_type="two-step-classic",
                wp_user_id=1,
            )
            assert answer.status_code in (200, 202), answer.text
        await advance(stage, 1)
        for kill in range(100 if faults else 10):
            stage.kill()
            before = synced(stage.dsn)
            stage.start(f"{STEPS[kill % len(STEPS)]}:{1 + kill % 3}")
            assert await stage.died() == -9
            after = synced(stage.dsn)
            assert all(after[login] >= seq for login, seq in before.items())
            assert_deals_are_the_brokers(stage)
        stage.start()
        await stage.ready()
        await advance(stage, 1)
        assert_deals_are_the_brokers(stage)
        assert_verdicts_are_single(stage)
        await assert_evidence_is_proven(stage)
        assert await stage.terminate() == 0


async def assert_evidence_is_proven(stage: Stage) -> None:
    """Every violation's bundle, as a reader gets it, is signed and gives its verdict again."""
    token = await stage.shop.token(1)
    found = rows(
        stage.dsn,
        """SELECT v.id, i.account_id FROM rule_violations v
           JOIN account_instances i ON i.id = v.account_instance_id""",
    )
    assert found
    key = Sealer(stage.key("evidence")).public_key
    for row in found:
        path = f"/api/account/{row['account_id']}/violations/{row['id']}/evidence"
        answer = await stage.shop.read(path, token)
        assert answer.status_code == 200
        assert check(answer.json(), key) == []
    replayed = await trio.run_process(
        [
            *(sys.executable, "-m", "supervisor", "replay", str(found[0]["id"])),
            *("--public-key", key.hex(), "--config", str(stage.settings)),
        ],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": stage.dsn},
        capture_stdout=True,
    )
    assert b"agrees" in replayed.stdout


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
