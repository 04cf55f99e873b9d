"""Operators: what the supervisor runs, and the levers on it."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from web.limits import LimitClass
from web.ports import CommandResult
from web.problems import Code
from web.route import OPS, Answered, Call, Route
from web.routes.answers import BUSY, told
from web.schemas.staff import CommandReply
from web.schemas.system import StatusQuery, StatusReply
from web.status_page import render


async def status(call: Call) -> Answered:
    """Totals and a page of actors, as JSON or as a plain page."""
    query: StatusQuery = call.query
    shown = call.deps.ops.status(
        page=query.page,
        limit=query.limit,
        state=query.state,
        tier=query.tier,
        sort=query.sort,
    )
    if call.wants_html:
        page = render(shown, call.now)
        return Answered(raw=page.encode(), content_type="text/html; charset=utf-8")
    reply = StatusReply(server_now=call.now, page=query.page, limit=query.limit, status=dict(shown))
    return Answered(reply)


async def _pull(
    call: Call, action: str, lever: Callable[[UUID], Awaitable[CommandResult]]
) -> Answered:
    """Audit first: what was tried is on record even if it fails."""
    account_id = call.uuid("account_id")
    await _record(call, action, f"account:{account_id}")
    return told(await lever(account_id))


async def _record(call: Call, action: str, subject: str) -> None:
    await call.deps.audit.append(
        action,
        actor=call.signer.key_id,
        site_id=call.signer.site_id or None,
        subject=subject,
        details={"request_id": call.request_id},
    )


async def restart(call: Call) -> Answered:
    """Restart an actor, also out of quarantine."""
    return await _pull(call, "actor_restarted", call.deps.ops.restart)


async def pause(call: Call) -> Answered:
    """Stop syncing an account until it is resumed."""
    return await _pull(call, "actor_paused", call.deps.ops.pause)


async def resume(call: Call) -> Answered:
    """Go on syncing an account."""
    return await _pull(call, "actor_resumed", call.deps.ops.resume)


async def drain(call: Call) -> Answered:
    """Give up all leases before a planned stop."""
    await _record(call, "node_drained", "node")
    return told(await call.deps.ops.drain())


def _lever(path: str, title: str, handler: Callable[[Call], Awaitable[Answered]]) -> Route:
    return Route(
        method="POST",
        path=path,
        title=title,
        policy=OPS,
        limit=LimitClass.OPS,
        handler=handler,
        replies={200: CommandReply, 202: CommandReply},
        refusals=(Code.NOT_FOUND, *BUSY),
    )


_ONE = "/api/supervisor/accounts/{account_id}"

ROUTES = (
    Route(
        method="GET",
        path="/api/supervisor/status",
        title="Show what the supervisor runs (also as text/html)",
        policy=OPS,
        limit=LimitClass.OPS,
        handler=status,
        query=StatusQuery,
        replies={200: StatusReply},
    ),
    _lever(_ONE + "/restart", "Restart an actor", restart),
    _lever(_ONE + "/pause", "Pause an actor", pause),
    _lever(_ONE + "/resume", "Resume an actor", resume),
    _lever("/api/supervisor/drain", "Drain this node", drain),
)
