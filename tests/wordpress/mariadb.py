"""A MariaDB of the tests' own: a data folder, a socket, no port, no service of the system."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

_PROGRAM_FOLDERS = "/usr/sbin:/usr/local/sbin:" + os.environ["PATH"]


class MariaDB:
    """Use as ``with MariaDB(folder) as server``; ``socket`` is its only way in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "db.sock"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        data, user = self.folder / "data", f"--user={os.environ.get('USER') or 'root'}"
        subprocess.run(
            [
                _program("mariadb-install-db"),
                "--no-defaults",
                f"--datadir={data}",
                user,
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
            ],
            check=True,
            capture_output=True,
        )
        with (self.folder / "mariadb.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    _program("mariadbd"),
                    "--no-defaults",
                    user,
                    f"--datadir={data}",
                    f"--socket={self.socket}",
                    "--skip-networking",
                    "--innodb-flush-log-at-trx-commit=0",
                    "--innodb-buffer-pool-size=64M",
                ],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._await()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            end_group(self._process)

    def _await(self, seconds: float = 30.0) -> None:
        until = time.monotonic() + seconds
        while subprocess.run(
            [
                _program("mariadb-admin"),
                "--no-defaults",
                f"--socket={self.socket}",
                "-uroot",
                "ping",
            ],
            capture_output=True,
            check=False,
        ).returncode:
            if time.monotonic() > until:
                raise RuntimeError((self.folder / "mariadb.log").read_text("utf-8", "replace"))
            time.sleep(0.05)

    def execute(self, statement: str) -> None:
        """Run one statement as root."""
        subprocess.run(
            [_program("mariadb"), "--no-defaults", f"--socket={self.socket}", "-uroot"],
            input=statement.encode(),
            check=True,
        )

    def dump(self, database: str) -> str:
        """Everything that the database holds, as SQL."""
        dumped = subprocess.run(
            [
                _program("mariadb-dump"),
                "--no-defaults",
                f"--socket={self.socket}",
                "-uroot",
                "--skip-extended-insert",
                database,
            ],
            check=True,
            capture_output=True,
        )
        return dumped.stdout.decode("utf-8", "replace")


def end_group(process: "subprocess.Popen[bytes]") -> None:
    """End a process started in a session of its own, and all its children."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


def _program(name: str) -> str:
    found = shutil.which(name, path=_PROGRAM_FOLDERS)
    if found is None:
        raise RuntimeError(f"{name} is missing: make plugin-setup")
    return found
