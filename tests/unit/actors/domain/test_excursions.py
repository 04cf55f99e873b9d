"""Which quotes become points: judging them gives exactly what judging every quote gives."""

from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.domain.account import InitialBalanceSource
from actors.domain.context import Outbox, Point, Walk
from actors.domain.coverage import Known
from actors.domain.deals import Deal
from actors.domain.drawdown import Values
from actors.domain.excursions import extremes, records
from actors.domain.gap import Gap, along
from actors.domain.judgement import judge
from actors.domain.prices import instant_of, utc_msc
from actors.domain.progress import Progress
from actors.domain.step import start, step
from actors.domain.stretches import Path, Stretch
from actors.domain.violation import Grade
from actors.domain.walk import sight_of
from tests.unit.actors.domain.histories import (
    at,
    deal,
    life_of,
    nothing_stored,
    plan_of,
    reading,
    rule,
)
from tests.unit.actors.domain.markets import buy, look, points

SHIFT, SOFT = '"shift"', '"soft"'
RULES = {
    "equity": rule("a", "daily_loss", allowance="{ percent = 5 }"),
    "of_anchor": rule(
        "a", "daily_loss", anchor='"high"', allowance='{ percent = 3, of = "anchor" }'
    ),
    "high": rule(
        "a", "daily_loss", anchor='"high"', allowance="{ percent = 2 }", severity=SOFT
    ),
    "balance": rule("a", "daily_loss", checked='"balance"', allowance="{ percent = 1 }"),
    "worst": rule(
        "a", "daily_loss", checked='"worst"', allowance="{ percent = 4 }", operator='"<"'
    ),
    "static": rule("b", "overall_loss", allowance="{ percent = 10 }", cash_flow='"keep"'),
    "trailing": rule(
        "b", "overall_loss", anchor='"equity_high"', allowance="{ percent = 6 }", cash_flow=SHIFT
    ),
    "locked": rule(
        "b", "overall_loss", anchor='"equity_high"', allowance="{ percent = 4 }",
        lock="{ plus = 500 }", cash_flow=SHIFT, severity=SOFT,
    ),
}  # fmt: skip
START = at("02 08:00:00")
BASE = [deal(1, at("02 06:00:00"), 10_000_000), buy(2, at("02 07:00:00"))]


def begun(names: tuple[str, ...], first: int) -> tuple[Progress, Walk, list[Deal]]:
    """An account read once with ``first`` floating, and the walk it is on."""
    rules = "".join(
        RULES[name].replace('id = "a"', f'id = "a{n}"').replace('id = "b"', f'id = "b{n}"')
        for n, name in enumerate(names)
    )
    state = start(life_of(plan_of(rules)), nothing_stored(), at("02 06:00:00"))
    seen = look(START, 10_000_000, points(first), {2: 1})
    state, _ = step(state, reading(seen, BASE), START)
    return state.progress, Walk(state.life, state.clock, state.ledger, Outbox(), 60.0), BASE


def on_path(floatings: list[int], progress: Progress) -> tuple[Gap, Stretch]:
    """A stretch of quotes four times a second, from the last reading on."""
    since = utc_msc(START)
    times = tuple(since + 250 * n for n in range(len(floatings)))
    stretch = Stretch(since, times, tuple(floatings))
    path = Path(Grade.RECONSTRUCTED, (stretch,), {})
    end = look(instant_of(times[-1]), 10_000_000, points(floatings[-1]), {2: 1})
    return Gap(Known.RECONSTRUCTED, sight_of(end), path), stretch


def one_by_one(progress: Progress, walk: Walk, gap: Gap, stretch: Stretch) -> Progress:
    """The slow truth: judge every quote after the first, which the reading showed."""
    for msc, floating in list(zip(stretch.times, stretch.floatings, strict=True))[1:]:
        point = Point(
            instant_of(msc), None, proven=True, grade=Grade.RECONSTRUCTED, path=gap.path,
            seen_at=gap.after.at,
        )  # fmt: skip
        values = Values(progress.sums.balance, progress.sums.balance + floating, 0)
        progress = judge(progress, walk, point, values, daily=True)
    return progress


