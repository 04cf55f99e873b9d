"""Judging by rule days alone: crossings under another allowance, order, grades, and doubts."""

from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve

from actors.domain.account import InitialBalanceSource, Outcome
from actors.domain.backtest.by_days import judged_by_days
from actors.domain.backtest.facts import Breach, DayFact, NotByDays, StoredHistory, Told
from actors.domain.backtest.footing import Footing, footing
from actors.domain.plan import Plan
from actors.domain.rule_day import AnchorGrade
from actors.domain.violation import Grade, Verdict
from tests.unit.actors.domain.backtest.lives import (
    INITIAL,
    STORED,
    breach,
    daily,
    days,
    fact,
    history,
    overall,
    start_of,
)
from tests.unit.actors.domain.histories import plan_of, rule

TARGET = rule("target", "profit_target", target="{ percent = 8 }")


def judged(
    facts: list[DayFact], draft: str, stored: Plan = STORED, **changes: Any
) -> Told | NotByDays:
    """The life under a draft of one phase."""
    told_by = footing(plan_of(draft), 0, stored, 0)
    assert isinstance(told_by, Footing)
    return judged_by_days(history(facts, stored, **changes), told_by)


def told(facts: list[DayFact], draft: str, stored: Plan = STORED, **changes: Any) -> Told:
    """The same, where rule days suffice."""
    found = judged(facts, draft, stored, **changes)
    assert isinstance(found, Told)
    return found


@pytest.mark.parametrize(
    ("used", "operator", "crossed"),
    [
        (399_999, "<=", False),
        (400_000, "<=", True),
        (400_001, "<=", True),
        (400_000, "<", False),
        (400_001, "<", True),
    ],
)
def test_a_tighter_floor_is_crossed_by_the_operator(
    used: int, operator: str, crossed: bool
) -> None:
    """At, one unit below and one above the draft's floor: its operator decides."""
    found = told(days(100, used), daily("4", operator=f'"{operator}"') + overall("10"))
    assert (found.outcome is Outcome.BREACHED) is crossed
    if crossed:
        expected = Breach(
            "daily", "daily_loss", date(2026, 3, 4), Verdict.HARD, Grade.OBSERVED,
            9_600_000, 10_000_000 - used, start_of(4) + timedelta(hours=12), precise=False,
        )  # fmt: skip
        assert found.breach == expected


def test_the_days_are_counted_up_to_the_end() -> None:
    """Rule days after the breach are no part of the phase any more."""
    facts = [*days(100, 450_000, 100), fact("daily", 6, 1, unproven=True)]
    assert told(facts, daily("4") + overall("10")).days == 2
    assert told(facts, daily("5") + overall("10")).days == 4
    assert told(facts, daily("5") + overall("10")).unproven_days == 1


def test_the_share_of_the_anchor_is_taken_day_by_day() -> None:
    """With % of the anchor the allowance follows each day's own."""
    facts = [fact("daily", 3, 419_999, anchor=10_500_000), fact("daily", 4, 400_000)]
    draft = rule("daily", "daily_loss", allowance='{ percent = 4, of = "anchor" }')
    found = told(facts, draft)
    assert found.ended_on == date(2026, 3, 4)


def test_the_same_floor_has_the_stored_verdict() -> None:
    """A rule that was crossed as it is keeps its instant, value and grade."""
    stored = breach("daily", 4, grade=Grade.RECONSTRUCTED)
    found = told(days(1, 600_000), daily("5") + overall("12"), breaches=(stored,))
    assert found.breach == stored


def test_a_looser_floor_is_not_crossed() -> None:
    """What breached the stored plan goes on under the draft."""
    found = told(days(1, 600_000), daily("7") + overall("10"), breaches=(breach("daily", 4),))
    assert found.outcome is Outcome.RUNNING


def test_a_soft_rule_does_not_end_the_phase() -> None:
    """A soft crossing is recorded on each day and the next hard one ends the phase."""
    draft = daily("4", severity='"soft"') + overall("5")
    found = told(days(450_000, 450_000, 560_000), draft)
    assert found.ended_on == date(2026, 3, 5)
    assert [one.date.day for one in found.others] == [3, 4, 5]
    assert {one.verdict for one in found.others} == {Verdict.SOFT}


@pytest.mark.parametrize("grade", [AnchorGrade.CARRIED, AnchorGrade.BALANCE_ONLY])
def test_a_crossing_from_an_unproven_anchor_is_possible(grade: AnchorGrade) -> None:
    """It never ends the phase, and its grade is unknown."""
    facts = [fact("daily", 3, 450_000, anchor_grade=grade, unproven=True)]
    found = told(facts, daily("4") + overall("10"))
    assert (found.outcome, found.unproven_days) == (Outcome.RUNNING, 1)
    assert [(one.verdict, one.grade) for one in found.others] == [(Verdict.POSSIBLE, Grade.UNKNOWN)]


