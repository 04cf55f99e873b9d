"""What lies between two readings: grades, anchors that quotes tell, coverage to the microsecond."""

import json
from datetime import datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.domain.account import Outcome
from actors.domain.account_state import AccountState
from actors.domain.deals import Deal, DealType
from actors.domain.price_wish import price_wish
from actors.domain.prices import Bars, Prices, utc_msc
from actors.domain.rule_day import AnchorGrade, Level, RuleDay
from actors.domain.snapshot import Observation
from actors.domain.state import Effects
from actors.domain.summary_view import outcome
from actors.domain.violation import Grade, Verdict
from supervisor.check_evidence import differences
from tests.fakes.kept_life import KeptLife
from tests.unit.actors.domain.histories import (
    DAILY,
    at,
    deal,
    life_of,
    plan_of,
    reading,
    rule,
    standings,
)
from tests.unit.actors.domain.markets import (
    OPENED_AT,
    SPEC,
    buy,
    every,
    look,
    points,
    prices,
    sell_off,
)

TRAILING = rule(
    "trailing", "overall_loss", anchor='"equity_high"', allowance="{ percent = 6 }",
    cash_flow='"shift"',
)  # fmt: skip
DEPOSIT = [deal(1, at("02 06:00:00"), 10_000_000)]
BALANCE = 10_000_000
LOTS = {2: 1}


class Watched:
    """An account under rules, read with or without prices."""

    def __init__(self, rules: str, deals: list[Deal], **life: object) -> None:
        self.deals = deals
        self.kept = KeptLife(life_of(plan_of(rules), **life), at("02 06:00:00"))
        self.days: dict[tuple[str, int], RuleDay] = {}

    def see(self, seen: Observation, told: Prices | None = None) -> Effects:
        """Take one reading."""
        taken = evolve(reading(seen, self.deals), prices=told)
        effects = self.kept.told(taken)
        self.days |= {(str(d.date), d.revision): d for d in effects.rule_days}
        return effects

    @property
    def state(self) -> AccountState:
        """The account as it stands."""
        return self.kept.state


def watched(rules: str = DAILY, when: str = "02 08:00:00", floating: int = 0) -> Watched:
    """A long of one lot, read once."""
    account = Watched(rules, [*DEPOSIT, buy(2, at("02 07:00:00"))])
    account.see(look(at(when), BALANCE, points(floating), LOTS))
    return account


def test_a_crossing_between_readings_is_a_breach_with_its_tick() -> None:
    """Equity fell through the floor and came back: hard, at the tick's own instant and value."""
    account = watched()
    when = at("02 08:00:00")
    moves = every(1, when, [points(f) for f in (0, -300_000, -500_000, -600_000, -100_000)])
    found = account.see(
        look(at("02 08:00:04"), BALANCE, points(-100_000), LOTS), prices(moves)
    ).violations
    assert [(v.severity, v.verdict, v.grade) for v in found] == [
        ("breach", Verdict.HARD, Grade.RECONSTRUCTED)
    ]
    assert found[0].occurred_at == when + timedelta(seconds=2)
    assert found[0].observed_at == when + timedelta(seconds=4)
    assert (found[0].threshold, found[0].current) == (9_500_000, 9_500_000)
    assert found[0].evidence["path"]["quotes"] == [
        {"symbol": "EURUSD", "at": "2026-03-02T08:00:02+00:00", "bid": 105_000, "ask": 105_010}
    ]
    assert outcome(account.state) is Outcome.BREACHED


@pytest.mark.parametrize(("off", "crossed"), [(100, False), (0, True), (-100, True)])
@pytest.mark.parametrize("strict", [False, True])
def test_the_operator_decides_at_a_tick(off: int, crossed: bool, strict: bool) -> None:
    """At, one point above and one below the floor, by the operator, on the path too."""
    operator = '"<"' if strict else '"<="'
    account = watched(rule("d", "daily_loss", allowance="{ percent = 5 }", operator=operator))
    moves = every(1, at("02 08:00:00"), [points(f) for f in (0, -500_000 + off, 0)])
    account.see(look(at("02 08:00:02"), BALANCE, points(0), LOTS), prices(moves))
    expected = crossed and not (strict and off == 0)
    assert (outcome(account.state) is Outcome.BREACHED) is expected


