"""The child process: what it is given of its parent's surroundings."""

from pathlib import Path

import pytest

from actors.domain.export import ExportFault
from supervisor.exporting.work import working
from tests.unit.supervisor.exporting.makers import errand


async def test_the_child_gets_no_settings_and_nothing_of_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a secret of the server's environment nor a module lying in its folder reaches it."""
    for name in ("DATABASE_URL", "REDIS_URL", "ONEFUNDERS_TOKEN_KEY", "PYTHONPATH"):
        monkeypatch.setenv(name, str(tmp_path))
    (tmp_path / "psycopg.py").write_text("raise SystemExit(99)\n")
    monkeypatch.chdir(tmp_path)
    async with working(errand("postgresql://nobody@127.0.0.1:1/none")) as work:
        given = Path(f"/proc/{work.process.pid}/environ").read_bytes().split(b"\0")
        assert {text.partition(b"=")[0] for text in given} <= {b"", b"HOME", b"LD_LIBRARY_PATH"}
        assert await work.fault() is ExportFault.UNAVAILABLE
