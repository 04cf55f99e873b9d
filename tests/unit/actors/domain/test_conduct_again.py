"""Conduct judged again on late, changed and vanished deals; no old verdict changes silently."""

from datetime import datetime, timedelta
from random import Random

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.domain.account import Outcome
from actors.domain.deals import Deal, History
from actors.domain.discrepancy import Discrepancy, DiscrepancyKind
from actors.domain.plan import Plan
from actors.domain.rule_day import Level
from actors.domain.state import Effects, Reading
from actors.domain.step import fetch_since_msc
from actors.domain.summary_view import outcome
from actors.domain.violation import Grade, Verdict
from supervisor.check_evidence import differences
from tests.fakes.kept_life import KeptLife
from tests.unit.actors.domain.histories import (
    DAILY,
    at,
    closed,
    deal,
    life_of,
    opened,
    plan_of,
    rule,
    seen,
)

KINDS = DiscrepancyKind
DEPOSIT = deal(1, at("02 06:00:00"), 10_000_000)


class Terminal:
    """An account whose history can be changed between the readings."""

    def __init__(self, rules: str, *deals: Deal) -> None:
        self.kept = KeptLife(life_of(plan_of(DAILY + rules)), at("02 06:00:00"))
        self.deals = [DEPOSIT, *deals]

    def read(self, when: str, floating: dict[int, int] | None = None) -> Effects:
        """One reading with the deals from where the engine wants them."""
        return _read(self.kept, self.deals, at(when), floating)

    def recorded(self, rule_id: str) -> tuple[str, ...]:
        """The keys under the rule's latch."""
        own = self.kept.state.progress.phase.conduct
        return next(one.recorded for one in own if one.rule_id == rule_id)


def _read(
    kept: KeptLife, deals: list[Deal], when: datetime, floating: dict[int, int] | None = None
) -> Effects:
    since = fetch_since_msc(kept.state)
    page = tuple(one for one in deals if one.broker_msc >= since and one.occurred_at <= when)
    count = sum(one.occurred_at <= when for one in deals)
    balance = sum(one.amount for one in deals if one.occurred_at <= when)
    history = History(count, stable=True)
    return kept.told(Reading(seen(when, balance, floating), page, history, since_msc=since))


def unfounded(effects: Effects) -> list[Discrepancy]:
    """The verdicts that the facts give no more."""
    return [one for one in effects.discrepancies if one.kind is KINDS.VERDICT_UNFOUNDED]


LOTS = rule("lots", "max_lots", lots="2", of='"total"')
COUNT = rule("count", "max_positions", positions="1")
HOLD = rule("hold", "minimum_holding_time", seconds="60", severity='"soft"')
STOP = rule("stop", "stop_loss_within", seconds="60", severity='"soft"')
FLAT = rule("flat", "weekend_flat", by='{ day = "wednesday", at = "20:00" }', zone='"server"')
IDLE = rule("idle", "inactivity", days="2", warning_days="1", severity='"soft"')


def test_a_late_opening_breaks_a_rule_at_its_true_instant() -> None:
    """Two days late: hard, of its own rule day, evidence that a stranger can compute again."""
    told = Terminal(LOTS, opened(2, at("02 07:00:00"), 7))
    told.read("02 08:00:00", {7: 0})
    told.deals.append(closed(3, at("02 09:00:00"), 7, 100))
    told.read("03 08:00:00")
    told.deals += [
        opened(4, at("02 08:30:00"), 8, "1.5"),
        closed(5, at("02 08:40:00"), 8, 0, "1.5"),
    ]
    effects = told.read("04 08:00:00")
    (one,) = effects.violations
    assert (one.rule_id, one.verdict, one.grade) == ("lots", Verdict.HARD, Grade.OBSERVED)
    assert (one.occurred_at, one.observed_at) == (at("02 08:30:00"), at("04 08:00:00"))
    assert (one.rule_date.day, one.threshold, one.current) == (2, 2 * 10**8, 250_000_000)
    assert one.evidence["facts"]["open_volumes"] == {"7": "1", "8": "1.5"}
    assert (one.evidence["late"], one.evidence["rule_day"]) == ("deal_late", "2026-03-02")
    assert differences(one.evidence) == []
    assert unfounded(effects) == []
    assert outcome(told.kept.state) is Outcome.BREACHED
    assert told.recorded("lots") == ()
    assert told.read("04 08:10:00").violations == ()


