"""``onefunders replay`` of files that are no evidence: bad input, never a disagreement."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from supervisor.commands.replay import replay

MAX_LOTS = {"kind": "max_lots", "of": "total", "lots": "1"}


def run(folder: Path, evidence: Any, *arguments: str) -> Result:
    """Replay a bundle with that evidence, unsigned."""
    file = folder / "bundle.json"
    file.write_text(json.dumps({"evidence": evidence, "signature": None}), "utf-8")
    return CliRunner().invoke(replay, [str(file), *arguments])


@pytest.mark.parametrize(
    "evidence",
    [
        {},
        [],
        {"rule": "max_lots"},
        {"rule": {"kind": []}},
        {"rule": MAX_LOTS, "facts": {"open_volumes": [1]}},
        {"rule": MAX_LOTS | {"lots": "1/0"}, "facts": {"open_volumes": {}}},
    ],
)
def test_evidence_of_another_shape_is_bad_input(tmp_path: Path, evidence: Any) -> None:
    """Exit code 1 says that the facts disagree; what cannot be read leaves with 2 and says so."""
    result = run(tmp_path, evidence)
    assert (result.exit_code, "bundle.json: cannot be replayed" in result.output) == (2, True)


@pytest.mark.parametrize("key", ["zz", "00", "00" * 33])
def test_a_key_that_is_none_is_named(tmp_path: Path, key: str) -> None:
    """The fault is the option's, not the file's."""
    result = run(tmp_path, {}, "--public-key", key)
    assert (result.exit_code, "--public-key: allowed: 64" in result.output) == (2, True)
