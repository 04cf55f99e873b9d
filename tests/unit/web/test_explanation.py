"""Explanations, the preview and open positions, as the routes tell them."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
import trio
from attrs import frozen

from actors.domain.account import ConnectionState, Owner
from actors.domain.explanation.explain import explain
from actors.domain.life import StoredLife
from actors.domain.loss_stands import loss_stands
from actors.domain.risk_tier import schedule
from actors.domain.shown import as_published, as_stored
from actors.domain.step import at_rest, start
from actors.domain.summary_view import summarise
from tests.fakes.actor_world import START, deposit, make_life
from tests.unit.web.test_views import synced, view_of
from web.ports import Principal, ToldLife
from web.problems import Problem
from web.route import Answered, Call
from web.routes.explanation import explained, positions, preview
from web.schemas.base import encode
from web.schemas.explanation import ExplainQuery
from web.schemas.trading import InstanceQuery

WHO = Principal(Owner("shop", 1), None, "token")
LATER = START + timedelta(seconds=90)


@frozen
class OneAccount:
    """Knows one account."""

    known: ToldLife

    async def life(self, who: Principal, account_id: UUID, instance_id: UUID | None) -> ToldLife:
        """It."""
        return self.known


@frozen
class Shelf:
    """What the routes reach for."""

    accounts: OneAccount


def ask(handler: Any, query: Any, *, live: bool = True, ended_at: datetime | None = None) -> Any:
    """The answer's JSON: of a running account, else as it is stored."""
    unit, published = synced()
    stored = StoredLife(unit.sync_seq, (deposit(), *unit.effects.deals), unit.effects.rule_state)
    core = at_rest(start(make_life(), stored, LATER))
    shown = as_published(published)
    if not live:
        shown = as_stored(core, unit.summary, unit.connection_state, LATER)
    view = view_of(unit, published if live else None)
    path = {"account_id": str(unit.instance.account_id)}
    deps: Any = Shelf(OneAccount(ToldLife(view, shown, ended_at)))
    call = Call(deps, "request", LATER, path, query, None, WHO)
    answered: Answered = trio.run(handler, call)
    return json.loads(encode(answered.model))


def test_all_figures_are_explained_without_their_tickets() -> None:
    """Each once, with formula, inputs and the number of deals behind it."""
    figures = {one["figure"]: one for one in ask(explained, ExplainQuery())["figures"]}
    change = figures["balance_change_abs"]
    assert change["formula"] == "balance_change"
    assert [each["name"] for each in change["inputs"]] == ["balance", "initial"]
    assert figures["balance_current"]["deals"]["total"] > 0
    assert figures["balance_current"]["deals"]["tickets"] == []
    assert figures["rules.daily-loss.floor"]["plan"][0]["plan_hash"]


def test_one_figure_names_its_deals_by_page() -> None:
    """The newest first, as many as asked for."""
    (whole,) = ask(explained, ExplainQuery(figure="balance_current"))["figures"]
    tickets = whole["deals"]["tickets"]
    assert len(tickets) == whole["deals"]["total"] > 0
    assert tickets == sorted(tickets, key=int, reverse=True)
    paged = [
        ask(explained, ExplainQuery(figure="balance_current", limit=1, page=page))["figures"][0]
        for page in range(1, len(tickets) + 2)
    ]
    assert [one["deals"]["tickets"] for one in paged] == [*([each] for each in tickets), []]


def test_an_unknown_figure_is_refused() -> None:
    """422 that names the parameter."""
    with pytest.raises(Problem) as refused:
        ask(explained, ExplainQuery(figure="rules.daily-loss.mood"))
    assert refused.value.errors[0].name == "figure"