def test_a_late_opening_of_today_shuts_the_latch_of_today() -> None:
    """Further deals of the day give no second row, and the value stands as it is."""
    told = Terminal(LOTS, opened(2, at("02 07:00:00"), 7))
    told.read("02 06:30:00")
    told.read("02 08:00:00", {7: 0})
    told.deals.append(opened(3, at("02 07:30:00"), 8, "3"))
    (one,) = told.read("02 08:10:00", {7: 0, 8: 0}).violations
    assert (one.occurred_at, one.current) == (at("02 07:30:00"), 4 * 10**8)
    (own,) = told.kept.state.progress.phase.conduct
    assert (own.recorded, own.value, own.level) == (("breach:hard",), 4 * 10**8, Level.BREACH)
    assert own.breached_value == 4 * 10**8
    told.deals.append(opened(4, at("02 08:20:00"), 9))
    assert told.read("02 08:30:00", {7: 0, 8: 0, 9: 0}).violations == ()


def test_what_only_a_changed_deal_shows_is_possible() -> None:
    """The broker's records disagree: for a human, never hard."""
    told = Terminal(LOTS, opened(2, at("02 07:00:00"), 7))
    told.read("02 08:00:00", {7: 0})
    told.deals[1] = opened(2, at("02 07:00:00"), 7, "5")
    effects = told.read("02 08:10:00", {7: 0})
    (one,) = effects.violations
    assert (one.verdict, one.grade) == (Verdict.POSSIBLE, Grade.UNKNOWN)
    assert (one.evidence["doubt"], one.evidence["late"]) == ("deal_changed", "deal_changed")
    assert differences(one.evidence) == []
    assert outcome(told.kept.state) is Outcome.RUNNING


def test_a_violation_whose_deal_shrinks_stays_and_is_told() -> None:
    """The verdict stands; the discrepancy names it with both values and the cause."""
    told = Terminal(LOTS, opened(2, at("02 07:00:00"), 7))
    told.read("02 06:30:00")
    told.deals.append(opened(3, at("02 07:30:00"), 8, "3"))
    (hard,) = told.read("02 08:00:00", {7: 0, 8: 0}).violations
    assert hard.verdict is Verdict.HARD
    told.deals[-1] = opened(3, at("02 07:30:00"), 8)
    effects = told.read("02 08:10:00", {7: 0, 8: 0})
    (one,) = unfounded(effects)
    assert (one.subject, one.rule_date, one.occurred_at) == (
        "lots",
        hard.rule_date,
        hard.occurred_at,
    )
    assert one.before == {
        "limit": 2 * 10**8, "value": 4 * 10**8, "severity": "breach", "verdict": "hard",
    }  # fmt: skip
    assert one.after == {
        "limit": 2 * 10**8, "value": 2 * 10**8, "verdict": None, "cause": "deal_changed",
    }  # fmt: skip
    assert effects.violations == ()
    assert outcome(told.kept.state) is Outcome.BREACHED
    assert told.recorded("lots") == ("breach:hard",)
    told.deals.append(closed(9, at("02 08:05:00"), 7, 0))
    assert unfounded(told.read("02 08:20:00", {8: 0})) == []


def test_a_violation_whose_deal_vanishes_is_told() -> None:
    """Both readings lack the deal: it is gone, and what it showed is unfounded."""
    told = Terminal(COUNT, opened(2, at("02 07:00:00"), 7), opened(3, at("02 07:30:00"), 8))
    told.read("02 06:30:00")
    assert len(told.read("02 08:00:00", {7: 0, 8: 0}).violations) == 1
    del told.deals[-1]
    told.read("02 08:10:00", {7: 0})
    effects = told.read("02 08:10:02", {7: 0})
    (one,) = unfounded(effects)
    assert one.after == {"limit": 1, "value": 1, "verdict": None, "cause": "deal_gone"}


