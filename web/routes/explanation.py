"""Why a figure is what it is, what the next reset brings, and the positions behind it.

All is told on request, so that a sync pays nothing for it: from what the actor published last, or
from the stored life where no actor of this node watches it.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from attrs import asdict

from actors.domain.explanation.explain import explain
from actors.domain.explanation.records import DealsBehind, Explained
from actors.domain.money import to_decimal
from actors.domain.preview import at_reset, reset_after
from actors.domain.shown import Shown
from actors.domain.snapshot import Observation, OpenPosition
from actors.domain.stops import AllStops, all_stops
from web import views
from web.limits import LimitClass
from web.ports import ToldLife
from web.problems import FieldCode, FieldError
from web.route import USER, Answered, Call, Route
from web.routes.answers import found
from web.schemas.base import invalid
from web.schemas.explanation import (
    AnchorItem,
    DealsItem,
    ExplainedFigure,
    ExplainQuery,
    ExplainReply,
    InputItem,
    NoReset,
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
    life = await _life(call)
    reply = ExplainReply(
        **_head(life, call.now),
        page=query.page,
        limit=query.limit,
        figures=_explained(life.shown, query),
    )
    return Answered(reply)


async def _life(call: Call) -> ToldLife:
    """The life of the account of the path. Raises Problem 404."""
    query: InstanceQuery = call.query
    account_id = call.uuid("account_id")
    return found(await call.deps.accounts.life(call.who, account_id, query.instance))


def _head(life: ToldLife, now: datetime) -> dict[str, Any]:
    """Who tells the life, when it was read last, and how old that is (``LifeReply``)."""
    view, seen = life.view, life.shown.observation
    fresh = views.freshness(views.figures(view), now, stale=view.stale)
    return {
        "account_id": view.row.account.account_id,
        "instance_id": views.instance_id_of(view),
        "rev": views.rev_of(view),
        "recorded_at": None if seen is None else seen.observed_at,
        "data_age_seconds": fresh.age_seconds,
        "stale": fresh.stale or seen is None,
        "ended_at": life.ended_at,
        "server_now": now,
    }


def _explained(shown: Shown, query: ExplainQuery) -> list[ExplainedFigure]:
    figures = explain(shown.core, shown.stands, shown.summary, shown.standings)
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
    """Each loss rule at the next reset with today's positions, and if every stop-loss is hit.

    A life that has ended stays as it was read last: no reset comes to it any more.
    """
    life = await _life(call)
    shown, ended = life.shown, life.ended_at is not None
    worst = all_stops(shown.core, shown.specs)
    reply = PreviewReply(
        **_head(life, call.now),
        reset_at=None if ended else reset_after(shown.core, call.now),
        no_reset=NoReset.LIFE_ENDED if ended else None,
        stops=_stops(worst, _digits(shown)),
        rules=_rules_then(shown, worst, ended=ended),
    )
    return Answered(reply)


def _digits(shown: Shown) -> int:
    return shown.core.progress.digits or 0


def _stops(worst: AllStops, digits: int) -> StopsItem:
    hits = [
        StopItem(ticket=str(hit.position_id), profit=_whole(hit.profit, digits), grade=hit.grade)
        for hit in worst.hits
    ]
    return StopsItem(grade=worst.grade, positions=hits)


def _rules_then(shown: Shown, worst: AllStops, *, ended: bool) -> list[RuleAtReset]:
    digits = _digits(shown)
    rows = zip(at_reset(shown.core), worst.rules, shown.standings, strict=False)
    return [
        RuleAtReset(
            rule_id=now.rule_id,
            rule_type=now.rule_type,
            floor=now.floor,
            headroom=now.headroom,
            projected_floor=None
            if ended or then.floor is None
            else _whole(then.floor.floor, digits),
            headroom_after=None if ended else _whole(then.headroom, digits),
            headroom_at_stops=_whole(stopped.headroom, digits),
        )
        for then, stopped, now in rows
    ]


def _whole(minor: int | None, digits: int) -> Decimal | None:
    return None if minor is None else to_decimal(minor, digits)


async def positions(call: Call) -> Answered:
    """The open positions as the last reading showed them; of an ended life, aged up to then."""
    life = await _life(call)
    seen = life.shown.observation
    until = call.now if seen is None or life.ended_at is None else seen.observed_at
    shown = None if seen is None else [_position(each, seen, until) for each in seen.positions]
    return Answered(PositionsReply(**_head(life, call.now), positions=shown))


def _position(position: OpenPosition, seen: Observation, until: datetime) -> PositionItem:
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
        seconds_open=max(0, int((until - position.opened_at).total_seconds())),
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