def test_the_preview_tells_every_loss_rule() -> None:
    """The floor now and after the reset."""
    told = ask(preview, InstanceQuery())
    assert told["reset_at"] == "2026-03-02T22:00:00Z"
    rules = {one["rule_id"]: one for one in told["rules"]}
    assert rules["daily-loss"]["projected_floor"] < rules["daily-loss"]["floor"]
    assert rules["daily-loss"]["headroom_after"] > rules["daily-loss"]["headroom"]


def test_a_position_without_a_stop_has_no_worst_case() -> None:
    """Unbounded is said so, and no headroom is made up."""
    told = ask(preview, InstanceQuery())
    assert told["stops"]["grade"] == "unbounded"
    assert [one["profit"] for one in told["stops"]["positions"]] == [None]
    assert {one["headroom_at_stops"] for one in told["rules"]} == {None}


def test_open_positions_are_told_as_the_terminal_showed_them() -> None:
    """With their age at the response's time."""
    told = ask(positions, InstanceQuery())
    (one,) = told["positions"]
    assert (one["symbol"], one["type"], one["profit"]) == ("EURUSD", "BUY", -1234.56)
    assert one["seconds_open"] >= 90
    assert told["data_age_seconds"] == 90


ROUTES = ((explained, ExplainQuery()), (preview, InstanceQuery()), (positions, InstanceQuery()))


@pytest.mark.parametrize(("handler", "query"), ROUTES)
def test_a_stored_life_tells_all_that_a_running_one_tells(handler: Any, query: Any) -> None:
    """The same answer to the letter, figures, deals, previews and positions."""
    assert ask(handler, query, live=False) == ask(handler, query)


def test_an_ended_life_has_no_reset_and_says_why() -> None:
    """A code instead of an instant; where the rules stood at the last reading stays."""
    told, ran = (
        ask(preview, InstanceQuery(), live=False, ended_at=LATER),
        ask(preview, InstanceQuery()),
    )
    assert (ran["no_reset"], ran["ended_at"]) == (None, None)
    assert (told["reset_at"], told["no_reset"]) == (None, "life_ended")
    assert told["ended_at"] == "2026-03-02T08:01:30Z"
    assert told["stops"] == ran["stops"]
    for then, now in zip(told["rules"], ran["rules"], strict=True):
        assert (then["projected_floor"], then["headroom_after"]) == (None, None)
        assert (then["floor"], then["headroom"]) == (now["floor"], now["headroom"])


def test_positions_of_an_ended_life_age_no_more() -> None:
    """They were open for as long as the last reading saw them."""
    (ran,) = ask(positions, InstanceQuery())["positions"]
    told = ask(positions, InstanceQuery(), live=False, ended_at=LATER)
    assert told["positions"] == [ran | {"seconds_open": ran["seconds_open"] - 90}]
    assert told["data_age_seconds"] == 90


def test_a_life_that_was_never_read_is_told_as_unknown() -> None:
    """Every figure is there, explained and without a value."""
    core = start(make_life(), StoredLife(0, (), None), START)
    shown = as_stored(core, None, ConnectionState.CONNECTING, START)
    assert shown.observation is None
    assert {one.checked for one in shown.standings}
    assert {one.value for one in shown.standings} == {None}
    assert shown.summary.balance_current is None
    figures = explain(shown.core, shown.stands, shown.summary, shown.standings)
    assert {one.figure for one in figures} >= {"balance_current", "rules.daily-loss.floor"}


def test_a_reset_between_reading_and_commit_is_told_as_committed() -> None:
    """The summary of a day that had ended by then names no daily floor; nor does its rule."""
    unit, published = synced()
    day = published.core.progress.day
    assert day is not None
    stands = loss_stands(published.core, day.end)
    pace = schedule(published.core, day.end, 0.0)
    late = summarise(published.core, stands, unit.connection_state, pace, day.end)
    stored = msgspec.json.encode(late)
    shown = as_stored(published.core, stored, unit.connection_state, LATER)
    assert shown.summary == late
    assert shown.stands == stands
    assert shown.stands != as_published(published).stands
