"""Late, changed and vanished deals: revisions with their cause, discrepancies, no silent change."""

from datetime import datetime, timedelta

import pytest
from attrs import evolve

from actors.domain.account import Outcome
from actors.domain.deals import Deal, DealEntry, DealType, History
from actors.domain.discrepancy import DiscrepancyKind
from actors.domain.plan import Plan
from actors.domain.rule_day import AnchorGrade, Level, RuleDay
from actors.domain.snapshot import Observation
from actors.domain.state import Effects, Reading
from actors.domain.step import fetch_since_msc
from actors.domain.summary_view import outcome
from actors.domain.violation import Verdict
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
    rule,
    seen,
)

BOTH = plan_of(DAILY + OVERALL)
CLOSED = plan_of(
    rule("daily", "daily_loss", allowance="{ percent = 5 }", checked='"balance"',
         anchor='"balance"')
)  # fmt: skip
TRAILING = plan_of(
    rule("trail", "overall_loss", allowance="{ percent = 5 }", anchor='"balance_high"',
         cash_flow='"shift"')
)  # fmt: skip
KINDS = DiscrepancyKind
FIRST = [
    deal(1, at("02 06:00:00"), 10_000_000),
    opened(2, at("02 06:30:00"), 2),
    closed(3, at("02 07:00:00"), 2, 0),
]


class Terminal:
    """An account read once a day; its history can be changed between the readings."""

    def __init__(self, plan: Plan, deals: list[Deal]) -> None:
        self.kept = KeptLife(life_of(plan), at("02 06:00:00"))
        self.deals = deals

    @property
    def balance(self) -> int:
        """What the history sums up to."""
        return sum(one.amount for one in self.deals if one.type is not DealType.CREDIT)

    def read(self, when: datetime, floating: dict[int, int] | None = None) -> Effects:
        """One reading as the actor makes it: the deals from where the engine wants them."""
        return self.told(seen(when, self.balance, floating))

    def told(self, observation: Observation) -> Effects:
        """A reading with this observation."""
        since = fetch_since_msc(self.kept.state)
        deals = tuple(one for one in self.deals if one.broker_msc >= since)
        history = History(len(self.deals), stable=True)
        return self.kept.told(Reading(observation, deals, history, since_msc=since))

    def days_until(self, last: int) -> "Terminal":
        """Read each morning from the 2nd of March to ``last``."""
        for day in range(2, last + 1):
            self.read(at(f"{day:02} 08:00:00"))
        return self

    def twice(self, when: datetime) -> Effects:
        """Two readings, two seconds apart; what the second did."""
        self.read(when)
        return self.read(when + timedelta(seconds=2))

    def row(self, rule_id: str, day: int) -> RuleDay:
        """The newest revision of a day."""
        found = [one for one in self.kept.days if (one.rule_id, one.date.day) == (rule_id, day)]
        return found[0]


def kinds(effects: Effects) -> list[DiscrepancyKind]:
    """What was contradicted."""
    return [one.kind for one in effects.discrepancies]


def test_a_deal_of_last_week_revises_its_day_and_every_later_anchor() -> None:
    """Each touched day gets one further row with its cause; the days before it none."""
    told = Terminal(BOTH, list(FIRST)).days_until(10)
    told.deals.append(deal(4, at("05 09:00:00"), -700, kind=DealType.COMMISSION))
    effects = told.twice(at("10 09:00:00"))
    revised = [row for row in effects.rule_days if row.rule_id == "daily" and row.revision == 1]
    assert [row.date.day for row in revised] == [5, 6, 7, 8, 9, 10]
    assert {row.cause for row in revised} == {"deal_late"}
    assert told.row("daily", 5).closed_result == -700
    assert [told.row("daily", day).anchor for day in (5, 6, 9, 10)] == [
        10_000_000,
        9_999_300,
        9_999_300,
        9_999_300,
    ]
    assert [told.row("daily", day).floor for day in (5, 6)] == [9_500_000, 9_499_300]
    assert kinds(effects) == [KINDS.DEAL_LATE]
    assert (effects.reread_within_seconds, told.kept.reloads) == (None, 1)
    assert told.kept.state.past is None