def test_a_crossing_before_the_first_observation_is_possible() -> None:
    """Rule days that ended before anyone looked give no hard verdict."""
    found = told(days(450_000), daily("4") + overall("10"), first_seen_at=start_of(4))
    assert (found.outcome, len(found.others)) == (Outcome.RUNNING, 1)


def test_a_pass_before_the_breach_stands() -> None:
    """With the same objectives the stored pass is the draft's, unless a crossing came first."""
    stored = plan_of(daily("5") + overall("10") + TARGET)
    draft = daily("4") + overall("10") + TARGET
    at_noon = start_of(4) + timedelta(hours=14)
    early = told(days(1, 1, 450_000), draft, stored, passed_at=at_noon)
    assert (early.outcome, early.passed_at) == (Outcome.PASSED, at_noon)
    late = told(days(450_000, 1, 1), draft, stored, passed_at=at_noon)
    assert (late.outcome, late.passed_at) == (Outcome.BREACHED, None)


def test_a_pass_and_a_crossing_on_one_day_are_told_by_the_samples() -> None:
    """Rule days do not keep which came first."""
    stored = plan_of(daily("5") + overall("10") + TARGET)
    draft = daily("4") + overall("10") + TARGET
    noon = start_of(3) + timedelta(hours=14)
    assert isinstance(judged(days(450_000), draft, stored, passed_at=noon), NotByDays)


def test_a_pass_after_the_given_day_is_not_known_yet() -> None:
    """Up to a day before the pass the life goes on."""
    stored = plan_of(daily("5") + TARGET)
    told_by = footing(stored, 0, stored, 0)
    assert isinstance(told_by, Footing)
    life = history(days(1, 1), stored, passed_at=start_of(4) + timedelta(hours=14))
    found = judged_by_days(life, told_by, until=date(2026, 3, 3))
    assert isinstance(found, Told)
    assert found.outcome is Outcome.RUNNING


def test_a_rule_on_conduct_keeps_its_stored_verdicts() -> None:
    """Judged as it is, it ends the phase where it did, by the draft's other rules unchanged."""
    lots = rule("lots", "max_lots", lots="5")
    stored = plan_of(daily("5") + lots)
    big = breach("lots", 4, rule_type="max_lots")
    found = told(days(1, None, 450_000), daily("4") + lots, stored, breaches=(big,))
    assert found.breach == big


def test_an_overall_floor_is_crossed_once() -> None:
    """Possible crossings are told once before the firm one, and none after it."""
    facts = [
        fact("overall", day, 900_000, anchor_grade=grade)
        for day, grade in enumerate(
            [AnchorGrade.CARRIED, AnchorGrade.CARRIED, AnchorGrade.EXACT, AnchorGrade.CARRIED],
            start=3,
        )
    ]
    found = told(facts, overall("8", severity='"soft"'))
    assert [(one.date.day, one.verdict) for one in found.others] == [
        (3, Verdict.POSSIBLE),
        (5, Verdict.SOFT),
    ]


def test_only_days_until_the_given_one_count() -> None:
    """A history cut at a day knows nothing after it."""
    told_by = footing(plan_of(daily("4") + overall("10")), 0, STORED, 0)
    assert isinstance(told_by, Footing)
    found = judged_by_days(history(days(1, 450_000)), told_by, until=date(2026, 3, 3))
    assert isinstance(found, Told)
    assert (found.outcome, found.days) == (Outcome.RUNNING, 1)


def test_a_crossing_beside_a_flow_is_told_on_the_scale_of_the_days_end() -> None:
    """2,000.00 deposited after 4,500.00 were lost: the worst value and its floor moved with it."""
    facts = [fact("daily", 3, 450_000, flows=200_000, worst=INITIAL - 450_000 + 200_000)]
    found = told(facts, daily("4"))
    assert found.breach is not None
    assert (found.breach.value, found.breach.floor) == (9_750_000, 9_800_000)


DOUBTFUL: list[tuple[str, StoredHistory, str]] = [
    (
        "an anchor revised within the day",
        history([fact("daily", 3, 1), fact("daily", 3, 2, revision=1, anchor=9_900_000)]),
        daily("4"),
    ),
    ("two rules on one day", history(days(600_000)), daily("4") + overall("6")),
    (
        "the first day seen",
        history([fact("daily", 3, 450_000)], first_seen_at=start_of(3) + timedelta(hours=1)),
        daily("4"),
    ),
    ("no initial balance", history(days(1), initial=None), daily("4")),
    (
        "an unproven anchor that has a surer part",
        history(
            [fact("daily", 3, 450_000, anchor_grade=AnchorGrade.CARRIED)],
            plan_of(daily("5", anchor='"max_balance_equity"')),
        ),
        daily("4", anchor='"max_balance_equity"'),
    ),
]


