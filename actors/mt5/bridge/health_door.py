"""``GET /health`` on loopback, for operators: JSON, no login, no secret."""

import json

import trio

from actors.mt5.bridge.backend import Backend

_MOST_BYTES = 8_192
_REQUEST_SECONDS = 5.0
_LOOPBACK = "127.0.0.1"


async def serve_health(
    backend: Backend,
    port: int,
    *,
    task_status: trio.TaskStatus[int] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Answer until cancelled; reports the port by ``task_status``."""

    async def answer(stream: trio.SocketStream) -> None:
        try:
            with trio.fail_after(_REQUEST_SECONDS):
                await stream.send_all(_response(await _request_line(stream), backend))
        except (trio.TooSlowError, trio.BrokenResourceError, trio.ClosedResourceError):
            pass  # whoever asked is gone or never asked
        finally:
            await trio.aclose_forcefully(stream)

    listeners = await trio.open_tcp_listeners(port, host=_LOOPBACK)
    task_status.started(listeners[0].socket.getsockname()[1])
    await trio.serve_listeners(answer, listeners)


async def _request_line(stream: trio.SocketStream) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received and len(received) < _MOST_BYTES:
        chunk = await stream.receive_some(_MOST_BYTES)
        if not chunk:
            break
        received += chunk
    return received.partition(b"\r\n")[0]


def _response(line: bytes, backend: Backend) -> bytes:
    if line.split(b" ")[:2] != [b"GET", b"/health"]:
        return _http("404 Not Found", {"error": "only GET /health is here"})
    return _http("200 OK", dict(backend.health()))


def _http(status: str, document: dict[str, object]) -> bytes:
    body = json.dumps(document, ensure_ascii=False).encode() + b"\n"
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
