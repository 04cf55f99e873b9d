"""Publishing plan versions into a real database, listing and comparing them."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.stage import ROOT, Stage

FLAT = Path("configs/plans/instant-eod.toml")


def run(stage: Stage, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run ``onefunders plans`` with the stage's settings."""
    return subprocess.run(
        [sys.executable, "-m", "supervisor", "plans", *map(str, arguments),
         "--config", str(stage.settings)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": stage.dsn},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip


async def test_a_version_is_published_once_and_never_changed(
    tmp_path: Path, postgres_dsn: str
) -> None:
    """Publishing is repeatable; another document needs a version above the newest."""
    async with Stage(tmp_path, postgres_dsn) as stage:
        told = json.loads(run(stage, "publish", FLAT, "--json").stdout)
        assert (told["name"], told["version"], told["published"]) == ("instant-eod", 2, True)
        assert run(stage, "publish", FLAT).stdout.startswith("already stored: instant-eod")
        changed = tmp_path / "changed.toml"
        changed.write_text(FLAT.read_text().replace("lots = 20", "lots = 25"))
        refused = run(stage, "publish", changed)
        assert refused.returncode == 1
        assert "version 2 is; allowed: version 3 or above" in refused.stderr
        older = tmp_path / "older.toml"
        older.write_text(changed.read_text().replace("version = 2", "version = 1"))
        assert run(stage, "publish", older).returncode == 1
        changed.write_text(changed.read_text().replace("version = 2", "version = 3"))
        assert run(stage, "publish", changed).returncode == 0
        rows = json.loads(run(stage, "list", "--json").stdout)["plans"]
        assert [(row["version"], row["live_accounts"]) for row in rows] == [(2, 0), (3, 0)]
        assert "instant-eod" in run(stage, "list").stdout
        differ = run(stage, "diff", "instant-eod@2", changed)
        assert (differ.returncode, differ.stdout.splitlines()) == (
            1,
            ["~ phases[Funded].rules[lots-total].lots: 20 → 25", "~ version: 2 → 3"],
        )
        assert run(stage, "diff", "instant-eod@2", "instant-eod@9").returncode == 2


async def test_without_a_database_the_exit_code_is_3(tmp_path: Path, postgres_dsn: str) -> None:
    """A service that does not answer is no bad input."""
    async with Stage(tmp_path, postgres_dsn) as stage:
        stage.dsn = "postgresql://nobody@127.0.0.1:1/none"
        assert run(stage, "list").returncode == 3