def test_a_position_that_lived_between_the_readings_counts() -> None:
    """Opened and closed while nobody looked: its loss at the worst tick is the breach."""
    account = Watched(DAILY, DEPOSIT)
    account.see(look(at("02 08:00:00"), BALANCE, OPENED_AT, {}))
    account.deals = [
        *DEPOSIT,
        buy(2, at("02 08:00:05")),
        sell_off(3, at("02 08:00:20"), 2, -200_000),
    ]
    moves = every(5, at("02 08:00:00"), [points(f) for f in (0, 0, -700_000, -300_000, -200_000)])
    found = account.see(look(at("02 08:00:30"), 9_800_000, points(0), {}), prices(moves)).violations
    assert [(v.verdict, v.grade, v.current) for v in found] == [
        (Verdict.HARD, Grade.RECONSTRUCTED, 9_300_000)
    ]


@pytest.mark.parametrize("told", ["bars", "no_meeting"])
def test_a_bound_gives_a_possible_crossing_only(told: str) -> None:
    """Only minute bars, or a path that does not meet the terminal: a human decides."""
    account = watched(DAILY + TRAILING)
    low, high = points(-600_000), points(900_000)
    times = (utc_msc(at("02 08:00:00")), utc_msc(at("02 08:01:00")))
    bars = Prices(
        {"EURUSD": SPEC}, {}, {"EURUSD": Bars(times, (high, high), (low, low), (9, 9), True)}
    )
    moves = every(5, at("02 08:00:00"), [points(500), low, high, points(500)])
    found = account.see(
        look(at("02 08:00:30"), BALANCE, points(0), LOTS),
        bars if told == "bars" else prices(moves),
    ).violations
    assert {(v.rule_id, v.verdict, v.grade) for v in found} == {
        ("daily", Verdict.POSSIBLE, Grade.BOUNDED),
        ("trailing", Verdict.POSSIBLE, Grade.BOUNDED),
    }
    assert outcome(account.state) is Outcome.RUNNING
    by_id = {own.rule_id: own for own in account.state.progress.rules}
    assert by_id["trailing"].high == BALANCE
    assert by_id["daily"].day_worst == BALANCE
    assert all(s.level is Level.OK for s in standings(account.state, at("02 08:00:30")))


def test_the_terminals_clock_may_be_off() -> None:
    """Stamps two seconds early, and a terminal one tick behind, still meet."""
    account = watched()
    moves = every(
        1, at("02 07:59:58"), [points(f) for f in (0, -10_000, -600_000, -20_000, -90_000)]
    )
    found = account.see(
        look(at("02 08:00:03"), BALANCE, points(-20_000), LOTS), prices(moves)
    ).violations
    assert [v.grade for v in found] == [Grade.RECONSTRUCTED]


def overnight(rules: str, last: str, opened: str = "02 21:58:00") -> Watched:
    """A long that another joined after the last reading before the reset of 22:00."""
    account = watched(rules, last)
    account.deals = [*account.deals, buy(3, at(opened))]
    return account


BOTH = {2: 1, 3: 1}


def day_of(account: Watched, date: str) -> RuleDay:
    """The newest row of a date."""
    return account.days[max(key for key in account.days if key[0] == date)]


def test_quotes_tell_the_anchor() -> None:
    """Disqualified sights, but quotes: the anchor is the equity just before the reset."""
    account = overnight(DAILY, "02 21:57:00")
    floats = (0, -10_000, -50_000, -70_000)
    moves = every(60, at("02 21:57:00"), [points(f) for f in floats])
    moves = [*moves[:3], (at("02 21:59:59"), points(-60_000)), *moves[3:]]
    account.see(look(at("02 22:00:00"), BALANCE, points(-70_000), BOTH), prices(moves))
    row = day_of(account, "2026-03-03")
    assert (row.anchor_grade, row.anchor) == (AnchorGrade.RECONSTRUCTED, BALANCE - 120_000)
    assert not row.unproven