def test_a_late_deal_counts_a_turned_position_as_two() -> None:
    """A netting reversal closed one position and opened the next: a fee later changes no count."""
    turned = evolve(closed(5, at("03 07:00:00"), 4, 100, "2"), entry=DealEntry.INOUT)
    back = evolve(opened(6, at("03 07:30:00"), 4), entry=DealEntry.OUT)
    told = Terminal(BOTH, [*FIRST, opened(4, at("03 06:30:00"), 4), turned, back])
    told.read(at("03 09:00:00"))
    told.deals.append(deal(7, at("03 08:00:00"), -700, kind=DealType.COMMISSION))
    effects = told.read(at("03 10:00:00"))
    row = told.row("daily", 3)
    assert kinds(effects) == [KINDS.DEAL_LATE]
    assert (row.opened, row.closed) == (2, 2)


def test_a_late_deal_of_an_ended_day_leaves_its_old_row_as_it_was() -> None:
    """The first revision stays beside the second."""
    told = Terminal(BOTH, list(FIRST)).days_until(5)
    told.deals.append(deal(4, at("03 09:00:00"), -700, kind=DealType.COMMISSION))
    told.read(at("05 09:00:00"))
    rows = [
        (row.revision, row.closed_result)
        for effect in told.kept.effects
        for row in effect.rule_days
        if row.rule_id == "daily" and row.date.day == 3
    ]
    assert sorted(set(rows)) == [(0, 0), (1, -700)]


def test_a_late_position_makes_a_flat_day_unknown() -> None:
    """Hours that a late trade was open are unknown, its boundary's anchor is unproven."""
    told = Terminal(BOTH, list(FIRST)).days_until(6)
    told.deals += [opened(8, at("04 20:00:00"), 8), closed(9, at("05 02:00:00"), 8, -100)]
    told.read(at("06 09:00:00"))
    fourth, fifth = told.row("daily", 4), told.row("daily", 5)
    assert (fourth.opened, fourth.closed, fifth.closed) == (1, 0, 1)
    assert fourth.coverage.unknown_seconds == 2 * 3600
    assert fifth.coverage.unknown_seconds == 4 * 3600
    assert (fifth.anchor_grade, fifth.unproven) == (AnchorGrade.BALANCE_ONLY, True)
    assert (fourth.unproven, told.row("daily", 6).anchor_grade) == (True, AnchorGrade.EXACT)


def test_a_late_loss_that_would_have_breached_is_told_and_never_hard() -> None:
    """A loss of last week, made good since: a discrepancy with its facts, and no verdict."""
    told = Terminal(CLOSED, list(FIRST)).days_until(8)
    told.deals += [
        opened(8, at("05 09:00:00"), 8),
        closed(9, at("05 09:30:00"), 8, -600_000),
        deal(10, at("06 09:00:00"), 600_000, kind=DealType.CORRECTION),
    ]
    effects = told.read(at("08 09:00:00"))
    (one,) = [d for d in effects.discrepancies if d.kind is KINDS.VERDICT_MISSING]
    assert (one.subject, one.rule_date, one.occurred_at) == (
        "daily",
        at("05 00:00:00").date(),
        at("05 09:30:00"),
    )
    assert one.after == {"floor": 9_500_000, "value": 9_400_000, "verdict": None, "unproven": False}
    assert effects.violations == ()
    assert outcome(told.kept.state) is Outcome.RUNNING
    row = told.row("daily", 5)
    assert (row.level, row.worst, row.worst_at) == (
        Level.CRITICAL,
        9_400_000,
        at("05 09:30:00"),
    )


@pytest.mark.parametrize(("amount", "told_of"), [(-499_999, False), (-500_000, True)])
def test_a_late_loss_is_told_from_the_floor_on(amount: int, told_of: bool) -> None:
    """One unit above the floor nothing would have been; at it there would."""
    told = Terminal(CLOSED, list(FIRST)).days_until(8)
    told.deals += [
        opened(8, at("05 09:00:00"), 8),
        closed(9, at("05 09:30:00"), 8, amount),
        deal(10, at("05 10:00:00"), -amount, kind=DealType.DIVIDEND),
    ]
    effects = told.read(at("08 09:00:00"))
    assert (KINDS.VERDICT_MISSING in kinds(effects)) is told_of


