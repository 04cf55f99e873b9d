"""A reader's accounts as they stand: list, summary, instances, sync, settings."""

from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from web import views
from web.limits import LimitClass
from web.ports import View
from web.problems import Code, FieldCode, FieldError
from web.route import USER, USER_CHANGE, Answered, Call, Route
from web.routes.answers import BUSY, found, went_well
from web.schemas.base import invalid
from web.schemas.summary import (
    AccountList,
    InstanceItem,
    InstanceList,
    SparklineItem,
    SparklinesQuery,
    SparklinesReply,
    SparkPoint,
    SummaryReply,
)
from web.schemas.system import Settings, SyncReply
from web.schemas.trading import InstanceQuery

MOST_SPARKLINES = 50


async def list_accounts(call: Call) -> Answered:
    """All accounts of the reader."""
    seen = await call.deps.accounts.list(call.who)
    items = [views.account_item(view, call.now) for view in seen]
    reply = AccountList(accounts=items, server_now=call.now)
    return Answered(reply, etag=views.etag(*seen, now=call.now))


async def sparklines(call: Call) -> Answered:
    """The equity of the last week of several accounts; who is not the reader's is left out."""
    query: SparklinesQuery = call.query
    lines = await call.deps.accounts.sparklines(call.who, _ids(query.accounts))
    items = [
        SparklineItem(
            account_id=line.account_id,
            points=[SparkPoint(at=at, equity=equity) for at, equity in line.points],
        )
        for line in lines
    ]
    return Answered(SparklinesReply(sparklines=items))


def _ids(told: str) -> tuple[UUID, ...]:
    """The ids in a list with commas. Raises Problem 422 unless they are 1 to 50 UUIDs."""
    try:
        ids = tuple(UUID(one) for one in told.split(","))
    except ValueError:
        ids = ()
    if not 1 <= len(ids) <= MOST_SPARKLINES:
        detail = f"1 to {MOST_SPARKLINES} account ids with commas between them."
        raise invalid(FieldError("accounts", FieldCode.FORM, detail))
    return ids


async def viewed(call: Call) -> View:
    """The account of the path, as the reader may see it. Raises Problem 404."""
    instance_id = getattr(call.query, "instance", None)
    return found(await call.deps.accounts.view(call.who, call.uuid("account_id"), instance_id))


async def summary(call: Call) -> Answered:
    """The seed's summary and its additions."""
    view = await viewed(call)
    return Answered(views.summary_reply(view, call.now), etag=views.etag(view, now=call.now))


async def instances(call: Call) -> Answered:
    """The account's instances."""
    account_id = call.uuid("account_id")
    rows = found(await call.deps.accounts.instances(call.who, account_id))
    items = [
        InstanceItem(
            instance_id=row.instance.instance_id,
            life_id=row.instance.life_id,
            status=row.instance.status,
            reason=row.instance.reason,
            plan=row.instance.plan_name,
            phase=row.instance.phase,
            outcome=row.outcome,
            created_at=row.instance.created_at,
            started_at=row.instance.started_at,
            deactivated_at=row.instance.deactivated_at,
            predecessor_id=row.instance.predecessor_id,
        )
        for row in rows
    ]
    return Answered(InstanceList(account_id=account_id, instances=items))


async def sync(call: Call) -> Answered:
    """Ask for a sync now; it is the actor's work and goes on without the reader."""
    view = await viewed(call)
    result = await call.deps.commands.sync(view.row.account.account_id)
    went_well(result)
    rev = views.rev_of(view) if result.rev is None else result.rev
    return Answered(SyncReply(accepted=True, rev=rev), 202)


async def read_settings(call: Call) -> Answered:
    """The reader's settings for the account; what was never set has its default."""
    kept = found(await call.deps.accounts.settings(call.who, call.uuid("account_id")))
    return Answered(msgspec.convert(dict(kept), Settings))


async def save_settings(call: Call) -> Answered:
    """Replace the reader's settings for the account."""
    wanted: Settings = call.body
    try:
        ZoneInfo(wanted.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        detail = "An IANA time zone such as Asia/Tehran."
        raise invalid(FieldError("time_zone", FieldCode.FORM, detail)) from None
    kept = msgspec.to_builtins(wanted)
    saved = await call.deps.accounts.save_settings(call.who, call.uuid("account_id"), kept)
    found(saved or None)
    return Answered(wanted)


_ONE = "/api/account/{account_id}"

ROUTES = (
    Route(
        method="GET",
        path="/api/accounts",
        title="List your accounts",
        policy=USER,
        limit=LimitClass.DASHBOARD,
        handler=list_accounts,
        replies={200: AccountList},
    ),
    Route(
        method="GET",
        path="/api/accounts/sparklines",
        title="Show the last week's equity of several accounts",
        policy=USER,
        limit=LimitClass.DASHBOARD,
        handler=sparklines,
        query=SparklinesQuery,
        replies={200: SparklinesReply},
    ),
    Route(
        method="GET",
        path=_ONE + "/summary",
        title="Show an account's figures",
        policy=USER,
        limit=LimitClass.DASHBOARD,
        handler=summary,
        query=InstanceQuery,
        replies={200: SummaryReply},
    ),
    Route(
        method="GET",
        path=_ONE + "/instances",
        title="List an account's instances",
        policy=USER,
        limit=LimitClass.DASHBOARD,
        handler=instances,
        replies={200: InstanceList},
    ),
    Route(
        method="POST",
        path=_ONE + "/sync",
        title="Ask for a sync now",
        policy=USER_CHANGE,
        limit=LimitClass.SYNC,
        handler=sync,
        replies={202: SyncReply},
        refusals=BUSY,
    ),
    Route(
        method="GET",
        path=_ONE + "/settings",
        title="Show your settings for an account",
        policy=USER,
        limit=LimitClass.DASHBOARD,
        handler=read_settings,
        replies={200: Settings},
    ),
    Route(
        method="PUT",
        path=_ONE + "/settings",
        title="Replace your settings for an account",
        policy=USER_CHANGE,
        limit=LimitClass.DASHBOARD,
        handler=save_settings,
        body=Settings,
        replies={200: Settings},
        refusals=(Code.INVALID,),
    ),
)