def test_an_anchor_waits_for_quotes_and_loses_nothing() -> None:
    """Pending until they answer; what crossed meanwhile is judged then, at its own instant."""
    account = overnight(DAILY, "02 21:57:00")
    silent = Prices(answered=False)
    for when, floating in (("02 22:00:10", -10_000), ("02 22:00:40", -260_000), ("02 22:01:10", 0)):
        effects = account.see(look(at(when), BALANCE, points(floating), BOTH), silent)
        assert effects.violations == ()
        assert day_of(account, "2026-03-03").anchor_grade is AnchorGrade.PENDING
    moves = [
        (at("02 21:57:00"), points(0)),
        (at("02 21:59:00"), points(-10_000)),
        (at("02 22:00:30"), points(-260_000)),
        (at("02 22:01:00"), points(0)),
    ]
    found = account.see(look(at("02 22:01:20"), BALANCE, points(0), BOTH), prices(moves)).violations
    assert [(v.verdict, v.occurred_at, v.threshold) for v in found] == [
        (Verdict.HARD, at("02 22:00:40"), BALANCE - 20_000 - 500_000)
    ]
    row = day_of(account, "2026-03-03")
    assert (row.anchor_grade, row.revision) == (AnchorGrade.RECONSTRUCTED, 0)
    assert account.state.progress.day is not None
    assert account.state.progress.day.waiting == ()


def test_waiting_ends_after_fifteen_minutes() -> None:
    """Quotes that never answer: the older observation carries the day, and a crossing waits."""
    account = overnight(DAILY, "02 21:57:00")
    silent = Prices(answered=False)
    grades = []
    for minute in (0, 5, 14, 15):
        when = at("02 22:00:10") + timedelta(minutes=minute)
        found = account.see(look(when, BALANCE, points(-300_000), BOTH), silent).violations
        grades.append((day_of(account, "2026-03-03").anchor_grade, [v.verdict for v in found]))
    assert [grade for grade, _ in grades] == [AnchorGrade.PENDING] * 3 + [AnchorGrade.CARRIED]
    assert [verdicts for _, verdicts in grades] == [[], [], [], [Verdict.POSSIBLE]]


def test_an_exact_anchor_never_waits() -> None:
    """A rule on the balance is judged at once, whatever the quotes do."""
    account = overnight(rule("d", "daily_loss", anchor='"balance"', allowance="{ percent = 5 }"),
                        "02 21:57:00")  # fmt: skip
    found = account.see(
        look(at("02 22:00:10"), BALANCE, points(-300_000), BOTH), Prices(answered=False)
    ).violations
    assert [v.verdict for v in found] == [Verdict.HARD]


@pytest.mark.parametrize("allowed", [False, True])
def test_a_line_between_observations_only_where_the_plan_allows(allowed: bool) -> None:
    """Four minutes before and one after: -100 on the way to -200 is -180; else carried."""
    extra = {"interpolated": "true"} if allowed else {}
    account = watched(rule("d", "daily_loss", allowance="{ percent = 5 }", **extra), "02 21:56:00",
                      -10_000)  # fmt: skip
    account.see(look(at("02 22:01:00"), BALANCE, points(-20_000), LOTS))
    row = day_of(account, "2026-03-03")
    expected = (AnchorGrade.INTERPOLATED, BALANCE - 18_000) if allowed else (
        AnchorGrade.CARRIED, BALANCE - 10_000
    )  # fmt: skip
    assert (row.anchor_grade, row.anchor, row.unproven) == (*expected, True)
    assert row.anchor is not None
    crossing = look(at("02 22:01:30"), BALANCE, points(row.anchor - BALANCE - 500_000), LOTS)
    (found,) = account.see(crossing).violations
    assert found.verdict is Verdict.POSSIBLE
    assert found.evidence["anchor"]["boundary"]["floating"] == row.anchor - BALANCE
    assert differences(json.loads(json.dumps(found.evidence))) == []