def test_a_breach_on_a_deal_that_is_taken_back_stays_and_is_told() -> None:
    """The verdict stands, the account stays breached, a human learns that the facts are gone."""
    told = Terminal(CLOSED, list(FIRST)).days_until(4)
    told.deals += [opened(8, at("04 09:00:00"), 8), closed(9, at("04 09:30:00"), 8, -600_000)]
    hard = told.read(at("04 10:00:00")).violations
    assert [one.verdict for one in hard if one.severity == "breach"] == [Verdict.HARD]
    told.read(at("05 08:00:00"))
    told.deals[-1] = evolve(told.deals[-1], profit=-600, comment="corrected")
    effects = told.read(at("05 09:00:00"))
    assert kinds(effects) == [KINDS.DEAL_CHANGED, KINDS.VERDICT_UNFOUNDED]
    changed, unfounded = effects.discrepancies
    assert changed.before is not None
    assert changed.after is not None
    assert (changed.before["profit"], changed.after["profit"]) == (-600_000, -600)
    assert unfounded.before == {"floor": 9_500_000, "value": 9_400_000, "verdict": "hard"}
    assert unfounded.after == {"floor": 9_500_000, "value": 9_999_400, "verdict": None}
    assert effects.violations == ()
    assert outcome(told.kept.state) is Outcome.BREACHED
    assert told.row("daily", 4).level is Level.BREACH
    assert told.row("daily", 4).closed_result == -600


def test_a_vanished_deal_is_gone_at_the_second_reading() -> None:
    """One reading without it is a doubt; the next one makes it gone, with sums and revisions."""
    extra = deal(4, at("03 09:00:00"), 5_000, kind=DealType.DIVIDEND)
    told = Terminal(BOTH, [*FIRST, extra]).days_until(5)
    told.deals.remove(extra)
    first = told.read(at("05 09:00:00"))
    assert (first.gone, first.discrepancies, first.reread_within_seconds) == ((), (), 2.0)
    second = told.read(at("05 09:00:02"))
    assert (second.gone, kinds(second)) == ((4,), [KINDS.DEAL_GONE])
    assert second.reread_within_seconds is None
    assert told.kept.state.progress.sums.balance == 10_000_000
    assert told.kept.state.progress.held == ()
    assert (told.row("daily", 3).closed_result, told.row("daily", 3).cause) == (0, "deal_gone")
    assert [told.row("daily", day).anchor for day in (4, 5)] == [10_000_000, 10_000_000]


def test_a_deal_that_comes_back_is_known_again() -> None:
    """Shown again, it is a late deal like any other."""
    extra = deal(4, at("03 09:00:00"), 5_000, kind=DealType.DIVIDEND)
    told = Terminal(BOTH, [*FIRST, extra]).days_until(5)
    told.deals.remove(extra)
    told.twice(at("05 09:00:00"))
    told.deals.append(extra)
    effects = told.read(at("05 10:00:00"))
    assert [one.ticket for one in effects.deals] == [4]
    assert kinds(effects) == [KINDS.DEAL_LATE]
    assert (told.row("daily", 3).revision, told.row("daily", 3).closed_result) == (2, 5_000)


def test_a_terminal_that_shows_less_for_once_loses_nothing() -> None:
    """A hole that the next reading fills, or that the balance denies, takes no deal away."""
    extra = deal(4, at("03 09:00:00"), 5_000, kind=DealType.DIVIDEND)
    told = Terminal(BOTH, [*FIRST, extra]).days_until(5)
    told.deals.remove(extra)
    told.read(at("05 09:00:00"))
    told.deals.append(extra)
    assert told.read(at("05 09:00:02")).gone == ()
    assert told.kept.state.progress.absence is None
    told.deals.remove(extra)
    for second in range(0, 20, 2):
        observation = seen(at("05 10:00:00") + timedelta(seconds=second), told.balance + 5_000)
        assert told.told(observation).gone == ()
    assert told.kept.discrepancies == []


