"""A worker process: owns one terminal, reads requests from stdin, answers on stdout.

Started as ``python -m actors.mt5.bridge.worker MODULE``; standard library and that module only.
Every call of the package blocks and holds the interpreter, so one process serves one terminal and
the bridge's watchdog kills it when it takes too long. It ends when stdin ends: a bridge that died
leaves no worker. A password comes in one line of stdin and is forgotten with it.
"""

import importlib
import os
import sys
import traceback
from typing import Any, BinaryIO

from actors.mt5.bridge.lines import decode, encode
from actors.mt5.bridge.terminal import CallFailed, Incoherent, Terminal, WrongAccount


def answer_to(terminal: Terminal, request: dict[str, Any]) -> dict[str, Any]:
    """One request's answer; a fault of the terminal's is an answer too, a bug is not."""
    try:
        return {"ok": terminal.do(request["do"], request["with"])}
    except CallFailed as failed:
        return {
            "failed": {
                "call": failed.call,
                "code": failed.code,
                "text": failed.text,
                "flags": failed.flags,
            }
        }
    except WrongAccount:
        return {"wrong_account": True}
    except Incoherent:
        return {"incoherent": True}


def where(error: Exception) -> str:
    """The kind and place of a bug: a message might hold what must not be told."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {os.path.basename(frame.filename)}:{frame.lineno}"


def serve(requests: BinaryIO, answers: BinaryIO, module: str) -> int:
    """Answer until the requests end: 0, or 70 after a bug, which the last answer names."""
    try:
        terminal = Terminal(importlib.import_module(module))
        for line in requests:
            request = decode(line)
            answers.write(encode({"id": request["id"], **answer_to(terminal, request)}))
            answers.flush()
    except Exception as error:  # noqa: BLE001 - the bridge logs it; a traceback could tell a secret
        answers.write(encode({"bug": where(error)}))
        answers.flush()
        return 70
    return 0


def main() -> None:
    """Keep the pipe of the answers for ourselves: what the package prints goes to stderr."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.exit(serve(sys.stdin.buffer, answers, sys.argv[1]))


if __name__ == "__main__":
    main()