def spans(account: Watched) -> tuple[int, int, int, int]:
    """Microseconds of the day under way: flat, reconstructed, sampled, unknown."""
    assert account.state.progress.day is not None
    span = account.state.progress.day.span
    return span.flat, span.reconstructed, span.sampled, span.unknown


def test_each_second_is_known_by_its_best_source() -> None:
    """Flat before the open, rebuilt with quotes, sampled within the promise, else unknown."""
    account = Watched(DAILY, DEPOSIT)
    account.see(look(at("02 08:00:00"), BALANCE, OPENED_AT, {}))
    flat_before = spans(account)[0]
    account.deals = [*DEPOSIT, buy(2, at("02 08:00:10"))]
    quiet = [points(0)] * 4
    told = prices(every(10, at("02 08:00:00"), quiet))
    account.see(look(at("02 08:00:30"), BALANCE, points(0), LOTS), told)
    account.see(look(at("02 08:01:20"), BALANCE, points(0), LOTS))
    account.see(look(at("02 08:31:20"), BALANCE, points(0), LOTS), Prices(answered=False))
    second = 1_000_000
    assert spans(account) == (flat_before + 10 * second, 20 * second, 50 * second, 1800 * second)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 20_000), st.booleans(), st.booleans()), max_size=40))
def test_the_coverage_partitions_each_rule_day(steps: list[tuple[int, bool, bool]]) -> None:
    """Whatever is known when, a closed day's four parts are its length to the microsecond."""
    account = watched()
    when: datetime = at("02 08:00:00")
    for seconds, priced, opens in steps:
        before, when = when, when + timedelta(seconds=seconds, microseconds=seconds)
        if opens:
            ticket = len(account.deals) + 1
            account.deals = [*account.deals, buy(ticket, when - timedelta(microseconds=seconds))]
        lots = {d.ticket: 1 for d in account.deals if d.is_trade}
        told = prices([(before, points(0)), (when, points(0))]) if priced else None
        was = account.state.progress.day
        account.see(look(when, BALANCE, points(0), lots), told)
        now = account.state.progress.day
        assert was is not None
        assert now is not None
        parts = now.span
        total = parts.flat + parts.reconstructed + parts.sampled + parts.unknown
        assert total == (when - now.start) // timedelta(microseconds=1)
    for row in account.days.values():
        known = row.coverage
        told_seconds = (
            known.flat_seconds + known.reconstructed_seconds + known.sampled_seconds
            + known.unknown_seconds
        )  # fmt: skip
        assert told_seconds <= (row.end_at - row.start_at).total_seconds() + 1e-6


def test_every_quote_is_evidence_that_the_checker_agrees_with() -> None:
    """A breach on the path and one on a rebuilt anchor are recomputed from their bundles alone."""
    account = overnight(DAILY, "02 21:57:00")
    floats = (0, -10_000, -50_000, -400_000, 0)
    moves = every(60, at("02 21:57:00"), [points(f) for f in floats])
    found = account.see(look(at("02 22:01:00"), BALANCE, points(0), BOTH), prices(moves)).violations
    assert [v.verdict for v in found] == [Verdict.HARD]
    assert differences(json.loads(json.dumps(found[0].evidence))) == []


