"""Child processes that never outlive us, and as whom they run.

A program that refuses root runs as ``nobody``. The child asks the kernel for a signal at its
parent's death, so that even kill -9 of the parent leaves no orphan (Linux).
"""

import ctypes
import os
import pwd
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from attrs import frozen

_PR_SET_PDEATHSIG = 1
_LIBC: Any = ctypes.CDLL(None) if sys.platform == "linux" else None


class EmbeddedError(RuntimeError):
    """An embedded server cannot be started; the message says what to do."""


@frozen
class Runner:
    """As whom and where child processes run: ``user`` None means as we are."""

    user: str | None

    @classmethod
    def present(cls) -> "Runner":
        """``nobody`` under root, ourselves otherwise."""
        return cls("nobody" if os.geteuid() == 0 else None)

    def options(self) -> dict[str, Any]:
        """Keyword arguments for subprocess: identity, a reachable folder, a clean locale."""
        options: dict[str, Any] = {"cwd": "/", "env": {"PATH": os.defpath, "LC_ALL": "C"}}
        if self.user is not None:
            entry = pwd.getpwnam(self.user)
            options |= {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        return options

    def give(self, path: Path) -> None:
        """Make the user the owner of ``path``."""
        if self.user is not None:
            entry = pwd.getpwnam(self.user)
            os.chown(path, entry.pw_uid, entry.pw_gid)


class ChildProcess:
    """A child process that dies with us, started and waited for by a thread of its own.

    The kernel sends the death signal when the *thread* that started the child ends, so that
    thread stays until the child is gone.
    """

    def __init__(self, command: list[str], runner: Runner, log: IO[bytes], death: int) -> None:
        self._command = command
        self._options = runner.options()
        self._log = log
        self._death = death
        self._parent = os.getpid()
        self._started = threading.Event()
        self._error: OSError | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name="child-keeper", daemon=True)

    def start(self) -> None:
        """Start it. Raises EmbeddedError when the program cannot be run."""
        self._thread.start()
        self._started.wait()
        if self._error is not None:
            raise EmbeddedError(f"{self._command[0]} cannot be run: {self._error}")

    @property
    def running(self) -> bool:
        """True until it has ended."""
        return self._thread.is_alive()

    @property
    def pid(self) -> int:
        """Its process id."""
        if self._process is None:
            raise EmbeddedError("not started")
        return self._process.pid

    def stop(self, first: int, seconds: float) -> None:
        """Send the signal ``first``, wait, then kill."""
        for number in (first, signal.SIGKILL):
            if self._process is not None and self.running:
                self._process.send_signal(number)
                self._thread.join(seconds)

    def _keep(self) -> None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # fork with threads, 3.12
                self._process = subprocess.Popen(
                    self._command,
                    stdin=subprocess.DEVNULL,
                    stdout=self._log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    preexec_fn=self._die_with_parent,
                    **self._options,
                )
        except OSError as error:
            self._error = error
            return
        finally:
            self._started.set()
        self._process.wait()

    def _die_with_parent(self) -> None:
        """Run in the child before exec (and after the change of user, which would undo it)."""
        if sys.platform == "linux":
            _LIBC.prctl(_PR_SET_PDEATHSIG, self._death, 0, 0, 0)
            if os.getppid() != self._parent:
                os._exit(1)


def free_port() -> int:
    """A loopback port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Poll ``condition`` for at most ``seconds``; True when it held."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return condition()
