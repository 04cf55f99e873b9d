"""Rules on conduct and objectives under random histories, late deals and restarts."""

from datetime import timedelta
from fractions import Fraction
from random import Random

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.domain.account import Outcome
from actors.domain.account_state import AccountState
from actors.domain.deals import Deal, DealEntry, DealType
from actors.domain.life import Life, StoredLife
from actors.domain.past import Past
from actors.domain.state import Effects, Reading
from actors.domain.step import start, step
from actors.domain.summary import Proof, RuleStanding, RuleState
from actors.domain.summary_view import outcome
from actors.domain.violation import Verdict
from tests.unit.actors.domain.histories import (
    DAILY,
    at,
    closed,
    deal,
    life_of,
    nothing_stored,
    opened,
    plan_of,
    reading,
    rule,
    seen,
    standings,
)

TARGET = rule("target", "profit_target", target="{ percent = 8 }")
DAYS = rule("days", "minimum_trading_days", days="3", counted='"gain"', percent="0.1")
EVEN = rule("even", "consistency", percent="40")
EVERY = plan_of(
    DAILY
    + rule("lots", "max_lots", lots="2", of='"total"', severity='"soft"')
    + rule("count", "max_positions", positions="3", severity='"soft"')
    + rule("stop", "stop_loss_within", seconds="30", severity='"soft"')
    + rule("hold", "minimum_holding_time", seconds="50", severity='"soft"')
    + rule("flat", "weekend_flat", by='{ day = "wednesday", at = "09:00" }', zone='"server"',
           until='{ day = "wednesday", at = "15:00" }', severity='"soft"')
    + rule("idle", "inactivity", days="2", warning_days="1", severity='"soft"')
    + rule("life", "lifetime", days="4", severity='"soft"')
    + TARGET + DAYS + EVEN
)  # fmt: skip
BEGAN = at("02 06:00:00")


def random_days(seed: int, length: int = 30) -> list[Deal]:
    """Deals of some days: positions opened, closed in parts, payouts; tickets in order of time."""
    random, when = Random(seed), BEGAN
    deals, live = [deal(1, when, 10_000_000)], dict[int, int]()
    for ticket in range(2, 2 + length):
        when += timedelta(seconds=random.choice([0, 1, 49, 50, 3600, 30_000, 100_000]))
        what = random.random()
        if what < 0.5 or not live:
            position = random.choice([ticket, *live])
            live[position] = live.get(position, 0) + 1
            deals.append(opened(ticket, when, position))
        elif what < 0.95:
            position = random.choice(list(live))
            live[position] -= 1
            deals.append(closed(ticket, when, position, random.randrange(-90_000, 120_000)))
            live = {p: lots for p, lots in live.items() if lots}
        else:
            deals.append(deal(ticket, when, random.choice([-50_000, 70_000])))
    return deals


def readings(deals: list[Deal], seed: int) -> list[Reading]:
    """A reading after each deal or two, with what is open then."""
    random, told = Random(seed), []
    for index, one in enumerate(deals):
        following = deals[index + 1].occurred_at if index + 1 < len(deals) else None
        when = one.occurred_at + timedelta(seconds=random.choice([1, 20, 4000]))
        if following is not None and when >= following:
            continue
        known = deals[: index + 1]
        volumes: dict[int, int] = {}
        for each in known:
            if each.is_trade:
                sign = 1 if each.type is DealType.BUY else -1
                volumes[each.position_id] = volumes.get(each.position_id, 0) + sign
        floating = {p: random.randrange(-9_000, 9_000) for p, lots in volumes.items() if lots}
        balance = sum(each.amount for each in known)
        whole = seen(when, balance, floating, volumes={p: str(volumes[p]) for p in floating})
        recent = [each for each in known if each.occurred_at >= when - timedelta(days=3)]
        told.append(reading(whole, recent, len(known)))
    return told


def run(life: Life, told: list[Reading]) -> tuple[AccountState, list[Effects]]:
    """Step through readings from nothing."""
    state, effects = start(life, nothing_stored(), BEGAN), []
    for one in told:
        state, effect = step(state, one, one.observation.observed_at)
        effects.append(effect)
    return state, effects


def stands(state: AccountState) -> dict[str, RuleStanding]:
    """The standings by rule."""
    return {one.rule_id: one for one in standings(state, BEGAN)}


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_a_restart_changes_nothing_for_any_family(seed: int) -> None:
    """Starting from rule_state and deals before each step gives the same effects."""
    life, told = life_of(EVERY), readings(random_days(seed), seed)
    _, expected = run(life, told)
    stored: dict[int, Deal] = {}
    document: bytes | None = None
    for one, wanted in zip(told, expected, strict=True):
        deals = tuple(sorted(stored.values(), key=lambda d: (d.occurred_at, d.ticket)))
        begun = start(life, StoredLife(1, deals, document), BEGAN)
        _, effects = step(begun, one, one.observation.observed_at)
        assert effects == wanted
        stored |= {d.ticket: d for d in effects.deals}
        document = effects.rule_state


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_rows_have_one_key_each_and_nothing_soft_is_hard(seed: int) -> None:
    """One row per rule, rule day, severity and verdict; firm rows only from the first reading."""
    _, effects = run(life_of(EVERY), told := readings(random_days(seed), seed))
    rows = [violation for effect in effects for violation in effect.violations]
    keys = [(v.rule_id, v.rule_date, v.severity, v.verdict) for v in rows]
    assert len(keys) == len(set(keys))
    conduct = [v for v in rows if v.rule_id != "daily"]
    assert all(v.verdict is not Verdict.HARD for v in conduct)
    began = told[0].observation.observed_at
    assert all(v.occurred_at >= began for v in conduct if v.verdict is Verdict.SOFT)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**6))