def test_a_vanished_deal_of_long_ago_is_found_in_the_whole_history() -> None:
    """A count that the last days do not explain is looked into once, over the whole history."""
    old = deal(4, at("03 09:00:00"), 5_000, kind=DealType.DIVIDEND)
    told = Terminal(BOTH, [*FIRST, old]).days_until(20)
    told.deals.remove(old)
    gone = [told.read(at(f"20 09:00:{second:02}")).gone for second in range(0, 10, 2)]
    assert gone == [(), (), (4,), (), ()]
    assert told.row("daily", 10).anchor == 10_000_000
    assert fetch_since_msc(told.kept.state) > 0


def test_a_count_that_nothing_explains_is_asked_about_once() -> None:
    """The whole history is read once for one strange count, not at every reading."""
    told = Terminal(BOTH, list(FIRST)).days_until(10)
    whole = 0
    for second in range(0, 20, 2):
        since = fetch_since_msc(told.kept.state)
        whole += since == 0
        history = History(2, stable=True)
        deals = tuple(one for one in told.deals if one.broker_msc >= since)
        told.kept.told(
            Reading(
                seen(at("10 09:00:00") + timedelta(seconds=second), told.balance),
                deals, history, since_msc=since,
            )
        )  # fmt: skip
    assert whole == 1
    assert told.kept.discrepancies == []


def test_a_trade_whose_deals_are_gone_goes_with_them() -> None:
    """A deleted pair takes its trade along; a deleted close opens the trade again."""
    told = Terminal(
        BOTH, [*FIRST, opened(8, at("04 06:00:00"), 8), closed(9, at("04 07:00:00"), 8, 50)]
    )
    told.days_until(5)
    assert told.kept.trades["8"].is_closed
    told.deals.pop()
    reopened = told.read(at("05 09:00:00"), {8: 50})
    reopened = told.read(at("05 09:00:02"), {8: 50})
    assert reopened.gone == (9,)
    assert not told.kept.trades["8"].is_closed
    told.deals.pop()
    effects = told.twice(at("05 10:00:00"))
    assert (effects.gone, effects.trades_gone) == ((8,), ("8",))
    assert list(told.kept.trades) == ["2"]
    assert told.kept.state.tally.closed == 1


def test_a_high_mark_on_money_taken_back_never_breaches_by_itself() -> None:
    """A profit booked in error lifts a trailing floor; taken back, a crossing is only possible."""
    told = Terminal(TRAILING, list(FIRST)).days_until(3)
    told.deals.append(deal(4, at("03 09:00:00"), 1_000_000, kind=DealType.DIVIDEND))
    told.read(at("03 10:00:00"))
    told.deals.pop()
    effects = told.twice(at("03 11:00:00"))
    assert [one.verdict for one in effects.violations if one.severity == "breach"] == [
        Verdict.POSSIBLE
    ]
    assert outcome(told.kept.state) is Outcome.RUNNING


def test_a_deal_late_by_the_clocks_skew_is_no_discrepancy() -> None:
    """What is stamped within two seconds before the last reading is taken in without ado."""
    told = Terminal(BOTH, list(FIRST)).days_until(3)
    told.deals.append(deal(4, at("03 07:59:58"), -10, kind=DealType.COMMISSION))
    effects = told.read(at("03 08:01:00"))
    assert (effects.discrepancies, effects.notes) == ((), ())
    assert told.kept.state.progress.sums.balance == 9_999_990


def test_an_edited_comment_is_kept_in_both_versions_and_revises_nothing() -> None:
    """No figure changes, so no row does; the change itself is told."""
    told = Terminal(BOTH, list(FIRST)).days_until(4)
    told.deals[2] = evolve(told.deals[2], comment="again")
    effects = told.read(at("04 09:00:00"))
    assert kinds(effects) == [KINDS.DEAL_CHANGED]
    assert [row for row in effects.rule_days if row.revision] == []
    assert [one.comment for one in effects.deals] == ["again"]
