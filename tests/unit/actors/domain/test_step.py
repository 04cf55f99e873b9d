"""The engine's front door: idempotence, restart, reconciliation, late facts, memory."""

from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.domain.account import ConnectionState, InitialBalanceSource, Outcome
from actors.domain.account_state import AccountState
from actors.domain.deals import Deal, DealType, History
from actors.domain.life import Life, StoredLife
from actors.domain.progress import StateDocumentError
from actors.domain.rule_day import AnchorGrade
from actors.domain.state import Effects, Reading
from actors.domain.step import fetch_since_msc, start, step
from actors.domain.summary_view import history_state, outcome
from actors.domain.violation import Verdict
from tests.fakes.kept_life import KeptLife
from tests.unit.actors.domain.histories import (
    DAILY,
    OVERALL,
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

BOTH = plan_of(DAILY + OVERALL)
TRAILING = plan_of(
    DAILY
    + rule("trailing", "overall_loss", allowance="{ percent = 6 }", anchor='"equity_high"',
           lock="{ plus = 0 }", cash_flow='"shift"')
)  # fmt: skip


def random_life(seed: int) -> list[Reading]:
    """A random account: trades, flows and readings over some days, every balance exact."""
    random = Random(seed)
    when = at("02 06:00:00")
    deals = [deal(1, when, 10_000_000)]
    if seed % 4:  # else a further flow before the first trade moves the initial balance
        deals += [opened(2, when, 2), closed(3, when, 2, 0)]
    live: dict[int, int] = {}
    readings: list[Reading] = []
    for _ in range(random.randrange(4, 25)):
        when += timedelta(seconds=random.choice([5, 40, 100, 3600, 40_000]))
        what, ticket = random.random(), len(deals) + 1
        if what < 0.35:
            live[ticket] = random.randrange(-400_000, 400_000)
            deals.append(opened(ticket, when, ticket, amount=-300))
        elif what < 0.65 and live:
            number = random.choice(list(live))
            deals.append(closed(ticket, when, number, live.pop(number)))
        elif what < 0.72:
            deals.append(deal(ticket, when, random.choice([-50_000, 200_000])))
        when += timedelta(seconds=random.randrange(1, 90))
        floating = {p: f + random.randrange(-20_000, 20_000) for p, f in live.items()}
        balance = sum(d.amount for d in deals)
        recent = [d for d in deals if d.occurred_at >= when - timedelta(days=3)]
        readings.append(reading(seen(when, balance, floating), recent, len(deals)))
    return readings


def run(life: Life, readings: list[Reading]) -> tuple[AccountState, list[Effects]]:
    """Step through readings from nothing."""
    state = start(life, nothing_stored(), at("02 06:00:00"))
    effects = []
    for one in readings:
        state, effect = step(state, one, one.observation.observed_at)
        effects.append(effect)
    return state, effects


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_a_restart_changes_nothing(seed: int) -> None:
    """Starting from rule_state and deals after each step equals never having stopped."""
    life, readings = life_of(TRAILING), random_life(seed)
    _, expected = run(life, readings)
    stored: dict[int, Deal] = {}
    document: bytes | None = None
    for one, wanted in zip(readings, expected, strict=True):
        deals = tuple(sorted(stored.values(), key=lambda d: (d.occurred_at, d.ticket)))
        begun = start(life, StoredLife(1, deals, document), at("02 06:00:00"))
        _, effects = step(begun, one, one.observation.observed_at)
        assert effects == wanted
        stored |= {d.ticket: d for d in effects.deals}
        document = effects.rule_state


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_repeating_a_reading_changes_nothing(seed: int) -> None:
    """Re-delivered and reordered deals give no new row and leave the state's document as it was."""
    life, readings = life_of(TRAILING), random_life(seed)
    state = start(life, nothing_stored(), at("02 06:00:00"))
    for one in readings:
        now = one.observation.observed_at
        state, first = step(state, one, now)
        backwards = evolve(one, deals=tuple(reversed(one.deals)))
        state, again = step(state, backwards, now)
        assert (again.deals, again.trades, again.violations, again.sample) == ((), (), (), None)
        assert again.rule_state == first.rule_state


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_rows_are_unique_and_figures_agree(seed: int) -> None:
    """One row per key; hard once per rule; floors never fall; used and headroom agree."""
    readings = random_life(seed * 4 + 1)
    state = start(life_of(TRAILING), nothing_stored(), at("02 06:00:00"))
    keys, hard, highest = [], [], None
    for one in readings:
        state, effects = step(state, one, one.observation.observed_at)
        keys += [(v.rule_id, v.rule_date, v.severity, v.verdict) for v in effects.violations]
        hard += [v.rule_id for v in effects.violations if v.verdict is Verdict.HARD]
        for stand in standings(state, one.observation.observed_at):
            if stand.allowance is None or stand.headroom is None or stand.floor is None:
                continue
            assert stand.used == max(0, stand.allowance - stand.headroom)
            assert stand.value == stand.floor + stand.headroom
            flows = stand.inputs["flows"]
            if stand.rule_id == "trailing" and flows is not None:
                level = stand.floor - flows  # type: ignore[operator]
                assert highest is None or level >= highest
                highest = level
    assert len(keys) == len(set(keys))
    assert len(hard) == len(set(hard))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_rule_days_are_partitioned_and_add_up(seed: int) -> None:
    """Each closed day's seconds partition it, and closed results sum to the net profit."""
    readings = random_life(seed)
    state, effects = run(life_of(BOTH), readings)
    rows = {
        row.date: row
        for effect in effects
        for row in sorted(effect.rule_days, key=lambda row: row.revision)
        if row.rule_id == "daily"
    }
    last = max(rows)
    for date, row in rows.items():
        known = (
            row.coverage.flat_seconds + row.coverage.sampled_seconds + row.coverage.unknown_seconds
        )
        if date < last:
            assert known == pytest.approx((row.end_at - row.start_at).total_seconds())
    progress = state.progress
    assert progress.initial is not None
    net = progress.sums.balance - progress.initial.value - progress.flows
    assert sum(row.closed_result for row in rows.values()) == net


@pytest.mark.parametrize(("off", "crossed"), [(1, False), (0, True), (-1, True)])
@pytest.mark.parametrize("strict", [False, True])
def test_the_operator_decides_at_the_floor(off: int, crossed: bool, strict: bool) -> None:
    """One unit above never breaches, one below always, the floor itself by the operator."""
    operator = '"<"' if strict else '"<="'
    plan = plan_of(rule("daily", "daily_loss", allowance="{ percent = 5 }", operator=operator))
    base = [deal(1, at("02 06:00:00"), 10_000_000), opened(2, at("02 07:00:00"), 2)]
    state, effects = run(
        life_of(plan), [reading(seen(at("02 07:00:30"), 10_000_000, {2: -500_000 + off}), base)]
    )
    expected = crossed and not (strict and off == 0)
    assert (outcome(state) is Outcome.BREACHED) is expected
    assert [v.severity.value for v in effects[0].violations] == [
        "breach" if expected else "critical"
    ]


def test_history_loads_until_sum_and_count_agree() -> None:
    """Nothing is judged and everything is fetched again until the history is complete."""
    state = start(life_of(BOTH), nothing_stored(), at("02 06:00:00"))
    first = deal(1, at("02 06:00:00"), 10_000_000)
    half = Reading(seen(at("02 07:00:00"), 9_000_000), (first,), History(2, stable=False))
    state, effects = step(state, half, at("02 07:00:00"))
    assert history_state(state) is ConnectionState.HISTORY_LOADING
    assert (effects.violations, effects.reread_within_seconds, fetch_since_msc(state)) == (
        (),
        2.0,
        0,
    )
    rest = deal(2, at("02 06:30:00"), -1_000_000, kind=DealType.CHARGE)
    state, effects = step(
        state, reading(seen(at("02 07:00:02"), 9_000_000), [rest], 2), at("02 07:00:02")
    )
    assert history_state(state) is ConnectionState.READY
    assert effects.violations[0].verdict is Verdict.POSSIBLE  # the charge came before any reading
    assert fetch_since_msc(state) == life_of(BOTH).server_clock.to_broker_msc(
        at("02 07:00:02") - timedelta(days=3)
    )


def test_a_crossing_unreconciled_for_a_minute_is_only_possible() -> None:
    """After 60 s without the deals the account says so, and a crossing waits for a human."""
    base = [
        deal(1, at("02 06:00:00"), 10_000_000),
        opened(2, at("02 06:00:01"), 2),
        closed(3, at("02 06:00:02"), 2, 0),
    ]
    state, _ = run(life_of(BOTH), [reading(seen(at("02 07:00:00"), 10_000_000), base)])
    rows = []
    for second in range(0, 70, 2):
        when = at("02 08:00:00") + timedelta(seconds=second)
        state, effects = step(state, reading(seen(when, 8_000_000), base), when)
        rows += [(second, v.verdict) for v in effects.violations]
    assert rows == [(60, Verdict.POSSIBLE), (60, Verdict.POSSIBLE)]
    assert history_state(state) is ConnectionState.UNRECONCILED
    assert outcome(state) is Outcome.RUNNING


def test_an_ordered_balance_that_differs_waits_for_an_operator() -> None:
    """A deposit unlike the order gives no verdict until somebody decides."""
    life = evolve(
        life_of(BOTH),
        ordered_initial_balance=Decimal(50_000),
        initial_balance_source=InitialBalanceSource.ORDER_META,
    )
    base = [deal(1, at("02 06:00:00"), 10_000_000)]
    state, effects = run(life, [reading(seen(at("02 07:00:00"), 10_000_000), base)])
    assert history_state(state) is ConnectionState.NEEDS_OPERATOR
    by_hand = evolve(
        life,
        ordered_initial_balance=Decimal(100_000),
        initial_balance_source=InitialBalanceSource.MANUAL,
    )
    again = start(by_hand, StoredLife(1, tuple(base), effects[0].rule_state), at("02 07:00:00"))
    again, later = step(
        again, reading(seen(at("02 07:01:00"), 10_000_000), base), at("02 07:01:00")
    )
    assert history_state(again) is ConnectionState.READY
    assert later.initial_balance is not None
    assert later.initial_balance.source is InitialBalanceSource.MANUAL


def test_a_late_deal_revises_the_anchor_with_its_cause() -> None:
    """A correction stamped before the reset adds a revision; the old row is not rewritten."""
    base = [
        deal(1, at("02 06:00:00"), 10_000_000),
        opened(2, at("02 06:30:00"), 2),
        closed(3, at("02 07:00:00"), 2, 0),
    ]
    kept = KeptLife(life_of(BOTH), at("02 06:00:00"))
    kept.told(reading(seen(at("02 08:00:00"), 10_000_000), base))
    kept.told(reading(seen(at("03 08:00:00"), 10_000_000), base))
    late = deal(4, at("02 21:00:00"), -700, kind=DealType.COMMISSION)
    effect = kept.told(reading(seen(at("03 09:00:00"), 9_999_300), [*base, late]))
    today = [row for row in effect.rule_days if row.rule_id == "daily" and row.date.day == 3]
    assert [(row.revision, row.anchor, row.cause) for row in today] == [(1, 9_999_300, "deal_late")]
    before = [row for row in effect.rule_days if row.rule_id == "daily" and row.date.day == 2]
    assert [(row.revision, row.closed_result) for row in before] == [(1, -700)]
    assert "deal_late" in effect.notes


def test_old_deals_leave_memory_and_come_back_by_reload() -> None:
    """Closed positions of old days are folded; a deal on one of them asks for a reload."""
    base = [
        deal(1, at("02 06:00:00"), 10_000_000),
        opened(2, at("02 06:30:00"), 2),
        closed(3, at("02 07:00:00"), 2, 100),
    ]
    readings = [
        reading(seen(at(f"{d:02} 08:00:00"), 10_000_100), base if d == 2 else [], 3)
        for d in range(2, 12)
    ]
    state, effects = run(life_of(BOTH), readings)
    assert (len(state.ledger.deals), state.ledger.count, state.tally.closed) == (0, 3, 1)
    more = closed(4, at("11 09:00:00"), 2, 50)
    same, effect = step(
        state, reading(seen(at("11 09:00:30"), 10_000_150), [more]), at("11 09:00:30")
    )
    assert (same, effect) == (state, Effects(needs_reload=True))
    back = start(
        life_of(BOTH), StoredLife(9, tuple(base), effects[-1].rule_state), at("11 09:00:31")
    )
    _, effect = step(back, reading(seen(at("11 09:00:30"), 10_000_150), [more]), at("11 09:00:31"))
    assert [d.ticket for d in effect.deals] == [4]


def test_one_step_audits_a_whole_report() -> None:
    """Start and one step walk all history; exact facts are firm from ``proven_from`` on."""
    plan = plan_of(
        rule(
            "daily",
            "daily_loss",
            allowance="{ percent = 5 }",
            checked='"balance"',
            anchor='"balance"',
        )
        + OVERALL
    )
    deals = [
        deal(1, at("02 06:00:00"), 10_000_000),
        opened(2, at("04 06:30:00"), 2),
        closed(3, at("04 07:00:00"), 2, -600_000),
        opened(4, at("05 06:30:00"), 4),
        closed(5, at("05 07:00:00"), 4, 100_000),
    ]
    life = evolve(life_of(plan), proven_from=at("01 00:00:00"))
    state, (effect,) = run(life, [reading(seen(at("06 08:00:00"), 9_500_000), deals)])
    days = {row.date.day: row for row in effect.rule_days if row.rule_id == "daily"}
    assert sorted(days) == [2, 3, 4, 5, 6]
    assert [days[d].anchor_grade for d in (2, 4, 6)] == [
        AnchorGrade.FIRST_DAY,
        AnchorGrade.EXACT,
        AnchorGrade.EXACT,
    ]
    assert (days[4].closed_result, days[4].opened, days[4].closed) == (-600_000, 1, 1)
    assert [(v.rule_id, v.verdict.value, v.occurred_at) for v in effect.violations] == [
        ("daily", "hard", at("04 07:00:00"))
    ]
    assert outcome(state) is Outcome.BREACHED


def test_a_report_window_leaves_overall_rules_unproven() -> None:
    """With an opening balance in mid-life an overall crossing is only possible."""
    deals = [opened(2, at("04 06:30:00"), 2), closed(3, at("04 07:00:00"), 2, -1_100_000)]
    life = evolve(life_of(BOTH), proven_from=at("01 00:00:00"), opening_balance=10_000_000)
    state, (effect,) = run(life, [reading(seen(at("04 08:00:00"), 8_900_000), deals)])
    assert state.progress.initial is not None
    assert state.progress.initial.source is InitialBalanceSource.WINDOW_START
    verdicts = {v.rule_id: v.verdict for v in effect.violations}
    assert verdicts == {"daily": Verdict.HARD, "overall": Verdict.POSSIBLE}


def test_deals_of_an_earlier_life_count_in_the_sum_alone() -> None:
    """A reset life starts from its own balance deal and forgets earlier trades and losses."""
    old = [
        deal(1, at("02 06:00:00"), 10_000_000),
        opened(2, at("02 07:00:00"), 2),
        closed(3, at("02 08:00:00"), 2, -2_000_000),
    ]
    fresh = deal(4, at("05 06:00:00"), 2_000_000)
    life = evolve(life_of(BOTH), deals_from=at("05 00:00:00"), started_at=at("05 00:00:00"))
    state, (effect,) = run(life, [reading(seen(at("05 07:00:00"), 10_000_000), [*old, fresh])])
    assert state.progress.initial is not None
    assert (state.progress.initial.value, effect.violations, effect.trades) == (10_000_000, (), ())


def test_an_unknown_broker_clock_gives_no_daily_verdict() -> None:
    """While the offset is unknown only overall rules are judged."""
    base = [deal(1, at("02 06:00:00"), 10_000_000), opened(2, at("02 06:30:00"), 2)]
    state, _ = run(life_of(BOTH), [reading(seen(at("02 08:00:00"), 10_000_000, {2: 0}), base)])
    blind = evolve(
        reading(seen(at("02 08:00:30"), 10_000_000, {2: -1_200_000}), base), offset_known=False
    )
    _, effect = step(state, blind, at("02 08:00:30"))
    assert [(v.rule_id, v.verdict) for v in effect.violations] == [("overall", Verdict.HARD)]


def test_a_foreign_state_document_is_refused() -> None:
    """An unreadable or other format raises instead of starting from nothing."""
    for document in (b"{", b'{"format": 99}'):
        with pytest.raises(StateDocumentError):
            start(life_of(BOTH), StoredLife(1, (), document), at("02 06:00:00"))
