"""Explain this number, the reset preview, and the open positions behind today's figures."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta

from actors.domain.explanation.records import FigureUnit, FormulaCode, InputName
from actors.domain.rule_day import AnchorGrade
from actors.domain.stops import StopGrade
from web.schemas.base import PageNumber, PageSize, Reply
from web.schemas.trading import InstanceQuery

Told = Annotated[Any, Meta(extra_json_schema={"type": ["number", "string", "boolean", "null"]})]


class ExplainQuery(InstanceQuery, frozen=True, kw_only=True):
    """One figure by name, else all; page and limit cut the list of deals behind a figure."""

    figure: Annotated[str, Meta(min_length=1, max_length=128)] | None = None
    page: PageNumber = 1
    limit: PageSize = 50


class InputItem(Reply, frozen=True, kw_only=True):
    """One named number of a formula."""

    name: InputName
    value: Told
    unit: FigureUnit


class DealsItem(Reply, frozen=True, kw_only=True):
    """The deals that a figure adds up: their sum, and a page of tickets, the newest first.

    ``total`` counts the deals in memory, ``older`` those of any kind that have left it.
    """

    amount: Decimal
    total: int
    tickets: list[str]
    first_at: datetime | None
    last_at: datetime | None
    older: int


class ObservationItem(Reply, frozen=True, kw_only=True):
    """The reading that a figure rests on."""

    at: datetime
    balance: Decimal
    equity: Decimal
    credit: Decimal
    floating: Decimal
    positions: int


class AnchorItem(Reply, frozen=True, kw_only=True):
    """What a floor hangs from: its rule day (null: the whole life), grade and source."""

    rule_date: date | None
    at: datetime | None
    grade: AnchorGrade
    source: str


class PlanItem(Reply, frozen=True, kw_only=True):
    """A field of the plan version that decides."""

    path: str
    value: str
    plan_hash: str


class ExplainedFigure(Reply, frozen=True, kw_only=True):
    """A figure with its formula (a code, worded in web/words), inputs and what is behind it.

    The formula applied to the inputs gives exactly the value. ``grade`` says how it is known.
    """

    figure: str
    rule_id: str | None
    formula: FormulaCode
    value: Told
    unit: FigureUnit
    inputs: list[InputItem]
    grade: AnchorGrade | None
    deals: DealsItem | None
    observation: ObservationItem | None
    anchor: AnchorItem | None
    plan: list[PlanItem]


class LifeReply(Reply, frozen=True, kw_only=True):
    """Which life is told, as of when. ``instance_id`` is the one that tells it: an instance before
    a new password is told by its successor. ``ended_at`` is null while the life goes on.
    """

    account_id: UUID
    instance_id: UUID
    rev: int
    recorded_at: datetime | None
    data_age_seconds: float | None
    stale: bool
    ended_at: datetime | None
    server_now: datetime


class ExplainReply(LifeReply, frozen=True, kw_only=True):
    """The figures of summary and rules, explained; what is unknown has no value."""

    page: int
    limit: int
    figures: list[ExplainedFigure]


class StopItem(Reply, frozen=True, kw_only=True):
    """One open position at its stop-loss: its profit there, without slippage, and how known."""

    ticket: str
    profit: Decimal | None
    grade: StopGrade


class StopsItem(Reply, frozen=True, kw_only=True):
    """The worst case. ``unbounded``: a position has no stop-loss; ``unknown``: what a price step
    of a symbol is worth cannot be told. Then no headroom is told either.
    """

    grade: StopGrade
    positions: list[StopItem]


class RuleAtReset(Reply, frozen=True, kw_only=True):
    """A loss rule now, just after the next reset if nothing changed until then, and if every
    stop-loss were hit now.
    """

    rule_id: str
    rule_type: str
    floor: Decimal | None
    headroom: Decimal | None
    projected_floor: Decimal | None
    headroom_after: Decimal | None
    headroom_at_stops: Decimal | None


class NoReset(StrEnum):
    """Why no reset comes: the life has ended (reset, next phase, or deactivated)."""

    LIFE_ENDED = "life_ended"


class PreviewReply(LifeReply, frozen=True, kw_only=True):
    """Every loss rule at the next reset with today's balance and positions, and at the stops.

    ``no_reset`` says why ``reset_at`` and what the rules are after it is null; then floor, headroom
    and stops are those of the last reading.
    """

    reset_at: datetime | None
    no_reset: NoReset | None
    stops: StopsItem
    rules: list[RuleAtReset]


class PositionItem(Reply, frozen=True, kw_only=True):
    """An open position as the terminal showed it."""

    ticket: str
    symbol: str
    type: str
    lots: Decimal
    open_price: Decimal
    current_price: Decimal
    stop_loss: Decimal | None
    take_profit: Decimal | None
    profit: Decimal
    swap: Decimal
    opened_at: datetime
    seconds_open: int


class PositionsReply(LifeReply, frozen=True, kw_only=True):
    """The open positions of the last reading; null before the first."""

    positions: list[PositionItem] | None
