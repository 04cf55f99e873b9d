"""What stands behind a bridge's stream: the port of the server.

``TerminalBackend`` drives terminals. A firm that owns a manager login of its broker can have a
second one on the manager API, which needs no terminals and no passwords: it answers the same
requests, pushes into its own cache, and the product sees no difference (docs/bridge.md).
"""

from collections.abc import Mapping
from typing import Any, Protocol

import trio

from actors.mt5.wire_answers import ResponseBody
from actors.mt5.wire_requests import RequestBody


class Backend(Protocol):
    """Answers the wire's requests; errors of the world are ``Failed`` answers, never exceptions."""

    @property
    def build(self) -> str:
        """Which terminals, or which API, answers."""
        ...

    @property
    def places(self) -> int:
        """How many sessions it can hold at once."""
        ...

    async def run(self, *, task_status: trio.TaskStatus[None]) -> None:
        """Keep what it stands on alive until cancelled."""
        ...

    async def answer(self, body: RequestBody, deadline_seconds: float) -> ResponseBody:
        """Answer a request. An ``Opened`` must be closed, by ``Close`` or by ``release``."""
        ...

    def release(self, session_id: int) -> None:
        """Give a session back whose stream is lost; an unknown one is given back already."""
        ...

    def health(self) -> Mapping[str, Any]:
        """JSON-ready facts for an operator: no login, no name, no secret."""
        ...