def test_objectives_equal_their_definition_over_the_days(seed: int) -> None:
    """Trading days and consistency equal a count over the days by fractions alone."""
    deals = random_days(seed)
    told = readings(deals, seed)
    state, _ = run(life_of(EVERY), told)
    known = [d for d in deals if d.occurred_at <= told[-1].observation.observed_at]
    by_day: dict[int, int] = {}
    for each in known[1:]:
        number = int((each.occurred_at - at("01 22:00:00")) / timedelta(days=1))
        by_day[number] = by_day.get(number, 0) + (each.amount if each.is_trade else 0)
    last = int((told[-1].observation.observed_at - at("01 22:00:00")) / timedelta(days=1))
    results = [by_day.get(number, 0) for number in range(last + 1)]
    total, best = sum(results), max(results)
    found = stands(state)
    assert found["days"].value == sum(result >= 10_000 for result in results)
    assert found["target"].value == Fraction(total, 100)
    asked = -(-best * 5 // 2)  # ⌈best ÷ 40 %⌉
    assert found["even"].target == Fraction(asked, 100)
    assert found["even"].remaining == Fraction(max(0, asked - total), 100)
    met = total > 0 and Fraction(best) <= Fraction(2, 5) * total
    passed = outcome(state) is Outcome.PASSED
    assert (found["even"].state is RuleState.MET) == (met or passed)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_a_late_deal_leaves_the_same_objectives_as_one_in_time(seed: int) -> None:
    """A dividend of an earlier day that arrives late is counted where it belongs."""
    deals = random_days(seed, 12)
    late = Random(seed).choice(deals[1:])
    extra = evolve(
        deal(900, late.occurred_at, 0), type=DealType.DIVIDEND, commission=-1_234, profit=1_234
    )
    told = readings(deals, seed)
    state, _ = run(life_of(EVERY), told)
    after = [*deals, evolve(extra, profit=25_000, commission=0)]
    end = told[-1].observation
    now = end.observed_at + timedelta(seconds=5)
    known = sum(d.occurred_at <= end.observed_at for d in deals)
    again = evolve(end, observed_at=now, balance=end.balance + 25_000, equity=end.equity + 25_000)
    everything = [d for d in after if d.occurred_at <= now]
    state, effects = step(state, reading(again, everything, known + 1), now)
    if effects.needs_reload:
        stored = tuple(sorted((d for d in deals if d.occurred_at <= end.observed_at),
                              key=lambda d: (d.occurred_at, d.ticket)))  # fmt: skip
        begun = start(
            life_of(EVERY), StoredLife(1, stored, _document(told, life_of(EVERY)), past=Past()), now
        )
        state, effects = step(begun, reading(again, everything, known + 1), now)
        assert not effects.needs_reload
    fresh, _ = run(life_of(EVERY), [reading(again, everything, known + 1)])
    for rule_id in ("days", "even", "target"):
        had, wanted = stands(state)[rule_id], stands(fresh)[rule_id]
        assert (had.value, had.target, had.remaining) == (
            wanted.value,
            wanted.target,
            wanted.remaining,
        )


def _document(told: list[Reading], life: Life) -> bytes:
    return run(life, told)[1][-1].rule_state


def test_a_reversal_starts_the_holding_time_anew() -> None:
    """The close of a reversed position is measured from the reversal, not from the first deal."""
    plan = plan_of(DAILY + rule("hold", "minimum_holding_time", seconds="60"))
    turned = evolve(
        closed(3, at("02 07:10:00"), 7, 100, "2"), entry=DealEntry.INOUT, order=3
    )  # sells 2: closes the long of 1 and opens a short of 1
    bought = evolve(opened(4, at("02 07:10:30"), 7), entry=DealEntry.OUT)
    deals = [deal(1, BEGAN, 10_000_000), opened(2, at("02 07:00:00"), 7), turned, bought]
    first = reading(seen(at("02 06:30:00"), 10_000_000), deals[:1])
    told = [first, reading(seen(at("02 07:20:00"), 10_000_100), deals)]
    state, effects = run(life_of(plan), told)
    (violation,) = effects[-1].violations
    assert (violation.current, violation.threshold) == (30_000, 60_000)
    assert violation.evidence["facts"]["opened_at"] == at("02 07:10:00").isoformat()
    assert outcome(state) is Outcome.BREACHED


def test_a_close_with_an_unknown_opening_is_not_judged() -> None:
    """What was opened before the history begins has no known holding time."""
    plan = plan_of(DAILY + rule("hold", "minimum_holding_time", seconds="60"))
    deals = [deal(1, BEGAN, 10_000_000), closed(2, at("02 07:00:00"), 7, 100)]
    first = reading(seen(at("02 06:30:00"), 10_000_000), deals[:1])
    _, effects = run(life_of(plan), [first, reading(seen(at("02 07:20:00"), 10_000_100), deals)])
    assert effects[-1].violations == ()


def test_nothing_is_known_before_the_first_reading() -> None:
    """Standings of every family are there, unknown, before anything was read."""
    state = start(life_of(EVERY), nothing_stored(), BEGAN)
    found = stands(state)
    assert len(found) == 11
    assert {one.state for one in found.values()} == {RuleState.UNKNOWN}
    assert {one.proof for one in found.values()} == {Proof.UNKNOWN}
    assert {one.value for one in found.values()} == {None}
    assert found["lots"].limit == 2


def test_the_pass_is_noted_once_and_survives_a_restart() -> None:
    """The log gets ``phase_passed`` with the reading that passed, and never again."""
    plan = plan_of(DAILY + TARGET)
    deals = [deal(1, BEGAN, 10_000_000), opened(2, at("02 07:00:00"), 7),
             closed(3, at("02 07:01:00"), 7, 800_000)]  # fmt: skip
    _, effects = run(life_of(plan), [reading(seen(at("02 07:02:00"), 10_800_000), deals)])
    assert effects[0].notes == ("phase_passed",)
    stored = StoredLife(1, tuple(deals), effects[0].rule_state)
    begun = start(life_of(plan), stored, BEGAN)
    assert outcome(begun) is Outcome.PASSED
    later = reading(seen(at("02 07:03:00"), 10_800_000), deals)
    _, again = step(begun, later, at("02 07:03:00"))
    assert again.notes == ()


def test_a_further_deposit_before_the_first_trade_moves_the_start() -> None:
    """The lifetime runs from the deposit that made the initial balance; its rows are not lost."""
    plan = plan_of(DAILY + rule("life", "lifetime", days="1", severity='"soft"'))
    deals = [deal(1, BEGAN, 10_000_000)]
    more = deal(2, at("03 08:00:00"), 5_000_000)
    told = [
        reading(seen(at("02 07:00:00"), 10_000_000), deals),
        reading(seen(at("03 07:00:00"), 10_000_000), deals),
        reading(seen(at("03 08:10:00"), 15_000_000), [*deals, more]),
        reading(seen(at("04 07:59:59"), 15_000_000), [*deals, more]),
    ]
    state, effects = run(life_of(plan), told)
    assert [len(effect.violations) for effect in effects] == [0, 1, 0, 0]
    assert stands(state)["life"].value == 86_399


@pytest.mark.parametrize(("zone", "hour"), [("server", 21), ("Asia/Tehran", 17)])
def test_a_weekend_instant_is_told_by_the_stated_zone(zone: str, hour: int) -> None:
    """Wednesday 21:00 is 21:00 UTC on the test's server and 17:30 UTC in Tehran."""
    plan = plan_of(
        DAILY
        + rule("flat", "weekend_flat", by='{ day = "wednesday", at = "21:00" }', zone=f'"{zone}"')
    )
    deals = [deal(1, BEGAN, 10_000_000), opened(2, at("02 07:00:00"), 7)]
    state, _ = run(life_of(plan), [reading(seen(at("02 07:02:00"), 10_000_000, {7: 0}), deals)])
    due = stands(state)["flat"].inputs["due_at"]
    assert str(due).startswith(f"2026-03-04T{hour}:")


def test_a_window_that_starts_mid_life_passes_no_phase() -> None:
    """What the life started with is unknown there, so the target is only reached in the window."""
    plan = plan_of(DAILY + TARGET)
    deals = [opened(2, at("02 07:00:00"), 7), closed(3, at("02 07:01:00"), 7, 800_000)]
    life = life_of(plan, opening_balance=10_000_000)
    state, effects = run(life, [reading(seen(at("02 07:02:00"), 10_800_000), deals)])
    assert stands(state)["target"].remaining == 0
    assert (outcome(state), effects[0].notes) == (Outcome.RUNNING, ())


@pytest.mark.parametrize("rules", [DAILY, DAILY + EVEN])
def test_a_late_deal_of_an_ended_day_asks_for_the_past(rules: str) -> None:
    """Its row, and what objectives count, are in storage: nothing is done before they are there."""
    deals = [deal(1, BEGAN, 10_000_000), opened(2, at("02 07:00:00"), 7)]
    deals += [closed(3, at("02 07:10:00"), 7, 0)]
    told = [
        reading(seen(at(f"{day:02} 08:00:00"), 10_000_000), deals if day == 2 else [], 3)
        for day in range(2, 9)
    ]
    extra = evolve(deal(4, at("07 12:00:00"), 5_000), type=DealType.DIVIDEND)
    told.append(reading(seen(at("08 08:01:00"), 10_005_000), [extra], 4))
    state, effects = run(life_of(plan_of(rules)), told)
    assert state.ledger.folded.count > 0
    assert effects[-1] == Effects(needs_reload=True)
