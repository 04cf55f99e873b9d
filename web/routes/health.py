"""Whether the process lives, may take requests, and what it counts."""

from web.auth.guards import SIGNATURE_CHALLENGE
from web.limits import LimitClass
from web.problems import Code, Problem
from web.route import OPS, PUBLIC, PUBLIC_OR_OPS, Answered, Call, Raw, Route
from web.schemas.system import HealthReply, ReadyQuery, ReadyReply

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


async def health(call: Call) -> Answered:
    """Only whether it works."""
    ready = all(call.deps.ops.ready().values())
    reply = HealthReply(status="ok" if ready else "unavailable")
    return Answered(reply, 200 if ready else 503)


async def livez(_: Call) -> Answered:
    """The process answers; it asks no dependency."""
    return Answered(HealthReply(status="ok"))


async def readyz(call: Call) -> Answered:
    """Ready to take requests; the parts are told to operators only."""
    query: ReadyQuery = call.query
    if query.verbose is not None and call.caller is None:
        raise Problem(Code.UNAUTHORIZED, headers=SIGNATURE_CHALLENGE)
    parts = dict(call.deps.ops.ready())
    ready = all(parts.values())
    told = parts if query.verbose is not None else None
    reply = ReadyReply(status="ok" if ready else "unavailable", parts=told)
    return Answered(reply, 200 if ready else 503)


async def metrics(call: Call) -> Answered:
    """The process's counters."""
    return Answered(raw=call.deps.ops.metrics(), content_type=METRICS_TYPE)


ROUTES = (
    Route(
        method="GET",
        path="/api/health",
        title="Show whether the service works",
        policy=PUBLIC,
        limit=LimitClass.PROBE,
        handler=health,
        replies={200: HealthReply, 503: HealthReply},
    ),
    Route(
        method="GET",
        path="/livez",
        title="Show that the process lives",
        policy=PUBLIC,
        limit=LimitClass.PROBE,
        handler=livez,
        replies={200: HealthReply},
    ),
    Route(
        method="GET",
        path="/readyz",
        title="Show whether the process is ready",
        policy=PUBLIC_OR_OPS,
        limit=LimitClass.PROBE,
        handler=readyz,
        query=ReadyQuery,
        replies={200: ReadyReply, 503: ReadyReply},
    ),
    Route(
        method="GET",
        path="/api/metrics",
        title="Metrics in the Prometheus text format",
        policy=OPS,
        limit=LimitClass.OPS,
        handler=metrics,
        replies={200: Raw("text/plain")},
    ),
)
