"""The package on one fake terminal in this process, and a worker without a process."""

from collections.abc import Mapping
from typing import Any

import trio

from actors.mt5.bridge.lines import decode, encode
from actors.mt5.bridge.terminal import Terminal
from actors.mt5.bridge.worker import answer_to
from actors.mt5.bridge.worker_process import WorkerGone, WorkerLate
from tests.fakes.metatrader5.structs import CONSTANTS
from tests.fakes.metatrader5.terminal import FakeTerminal, Hangs, WorkerEnds


class Package:
    """The package as a worker imports it."""

    def __init__(self, terminal: FakeTerminal) -> None:
        self._terminal = terminal
        vars(self).update(CONSTANTS)

    def __getattr__(self, function: str) -> Any:
        return lambda *args, **kwargs: self._terminal.call(function, *args, **kwargs)


class InlineWorker:
    """Implements Worker in this process: the same operations, the same lines."""

    def __init__(self, fake: FakeTerminal) -> None:
        self._fake = fake
        self._terminal = Terminal(Package(fake))
        self._gone = False

    async def ask(
        self, operation: str, arguments: Mapping[str, Any], limit_seconds: float
    ) -> dict[str, Any]:
        """Do an operation; other tasks run before and after it."""
        await trio.lowlevel.checkpoint()
        request = decode(encode({"do": operation, "with": dict(arguments)}))
        try:
            if self._gone:
                raise WorkerGone("it ended")
            answer = decode(encode(answer_to(self._terminal, request)))
        except Hangs:
            await trio.sleep(limit_seconds)
            raise WorkerLate from None
        except WorkerEnds:
            self._gone = True
            raise WorkerGone("it ended") from None
        await trio.lowlevel.checkpoint()
        return answer

    async def kill(self) -> None:
        """End it; the terminal goes on with whom it shows."""
        self._gone = True
        self._fake.detach()