def test_a_close_that_never_was_takes_its_holding_time_with_it() -> None:
    """Nothing was measured at that instant any more: the value is none."""
    told = Terminal(HOLD, opened(2, at("02 07:00:00"), 7))
    told.read("02 06:30:00")
    told.deals.append(closed(3, at("02 07:00:10"), 7, 0))
    assert [one.current for one in told.read("02 08:00:00").violations] == [10_000]
    told.deals[-1] = closed(3, at("02 08:30:00"), 7, 0)
    (one,) = unfounded(told.read("02 09:00:00"))
    assert one.after is not None
    assert one.after["value"] is None


def test_an_earlier_opening_founds_a_longer_holding_time() -> None:
    """The opening deal was edited to an earlier time: the violation is unfounded."""
    told = Terminal(HOLD, opened(2, at("02 07:00:00"), 7))
    told.read("02 06:30:00")
    told.deals.append(closed(3, at("02 07:00:59"), 7, 0))
    told.read("02 08:00:00")
    told.deals[1] = opened(2, at("02 06:59:59"), 7)
    (one,) = unfounded(told.read("02 09:00:00"))
    assert one.after is not None
    assert one.after["value"] == 60_000


def test_a_late_position_over_the_weekend_instant_is_found_there() -> None:
    """Open at the instant itself, though no deal is stamped there."""
    told = Terminal(FLAT, opened(2, at("04 07:00:00"), 7), closed(3, at("04 09:00:00"), 7, 0))
    for day in ("02", "03", "04", "05"):
        told.read(f"{day} 10:00:00")
    told.deals += [opened(4, at("04 19:00:00"), 8), closed(5, at("04 21:00:00"), 8, 0)]
    (one,) = told.read("05 11:00:00").violations
    assert (one.rule_id, one.occurred_at, one.current) == ("flat", at("04 20:00:00"), 1)


def test_a_late_trade_breaks_an_idleness_that_was_recorded() -> None:
    """Warning and breach are unfounded, and the time runs from the late trade on."""
    told = Terminal(IDLE, opened(2, at("02 07:00:00"), 7), closed(3, at("02 08:00:00"), 7, 0))
    for day in ("02", "03", "04", "05"):
        told.read(f"{day} 10:00:00")
    assert told.recorded("idle") == ("warning:level", "breach:soft")
    told.deals += [opened(4, at("03 07:00:00"), 8), closed(5, at("03 07:30:00"), 8, 0)]
    effects = told.read("05 10:10:00")
    assert [(one.subject, one.occurred_at) for one in unfounded(effects)] == [
        ("idle", at("03 08:00:00")),
        ("idle", at("04 08:00:00")),
    ]
    (own,) = told.kept.state.progress.phase.conduct
    assert own.since == at("03 07:30:00")
    assert [(one.severity, one.occurred_at) for one in effects.violations] == [
        ("breach", at("05 07:30:00"))
    ]


def test_a_trade_that_vanishes_lengthens_the_idleness() -> None:
    """What was a trade in time is none: the account was idle from the one before."""
    trades = [opened(2, at("02 07:00:00"), 7), closed(3, at("02 08:00:00"), 7, 0)]
    more = [opened(4, at("04 07:00:00"), 8), closed(5, at("04 07:30:00"), 8, 0)]
    told = Terminal(IDLE, *trades, *more)
    for day in ("02", "03", "04"):
        told.read(f"{day} 10:00:00")
    del told.deals[-2:]
    told.read("04 11:00:00")
    effects = told.read("04 11:00:02")
    assert [(one.severity, one.verdict, one.occurred_at) for one in effects.violations] == [
        ("breach", "possible", at("04 08:00:00"))
    ]


