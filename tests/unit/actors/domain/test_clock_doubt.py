"""A broker's clock in doubt: no daily verdict, nothing lost, and the account says why."""

from datetime import datetime, timedelta

from attrs import evolve

from actors.domain.account import ConnectionState
from actors.domain.account_state import AccountState
from actors.domain.loss_stands import loss_stands
from actors.domain.risk_tier import schedule
from actors.domain.state import Effects
from actors.domain.step import start, step
from actors.domain.summary import Proof, RuleState, Summary
from actors.domain.summary_view import (
    CLOCK_DIFFERS,
    history_fault,
    history_state,
    standings,
    summarise,
)
from actors.domain.violation import Verdict
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

BEGAN, NOON = at("02 06:00:00"), at("02 12:00:00")
DEALS = [deal(1, BEGAN, 10_000_000), opened(2, at("02 07:00:00"), 2)]


def begun() -> AccountState:
    """A long, read once a while ago."""
    state = start(life_of(plan_of(DAILY + OVERALL)), nothing_stored(), BEGAN)
    return step(state, reading(seen(NOON, 10_000_000, {2: 0}), DEALS), NOON)[0]


def read(
    state: AccountState, when: datetime, floating: int, *, doubted: bool
) -> tuple[AccountState, Effects]:
    """Read the account, with its server's clock in doubt or not."""
    told = reading(seen(when, 10_000_000, {2: floating}), DEALS)
    return step(state, evolve(told, offset_known=not doubted), when)


def told(state: AccountState, when: datetime) -> Summary:
    """The summary as the actor would publish it."""
    stands = loss_stands(state, when)
    return summarise(state, stands, history_state(state), schedule(state, when, 0.0), when)


def test_a_daily_rule_stands_nowhere_and_the_account_says_why() -> None:
    """Daily figures are unknown, overall ones stay; the operator is needed for the clock."""
    soon = NOON + timedelta(seconds=30)
    state, _ = read(begun(), soon, -450_000, doubted=True)
    assert (history_state(state), history_fault(state)) == (
        ConnectionState.NEEDS_OPERATOR,
        CLOCK_DIFFERS,
    )
    daily, overall = standings(state, loss_stands(state, soon))
    assert (daily.state, daily.proof, daily.value) == (RuleState.UNKNOWN, Proof.UNKNOWN, None)
    assert overall.state is RuleState.OK
    summary = told(state, soon)
    assert (summary.dd_daily_used, summary.dd_daily_headroom) == (None, None)
    assert summary.dd_all_time_headroom is not None


def test_nothing_is_lost_when_the_clock_is_sure_again() -> None:
    """What was read meanwhile is judged at its own time, and the daily figures are back."""
    state = begun()
    for second, floating in ((30, -100), (35, -600_000), (40, -200)):
        state, effects = read(state, NOON + timedelta(seconds=second), floating, doubted=True)
        assert effects.violations == ()
    after = NOON + timedelta(seconds=45)
    state, effects = read(state, after, 0, doubted=False)
    hard = [(v.rule_id, v.occurred_at) for v in effects.violations if v.verdict is Verdict.HARD]
    assert hard == [("daily", NOON + timedelta(seconds=35))]
    assert (history_state(state), history_fault(state)) == (ConnectionState.READY, None)
    assert told(state, after).dd_daily_used is not None


def test_a_breach_before_the_doubt_stays_a_breach() -> None:
    """A latched daily breach is shown through the doubt."""
    state, effects = read(begun(), NOON + timedelta(seconds=5), -600_000, doubted=False)
    assert [v.rule_id for v in effects.violations if v.verdict is Verdict.HARD] == ["daily"]
    soon = NOON + timedelta(seconds=10)
    state, _ = read(state, soon, 0, doubted=True)
    daily, _ = standings(state, loss_stands(state, soon))
    assert (daily.state, told(state, soon).dd_daily_breached) == (RuleState.BREACH, True)


def test_a_doubt_of_hours_costs_neither_reads_nor_rows() -> None:
    """The pace stays the tier's, what is dropped is not told, and the gap becomes unknown time."""
    state = begun()
    for minute in range(1, 91):
        when = NOON + timedelta(minutes=minute)
        state, effects = read(state, when, -minute, doubted=True)
        assert (effects.reread_within_seconds, effects.notes) == (None, ())
    assert len(state.progress.held) == 60
    after = NOON + timedelta(minutes=91)
    state, effects = read(state, after, 0, doubted=False)
    assert state.progress.day is not None
    assert state.progress.day.span.unknown >= 30 * 60 * 1_000_000
