"""The way in to live updates: which WebSocket handshakes are accepted.

Everything is checked that can be before a token came: the path, the Origin, and how often one
address knocks. A refusal is an HTTP answer with a problem document; no socket is opened for it.
"""

from attrs import frozen

from web.asgi import App, Receive, Scope, Send, header_values, on_admin_port, refusal
from web.limits import LimitClass, RateGate
from web.live.line import Line, LiveRoom
from web.problems import Code, Problem

LIVE_PATH = "/api/live"


@frozen
class LiveDoor:
    """ASGI middleware that takes every WebSocket; the application gets the rest.

    ``origins``: this server's own and those of dashboards elsewhere. A browser always names one,
    so that a handshake without it is no browser's and is refused too.
    """

    app: App
    room: LiveRoom
    gate: RateGate
    origins: frozenset[str]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a live socket, or refuse it."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        try:
            await self._admit(scope)
        except Problem as problem:
            await _refuse(send, problem, scope)
            return
        await receive()  # websocket.connect
        await send({"type": "websocket.accept"})
        await Line(self.room, receive, send).run()

    async def _admit(self, scope: Scope) -> None:
        """Raises Problem 404, 403 or 429."""
        if scope["path"] != LIVE_PATH or scope["query_string"] or on_admin_port(scope):
            await self.gate.enter_anonymous(scope, LimitClass.ANONYMOUS)
            raise Problem(Code.NOT_FOUND)
        await self.gate.enter_anonymous(scope, LimitClass.LIVE)
        origins = header_values(scope, b"origin")
        if len(origins) != 1 or origins[0] not in self.origins:
            raise Problem(Code.ORIGIN_REFUSED)


async def _refuse(send: Send, problem: Problem, scope: Scope) -> None:
    rendered = refusal(scope, problem)
    headers = [(name.encode(), value.encode()) for name, value in rendered.headers.items()]
    headers.append((b"content-length", str(len(rendered.body)).encode()))
    headers.append((b"connection", b"close"))
    start = "websocket.http.response.start"
    await send({"type": start, "status": rendered.status, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": rendered.body, "more_body": False})
