"""Judging by the stored curve: what was surely seen is hard, what lies between is possible."""

from datetime import date, timedelta

import pytest
from attrs import evolve

from actors.domain.account import InitialBalanceSource, Outcome
from actors.domain.backtest.by_samples import Draft, judged_by_samples
from actors.domain.backtest.facts import Bucket, Told
from actors.domain.deals import Deal
from actors.domain.state import InitialBalance
from actors.domain.violation import Grade, Verdict
from tests.unit.actors.domain.backtest.lives import (
    INITIAL,
    breach,
    bucket,
    daily,
    fact,
    history,
    overall,
)
from tests.unit.actors.domain.histories import at, closed, deal, opened, plan_of, rule

DEPOSIT = deal(1, at("02 08:00:00"), INITIAL)
OPEN = opened(2, at("03 08:00:00"), 7)
FIRST = bucket(at("02 08:01:00"), INITIAL)
WATCHED = history([fact("daily", day, 0) for day in range(2, 8)])


def told(plan: str, deals: list[Deal], *buckets: Bucket, until: date | None = None) -> Told:
    """The life under a plan of one phase."""
    draft = Draft(plan_of(plan), 0)
    return judged_by_samples(WATCHED, draft, [DEPOSIT, *deals], [FIRST, *buckets], until)


def test_a_stored_sample_under_the_floor_is_a_hard_breach() -> None:
    """Its own value and instant are the breach's."""
    when = at("03 10:00:00")
    found = told(daily("4"), [OPEN], bucket(at("03 09:00:00"), INITIAL), bucket(when, 9_590_000))
    assert found.breach is not None
    assert (found.breach.floor, found.breach.value) == (9_600_000, 9_590_000)
    assert (found.breach.at, found.breach.precise) == (when, True)


def test_the_lowest_value_of_a_bucket_breaches_a_floor_that_stood_still() -> None:
    """Somewhere in the bucket it was seen: hard, though the instant is the bucket's."""
    low = bucket(at("03 10:00:00"), INITIAL, low=9_600_000)
    found = told(daily("4"), [OPEN], bucket(at("03 09:00:00"), INITIAL), low)
    assert found.breach is not None
    assert (found.breach.value, found.breach.at) == (9_600_000, low.last_at)
    assert not found.breach.precise


@pytest.mark.parametrize("equity", [9_600_001, 9_600_000])
def test_many_buckets_at_once_say_the_same_as_one_by_one(equity: int) -> None:
    """A quiet day is one stretch; with a crossing in it every bucket is looked at."""
    curve = [bucket(at(f"03 {hour:02d}:00:00"), INITIAL - hour) for hour in range(9, 20)]
    curve[5] = bucket(curve[5].last_at, equity)
    found = told(daily("4"), [OPEN], *curve)
    assert (found.outcome is Outcome.BREACHED) is (equity == 9_600_000)
    if found.breach is not None:
        assert (found.breach.at, found.breach.value) == (curve[5].last_at, equity)


def test_a_trailing_floor_is_possible_where_the_order_is_unknown() -> None:
    """High then low in one bucket would breach, low then high would not."""
    swing = bucket(at("03 10:00:00"), 10_050_000, low=9_900_000, high=10_600_000)
    trailing = overall("6", anchor='"equity_high"')
    found = told(trailing, [OPEN], bucket(at("03 09:00:00"), INITIAL), swing)
    assert found.outcome is Outcome.RUNNING
    assert [one.verdict for one in found.others] == [Verdict.POSSIBLE]
    assert found.others[0].at == swing.last_at


def test_a_trailing_floor_is_hard_where_the_order_is_known() -> None:
    """The high was in an earlier bucket than the low."""
    high = bucket(at("03 10:00:00"), INITIAL, high=10_600_000)
    low = bucket(at("03 10:01:00"), INITIAL, low=9_900_000)
    trailing = overall("6", anchor='"equity_high"')
    found = told(trailing, [OPEN], bucket(at("03 09:00:00"), INITIAL), high, low)
    assert found.breach is not None
    assert found.breach.value <= 10_600_000 - 600_000


