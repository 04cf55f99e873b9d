"""A phase that is passed: published plan, outcome in summary and lists, a row in the log."""

import os
import subprocess
import sys
from pathlib import Path

import trio

from actors.mt5.simulator.scenarios import add_account
from tests.stage import ROOT, Stage

PLAN = """
name = "quick"
title = "Passed by one trade"
version = 1
[[phases]]
name = "Evaluation"
[[phases.rules]]
id = "daily-loss"
kind = "daily_loss"
allowance = { percent = 50 }
[[phases.rules]]
id = "lots"
kind = "max_lots"
lots = 1000
[[phases.rules]]
id = "days"
kind = "minimum_trading_days"
days = 1
"""


def publish(stage: Stage, file: Path) -> None:
    """Publish a plan while the server runs."""
    subprocess.run(
        [sys.executable, "-m", "supervisor", "plans", "publish", str(file),
         "--config", str(stage.settings)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": stage.dsn},
        check=True,
    )  # fmt: skip


async def test_a_published_plan_is_passed_and_every_reader_is_told(
    tmp_path: Path, postgres_dsn: str
) -> None:
    """An account connected by a plan published a moment ago passes with its first trade."""
    async with Stage(tmp_path, postgres_dsn) as stage:
        card = add_account(stage.broker, "active", login="8200", server="Simulated-1")
        stage.start()
        await stage.ready()
        file = tmp_path / "quick.toml"
        file.write_text(PLAN, "utf-8")
        await trio.to_thread.run_sync(publish, stage, file)
        answer = await stage.shop.connect(
            login=card.login,
            server=card.server,
            investor_pass=card.investor_password,
            account_type="quick",
            wp_user_id=1,
        )
        assert answer.status_code == 200, answer.text
        account, token = answer.json()["account_id"], await stage.shop.token(1)
        with trio.fail_after(30):
            while True:
                told = (await stage.shop.read(f"/api/account/{account}/summary", token)).json()
                if told["outcome"] == "passed":
                    break
                await trio.sleep(0.3)
        assert told["violations"] == 0
        listed = (await stage.shop.read("/api/accounts", token)).json()["accounts"]
        assert listed[0]["summary"]["outcome"] == "passed"
        instances = (await stage.shop.read(f"/api/account/{account}/instances", token)).json()
        assert instances["instances"][0]["outcome"] == "passed"
        rules = (await stage.shop.read(f"/api/account/{account}/rules", token)).json()["rules"]
        days = {rule["rule_id"]: rule for rule in rules}["days"]
        assert (days["state"], days["group"], days["unit"]) == ("met", "objective", "days")
        assert (days["target"], days["remaining"]) == (1, 0)
        lots = {rule["rule_id"]: rule for rule in rules}["lots"]
        assert (lots["state"], lots["group"], lots["limit"]) == ("ok", "conduct", 1000)
        logs = (await stage.shop.call("GET", f"/api/s2s/accounts/{account}/logs")).json()["logs"]
        noted = [note for log in logs for note in log["context"].get("notes", ())]
        assert noted.count("phase_passed") == 1
