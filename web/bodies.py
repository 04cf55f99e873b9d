"""Request bodies: whole, small and in time before a route sees the request."""

from collections.abc import Iterator

import trio
from attrs import frozen

from web.asgi import App, Message, Receive, Scope, Send, header_values, send_problem
from web.problems import Code, Problem

MAX_SIGNED_BODY_BYTES = 16 * 1024
MAX_BODY_BYTES = 4 * 1024
BODY_SECONDS = 10.0
SIGNED_PREFIXES = ("/api/connect", "/api/auth/", "/api/s2s/", "/api/supervisor/")


@frozen
class BodyGate:
    """ASGI middleware that reads the body first: 413 over the cap, 408 after 10 s, 415 packed.

    The total deadline also stops a client that drips one byte a second, which a read timeout
    never notices.
    """

    app: App
    body_seconds: float = BODY_SECONDS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its whole body, or refuse it and close the connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            with trio.fail_after(self.body_seconds):
                body = await _whole_body(scope, receive)
        except Problem as problem:
            await _refuse(receive, send, problem, scope)
            return
        except trio.TooSlowError:
            await _refuse(receive, send, Problem(Code.REQUEST_TIMEOUT), scope)
            return
        if body is not None:
            await self.app(scope, _replay(body, receive), send)


async def _whole_body(scope: Scope, receive: Receive) -> bytes | None:
    """The body; None when the client went away. Raises Problem 413 or 415."""
    cap = MAX_SIGNED_BODY_BYTES if scope["path"].startswith(SIGNED_PREFIXES) else MAX_BODY_BYTES
    # A packed body could unfold to any size; nobody who calls us needs one.
    if any(value.lower() != "identity" for value in header_values(scope, b"content-encoding")):
        raise Problem(Code.UNSUPPORTED_MEDIA)
    if any(_announced(value) > cap for value in header_values(scope, b"content-length")):
        raise Problem(Code.TOO_LARGE)
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if len(body) > cap:
            raise Problem(Code.TOO_LARGE)
        if not message.get("more_body", False):
            return bytes(body)


def _announced(value: str) -> int:
    if not (value.isascii() and value.isdigit()):
        raise Problem(Code.BAD_REQUEST)
    return int(value)


def _replay(body: bytes, receive: Receive) -> Receive:
    first: Iterator[Message] = iter(({"type": "http.request", "body": body, "more_body": False},))

    async def again() -> Message:
        for message in first:
            return message
        return await receive()

    return again


async def _refuse(receive: Receive, send: Send, problem: Problem, scope: Scope) -> None:
    """Answer while still taking what arrives: the server's queue would otherwise fill up and
    the task that must tell us of the connection's end would wait for ever."""
    async with trio.open_nursery() as nursery:
        nursery.start_soon(_swallow, receive)
        await send_problem(send, problem, scope, close=True)
        nursery.cancel_scope.cancel()


async def _swallow(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