def test_a_low_beside_a_payout_is_possible() -> None:
    """Before or after the payout moved the floor: nobody knows."""
    payout = deal(3, at("03 09:30:00"), -1_000_000)
    after = INITIAL - 1_000_000
    mixed = Bucket(at("03 09:01:00"), at("03 10:00:00"), after, after, 8_700_000, INITIAL)
    found = told(daily("4"), [OPEN, payout], bucket(at("03 09:00:00"), INITIAL), mixed)
    assert found.outcome is Outcome.RUNNING
    assert {one.verdict for one in found.others} == {Verdict.POSSIBLE}


def test_a_low_beside_a_reset_is_possible() -> None:
    """It belongs to the old day or to the new one."""
    beside = Bucket(at("03 21:30:00"), at("03 22:30:00"), INITIAL, INITIAL, 9_500_000, INITIAL)
    found = told(daily("4"), [OPEN], bucket(at("03 21:00:00"), INITIAL), beside)
    assert found.outcome is Outcome.RUNNING
    assert {one.verdict for one in found.others} == {Verdict.POSSIBLE}


def test_a_sample_that_the_deals_do_not_explain_is_left_out() -> None:
    """A payout seen before its deal is no breach; the day is unproven."""
    early = Bucket(at("03 10:00:00"), at("03 10:00:00"), 9_000_000, 9_000_000, 9_000_000, INITIAL)
    found = told(daily("4"), [OPEN], bucket(at("03 09:00:00"), INITIAL), early)
    assert (found.outcome, found.others) == (Outcome.RUNNING, ())
    assert found.unproven_days == 1


def test_an_unchanged_sample_holds_until_the_reset_while_someone_watched() -> None:
    """Four minutes before the reset is near enough when every reading since repeated it."""
    before = bucket(at("03 21:56:00"), 10_200_000)
    after = bucket(at("03 22:01:00"), 9_780_000)
    curve = [bucket(at("03 09:00:00"), INITIAL), before, after]
    firm = told(daily("4"), [OPEN], *curve)
    assert firm.breach is not None
    assert firm.breach.floor == 10_200_000 - 400_000
    unwatched = history([one._replace(unknown_seconds=9.0) for one in WATCHED.days])
    draft = Draft(plan_of(daily("4")), 0)
    unsure = judged_by_samples(unwatched, draft, [DEPOSIT, OPEN], [FIRST, *curve])
    assert unsure.outcome is Outcome.RUNNING
    assert [one.verdict for one in unsure.others] == [Verdict.POSSIBLE]


def test_the_reset_of_one_of_two_positions_is_not_guessed() -> None:
    """Which position the floating belonged to is not stored: the anchor is the balance's."""
    second = opened(3, at("03 08:00:00"), 8)
    gone = closed(4, at("03 21:59:30"), 8, 0)
    curve = [bucket(at("03 21:59:00"), 10_200_000), bucket(at("03 22:01:00"), 9_790_000)]
    found = told(daily("4"), [OPEN, second, gone], bucket(at("03 09:00:00"), INITIAL), *curve)
    assert (found.outcome, found.others) == (Outcome.RUNNING, ())
    assert found.unproven_days >= 1


def test_a_pass_is_found_by_the_deals() -> None:
    """A draft with an objective of its own is passed at the first reading after its deals."""
    target = rule("target", "profit_target", target="{ percent = 1 }")
    win = closed(3, at("03 09:30:00"), 7, 100_000)
    after = Bucket(*2 * (at("03 09:31:00"),), *4 * (INITIAL + 100_000,))
    found = told(overall("10") + target, [OPEN, win], bucket(at("03 09:00:00"), INITIAL), after)
    assert (found.outcome, found.passed_at) == (Outcome.PASSED, after.last_at)


def test_a_rule_on_stop_losses_is_not_judged_from_samples() -> None:
    """No stop-loss is stored with a sample: the rule is named, unless it was judged as it is."""
    stops = rule("stops", "stop_loss_within", seconds="60")
    found = told(daily("4") + stops, [OPEN], bucket(at("03 09:00:00"), INITIAL))
    assert found.unjudged == ("stops",)
    stored = breach("stops", 3, rule_type="stop_loss_within")
    known = history(list(WATCHED.days), plan_of(daily("5") + stops), breaches=(stored,))
    draft = Draft(plan_of(daily("4") + stops), 0)
    same = judged_by_samples(known, draft, [DEPOSIT, OPEN], [FIRST])
    assert (same.unjudged, same.breach) == ((), stored)


