"""The edge of the application: everything that happens before and after any route.

``app.asgi_app = edge(app.asgi_app, EdgeConfig(...))`` puts it in place, for the real server and
for a test client alike.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from attrs import frozen

from web.asgi import (
    App,
    Receive,
    Scope,
    Send,
    header_values,
    on_admin_port,
    send_problem,
)
from web.bodies import BODY_SECONDS, BodyGate
from web.headers import EdgeConfig, Headers
from web.problems import Code, Problem


def edge(app: App, config: EdgeConfig, *, body_seconds: float = BODY_SECONDS) -> App:
    """Request id and headers around the admin port's check around the body's check."""
    return Headers(AdminPort(BodyGate(app, body_seconds)), config)


@frozen
class AdminPort:
    """ASGI middleware that keeps browsers from being led to the loopback admin port.

    A page anywhere may send requests to 127.0.0.1, directly or under a name that it points
    there; such requests name a foreign host, carry an Origin, or say that they cross sites.
    """

    app: App

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what a foreign page sent; pass the rest on."""
        if scope["type"] == "http" and on_admin_port(scope):
            hosts = header_values(scope, b"host")
            if len(hosts) != 1 or not _is_loopback(hosts[0]):
                await send_problem(send, Problem(Code.MISDIRECTED), scope, close=True)
                return
            if _from_a_page(scope):
                await send_problem(send, Problem(Code.ORIGIN_REFUSED), scope, close=True)
                return
        await self.app(scope, receive, send)


def _is_loopback(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def _from_a_page(scope: Scope) -> bool:
    """Whether a page that is not the admin port's own made the browser send this."""
    sites = header_values(scope, b"sec-fetch-site")
    if sites:
        return sites not in (("none",), ("same-origin",))
    return bool(header_values(scope, b"origin"))
