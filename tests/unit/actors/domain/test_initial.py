"""The initial balance while no trade has fixed it yet: deposits move it, waiting does not."""

from datetime import timedelta

from actors.domain.account import ConnectionState
from actors.domain.account_state import AccountState
from actors.domain.initial import find_initial
from actors.domain.ledger import Ledger, merge
from actors.domain.rule_day import RuleDay
from actors.domain.state import Effects
from actors.domain.step import fetch_since_msc, start, step
from actors.domain.summary_view import history_state
from tests.unit.actors.domain.histories import (
    DAILY,
    OVERALL,
    at,
    deal,
    life_of,
    nothing_stored,
    opened,
    plan_of,
    reading,
    seen,
)

FIRST, SECOND = deal(1, at("02 08:00:00"), 4_000_000), deal(2, at("03 08:00:00"), 6_000_000)


def begun() -> AccountState:
    """A life that nobody has read yet."""
    return start(life_of(plan_of(DAILY + OVERALL)), nothing_stored(), at("02 09:00:00"))


def waited(state: AccountState, days: int) -> AccountState:
    """The state after a reading a day, with both deposits and no trade."""
    for day in range(days):
        when = at("03 09:00:00") + timedelta(days=day)
        asked = [d for d in (FIRST, SECOND) if d.broker_msc >= fetch_since_msc(state)]
        state, _ = step(state, reading(seen(when, 10_000_000), asked, total=2), when)
    return state


def test_a_long_wait_for_the_first_trade_keeps_the_initial_balance() -> None:
    """Deposits stay the initial balance, however many days pass before the first trade."""
    state = waited(begun(), 12)
    before = state.progress.initial
    when = at("15 09:00:00")
    trade = opened(3, at("15 08:00:00"), 7, amount=-10)
    state, effects = step(state, reading(seen(when, 9_999_990, {7: 0}), [trade], total=3), when)
    assert before is not None
    assert (before.value, before.initial_at) == (10_000_000, SECOND.occurred_at)
    assert state.progress.initial == before
    assert state.progress.base.flows == 10_000_000
    assert effects.initial_balance is None


def test_a_further_deposit_before_any_trade_revises_the_first_day() -> None:
    """The day's rows get a further revision with its cause; the written ones stay as they are."""
    state, first = begun(), Effects()
    for minute in range(2):
        when = at(f"02 09:0{minute}:00")
        state, effects = step(state, reading(seen(when, 4_000_000), [FIRST]), when)
        first = effects if effects.rule_days else first
    later = deal(2, at("02 10:00:00"), 6_000_000)
    when = at("02 11:00:00")
    state, effects = step(state, reading(seen(when, 10_000_000), [FIRST, later]), when)

    def told(row: RuleDay) -> tuple[str, int, int | None, str | None]:
        return row.rule_id, row.revision, row.anchor, row.cause

    assert [told(row) for row in first.rule_days] == [
        ("daily", 0, 4_000_000, None),
        ("overall", 0, 4_000_000, None),
    ]
    assert [told(row) for row in effects.rule_days] == [
        ("daily", 1, 10_000_000, "further_deposit"),
        ("overall", 1, 10_000_000, "further_deposit"),
    ]


def test_trades_without_any_deposit_wait_for_an_operator() -> None:
    """What the life started with is unknown: no verdict before somebody says it."""
    when = at("02 09:00:00")
    state, effects = step(begun(), reading(seen(when, 0, {7: 0}), [opened(1, when, 7)]), when)
    assert (state.progress.initial, effects.violations) == (None, ())
    assert history_state(state) is ConnectionState.NEEDS_OPERATOR


def test_an_empty_account_waits_for_its_first_deposit() -> None:
    """Without a deal there is nothing to judge and nothing to decide; the deposit begins it."""
    when = at("02 09:00:00")
    state, effects = step(begun(), reading(seen(when, 0), []), when)
    assert (state.progress.initial, effects.violations) == (None, ())
    assert history_state(state) is not ConnectionState.NEEDS_OPERATOR
    later = at("03 09:00:00")
    state, _ = step(state, reading(seen(later, 4_000_000), [FIRST]), later)
    assert state.progress.initial is not None
    assert state.progress.initial.value == 4_000_000


def test_a_life_that_begins_after_the_deposit_starts_with_what_is_there() -> None:
    """A later phase of an account without a deposit of its own: the balance as it begins."""
    life = life_of(plan_of(DAILY), deals_from=at("03 00:00:00"))
    deals = [deal(1, at("02 06:00:00"), 10_000_000), opened(2, at("03 07:00:00"), 2, amount=-50)]
    found = find_initial(merge(Ledger(), deals).ledger, life, at("03 08:00:00"), 2)
    assert found.initial is not None
    assert (found.initial.value, found.initial.initial_at) == (10_000_000, at("03 00:00:00"))
    assert found.base.balance == 10_000_000