def test_rules_broken_by_one_late_deal_get_a_row_each() -> None:
    """The first of them in plan order is primary; what readings tell of stop-losses stays."""
    told = Terminal(LOTS + COUNT + STOP, opened(2, at("02 07:00:00"), 7))
    told.read("02 06:30:00")
    told.read("02 08:00:00", {7: 0})
    before = told.kept.state.progress.phase.conduct[2]
    assert before.recorded == ("breach:soft",)
    told.deals += [opened(3, at("02 07:30:00"), 8, "3"), closed(4, at("02 07:40:00"), 8, 0, "3")]
    found = told.read("02 08:10:00", {7: 0}).violations
    assert [(one.rule_id, one.verdict, one.is_primary) for one in found] == [
        ("lots", Verdict.HARD, True),
        ("count", Verdict.HARD, False),
    ]
    assert {one.occurred_at for one in found} == {at("02 07:30:00")}
    assert told.recorded("stop") == before.recorded


def test_a_breach_of_another_day_shuts_no_latch() -> None:
    """Soft lots of Monday are written already, those of Tuesday came late and are not."""
    soft = rule("lots", "max_lots", lots="2", severity='"soft"')
    told = Terminal(soft, opened(2, at("02 07:00:00"), 7, "3"))
    told.read("02 06:30:00")
    told.deals.append(closed(3, at("02 09:00:00"), 7, 0, "3"))
    assert [one.rule_date.day for one in told.read("02 10:00:00").violations] == [2]
    told.read("03 10:00:00")
    told.deals += [opened(4, at("03 07:00:00"), 8, "3"), closed(5, at("03 08:00:00"), 8, 0, "3")]
    found = told.read("03 12:00:00").violations
    assert [(one.rule_date.day, one.severity) for one in found] == [(3, "breach")]
    assert told.recorded("lots") == ("breach:soft",)


def test_a_later_warning_stands_for_an_idleness_that_began_earlier() -> None:
    """Its trade vanished: the warning is one of the same idle time, only the breach is missing."""
    more = [opened(4, at("03 07:00:00"), 8), closed(5, at("03 07:30:00"), 8, 0)]
    told = Terminal(IDLE, opened(2, at("02 07:00:00"), 7), closed(3, at("02 07:50:00"), 7, 0))
    told.read("02 10:00:00")
    told.deals += more
    told.read("03 10:00:00")
    (warned,) = told.read("04 07:45:00").violations
    assert (warned.severity, warned.occurred_at) == ("warning", at("04 07:30:00"))
    del told.deals[-2:]
    told.read("04 08:30:00")
    effects = told.read("04 08:30:02")
    assert [(one.severity, one.verdict, one.occurred_at) for one in effects.violations] == [
        ("breach", Verdict.POSSIBLE, at("04 07:50:00"))
    ]
    assert unfounded(effects) == []


def test_a_stop_loss_that_was_in_time_by_a_later_opening_is_told() -> None:
    """The reading's word on the missing stop stands, the opening is the deals' to tell."""
    told = Terminal(STOP, opened(2, at("02 07:00:00"), 7))
    told.read("02 06:30:00")
    (found,) = told.read("02 08:00:00", {7: 0}).violations
    assert found.occurred_at == at("02 08:00:00")
    told.deals[1] = opened(2, at("02 07:59:30"), 7)
    effects = told.read("02 08:00:30", {7: 0})
    (one,) = unfounded(effects)
    assert one.after == {
        "limit": 60_000, "value": 30_000, "verdict": None, "cause": "deal_changed",
    }  # fmt: skip
    assert told.recorded("stop") == ("breach:soft",)


def test_a_stop_loss_verdict_stands_while_its_openings_do() -> None:
    """Another position's late deal says nothing about it; a vanished opening leaves no time."""
    told = Terminal(STOP, opened(2, at("02 07:00:00"), 7))
    told.read("02 06:30:00")
    told.read("02 08:00:00", {7: 0})
    told.deals.append(opened(3, at("02 07:30:00"), 8))
    assert unfounded(told.read("02 08:10:00", {7: 0, 8: 0})) == []
    del told.deals[1]
    told.read("02 08:20:00", {8: 0})
    (one,) = unfounded(told.read("02 08:20:02", {8: 0}))
    assert one.after is not None
    assert one.after["value"] == 0


