"""Words for ASGI, and what the edge writes into a request's scope."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from web.problems import Problem, Rendered

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

REQUEST_ID = "onefunders.request_id"
CLIENT_REQUEST_ID = "onefunders.client_request_id"
LISTENER = "onefunders.listener"
ADMIN_LISTENER = "admin"
SUCCESS_TOLD = frozenset({"/api/connect"})
"""Paths whose refusals also carry the seed's ``success: false`` and ``message``."""


def request_id(scope: Mapping[str, Any]) -> str:
    """The id that the edge gave to this request."""
    return str(scope[REQUEST_ID])


def client_request_id(scope: Mapping[str, Any]) -> str | None:
    """The client's own id, if it sent one in a harmless form; for the log only."""
    value = scope.get(CLIENT_REQUEST_ID)
    return None if value is None else str(value)


def on_admin_port(scope: Mapping[str, Any]) -> bool:
    """True when the request came in over the loopback admin listener."""
    state = scope.get("state") or {}
    return bool(state.get(LISTENER) == ADMIN_LISTENER)


def header_values(scope: Mapping[str, Any], name: bytes) -> tuple[str, ...]:
    """All values of a header, in order, as they came."""
    return tuple(
        value.decode("latin-1") for found, value in scope["headers"] if found.lower() == name
    )


def target(scope: Mapping[str, Any]) -> bytes:
    """Path and query exactly as they were sent (an empty query's lone ``?`` is lost)."""
    query: bytes = scope["query_string"]
    path: bytes = scope["raw_path"]
    return path + b"?" + query if query else path


def refusal(scope: Mapping[str, Any], problem: Problem) -> Rendered:
    """The problem as the scope's request is told of it."""
    return problem.render(request_id(scope), tells_success=scope["path"] in SUCCESS_TOLD)


async def send_problem(send: Send, problem: Problem, scope: Scope, *, close: bool = False) -> None:
    """Answer with a problem document; ``close`` ends the connection after it."""
    rendered = refusal(scope, problem)
    headers = [(name.encode(), value.encode()) for name, value in rendered.headers.items()]
    headers.append((b"content-length", str(len(rendered.body)).encode()))
    if close:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": rendered.status, "headers": headers})
    await send({"type": "http.response.body", "body": rendered.body, "more_body": False})
