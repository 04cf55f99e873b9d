"""Explanations, the preview and open positions, as the routes tell them."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import trio
from attrs import frozen

from actors.domain.account import Owner
from tests.fakes.actor_world import START
from tests.unit.web.test_views import synced, view_of
from web.ports import Principal, View
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

    known: View

    async def view(self, who: Principal, account_id: UUID, instance_id: UUID | None) -> View:
        """It."""
        return self.known


@frozen
class Shelf:
    """What the routes reach for."""

    accounts: OneAccount


def ask(handler: Any, query: Any, *, live: bool = True) -> Any:
    """The answer's JSON."""
    unit, published = synced()
    view = view_of(unit, published if live else None)
    path = {"account_id": str(unit.instance.account_id)}
    deps: Any = Shelf(OneAccount(view))
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


def test_without_an_actor_here_nothing_is_made_up() -> None:
    """Null where another server knows."""
    assert ask(explained, ExplainQuery(), live=False)["figures"] is None
    assert ask(preview, InstanceQuery(), live=False)["rules"] is None
    assert ask(positions, InstanceQuery(), live=False)["positions"] is None
