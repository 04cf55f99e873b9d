"""An ASGI call by hand: a scope, the messages that come in, and what went out."""

from collections.abc import Iterable
from typing import Any

import trio
from attrs import define, field

from web.asgi import App, Message


@define
class Answer:
    """What an application sent."""

    messages: list[Message] = field(factory=list)

    @property
    def status(self) -> int:
        """Status code."""
        return int(self.messages[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        """Headers by lower-case name, doubled ones joined."""
        found: dict[str, str] = {}
        for name, value in self.messages[0]["headers"]:
            key = name.decode().lower()
            found[key] = f"{found[key]}, {value.decode()}" if key in found else value.decode()
        return found

    @property
    def body(self) -> bytes:
        """The whole body."""
        return b"".join(message.get("body", b"") for message in self.messages[1:])


def http_scope(
    method: str = "GET", path: str = "/", headers: Iterable[tuple[str, str]] = (), **more: Any
) -> dict[str, Any]:
    """An HTTP scope as the server makes it."""
    found, _, query = path.partition("?")
    return {
        "type": "http",
        "method": method,
        "path": found,
        "raw_path": found.encode(),
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers],
        "client": ("203.0.113.9", 1),
        "state": {},
        **more,
    }


async def call(app: App, scope: dict[str, Any], incoming: Iterable[Message] = ()) -> Answer:
    """Call the application; after the incoming messages nothing more comes."""
    answer = Answer()
    waiting = iter(list(incoming) or [{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> Message:
        for message in waiting:
            return message
        await trio.sleep_forever()
        raise AssertionError

    async def send(message: Message) -> None:
        answer.messages.append(message)

    await app(scope, receive, send)
    return answer
