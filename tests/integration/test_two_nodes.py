"""Two nodes on one database: one account has one owner, whatever happens to the other node."""

import signal
from pathlib import Path
from typing import Any

import trio

from actors.mt5.simulator.scenarios import add_account
from tests.integration.checks import (
    advance,
    assert_deals_are_the_brokers,
    assert_verdicts_are_single,
    connect,
    is_in,
    rows,
    running,
    until,
)
from tests.stage import Stage


async def actors(stage: Stage) -> list[dict[str, Any]]:
    """The living actors of one node, from its admin port."""
    url = f"http://127.0.0.1:{stage.admin_port}/api/supervisor/status"
    answer = await stage.shop.http.get(url)
    assert answer.status_code == 200, answer.text
    return [row for row in answer.json()["status"]["actors"] if row["alive"]]


def lease(stage: Stage) -> dict[str, Any]:
    """Who owns the one account, under which fence, and under which the last sync was written."""
    (row,) = rows(
        stage.dsn,
        """SELECT l.node_id, l.fence, r.fence AS written, r.sync_seq FROM account_leases l
           JOIN account_instances i ON i.id = l.instance_id JOIN rule_state r USING (life_id)""",
    )
    return row


async def test_a_frozen_owner_is_replaced_and_fenced(tmp_path: Path, postgres_dsn: str) -> None:
    """While the owner is frozen past its lease the other node goes on; woken, it stops its actor
    and writes nothing; and any node answers reads of an account that runs on the other.
    """
    async with Stage(tmp_path, postgres_dsn) as one:
        card = add_account(one.broker, "active", login="9300", server="Simulated-1")
        one.start()
        await one.ready()
        account_id = await connect(one, card)
        await until(one, account_id, is_in("ready"))
        await advance(one, 1)
        two = one.beside("node-2")
        two.start()
        await two.ready()
        assert await actors(two) == []
        rules = await two.shop.read(f"/api/account/{account_id}/rules", await two.shop.token(1))
        assert [rule["level"] for rule in rules.json()["rules"]], rules.text
        before = lease(one)
        assert before["node_id"] == "node-1"

        owner = one.process
        assert owner is not None
        owner.send_signal(signal.SIGSTOP)
        try:
            await running(two, account_id)
            await advance(two, 2)
            taken = lease(two)
            assert (taken["node_id"], taken["written"]) == ("node-2", taken["fence"])
            assert taken["fence"] > before["fence"]
        finally:
            owner.send_signal(signal.SIGCONT)
        with trio.fail_after(20):
            while await actors(one):
                await trio.sleep(0.1)
        await advance(two, 1)
        after = lease(two)
        assert (after["node_id"], after["written"]) == ("node-2", taken["fence"])
        assert after["sync_seq"] > taken["sync_seq"]
        assert await actors(one) == []
        assert_deals_are_the_brokers(one)
        assert_verdicts_are_single(one)

        assert await two.terminate() == 0
        await running(one, account_id)
        await advance(one, 1)
        assert lease(one)["fence"] > after["fence"]
        assert_deals_are_the_brokers(one)


async def test_a_node_frozen_alone_goes_on(tmp_path: Path, postgres_dsn: str) -> None:
    """Nobody else took the account: its own node runs it again, under the same fence."""
    async with Stage(tmp_path, postgres_dsn) as stage:
        card = add_account(stage.broker, "active", login="9301", server="Simulated-1")
        stage.start()
        await stage.ready()
        account_id = await connect(stage, card)
        await until(stage, account_id, is_in("ready"))
        before = lease(stage)
        process = stage.process
        assert process is not None
        process.send_signal(signal.SIGSTOP)
        try:
            with trio.fail_after(20):
                while not rows(stage.dsn, "SELECT 1 FROM account_leases WHERE expires_at < now()"):
                    await trio.sleep(0.1)
        finally:
            process.send_signal(signal.SIGCONT)
        with trio.fail_after(20):
            while "lease_lost" not in stage.log_text():
                await trio.sleep(0.1)
        await running(stage, account_id)
        await advance(stage, 1)
        assert lease(stage)["fence"] == before["fence"]
        assert_deals_are_the_brokers(stage)
