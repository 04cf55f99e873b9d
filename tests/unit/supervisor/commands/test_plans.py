"""``onefunders plans check`` and ``diff`` work on files alone."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from supervisor.commands.plans import plans

CLASSIC = Path("configs/plans/two-step-classic.toml")


def run(*arguments: object) -> Result:
    """Run the command group."""
    return CliRunner().invoke(plans, [str(argument) for argument in arguments])


def changed(folder: Path, old: str, new: str) -> Path:
    """The classic plan with one text replaced."""
    file = folder / "changed.toml"
    file.write_text(CLASSIC.read_text("utf-8").replace(old, new), "utf-8")
    return file


def test_check_tells_name_version_and_hash() -> None:
    """A good file is shown with what it will be stored as."""
    result = run("check", CLASSIC)
    assert (result.exit_code, result.output[:8]) == (0, "ok      ")
    told = json.loads(run("check", CLASSIC, "--json").output)["files"][0]
    assert (told["name"], told["error"], len(told["content_hash"])) == (
        "two-step-classic",
        None,
        64,
    )
    assert told["phases"] == ["Evaluation", "Verification", "Funded"]


def test_check_refuses_with_file_field_and_allowed_values(tmp_path: Path) -> None:
    """One refused file among good ones gives exit code 1 and says why."""
    bad = changed(tmp_path, 'kind = "inactivity"', 'kind = "idleness"')
    result = run("check", CLASSIC, bad)
    assert result.exit_code == 1
    assert f"{bad}: phases[2].rules[2].kind: 'idleness'; allowed: daily_loss" in result.output
    assert json.loads(run("check", bad, "--json").output)["files"][0]["error"].startswith(str(bad))


def test_a_file_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    """Exit code 2 for what cannot be read, by every command."""
    for arguments in (("check", tmp_path / "no.toml"), ("diff", CLASSIC, tmp_path / "no.toml")):
        result = run(*arguments)
        assert (result.exit_code, "cannot be read" in result.stderr) == (2, True)


def test_diff_tells_each_field(tmp_path: Path) -> None:
    """Two files that differ give exit code 1 and the fields; the same plan gives 0."""
    other = changed(tmp_path, "target = { percent = 8 }", "target = { percent = 9 }")
    path = "phases[Evaluation].rules[profit-target].target.percent"
    result = run("diff", CLASSIC, other)
    assert (result.exit_code, result.output) == (1, f"~ {path}: 8 → 9\n")
    told = json.loads(run("diff", CLASSIC, other, "--json").output)["changes"]
    assert told == [{"path": path, "before": "8", "after": "9"}]
    assert (run("diff", CLASSIC, CLASSIC).exit_code) == 0


def test_diff_marks_what_only_one_plan_has(tmp_path: Path) -> None:
    """A rule that is gone, and a field that is new."""
    other = changed(tmp_path, 'operator = "<="', 'anchor_note = "x"')
    assert (run("diff", CLASSIC, other).exit_code) == 2  # refused: an unknown field
    other = changed(tmp_path, "warning_days = 21\n", "")
    result = run("diff", CLASSIC, other)
    assert result.output == "- phases[Funded].rules[inactivity].warning_days: 21\n"
    assert run("diff", other, CLASSIC).output.startswith("+ phases[Funded]")
