"""Statistics: what a life adds up to."""

import msgspec
from attrs import fields

from actors.domain.statistics.life_statistics import LifeStatistics
from web import views
from web.limits import LimitClass
from web.route import USER, Answered, Call, Route
from web.routes.answers import found
from web.schemas.statistics import StatisticsReply
from web.schemas.trading import InstanceQuery

_TOLD = tuple(field.name for field in fields(LifeStatistics))


async def statistics(call: Call) -> Answered:
    """The statistics of the instance's life."""
    query: InstanceQuery = call.query
    kept = found(
        await call.deps.accounts.statistics(call.who, call.uuid("account_id"), query.instance)
    )
    view = kept.view
    known = views.figures(view)
    reply = msgspec.convert(
        {
            "account_id": view.row.account.account_id,
            "instance_id": views.instance_id_of(view),
            "rev": views.rev_of(view),
            "stale": views.freshness(known, call.now, stale=view.stale).stale,
            **{name: getattr(kept.told, name) for name in _TOLD},
        },
        StatisticsReply,
        from_attributes=True,
    )
    return Answered(reply, etag=views.etag(view, now=call.now))


ROUTES = (
    Route(
        method="GET",
        path="/api/account/{account_id}/statistics",
        title="Show an account's statistics",
        policy=USER,
        limit=LimitClass.DASHBOARD,
        handler=statistics,
        query=InstanceQuery,
        replies={200: StatisticsReply},
    ),
)
