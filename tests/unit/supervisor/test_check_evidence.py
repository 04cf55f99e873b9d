"""The stand-alone checker: it believes true evidence, and no changed fact of it."""

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from actors.domain.step import start, step
from storage.seals import Sealer
from supervisor import check_evidence
from tests.unit.actors.domain.histories import (
    DAILY,
    at,
    deal,
    life_of,
    nothing_stored,
    opened,
    plan_of,
    reading,
    seen,
)

CHECKER = Path(check_evidence.__file__)
SEALER = Sealer(b"5a" * 32)


@pytest.fixture
def bundle() -> dict[str, Any]:
    """The sealed bundle of a daily breach after a deposit, as the API would answer it."""
    deals = [deal(1, at("02 06:00:00"), 10_000_000), opened(2, at("02 07:00:00"), 1)]
    state = start(life_of(plan_of(DAILY)), nothing_stored(), at("02 06:00:00"))
    first = seen(at("03 21:59:30"), 10_000_000, {1: 5_000})
    state, _ = step(state, reading(first, deals), first.observed_at)
    deals.append(deal(3, at("04 08:00:00"), 100_000))
    last = seen(at("04 09:00:00"), 10_100_000, {1: -495_000})
    _, effects = step(state, reading(last, deals), last.observed_at)
    (breach,) = effects.violations
    seal = SEALER.sealed(breach).seal
    assert seal is not None
    signature = {"public_key": seal.public_key.hex(), "value": seal.signature.hex()}
    return {"evidence": json.loads(json.dumps(breach.evidence)), "signature": signature}


def test_true_evidence_agrees(bundle: dict[str, Any]) -> None:
    """The facts give the floor, the value and the verdict; the signature fits."""
    assert bundle["evidence"]["verdict"] == "hard"
    assert bundle["evidence"]["floor"] == 10_005_000 - 500_000 + 100_000
    assert check_evidence.check(bundle, SEALER.public_key) == []


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        (("anchor", "boundary", "floating"), 4_999, "anchor"),
        (("anchor", "boundary", "balance"), 10_000_001, "balance"),
        (("anchor", "value"), 10_004_999, "anchor"),
        (("observation", "equity"), 9_605_001, "equity_without_credit"),
        (("deals_since_reset", 0, "amount"), 100_001, "shift"),
        (("deals_since_reset", 0, "type"), "interest", "shift"),
        (("rule", "allowance", "percent"), "5.0001", "allowance"),
        (("rule", "operator"), "<", "signature"),
        (("rule", "severity"), "soft", "verdict"),
        (("sure_floor",), None, "verdict"),
        (("verdict",), "possible", "verdict"),
        (("severity",), "critical", "severity"),
        (("floor",), 9_604_999, "floor"),
        (("used",), 499_999, "used"),
    ],
)
def test_a_changed_fact_is_found(
    bundle: dict[str, Any], path: tuple[str | int, ...], value: object, found: str
) -> None:
    """Whatever is changed, the signature no longer fits, and a changed result is named."""
    place: Any = bundle["evidence"]
    for step_ in path[:-1]:
        place = place[step_]
    place[path[-1]] = value
    reasons = check_evidence.check(bundle, SEALER.public_key)
    assert "signature: it does not fit the evidence" in reasons
    assert any(reason.startswith(found) for reason in reasons)


def test_another_key_and_no_signature_are_told(bundle: dict[str, Any]) -> None:
    """A bundle signed by somebody else, and one that nobody signed, do not agree."""
    other = check_evidence.check(bundle, Sealer(b"6b" * 32).public_key)
    assert other == ["signature: made with another key than the given one"]
    assert check_evidence.check(bundle | {"signature": None}, None) == [
        "signature: the bundle has none"
    ]


def run(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """The checker as a stranger runs it: copied away, without our packages."""
    copy, file = folder / "check.py", folder / "bundle.json"
    copy.write_bytes(CHECKER.read_bytes())
    file.write_text(text)
    return subprocess.run(
        [sys.executable, "-I", "-S", copy, file], capture_output=True, text=True, check=False
    )


def test_it_runs_alone_and_tells_by_its_exit_code(tmp_path: Path, bundle: dict[str, Any]) -> None:
    """0 for a bundle that agrees, 1 for a changed one, 2 for what is no evidence."""
    good = run(tmp_path, json.dumps(bundle))
    assert (good.returncode, good.stdout[:6]) == (0, "agrees")
    bundle["evidence"]["floor"] += 1
    assert run(tmp_path, json.dumps(bundle)).returncode == 1
    for text in ("{", "[]", "{}", '{"evidence": {}}', '{"evidence": {"rule": {"kind": "x"}}}'):
        bad = run(tmp_path, text)
        assert (bad.returncode, bad.stdout, "Traceback" in bad.stderr) == (2, "", False), text


def test_it_imports_the_standard_library_only() -> None:
    """Who does not trust us needs none of our code but this file."""
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(CHECKER.read_text("utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [a.name for a in node.names]
        )
    }
    assert imported <= sys.stdlib_module_names
