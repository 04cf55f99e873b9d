"""What an account did: trades, equity with its curve, and the rule-day calendar."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
from attrs import asdict

from actors.domain.history import Curve, RuleDayRow, TradeFilter
from web import views
from web.limits import LimitClass
from web.problems import Code, FieldCode, FieldError, Problem
from web.route import USER, Answered, Call, Route
from web.routes.accounts import viewed
from web.routes.answers import found
from web.schemas.base import invalid
from web.schemas.trading import (
    CurveFloor,
    CurveFlow,
    CurveGap,
    CurvePoint,
    DaysReply,
    DealItem,
    DealsReply,
    EquityCurve,
    EquityQuery,
    EquityReply,
    InstanceQuery,
    RuleDayItem,
    TradeItem,
    TradesQuery,
    TradesReply,
)

LONGEST_CURVE = timedelta(days=3660)
_TICKET = re.compile(r"[0-9]{1,19}(-[0-9]{1,6})?")


async def trades(call: Call) -> Answered:
    """A page of trades."""
    query: TradesQuery = call.query
    wanted = TradeFilter(
        page=query.page,
        limit=query.limit,
        symbol=query.symbol,
        side=query.side,
        from_at=query.from_,
        to_at=query.to,
        sort=query.sort,
        state=query.state,
        cursor=query.cursor,
    )
    account_id = call.uuid("account_id")
    try:
        kept = await call.deps.accounts.trades(call.who, account_id, query.instance, wanted)
    except ValueError as error:
        raise invalid(FieldError("cursor", FieldCode.FORM)) from error
    page = found(kept)
    reply = TradesReply(
        trades=[TradeItem(**asdict(trade)) for trade in page.trades],
        total=page.total,
        page=query.page,
        limit=query.limit,
        next_cursor=page.next_cursor,
    )
    return Answered(reply)


async def deals(call: Call) -> Answered:
    """The deals of one trade: its opening, its partial closes and its end."""
    query: InstanceQuery = call.query
    ticket = call.path["ticket"]
    if _TICKET.fullmatch(ticket) is None:
        raise Problem(Code.NOT_FOUND)
    account_id = call.uuid("account_id")
    page = found(await call.deps.accounts.deals(call.who, account_id, query.instance, ticket))
    items = [msgspec.convert(asdict(deal), DealItem) for deal in page.deals]
    return Answered(DealsReply(ticket=ticket, deals=items, total=page.total))


async def equity(call: Call) -> Answered:
    """The current equity, and the curve of a span."""
    query: EquityQuery = call.query
    view = await viewed(call)
    curve = await _curve(call, query)
    known = views.figures(view)
    fresh = views.freshness(known, call.now, stale=view.stale)
    reply = EquityReply(
        account_id=view.row.account.account_id,
        rev=views.rev_of(view),
        currency=known.currency,
        balance=known.balance_current,
        equity=known.equity_current,
        credit=known.credit_current,
        floating=known.floating_current,
        margin=known.margin_current,
        free_margin=known.free_margin_current,
        recorded_at=known.as_of,
        data_age_seconds=fresh.age_seconds,
        stale=fresh.stale,
        server_now=call.now,
        curve=curve,
    )
    return Answered(reply, etag=views.etag(view, now=call.now) if curve is None else None)


async def _curve(call: Call, query: EquityQuery) -> EquityCurve | None:
    """The curve with its floors; None when no span is asked for. Raises Problem 422 or 404."""
    if query.from_ is None and query.to is None:
        return None
    if query.from_ is None or query.to is None:
        raise invalid(FieldError("to" if query.to is None else "from", FieldCode.MISSING))
    start, end = query.from_, query.to
    if not start < end <= start + LONGEST_CURVE:
        raise invalid(FieldError("to", FieldCode.RANGE, "After from, within ten years of it."))
    account_id = call.uuid("account_id")
    accounts = call.deps.accounts
    curve = found(
        await accounts.curve(call.who, account_id, query.instance, start, end, query.points)
    )
    days = found(await accounts.days(call.who, account_id, query.instance))
    return _told(curve, days, start, end)


def _told(curve: Curve, days: Iterable[RuleDayRow], start: datetime, end: datetime) -> EquityCurve:
    return EquityCurve(
        from_at=start,
        to_at=end,
        points=[CurvePoint(**asdict(point)) for point in curve.points],
        gaps=[CurveGap(**asdict(gap)) for gap in curve.gaps],
        floors=[
            CurveFloor(
                rule_id=day.rule_id,
                start_at=day.start_at,
                end_at=day.end_at,
                floor=floor,
                anchor=day.anchor,
                anchor_grade=day.anchor_grade,
            )
            for day in days
            if (floor := day.floor) is not None and day.start_at < end and day.end_at > start
        ],
        flows=[CurveFlow(**asdict(flow)) for flow in curve.flows],
    )


async def days(call: Call) -> Answered:
    """The rule-day calendar."""
    query: InstanceQuery = call.query
    account_id = call.uuid("account_id")
    rows = found(await call.deps.accounts.days(call.who, account_id, query.instance))
    items = [RuleDayItem(**asdict(row)) for row in rows]
    return Answered(DaysReply(account_id=account_id, days=items))


_ONE = "/api/account/{account_id}"

ROUTES = (
    Route(
        method="GET",
        path=_ONE + "/trades",
        title="List an account's trades",
        policy=USER,
        limit=LimitClass.DASHBOARD,
        handler=trades,
        query=TradesQuery,
        replies={200: TradesReply},
    ),
    Route(
        method="GET",
        path=_ONE + "/trades/{ticket}/deals",
        title="List the deals of one trade",
        policy=USER,
        limit=LimitClass.DASHBOARD,
        handler=deals,
        query=InstanceQuery,
        replies={200: DealsReply},
    ),
    Route(
        method="GET",
        path=_ONE + "/equity",
        title="Show an account's equity and its curve",
        policy=USER,
        limit=LimitClass.DASHBOARD,
        handler=equity,
        query=EquityQuery,
        replies={200: EquityReply},
    ),
    Route(
        method="GET",
        path=_ONE + "/days",
        title="List an account's rule days",
        policy=USER,
        limit=LimitClass.DASHBOARD,
        handler=days,
        query=InstanceQuery,
        replies={200: DaysReply},
    ),
)
