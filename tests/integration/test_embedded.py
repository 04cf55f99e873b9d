"""The embedded PostgreSQL: it starts, keeps its data, and never outlives its launcher."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from supervisor.child_process import EmbeddedError
from supervisor.embedded import EmbeddedPostgres, EmbeddedRedis

_LAUNCHER = """
import sys, time
from pathlib import Path
from supervisor.embedded import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), fsync=False)
server.start()
print(server.pid, server.dsn, flush=True)
time.sleep(600)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A data folder whose cluster is deleted afterwards."""
    yield tmp_path
    EmbeddedPostgres(tmp_path, fsync=False).erase()


def _gone(pid: int) -> bool:
    end = time.monotonic() + 15
    while time.monotonic() < end:
        state = Path(f"/proc/{pid}/stat")
        if not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False


def test_killed_launcher_leaves_no_server_and_loses_no_data(folder: Path) -> None:
    """After kill -9 of the launcher the server ends by itself and the rows are there again."""
    launcher = subprocess.Popen(
        [sys.executable, "-c", _LAUNCHER, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert launcher.stdout is not None
    pid, dsn = launcher.stdout.readline().split()
    with psycopg.connect(dsn) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(launcher.pid, signal.SIGKILL)
    launcher.wait()
    launcher.stdout.close()
    assert _gone(int(pid))
    with (
        EmbeddedPostgres(folder, fsync=False) as server,
        psycopg.connect(server.dsn) as connection,
    ):
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_server_outlives_the_thread_that_started_it(folder: Path) -> None:
    """Started from a short-lived thread, the server stays until it is stopped."""
    server = EmbeddedPostgres(folder, fsync=False)
    thread = threading.Thread(target=server.start)
    thread.start()
    thread.join()
    time.sleep(0.3)
    try:
        with psycopg.connect(server.dsn) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        server.stop()


def test_second_launcher_on_the_same_folder_is_refused(folder: Path) -> None:
    """Two launchers never fight over one cluster."""
    with (
        EmbeddedPostgres(folder, fsync=False),
        pytest.raises(EmbeddedError, match="used by another"),
    ):
        EmbeddedPostgres(folder, fsync=False).start()


def test_password_is_needed_and_readable_by_the_owner_only(folder: Path) -> None:
    """The cluster trusts nobody without the password, whose file has mode 0600."""
    with EmbeddedPostgres(folder, fsync=False) as server:
        assert (folder / "password").stat().st_mode & 0o077 == 0
        open_dsn = server.dsn.replace(server.dsn.split(":")[2].split("@")[0], "wrong")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(open_dsn)


def test_a_stale_pid_file_does_not_stop_the_start(folder: Path) -> None:
    """A pid file that names a foreign process is ignored and that process is left alone."""
    with EmbeddedPostgres(folder, fsync=False):
        cluster = next(
            Path(line)
            for line in [(folder / "cluster"), *_pointed(folder)]
            if (line / "PG_VERSION").exists()
        )
    (cluster / "postmaster.pid").write_text(f"{os.getpid()}\n")
    with (
        EmbeddedPostgres(folder, fsync=False) as server,
        psycopg.connect(server.dsn) as connection,
    ):
        assert connection.execute("SELECT 1").fetchone() == (1,)


def _pointed(folder: Path) -> list[Path]:
    pointer = folder / "location"
    return [Path(pointer.read_text().strip()) / "cluster"] if pointer.exists() else []


@pytest.mark.redis
@pytest.mark.skipif(not EmbeddedRedis.available(), reason="no redis-server on PATH")
def test_redis_starts_empty_and_stops(tmp_path: Path) -> None:
    """The embedded Redis answers while it runs."""
    with EmbeddedRedis(tmp_path) as server:
        assert server.url.startswith("redis://127.0.0.1:")