def test_money_alone_is_no_conduct() -> None:
    """A corrected profit needs no look at the rules on conduct."""
    told = Terminal(COUNT, opened(2, at("02 07:00:00"), 7), closed(3, at("02 08:00:00"), 7, 0))
    told.read("02 09:00:00")
    told.deals[-1] = evolve(told.deals[-1], profit=-500)
    effects = told.read("02 09:10:00")
    assert [one.kind for one in effects.discrepancies] == [KINDS.DEAL_CHANGED]
    assert told.kept.reloads == 0


ALL = plan_of(
    DAILY
    + rule("lots", "max_lots", lots="2", severity='"soft"')
    + rule("total", "max_lots", lots="3", of='"total"', severity='"soft"')
    + rule("count", "max_positions", positions="2", severity='"soft"')
    + HOLD
    + rule("flat", "weekend_flat", by='{ day = "wednesday", at = "09:00" }', zone='"server"',
           until='{ day = "wednesday", at = "15:00" }', severity='"soft"')
    + IDLE
    + rule("life", "lifetime", days="6", **{"from": '"first_trade"'}, severity='"soft"')
)  # fmt: skip


def random_trades(random: Random) -> list[Deal]:
    """A deposit, then some days of openings, partial closes and closes that earn nothing."""
    when, deals, live = DEPOSIT.occurred_at, [DEPOSIT], dict[int, int]()
    for ticket in range(2, random.randrange(6, 26)):
        when += timedelta(seconds=random.choice([1, 30, 60, 3_600, 30_000, 90_000, 180_000]))
        if random.random() < 0.5 or not live:
            position = random.choice([ticket, *live])
            live[position] = live.get(position, 0) + 1
            deals.append(opened(ticket, when, position))
        else:
            position = random.choice(list(live))
            live[position] -= 1
            deals.append(closed(ticket, when, position, 0))
            live = {p: lots for p, lots in live.items() if lots}
    return deals


def watched(plan: Plan, shown: list[tuple[Deal, datetime]], looks: list[datetime]) -> KeptLife:
    """The life as kept by someone to whom each deal is shown at some time."""
    kept = KeptLife(life_of(plan), DEPOSIT.occurred_at)
    for when in looks:
        _read(kept, [one for one, at_ in shown if at_ <= when], when)
    return kept


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_late_deals_leave_no_conduct_unjudged(seed: int) -> None:
    """Each violation of a timely delivery is there or stood already under its key; each that it
    would not have is told as unfounded. Values, times and due instants end the same.
    """
    random = Random(seed)
    deals = random_trades(random)
    looks = [DEPOSIT.occurred_at + timedelta(minutes=1)]
    while looks[-1] < deals[-1].occurred_at + timedelta(days=4):
        looks.append(looks[-1] + timedelta(minutes=random.choice([7, 90, 400, 1500])))
    timely = watched(ALL, [(one, one.occurred_at) for one in deals], looks)
    delays = [timedelta(minutes=random.choice([0, 0, 0, 2, 300, 4_000])) for _ in deals]
    shown = [(one, one.occurred_at + delay) for one, delay in zip(deals, delays, strict=True)]
    late = watched(ALL, [(deals[0], looks[0]), *shown[1:]], looks)
    wanted = {(v.rule_id, v.rule_date, v.severity) for v in timely.violations}
    found = {(v.rule_id, v.rule_date, v.severity): v for v in late.violations}
    told = {
        (one.subject, one.rule_date, one.occurred_at)
        for one in late.discrepancies
        if one.kind is KINDS.VERDICT_UNFOUNDED
    }
    breaches = {key for key in wanted if key[2] == "breach"}
    assert breaches <= set(found)
    for key, one in found.items():
        assert key in wanted or (key[0], key[1], one.occurred_at) in told
        assert differences(one.evidence) == []
    pairs = zip(late.state.progress.phase.conduct, timely.state.progress.phase.conduct, strict=True)
    for own, other in pairs:
        assert (own.since, own.due, own.level) == (other.since, other.due, other.level)
        assert own.since is not None or own.value == other.value
