"""The worker process: what it may import, and how it ends."""

import subprocess
import sys
from pathlib import Path

from actors.mt5.bridge.lines import decode, encode

ROOT = Path(__file__).resolve().parents[5]
IMPORT = """
import sys
sys.path.insert(0, {root!r})
before = set(sys.modules)
import actors.mt5.bridge.worker
new = {{name.partition(".")[0] for name in set(sys.modules) - before}}
print(sorted(new - set(sys.stdlib_module_names)))
"""


def test_it_needs_the_standard_library_only() -> None:
    """Without site packages the worker imports, and from our code only its own rooms."""
    code = IMPORT.format(root=str(ROOT))
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "['actors']"


def worker(
    *lines: bytes, module: str = "tests.fakes.metatrader5.module"
) -> tuple[int, list[bytes]]:
    """Run a worker on these requests: exit code and answers."""
    run = subprocess.run(
        [sys.executable, "-m", "actors.mt5.bridge.worker", module],
        input=b"".join(lines), capture_output=True, cwd=ROOT, check=False,
    )  # fmt: skip
    return run.returncode, run.stdout.splitlines()


def test_it_answers_until_its_requests_end() -> None:
    """Without a terminal each request has the package's own error; the end of stdin ends it."""
    ask = {"id": 1, "do": "start", "with": {"path": "/nowhere/1/terminal64.exe", "timeout_ms": 1}}
    code, answers = worker(encode(ask), encode({**ask, "id": 2}))
    assert code == 0
    told = [decode(line) for line in answers]
    assert [each["id"] for each in told] == [1, 2]
    assert told[0]["failed"]["code"] == -10003


def test_a_bug_ends_it_and_is_told_by_place_only() -> None:
    """An operation that does not exist or a broken line says where, never what was in it."""
    secret = "tops3cret"
    unknown = {"id": 1, "do": secret, "with": {"password": secret}}
    for line in (encode(unknown), b'{"with": "tops3cret\n'):
        code, answers = worker(line)
        assert code == 70
        assert secret.encode() not in b"".join(answers)
        assert ".py:" in decode(answers[-1])["bug"]