@pytest.mark.parametrize(("why", "life", "draft"), DOUBTFUL, ids=[why for why, *_ in DOUBTFUL])
def test_what_rule_days_cannot_tell_is_left_to_the_samples(
    why: str, life: StoredHistory, draft: str
) -> None:
    """Doubtful orders, floors and anchors are never decided by rule days."""
    told_by = footing(plan_of(draft), 0, life.life.plan, 0)
    assert isinstance(told_by, Footing)
    assert isinstance(judged_by_days(life, told_by), NotByDays)


def test_a_window_that_starts_mid_life_is_left_to_the_samples() -> None:
    """Its initial balance is not the life's."""
    life = history(days(1))
    assert life.initial is not None
    window = evolve(life.initial, source=InitialBalanceSource.WINDOW_START)
    told_by = footing(STORED, 0, STORED, 0)
    assert isinstance(told_by, Footing)
    assert isinstance(judged_by_days(evolve(life, initial=window), told_by), NotByDays)


def test_nobody_watched_objectives_after_the_stored_breach() -> None:
    """A life that goes on under the draft may have passed later: the samples decide."""
    stored = plan_of(daily("5") + overall("10") + TARGET)
    looser, tighter = (daily(n) + overall("10") + TARGET for n in ("7", "4"))
    ended = (breach("daily", 3),)
    assert isinstance(judged(days(600_000), looser, stored, breaches=ended), NotByDays)
    assert told(days(600_000), tighter, stored, breaches=ended).ended_on == date(2026, 3, 3)
    assert told(days(1), tighter, stored).outcome is Outcome.RUNNING


FITTING = [
    daily("4") + overall("10"),
    daily("5", levels="{ warning = 0.5, critical = 0.8 }"),
    overall("3", severity='"soft"') + rule("again", "daily_loss", allowance="{ money = 100 }"),
]
UNFIT = [
    daily("5", anchor='"balance"'),
    daily("5", checked='"worst"'),
    daily("5", cash_flow='"keep"'),
    overall("10", anchor='"equity_high"'),
    daily("5") + TARGET,
    daily("5") + rule("lots", "max_lots", lots="5"),
]


@pytest.mark.parametrize("draft", FITTING)
def test_only_allowance_operator_levels_and_severity_may_differ(draft: str) -> None:
    """A draft with the same anchors stands on the stored rule days."""
    assert isinstance(footing(plan_of(draft), 0, STORED, 0), Footing)


@pytest.mark.parametrize("draft", UNFIT)
def test_another_anchor_or_another_kind_of_rule_needs_samples(draft: str) -> None:
    """Floors that hang from something else are not told by the stored days."""
    assert isinstance(footing(plan_of(draft), 0, STORED, 0), NotByDays)


def test_another_reset_needs_samples() -> None:
    """Days cut elsewhere tell nothing of the draft's."""
    draft = plan_of(daily("5")).reset
    other = evolve(STORED, reset=evolve(draft, zone="Europe/London"))
    assert isinstance(footing(other, 0, STORED, 0), NotByDays)


LOCKED = overall("6", anchor='"equity_high"', lock="{ plus = 0 }")


@pytest.mark.parametrize(
    ("stored", "draft", "fits"),
    [
        (overall("6", anchor='"equity_high"'), overall("5", anchor='"equity_high"'), True),
        (LOCKED, LOCKED, True),
        (LOCKED, LOCKED.replace("= 6", "= 5"), False),
        (daily("5", anchor='"high"'), daily("4", anchor='"high"'), False),
    ],
)
def test_a_trailing_floor_moves_along_unless_it_is_locked(
    stored: str, draft: str, *, fits: bool
) -> None:
    """Used does not depend on the allowance, except where a lock cuts the floor off."""
    found = footing(plan_of(draft), 0, plan_of(stored), 0)
    assert isinstance(found, Footing) is fits


def test_a_crossed_trailing_floor_is_told_by_the_samples() -> None:
    """Rule days say that it was crossed, not where the floor stood then."""
    stored = plan_of(overall("6", anchor='"equity_high"'))
    draft = overall("5", anchor='"equity_high"')
    assert isinstance(judged([fact("overall", 3, 550_000)], draft, stored), NotByDays)
    quiet = told([fact("overall", 3, 450_000)], draft, stored)
    assert quiet.outcome is Outcome.RUNNING
