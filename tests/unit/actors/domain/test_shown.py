"""A life as readers see it: published and stored tell the same, and a reset is never undone."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
import pytest

from actors.domain.account import ConnectionState, Outcome, Status, Tier
from actors.domain.life import StoredLife
from actors.domain.loss_stands import loss_stands
from actors.domain.published import Published
from actors.domain.risk_tier import schedule
from actors.domain.shown import as_published, as_stored
from actors.domain.state import Effects
from actors.domain.step import at_rest, start
from actors.domain.summary_view import standings, summarise
from tests.fakes.kept_life import KeptLife
from tests.unit.actors.domain.histories import (
    DAILY,
    OVERALL,
    at,
    closed,
    deal,
    life_of,
    opened,
    plan_of,
    reading,
    seen,
)

LIFE = life_of(plan_of(DAILY + OVERALL))
READ, RESET = at("02 21:59:00"), at("02 22:00:00")
MUCH_LATER = at("20 12:00:00")
DEALS = [
    deal(1, at("02 06:00:00"), 10_000_000),
    opened(2, at("02 07:00:00"), 2),
    closed(3, at("02 08:00:00"), 2, -100_000),
]


def kept() -> KeptLife:
    """A life that was read once, a minute before the reset."""
    life = KeptLife(LIFE, at("02 06:00:00"))
    life.told(reading(seen(READ, 9_900_000), DEALS))
    return life


def published_at(life: KeptLife, when: datetime) -> Published:
    """What its actor would publish at an instant."""
    core, some = life.state, UUID(int=1)
    stands = loss_stands(core, when)
    summary = summarise(core, stands, ConnectionState.READY, schedule(core, when, 0.0), when)
    return Published(
        some, some, some, 1, 0, Status.ACTIVE, ConnectionState.READY, Outcome.RUNNING, Tier.ACTIVE,
        summary, standings(core, stands), core.progress.newest, READ, None, None, core, stands,
    )  # fmt: skip


@pytest.mark.parametrize("committed", [READ, RESET - timedelta(microseconds=1), RESET])
def test_a_stored_life_looks_as_it_was_published(committed: datetime) -> None:
    """Long afterwards too; from the reset on its day's floor is unknown, before it is not."""
    life = kept()
    published = published_at(life, committed)
    document = msgspec.json.encode(published.summary)
    stored = as_stored(life.state, document, ConnectionState.BACKOFF, MUCH_LATER)
    live = as_published(published)
    assert stored == live
    assert (stored.stands[0].floor is None) is (committed >= RESET)
    assert stored.observation == seen(READ, 9_900_000)


def test_a_life_that_was_never_read_is_told_as_unknown() -> None:
    """Nothing was committed: every figure is there and unknown, in the condition that it is in."""
    core = start(LIFE, StoredLife(0, (), None), READ)
    shown = as_stored(core, None, ConnectionState.CONNECTING, READ)
    assert shown.observation is None
    assert shown.summary.connection_state is ConnectionState.CONNECTING
    assert (shown.summary.balance_current, shown.summary.dd_daily_floor) == (None, None)
    assert [one.floor for one in shown.standings] == [None, None]


def test_a_life_at_rest_keeps_no_deals_that_nothing_needs() -> None:
    """Loaded with all its deals, it forgets what a running life of that age has forgotten."""
    life = kept()
    effects: list[Effects] = [
        life.told(reading(seen(at(f"{day:02} 08:00:00"), 9_900_000), [], 3)) for day in range(3, 9)
    ]
    loaded = start(LIFE, StoredLife(7, tuple(DEALS), effects[-1].rule_state), MUCH_LATER)
    rested = at_rest(loaded)
    assert len(loaded.ledger.deals) == 3
    assert rested.ledger.deals == life.state.ledger.deals == ()
    assert rested.ledger.total == loaded.ledger.total
    assert (rested.tally, rested.progress) == (life.state.tally, life.state.progress)
