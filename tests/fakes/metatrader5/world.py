"""All fake terminals of a host, and the door by which worker processes reach them.

A worker's ``MetaTrader5`` module (``module.py``) asks over a socket beside the terminal folders,
as the real one asks a running terminal over a named pipe.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from typing import Any

from actors.mt5.simulator.broker import SimulatedBroker
from tests.fakes.metatrader5.terminal import FakeTerminal, Hangs, WorkerEnds

SOCKET = "terminals.sock"


class FakeHost:
    """Terminals by the path of their program. Calls of one host are taken one at a time."""

    def __init__(self, broker: SimulatedBroker) -> None:
        self.broker = broker
        self.terminals: dict[str, FakeTerminal] = {}
        self._ended = threading.Event()

    def terminal(self, path: str) -> FakeTerminal:
        """The terminal of a path, made when first asked for."""
        return self.terminals.setdefault(path, FakeTerminal(path, self.broker))

    @contextmanager
    def served_in(self, folder: Path) -> Iterator[None]:
        """Answer worker processes whose terminal folders lie in ``folder``."""
        with Listener(str(folder / SOCKET), "AF_UNIX") as listener:
            threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
            try:
                yield
            finally:
                self._ended.set()

    def _accept(self, listener: Listener) -> None:
        while not self._ended.is_set():
            try:
                line = listener.accept()
            except (OSError, EOFError):
                return
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: "Connection[Any, Any]") -> None:
        """One worker process: calls until it ends."""
        terminal: FakeTerminal | None = None
        with line:
            try:
                while True:
                    path, function, args, kwargs = line.recv()
                    terminal = self.terminal(path)
                    line.send(terminal.call(function, *args, **kwargs))
            except Hangs:
                self._ended.wait()
            except (EOFError, OSError, WorkerEnds):
                pass  # the worker is gone, or goes as its line breaks
            finally:
                if terminal is not None:
                    terminal.detach()
