"""The OpenAPI document, the page that shows it, and the demo's way to that page."""

from importlib.resources import files

from web.limits import LimitClass
from web.problems import Code, Problem
from web.route import LOOPBACK, PUBLIC, Answered, Call, Raw, Route

_WEB = files("web")
_OPENAPI = _WEB.joinpath("openapi.json")
_PAGE = _WEB.joinpath("static", "docs.html").read_bytes()
_ASSETS = {
    name: (content_type, _WEB.joinpath("static", name).read_bytes())
    for name, content_type in (
        ("docs.css", "text/css; charset=utf-8"),
        ("docs.js", "text/javascript; charset=utf-8"),
        ("words.js", "text/javascript; charset=utf-8"),
    )
}


async def openapi(_: Call) -> Answered:
    """The committed document."""
    return Answered(raw=_OPENAPI.read_bytes())


async def page(_: Call) -> Answered:
    """The documentation page; it loads its own script and style only."""
    return Answered(raw=_PAGE, content_type="text/html; charset=utf-8")


async def asset(call: Call) -> Answered:
    """A script or style of the page."""
    if call.path["file"] not in _ASSETS:
        raise Problem(Code.NOT_FOUND)
    content_type, raw = _ASSETS[call.path["file"]]
    return Answered(raw=raw, content_type=content_type)


async def demo(call: Call) -> Answered:
    """A fresh one-time code in the fragment of the dashboard's address, where no log sees it."""
    if call.deps.demo is None:
        raise Problem(Code.NOT_FOUND)
    # Until the dashboard is built, the page of the API takes the code.
    page = "/api/docs" if call.deps.dashboard.page is None else "/"
    location = f"{page}#code={await call.deps.demo()}"
    return Answered(raw=b"", status=302, content_type="text/plain", headers={"location": location})


ROUTES = (
    Route(
        method="GET",
        path="/api/openapi.json",
        title="This document",
        policy=PUBLIC,
        limit=LimitClass.ANONYMOUS,
        handler=openapi,
        replies={200: Raw("application/json")},
    ),
    Route(
        method="GET",
        path="/api/docs",
        title="A page that shows and tries the operations",
        policy=PUBLIC,
        limit=LimitClass.ANONYMOUS,
        handler=page,
        replies={200: Raw("text/html")},
    ),
    Route(
        method="GET",
        path="/api/docs/{file}",
        title="A script or style of that page",
        policy=PUBLIC,
        limit=LimitClass.PROBE,
        handler=asset,
        replies={200: Raw("text/javascript")},
    ),
    Route(
        method="GET",
        path="/demo",
        title="Open the demo (loopback only, in the demo only)",
        policy=LOOPBACK,
        limit=LimitClass.ANONYMOUS,
        handler=demo,
        replies={302: None},
        in_demo_only=True,
    ),
)
