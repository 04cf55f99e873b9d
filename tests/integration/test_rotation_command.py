"""Rotating the vault's key from the command line, on a real server's accounts."""

import json
import os
import subprocess
import sys
from pathlib import Path

from actors.mt5.simulator.scenarios import add_account
from supervisor.commands.keys import write_key
from tests.stage import ROOT, Stage


def run(stage: Stage, *arguments: str) -> str:
    """Run the program with the stage's settings and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "supervisor", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": stage.dsn},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


async def test_a_rotated_password_still_logs_in(tmp_path: Path, postgres_dsn: str) -> None:
    """After the rotation no password is under the old key, and the account connects again."""
    async with Stage(tmp_path, postgres_dsn) as stage:
        card = add_account(stage.broker, "calm", login="8100", server="Simulated-1")
        stage.start()
        await stage.ready()
        answer = await stage.shop.connect(
            login=card.login,
            server=card.server,
            investor_pass=card.investor_password,
            account_type="two-step-classic",
            wp_user_id=1,
        )
        assert answer.status_code == 200
        assert await stage.terminate() == 0
        write_key(tmp_path / "keys" / "vault-2.key")
        text = stage.settings.read_text().replace('key = "v1"', 'key = "v2"')
        key = f'[vault.keys.v2]\nsecret_file = "{tmp_path}/keys/vault-2.key"\n'
        stage.settings.write_text(text + key)
        told = json.loads(
            run(stage, "keys", "rotate-vault", "--config", str(stage.settings), "--json")
        )
        assert told == {"moved": 1, "kept": 0, "failed": [], "by_key": {"v2": 1}}
        stage.start()
        await stage.ready()
        token = await stage.shop.token(1)
        accounts = (await stage.shop.read("/api/accounts", token)).json()["accounts"]
        assert len(accounts) == 1
        status = json.loads(run(stage, "status", "--admin-port", str(stage.admin_port), "--json"))
        assert status["totals"]["actors"] in (0, 1)
