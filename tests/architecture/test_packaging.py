"""The four flat packages are ours alone (a well-known package owns the name ``supervisor``)."""

import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
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