@pytest.mark.parametrize(
    ("anchor", "fields", "floor"),
    [
        ("high", {}, BALANCE - 100_000 - 500_000),
        ("eod_high", {"eod_of": '"equity"'}, BALANCE - 500_000),
    ],
)
def test_marks_that_wait_are_raised_in_order(
    anchor: str, fields: dict[str, str], floor: int
) -> None:
    """While quotes are awaited nothing is judged; afterwards floors come in the right order."""
    rules = rule("d", "daily_loss", anchor=f'"{anchor}"', allowance="{ percent = 5 }", **fields)
    account = overnight(rules, "02 21:57:00")
    for when, floating in (("02 22:00:10", -400_000), ("02 22:00:40", -50_000)):
        seen = look(at(when), BALANCE, points(floating), BOTH)
        assert account.see(seen, Prices(answered=False)).violations == ()
        assert account.state.progress.rules[0].floor is None
    moves = [
        (at("02 21:57:00"), points(0)), (at("02 21:59:00"), points(-80_000)),
        (at("02 22:00:05"), points(-400_000)), (at("02 22:00:30"), points(-50_000)),
    ]  # fmt: skip
    found = account.see(
        look(at("02 22:00:50"), BALANCE, points(-50_000), BOTH), prices(moves)
    ).violations
    assert found[0].occurred_at == at("02 22:00:10")
    assert account.state.progress.rules[0].floor == floor


def test_a_late_fee_keeps_what_quotes_told_and_a_late_trade_does_not() -> None:
    """The floating at the reset holds for the same positions only."""
    account = overnight(DAILY, "02 21:57:00")
    moves = [(at("02 21:57:00"), points(0)), (at("02 21:59:00"), points(-60_000))]
    account.see(look(at("02 22:00:10"), BALANCE, points(-60_000), BOTH), prices(moves))
    fee = deal(8, at("02 21:50:00"), -700, kind=DealType.CHARGE)
    account.deals = [*account.deals, fee]
    account.see(look(at("02 22:00:20"), BALANCE - 700, points(-60_000), BOTH))
    row = day_of(account, "2026-03-03")
    assert (row.anchor_grade, row.anchor) == (AnchorGrade.RECONSTRUCTED, BALANCE - 700 - 120_000)
    account.deals = [*account.deals, buy(9, at("02 21:58:30"))]
    account.see(look(at("02 22:00:30"), BALANCE - 700, points(-60_000), {**BOTH, 9: 1}))
    row = day_of(account, "2026-03-03")
    assert (row.anchor_grade, row.revision) == (AnchorGrade.CARRIED, 2)


def test_only_what_rules_need_is_wished() -> None:
    """Nothing on the balance alone, before the deals add up, for a known reading, or for flat."""
    account = watched()
    later = look(at("02 08:00:30"), BALANCE, points(0), LOTS)
    told = reading(later, account.deals)
    asked = price_wish(account.state, told)
    assert asked is not None
    assert (asked.symbols, asked.by_ticks, asked.currency) == (("EURUSD",), True, "USD")
    assert price_wish(account.state, evolve(told, offset_known=False)) is None
    assert price_wish(account.state, evolve(told, observation=evolve(later, balance=5))) is None
    early = look(at("02 07:59:00"), BALANCE, points(0), LOTS)
    assert price_wish(account.state, evolve(told, observation=early)) is None
    far = look(at("02 18:00:00"), BALANCE, points(0), LOTS)
    bars = price_wish(account.state, evolve(told, observation=far))
    assert bars is not None
    assert not bars.by_ticks
    for anchor, wanted in (('"balance"', False), ('"eod_high"', False), ('"equity"', True)):
        closed_only = watched(
            rule("d", "daily_loss", anchor=anchor, checked='"balance"', allowance="{ percent = 5 }")
        )
        assert (price_wish(closed_only.state, told) is not None) is wanted


def test_a_wish_reaches_back_to_the_anchor_that_waits() -> None:
    """Quotes since the sight before the reset are asked again until they answer."""
    account = overnight(DAILY, "02 21:57:00")
    for when in ("02 22:00:10", "02 22:00:40"):
        account.see(look(at(when), BALANCE, points(0), BOTH), Prices(answered=False))
    asked = price_wish(
        account.state, reading(look(at("02 22:01:10"), BALANCE, points(0), BOTH), account.deals)
    )
    assert asked is not None
    assert asked.since <= at("02 21:57:00")
