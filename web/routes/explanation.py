"""Why a figure is what it is, what the next reset brings, and the positions behind it.

All is told from what the actor published last, on request: a sync pays nothing for it.
"""

from datetime import datetime
from decimal import Decimal

from attrs import asdict

from actors.domain.explanation.explain import explain
from actors.domain.explanation.records import DealsBehind, Explained
from actors.domain.money import to_decimal
from actors.domain.preview import at_reset, reset_after
from actors.domain.published import Published
from actors.domain.snapshot import Observation, OpenPosition
from actors.domain.stops import AllStops, all_stops
from web import views
from web.limits import LimitClass
from web.problems import FieldCode, FieldError
from web.route import USER, Answered, Call, Route
from web.routes.accounts import viewed
from web.schemas.base import invalid
from web.schemas.explanation import (
    AnchorItem,
    DealsItem,
    ExplainedFigure,
    ExplainQuery,
    ExplainReply,
    InputItem,
    ObservationItem,
    PlanItem,
    PositionItem,
    PositionsReply,
    PreviewReply,
    RuleAtReset,
    StopItem,
    StopsItem,
)
from web.schemas.trading import InstanceQuery


async def explained(call: Call) -> Answered:
    """Every figure of summary and rules, or one, with formula, inputs and what is behind it."""
    query: ExplainQuery = call.query
    view = await viewed(call)
    known = None if view.published is None else _explained(view.published, query)
    reply = ExplainReply(
        account_id=view.row.account.account_id,
        rev=views.rev_of(view),
        page=query.page,
        limit=query.limit,
        figures=known,
    )
    return Answered(reply)


def _explained(published: Published, query: ExplainQuery) -> list[ExplainedFigure]:
    figures = explain(published.core, published.stands, published.summary, published.standings)
    if query.figure is not None:
        figures = tuple(one for one in figures if one.figure == query.figure)
        if not figures:
            detail = "A figure of the summary, or rules.<rule_id>.<figure>."
            raise invalid(FieldError("figure", FieldCode.RANGE, detail))
    return [_figure(one, query) for one in figures]


def _figure(one: Explained, query: ExplainQuery) -> ExplainedFigure:
    return ExplainedFigure(
        figure=one.figure,
        rule_id=one.rule_id,
        formula=one.formula,
        value=one.value,
        unit=one.unit,
        inputs=[InputItem(**asdict(each)) for each in one.inputs],
        grade=one.grade,
        deals=None if one.deals is None else _deals(one.deals, query),
        observation=None if one.observation is None else ObservationItem(**asdict(one.observation)),
        anchor=None if one.anchor is None else AnchorItem(**asdict(one.anchor)),
        plan=[PlanItem(**asdict(each)) for each in one.plan],
    )


def _deals(deals: DealsBehind, query: ExplainQuery) -> DealsItem:
    """The asked page of tickets; in the reply of all figures only their number."""
    first = (query.page - 1) * query.limit
    page = deals.tickets[::-1][first : first + query.limit] if query.figure else ()
    return DealsItem(
        amount=deals.amount,
        total=len(deals.tickets),
        tickets=[str(ticket) for ticket in page],
        first_at=deals.first_at,
        last_at=deals.last_at,
        older=deals.older,
    )


async def preview(call: Call) -> Answered:
    """Each loss rule at the next reset with today's positions, and if every stop-loss is hit."""
    view = await viewed(call)
    published = view.published
    account_id, rev = view.row.account.account_id, views.rev_of(view)
    if published is None:
        nothing = PreviewReply(
            account_id=account_id, rev=rev, reset_at=None, stops=None, rules=None
        )
        return Answered(nothing)
    worst = all_stops(published.core, published.specs)
    reply = PreviewReply(
        account_id=account_id,
        rev=rev,
        reset_at=reset_after(published.core, call.now),
        stops=_stops(worst, _digits(published)),
        rules=_rules_then(published, worst),
    )
    return Answered(reply)


def _digits(published: Published) -> int:
    return published.core.progress.digits or 0


def _stops(worst: AllStops, digits: int) -> StopsItem:
    hits = [
        StopItem(ticket=str(hit.position_id), profit=_whole(hit.profit, digits), grade=hit.grade)
        for hit in worst.hits
    ]
    return StopsItem(grade=worst.grade, positions=hits)


def _rules_then(published: Published, worst: AllStops) -> list[RuleAtReset]:
    digits = _digits(published)
    rows = zip(at_reset(published.core), worst.rules, published.standings, strict=False)
    return [
        RuleAtReset(
            rule_id=now.rule_id,
            rule_type=now.rule_type,
            floor=now.floor,
            headroom=now.headroom,
            projected_floor=_whole(None if then.floor is None else then.floor.floor, digits),
            headroom_after=_whole(then.headroom, digits),
            headroom_at_stops=_whole(stopped.headroom, digits),
        )
        for then, stopped, now in rows
    ]


def _whole(minor: int | None, digits: int) -> Decimal | None:
    return None if minor is None else to_decimal(minor, digits)


async def positions(call: Call) -> Answered:
    """The open positions as the last reading showed them."""
    view = await viewed(call)
    seen = None if view.published is None else view.published.observation
    fresh = views.freshness(views.figures(view), call.now, stale=view.stale)
    reply = PositionsReply(
        account_id=view.row.account.account_id,
        rev=views.rev_of(view),
        recorded_at=None if seen is None else seen.observed_at,
        data_age_seconds=fresh.age_seconds,
        stale=fresh.stale or seen is None,
        server_now=call.now,
        positions=None if seen is None else [_position(p, seen, call.now) for p in seen.positions],
    )
    return Answered(reply)


def _position(position: OpenPosition, seen: Observation, now: datetime) -> PositionItem:
    digits = seen.currency_digits
    return PositionItem(
        ticket=str(position.position_id),
        symbol=position.symbol,
        type=position.side.value.upper(),
        lots=position.volume,
        open_price=position.open_price,
        current_price=position.current_price,
        stop_loss=position.stop_loss,
        take_profit=position.take_profit,
        profit=to_decimal(position.profit, digits),
        swap=to_decimal(position.swap, digits),
        opened_at=position.opened_at,
        seconds_open=max(0, int((now - position.opened_at).total_seconds())),
    )


_ONE = "/api/account/{account_id}"

ROUTES = (
    Route(
        method="GET",
        path=_ONE + "/explain",
        title="Explain an account's figures",
        policy=USER,
        limit=LimitClass.DASHBOARD,
        handler=explained,
        query=ExplainQuery,
        replies={200: ExplainReply},
    ),
    Route(
        method="GET",
        path=_ONE + "/preview",
        title="Preview the next reset and the worst case",
        policy=USER,
        limit=LimitClass.DASHBOARD,
        handler=preview,
        query=InstanceQuery,
        replies={200: PreviewReply},
    ),
    Route(
        method="GET",
        path=_ONE + "/positions",
        title="List an account's open positions",
        policy=USER,
        limit=LimitClass.DASHBOARD,
        handler=positions,
        query=InstanceQuery,
        replies={200: PositionsReply},
    ),
)
