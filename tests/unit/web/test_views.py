"""What a reader is told is the same whether the account's actor runs on this node or not."""

from typing import Any
from uuid import uuid4

from attrs import evolve

from actors.behaviour import begin, react
from actors.commands import Commit, Publish
from actors.condition import Subject
from actors.domain.account import Account, Owner, Status
from actors.domain.history import AccountRow
from actors.domain.life import StoredLife
from actors.domain.published import Published
from actors.events import Committed, Moment, Observed, Opened, Started, Timer
from actors.ports import SyncUnit
from tests.fakes.actor_world import (
    LOGIN,
    PLAN,
    SERVER,
    START,
    make_account,
    make_instance,
    make_life,
    make_reading,
)
from web import views
from web.ports import View
from web.schemas.base import encode

AT = Moment(START, 0.0, 0.5)


def synced() -> tuple[SyncUnit, Published]:
    """One sync with a position in loss: what is stored of it, and what is published."""
    state, _ = begin(Subject(make_life(), make_instance(), 1))
    events: tuple[Any, ...] = (
        Started(AT, StoredLife(0, (), None)),
        Timer(AT),
        Opened(AT, make_account(), LOGIN, SERVER),
        Observed(AT, make_reading(START, -123_456)),
        Committed(AT),
    )
    said: list[Any] = []
    for event in events:
        state, commands = react(state, event)
        said += commands
    (unit,) = [one.unit for one in said if isinstance(one, Commit)]
    return unit, [one.published for one in said if isinstance(one, Publish)][-1]


def view_of(unit: SyncUnit, published: Published | None) -> View:
    """The account's stored row, with the live state beside it when an actor runs here."""
    account = Account(
        unit.instance.account_id, Owner("shop", 1), LOGIN, SERVER, PLAN.name, True, START, START
    )
    row = AccountRow(
        account=account,
        instance=unit.instance,
        connection_state=unit.connection_state,
        outcome=unit.outcome,
        tier=unit.tier,
        sync_seq=unit.sync_seq,
        last_sync_at=unit.observed_at,
        next_sync_at=unit.next_sync_at,
        last_error_code=None,
        violations=0,
        currency=unit.currency,
        currency_digits=unit.currency_digits,
        summary=unit.summary,
        standings=unit.standings,
    )
    return View(row, published)


def test_another_node_tells_the_same_standings() -> None:
    """Every rule with its exact figures, formula and inputs, byte for byte."""
    unit, published = synced()
    here = views.standings(view_of(unit, published))
    elsewhere = views.standings(view_of(unit, None))
    assert here is not None
    assert elsewhere is not None
    phase = PLAN.phases[0]
    assert len(here) == len((*phase.rules, *phase.conduct, *phase.objectives))
    assert any(rule.headroom is not None for rule in here)
    assert [encode(rule) for rule in elsewhere] == [encode(rule) for rule in here]


def test_another_node_tells_the_same_summary() -> None:
    """The summary too, byte for byte."""
    unit, published = synced()
    here, elsewhere = view_of(unit, published), view_of(unit, None)
    assert encode(views.summary_reply(here, START)) == encode(views.summary_reply(elsewhere, START))


def test_before_the_first_reading_nothing_is_known_elsewhere() -> None:
    """Without stored standings the rules are unknown, not empty."""
    unit, _ = synced()
    view = view_of(unit, None)
    fresh = evolve(view.row, standings=None, instance=evolve(unit.instance, instance_id=uuid4()))
    assert views.standings(View(fresh, None)) is None


def test_a_life_that_has_ended_waits_for_no_reset() -> None:
    """Its last figures stay; a next reset, its instant and the seconds to it are not told."""
    unit, _ = synced()
    view = view_of(unit, None)
    running = views.summary_reply(view, START)
    assert running.next_reset is not None
    over = evolve(unit.instance, status=Status.DEACTIVATED)
    ended = views.summary_reply(View(evolve(view.row, instance=over), None), START)
    assert (ended.next_reset, ended.dd_daily_reset_at) == (None, None)
    assert ended.dd_daily_seconds_to_reset is None
    assert ended.dd_daily_floor == running.dd_daily_floor
