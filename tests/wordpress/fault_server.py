"""A server that answers as a table says, over real HTTP, and keeps what it was sent."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from attrs import Factory, define, frozen


@frozen
class Reply:
    """One answer. ``body`` is JSON unless it is a text; ``late`` never answers."""

    status: int
    body: Any = ""
    headers: Mapping[str, str] = Factory(dict)
    late: bool = False


@define
class FaultServer:
    """``posts`` and ``reads`` are answered with these; ``sent`` are the bodies that came."""

    url: str
    posts: Reply
    reads: Reply = Reply(404)
    sent: list[bytes] = Factory(list)


@contextmanager
def answering(posts: Reply, reads: Reply = Reply(404)) -> Iterator[FaultServer]:
    """A server of one's own; a late answer ends with it."""
    over = Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.sent.append(self.rfile.read(int(self.headers["Content-Length"])))
            self._answer(told.posts)

        def do_GET(self) -> None:
            self._answer(told.reads)

        def _answer(self, reply: Reply) -> None:
            if reply.late:
                over.wait(60)
                return
            text = reply.body if isinstance(reply.body, str) else json.dumps(reply.body)
            self.send_response_only(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if "Date" not in reply.headers:
                self.send_header("Date", self.date_time_string())
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told = FaultServer(f"http://127.0.0.1:{server.server_port}", posts, reads)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield told
    finally:
        over.set()
        server.shutdown()
        thread.join()
        server.server_close()
