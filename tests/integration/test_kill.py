"""kill -9 at every named step, then start: no deal lost or doubled, the same verdicts."""

import os
import sys
from pathlib import Path

import trio

from actors.mt5.simulator.scenarios import add_account
from storage.seals import Sealer
from supervisor.check_evidence import check
from tests.integration.checks import (
    advance,
    assert_deals_are_the_brokers,
    assert_verdicts_are_single,
    connect,
    rows,
    synced,
)
from tests.stage import ROOT, Stage

STEPS = ("after_fetch", "before_commit", "after_commit", "before_publish")
SCENARIOS = ("active", "breach_soon", "near_floor")


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
            await connect(stage, card)
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