def test_nothing_after_the_given_day_is_judged() -> None:
    """A history cut at a day knows nothing after it."""
    low = bucket(at("04 10:00:00"), 9_000_000)
    curve = [bucket(at("03 09:00:00"), INITIAL), bucket(at("03 21:59:30"), INITIAL), low]
    assert told(daily("4"), [OPEN], *curve).outcome is Outcome.BREACHED
    cut = told(daily("4"), [OPEN], *curve, until=date(2026, 3, 3))
    assert cut.outcome is Outcome.RUNNING


def test_a_day_without_stored_coverage_is_unproven() -> None:
    """Where no rule day is stored, nobody knows what was watched."""
    flat = [bucket(at("03 09:00:00") + timedelta(days=n), INITIAL) for n in range(8)]
    found = told(daily("4"), [], *flat)
    assert found.unproven_days == 3


def test_the_days_after_the_end_are_not_looked_at() -> None:
    """The phase is over: what follows neither counts nor costs."""
    low = bucket(at("03 10:00:00"), 9_500_000)
    later = [bucket(at("03 10:00:00") + timedelta(days=n), 9_000_000) for n in range(1, 5)]
    found = told(daily("4"), [OPEN], bucket(at("03 09:00:00"), INITIAL), low, *later)
    assert (found.ended_on, found.days) == (date(2026, 3, 3), 2)


def test_a_bucket_on_a_rebuilt_day_may_have_been_told_by_quotes() -> None:
    """Its grade is the day's: reconstructed where any of it was."""
    rebuilt = history([one._replace(reconstructed_seconds=60.0) for one in WATCHED.days])
    low = bucket(at("03 10:00:00"), INITIAL, low=9_500_000)
    curve = [FIRST, bucket(at("03 09:00:00"), INITIAL), low]
    found = judged_by_samples(rebuilt, Draft(plan_of(daily("4")), 0), [DEPOSIT, OPEN], curve)
    assert found.breach is not None
    assert found.breach.grade is Grade.RECONSTRUCTED


def test_a_close_of_a_forgotten_position_loads_the_life_again() -> None:
    """Its opening is unknown and memory was folded: the engine starts from all deals."""
    gone = closed(3, at("03 10:00:00"), 7, 0)
    unknown = closed(4, at("12 10:00:00"), 99, 5_000)
    quiet = [bucket(at("03 11:00:00") + timedelta(days=n), INITIAL) for n in range(9)]
    after = Bucket(*2 * (at("12 12:00:00"),), *4 * (INITIAL + 5_000,))
    found = told(daily("4"), [OPEN, gone, unknown], *quiet, after)
    assert (found.outcome, found.days) == (Outcome.RUNNING, 11)


def test_a_first_bucket_across_a_reset_and_one_too_short_to_part_are_taken_as_they_are() -> None:
    """Nothing before them is known, or nothing fits between."""
    first = Bucket(at("02 21:00:00"), at("02 23:00:00"), *4 * (INITIAL,))
    tick = timedelta(microseconds=2)
    short = Bucket(first.last_at + tick, first.last_at + tick, INITIAL, INITIAL, 0, INITIAL)
    draft = Draft(plan_of(daily("4")), 0)
    found = judged_by_samples(WATCHED, draft, [DEPOSIT], [first, short])
    assert (found.outcome, found.days) == (Outcome.RUNNING, 2)


@pytest.mark.parametrize(("draft", "unproven"), [(daily("4"), 0), (daily("4") + overall("9"), 2)])
def test_a_window_that_began_mid_life_proves_nothing_of_an_overall_rule(
    draft: str, unproven: int
) -> None:
    """What the life started with is not known there; a day's own anchor is."""
    began = InitialBalance(INITIAL, InitialBalanceSource.WINDOW_START, at("02 08:00:00"))
    window = evolve(WATCHED, initial=began)
    curve = [FIRST, bucket(at("03 09:00:00"), INITIAL)]
    found = judged_by_samples(window, Draft(plan_of(draft), 0), [DEPOSIT, OPEN], curve)
    assert (found.outcome, found.unproven_days) == (Outcome.RUNNING, unproven)
