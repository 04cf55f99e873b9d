"""A small load: connections that are kept, paths that are asked for at a steady pace."""

from collections import Counter

import trio
from attrs import define, field

GONE = (OSError, trio.BrokenResourceError, trio.ClosedResourceError)
"""What a call raises when the server closed the connection or cannot be reached."""


@define
class Load:
    """What readers saw: latencies in milliseconds and status codes."""

    latencies: list[float] = field(factory=list)
    statuses: Counter[int] = field(factory=Counter)
    failures: int = 0


class Connection:
    """One keep-alive connection of one user to 127.0.0.1."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._token = token
        self._stream: trio.SocketStream | None = None
        self._rest = b""

    async def call(self, method: str, path: str) -> tuple[int, bytes]:
        """Send one request and return status and body. One of GONE when the peer is gone."""
        if self._stream is None:
            self._stream = await trio.open_tcp_stream("127.0.0.1", self._port)
            self._rest = b""
        request = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n"
            f"Authorization: Bearer {self._token}\r\nContent-Length: 0\r\n\r\n"
        )
        if method == "GET":
            request = request.replace("Content-Length: 0\r\n", "")
        await self._stream.send_all(request.encode())
        return await self._answer(self._stream)

    async def _answer(self, stream: trio.SocketStream) -> tuple[int, bytes]:
        while b"\r\n\r\n" not in self._rest:
            await self._more(stream)
        head, _, rest = self._rest.partition(b"\r\n\r\n")
        length = 0
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        self._rest = rest
        while len(self._rest) < length:
            await self._more(stream)
        body, self._rest = self._rest[:length], self._rest[length:]
        return int(head.split(b" ", 2)[1]), body

    async def _more(self, stream: trio.SocketStream) -> None:
        received = await stream.receive_some()
        if not received:
            await self.close()
            raise trio.BrokenResourceError("the server closed the connection")
        self._rest += received

    async def close(self) -> None:
        """Give the connection up."""
        if self._stream is not None:
            await trio.aclose_forcefully(self._stream)
            self._stream = None


async def poll(line: Connection, path: str, every: float, until: float, load: Load) -> None:
    """Ask for ``path`` each ``every`` seconds until trio time ``until``.

    A latency counts from the moment when the request was due, so that waiting readers count too.
    """
    due = trio.current_time()
    while due < until:
        await trio.sleep_until(due)
        try:
            status, _ = await line.call("GET", path)
        except GONE:
            load.failures += 1
            await line.close()
        else:
            load.latencies.append((trio.current_time() - due) * 1000)
            load.statuses[status] += 1
        due = max(due + every, trio.current_time())
