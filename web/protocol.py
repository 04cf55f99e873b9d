"""HTTP/1.1 and WebSocket, stricter than hypercorn: nothing may smuggle, unfold or grow."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import uuid4

import h11
from hypercorn.events import Closed, Event
from hypercorn.protocol.events import Event as StreamEvent
from hypercorn.protocol.events import Response
from hypercorn.protocol.h11 import H11Protocol
from hypercorn.protocol.ws_stream import WSStream

Header = tuple[bytes, bytes]

# For the few answers that no application saw; the edge gives all others their headers.
_BARE_HEADERS: tuple[Header, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)


class RequestRefused(Exception):
    """The request must not reach the application; answered with ``status``, then closed."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class StrictProtocol(H11Protocol):
    """hypercorn's HTTP/1.1 protocol without HTTP/2, smuggling, compression or endless frames."""

    @property
    def head_pending(self) -> bool:
        """Whether a request's head has begun and is not complete."""
        return self.stream is None and len(self.connection.trailing_data[0]) > 0

    @property
    def expects_data(self) -> bool:
        """Whether the client owes us bytes now: the rest of a body, or an answer to our ping."""
        if isinstance(self.stream, WSStream):
            return True
        return self.stream is not None and self.connection.their_state is h11.SEND_BODY

    async def handle(self, event: Event) -> None:
        """Process what came in; refuse and close where the request asks for it."""
        try:
            await super().handle(event)
        except RequestRefused as refused:
            await self._send_error_response(refused.status)
            await self.send(Closed())
        # hypercorn says 1009 to an oversized message, but would go on collecting it.
        stream = self.stream
        if isinstance(stream, WSStream) and stream.buffer.length > stream.buffer.max_length:
            await self.send(Closed())

    async def stream_send(self, event: StreamEvent) -> None:
        """Give the bare headers to answers that hypercorn made by itself."""
        if isinstance(event, Response):
            event = replace(event, headers=_completed(event.headers))
        await super().stream_send(event)

    async def _check_protocol(self, event: h11.Request) -> None:
        """Refuse what two parsers could read in two ways, and every way to HTTP/2."""
        if event.http_version not in (b"1.1", b"1.0"):
            raise RequestRefused(505)
        if not event.target.startswith(b"/"):
            raise RequestRefused(400)
        names = [name.lower() for name, _ in event.headers]
        chunked = b"transfer-encoding" in names
        if chunked and (b"content-length" in names or event.http_version == b"1.0"):
            raise RequestRefused(400)
        if any(
            name.lower() == b"upgrade" and b"h2c" in value.lower() for name, value in event.headers
        ):
            raise RequestRefused(400)

    async def _create_stream(self, request: h11.Request) -> None:
        """Offer no WebSocket compression: 64 KiB could unfold to 64 MiB."""
        headers = [
            (name, value)
            for name, value in request.headers
            if name.lower() != b"sec-websocket-extensions"
        ]
        plain = h11.Request(
            method=request.method,
            target=request.target,
            headers=headers,
            http_version=request.http_version,
        )
        await super()._create_stream(plain)

    async def _send_error_response(self, status_code: int) -> None:
        headers = [(b"content-length", b"0"), (b"connection", b"close")]
        headers += self.config.response_headers("h11")
        await self._send_h11_event(
            h11.Response(status_code=status_code, headers=_completed(headers))
        )
        await self._send_h11_event(h11.EndOfMessage())


def _completed(headers: Iterable[Header]) -> list[Header]:
    own = list(headers)
    if any(name.lower() == b"x-request-id" for name, _ in own):
        return own
    return [*own, *_BARE_HEADERS, (b"x-request-id", str(uuid4()).encode())]
