"""The web application: the route table over the given ports, and problems for everything else."""

import structlog
from quart import Response, request
from quart_trio import QuartTrio
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from web.asgi import App, refusal, request_id
from web.deps import Deps
from web.dispatch import Dispatch
from web.edge import edge
from web.identity import Guards, guards_of
from web.live.door import LiveDoor
from web.live.line import LiveRoom
from web.ports import Unavailable
from web.problems import PROBLEMS, Code, Problem, unavailable
from web.route_table import ROUTES

__all__ = ["Deps", "create_app"]

log = structlog.get_logger("web")

_BY_STATUS = {
    404: Code.NOT_FOUND,
    405: Code.METHOD_NOT_ALLOWED,
    408: Code.REQUEST_TIMEOUT,
    413: Code.TOO_LARGE,
    415: Code.UNSUPPORTED_MEDIA,
}


def create_app(deps: Deps) -> QuartTrio:
    """The application over ``deps``. It starts no task; the server calls it as ASGI."""
    app = QuartTrio("web", static_folder=None)
    app.url_map.merge_slashes = False
    app.url_map.strict_slashes = True
    guards = guards_of(deps)
    for route in ROUTES:
        if route.in_demo_only and deps.demo is None:
            continue
        app.add_url_rule(
            route.rule,
            endpoint=route.name,
            view_func=Dispatch(app, deps, guards, route).__call__,
            methods=[route.method],
            provide_automatic_options=False,
        )
    _refuse_with_problems(app, guards)
    inner = _live_door(app.asgi_app, deps, guards)  # type: ignore[arg-type]
    app.asgi_app = edge(inner, deps.edge)  # type: ignore[method-assign, assignment]
    return app


def _live_door(app: App, deps: Deps, guards: Guards) -> App:
    room = LiveRoom(deps.accounts, guards.tokens, deps.clock, deps.board)
    origins = deps.audiences | deps.edge.allowed_origins
    return LiveDoor(app, room, guards.gate, origins)


def _refuse_with_problems(app: QuartTrio, guards: Guards) -> None:
    """Every way in which a request can fail ends in a problem document."""

    def answer(problem: Problem) -> Response:
        rendered = refusal(request.scope, problem)
        return app.response_class(rendered.body, rendered.status, dict(rendered.headers))

    async def refused(problem: Problem) -> Response:
        return answer(problem)

    async def unrouted(error: HTTPException) -> Response:
        try:
            await guards.count_unrouted(request)
        except Problem as problem:
            return answer(problem)
        code = _BY_STATUS.get(error.code or 500, Code.BAD_REQUEST)
        methods = error.valid_methods if isinstance(error, MethodNotAllowed) else None
        headers = {"allow": ", ".join(sorted(methods))} if methods else {}
        return answer(Problem(code, headers=headers))

    async def storage_gone(_: Unavailable) -> Response:
        log.warning("storage_unavailable", request_id=request_id(request.scope))
        return answer(unavailable())

    async def crashed(error: Exception) -> Response:
        log.error("request_failed", request_id=request_id(request.scope), exc_info=error)
        return answer(Problem(Code.INTERNAL))

    app.register_error_handler(Problem, refused)
    app.register_error_handler(HTTPException, unrouted)
    app.register_error_handler(Unavailable, storage_gone)
    app.register_error_handler(Exception, crashed)


assert set(_BY_STATUS) <= {kind.status for kind in PROBLEMS.values()}  # noqa: S101
