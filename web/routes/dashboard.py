"""The dashboard's page and files, as they were built; the routes inside it are in the fragment."""

from web.dashboard import BuiltFile, page_policy
from web.limits import LimitClass
from web.problems import Code, Problem
from web.route import PUBLIC, Answered, Call, Handler, Raw, Route

_HTML = "text/html; charset=utf-8"
_REVALIDATE = "no-cache"
_FOREVER = "public, max-age=31536000, immutable"
_NOT_BUILT = b"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>OneFunders Analyze</title>
<link rel="stylesheet" href="/api/docs/docs.css"></head>
<body><main class="plain"><h1>The dashboard is not built</h1>
<p>The server runs. Build the dashboard with <code>make frontend</code> and start again.</p>
<p><a href="/api/docs">The API</a> works without it.</p></main></body></html>
"""


async def page(call: Call) -> Answered:
    """The dashboard, or how to build it."""
    built = call.deps.dashboard
    if built.page is None:
        return Answered(raw=_NOT_BUILT, content_type=_HTML)
    edge = call.deps.edge
    policy = page_policy(built.script_hashes, call.deps.audiences, edge.frame_ancestors)
    return _sent(call, built.page, _REVALIDATE, {"content-security-policy": policy})


async def asset(call: Call) -> Answered:
    """A file whose name holds a digest of its content."""
    return _file(call, f"assets/{call.path['file']}", _FOREVER)


def _named(name: str, title: str) -> Route:
    """The route of a file that keeps its name over builds."""

    async def named(call: Call) -> Answered:
        return _file(call, name, _REVALIDATE)

    named.__doc__ = f"{title}, under a name that stays."
    return _route(f"/{name}", title, named, "text/javascript")


def _file(call: Call, path: str, cache: str) -> Answered:
    """A file of the build. Raises Problem 404. The files are public, so any page may load them."""
    found = call.deps.dashboard.files.get(path)
    if found is None:
        raise Problem(Code.NOT_FOUND)
    return _sent(call, found, cache, {"cross-origin-resource-policy": "cross-origin"})


def _sent(call: Call, built: BuiltFile, cache: str, more: dict[str, str]) -> Answered:
    sent = built.sent_to(call.accept_encoding)
    headers = {"cache-control": cache, "vary": "Accept-Encoding", **more}
    if sent.encoding is not None:
        headers["content-encoding"] = sent.encoding
    return Answered(raw=sent.body, content_type=built.content_type, etag=sent.etag, headers=headers)


def _route(path: str, title: str, handler: Handler, content_type: str) -> Route:
    return Route(
        method="GET",
        path=path,
        title=title,
        policy=PUBLIC,
        limit=LimitClass.PROBE,
        handler=handler,
        replies={200: Raw(content_type)},
        refusals=(Code.NOT_FOUND,),
    )


ROUTES = (
    _route("/", "The dashboard", page, "text/html"),
    _route("/assets/{file}", "A file of the dashboard", asset, "text/javascript"),
    _named("favicon.svg", "The dashboard's icon"),
    _named("onefunders-analyze.js", "The dashboard's script for a page of the shop"),
    _named("onefunders-analyze.css", "The dashboard's style for a page of the shop"),
)