paths = st.one_of(
    st.lists(st.integers(-12_000, 12_000).map(lambda n: n * 100), min_size=2, max_size=60),
    st.lists(st.integers(-400, 400).map(lambda n: n * 100), min_size=2, max_size=60),
    st.lists(st.integers(-900, 900).map(lambda n: n * 100), min_size=10, max_size=60).map(
        lambda moves: [sum(moves[: n + 1]) for n in range(len(moves))]
    ),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(sorted(RULES)), min_size=1, max_size=4, unique=True), paths, paths)
def test_chosen_quotes_give_what_every_quote_gives(
    names: list[str], first: list[int], second: list[int]
) -> None:
    """Rows, marks, worst and used values are those of the walk over every quote, twice in a row."""
    progress, walk, _ = begun(tuple(names), first[0])
    truth, slow = progress, evolve(walk, out=Outbox())
    for floatings in (first, [first[-1], *second]):
        gap, stretch = on_path(floatings, progress)
        progress = along(progress, walk, gap, stretch)
        truth = one_by_one(truth, slow, gap, stretch)
        assert progress.rules == truth.rules
        assert progress.breached == truth.breached
        assert walk.out.violations == slow.out.violations


@settings(max_examples=200)
@given(st.lists(st.integers(-9, 9), min_size=1, max_size=50))
def test_extremes_are_among_the_records(values: list[int]) -> None:
    """Highest and lowest are chosen, at their first place; and no more than the records."""
    chosen, every_record = extremes(values), records(values)
    assert values.index(max(values)) in chosen
    assert values.index(min(values)) in chosen
    assert set(chosen) <= {*every_record, len(values) - 1}


@pytest.mark.parametrize(
    ("floatings", "rows"),
    [
        ([0, 600_000, -10_000], ["breach"]),  # 106,000 then 99,900
        ([0, -10_000, 600_000], []),  # the reverse
    ],
)
def test_a_trailing_floor_needs_the_order(floatings: list[int], rows: list[str]) -> None:
    """106,000 then 99,900 breaches a 6 % trailing rule, the reverse does not (vector 8)."""
    progress, walk, _ = begun(("trailing",), 0)
    gap, stretch = on_path(floatings, progress)
    after = along(progress, walk, gap, stretch)
    found = walk.out.violations
    assert [v.severity.value for v in found] == rows
    assert after.rules[0].high == 10_600_000
    if rows:
        assert found[0].occurred_at == START + timedelta(milliseconds=500)
        assert (found[0].threshold, found[0].current) == (10_000_000, 9_990_000)
        assert found[0].grade is Grade.RECONSTRUCTED


def test_a_long_quiet_stretch_needs_few_points() -> None:
    """Where no row can come, a thousand quotes are judged by a handful of points."""
    values = [(n * 7919) % 2000 - n for n in range(1000)]
    assert len(extremes(values)) < len(records(values))


def test_a_long_fall_is_not_quiet_while_its_critical_row_is_missing() -> None:
    """A possible crossing is known already, the critical level was never told: it is now."""
    progress, walk, _ = begun(("static",), 0)
    assert progress.initial is not None
    window = evolve(progress.initial, source=InitialBalanceSource.WINDOW_START)
    known = evolve(progress.rules[0], recorded=("breach:possible", "warning:level"))
    progress = evolve(progress, initial=window, rules=(known,))
    gap, stretch = on_path([-n * 50_000 for n in range(23)], progress)
    after = along(progress, walk, gap, stretch)
    assert [(v.severity.value, v.current) for v in walk.out.violations] == [("critical", 9_100_000)]
    slow = evolve(walk, out=Outbox())
    assert after.rules == one_by_one(progress, slow, gap, stretch).rules
    assert walk.out.violations == slow.out.violations
