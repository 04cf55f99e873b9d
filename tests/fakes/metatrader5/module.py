"""The module that a worker process imports in place of ``MetaTrader5``.

It forwards each call to the terminals of the test's process and blocks until they answer.
"""

from multiprocessing.connection import Client, Connection
from pathlib import Path
from typing import Any

from tests.fakes.metatrader5.structs import CONSTANTS, RECORDED

SOCKET = "terminals.sock"
_NOT_FOUND = (-10003, "IPC initialize failed, MetaTrader 5 x64 not found")
_NO_IPC = (-10004, "No IPC connection")

globals().update(CONSTANTS)


class _Line:
    """The way to the terminal that ``initialize`` named."""

    def __init__(self) -> None:
        self.path: str | None = None
        self.line: Connection[Any, Any] | None = None
        self.error: tuple[int, str] = (0, "")

    def call(self, function: str, *args: Any, **kwargs: Any) -> Any:
        """Call a terminal's function; without a terminal, what the real package says."""
        if function == "initialize":
            self._connect(args[0] if args else kwargs.get("path"))
        if self.line is None:
            return self._without(function)
        self.line.send((self.path, function, args, kwargs))
        return self.line.recv()

    def _connect(self, path: str | None) -> None:
        if path is None:
            self.error = _NOT_FOUND
            return
        try:
            self.line = Client(str(Path(path).parent.parent / SOCKET), "AF_UNIX")
        except OSError:
            self.error = (-10003, f"IPC initialize failed, Process create failed '{path}'")
            return
        self.path = path

    def _without(self, function: str) -> Any:
        if function == "last_error":
            return self.error
        if function == "version":
            return (0, 0, "")
        if function != "initialize":
            self.error = _NO_IPC
        return False if function in ("initialize", "login", "symbol_select") else None


_line = _Line()


def _forwarder(function: str) -> Any:
    def forward(*args: Any, **kwargs: Any) -> Any:
        return _line.call(function, *args, **kwargs)

    forward.__name__ = function
    forward.__doc__ = RECORDED["functions"][function]
    return forward


globals().update({function: _forwarder(function) for function in RECORDED["functions"]})
