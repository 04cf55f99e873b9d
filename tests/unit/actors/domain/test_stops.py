"""Worst case: every stop-loss hit, by vectors, and never more hopeful than the true result."""

import json
from decimal import Decimal
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from actors.domain.account_state import AccountState
from actors.domain.prices import CalcMode, SymbolSpec
from actors.domain.progress import Boundary
from actors.domain.snapshot import Observation, OpenPosition, Side
from actors.domain.step import start, step
from actors.domain.stops import StopGrade, all_stops
from tests.unit.actors.domain.histories import (
    DAILY,
    OVERALL,
    at,
    deal,
    life_of,
    minor,
    nothing_stored,
    opened,
    plan_of,
    position,
    reading,
    rule,
    seen,
)

VECTORS = json.loads((Path(__file__).parents[3] / "vectors" / "stops.json").read_text())
TRAILING = rule(
    "trailing", "overall_loss", anchor='"balance_high"', allowance="{ percent = 6 }",
    cash_flow='"shift"',
)  # fmt: skip
LIFE = life_of(plan_of(DAILY + OVERALL + TRAILING))
NOW = at("02 08:00:00")


def told(text: str | None) -> int | None:
    """Money of a vector in minor units."""
    return None if text is None else minor(text)


def position_of(one: dict[str, Any]) -> OpenPosition:
    """A vector's position."""
    return evolve(
        position(one["id"], minor(one["profit"]), one["volume"]),
        symbol=one["symbol"],
        side=Side(one["side"]),
        open_price=Decimal(one["open"]),
        current_price=Decimal(one["current"]),
        stop_loss=None if one["stop"] is None else Decimal(one["stop"]),
        swap=minor(one["swap"]),
    )


def spec_of(one: dict[str, Any]) -> SymbolSpec:
    """A vector's symbol."""
    tick = Decimal(1).scaleb(-one["digits"])
    return SymbolSpec(
        one["name"], one["digits"], Decimal(one["contract"]), tick, Decimal(1), one["base"],
        one["profit"], one["base"], CalcMode.FOREX,
    )  # fmt: skip


def account(positions: tuple[OpenPosition, ...]) -> AccountState:
    """100,000 deposited, and the positions open."""
    deals = [deal(1, at("02 06:00:00"), 10_000_000)]
    deals += [
        opened(10 + p.position_id, at("02 06:30:00"), p.position_id, str(p.volume))
        for p in positions
    ]
    floating = sum(p.profit + p.swap for p in positions)
    shown: Observation = evolve(
        seen(NOW, 10_000_000), equity=10_000_000 + floating, positions=positions
    )
    begun = start(LIFE, nothing_stored(), at("02 06:00:00"))
    return step(begun, reading(shown, deals), NOW)[0]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_vector(vector: dict[str, Any]) -> None:
    """Each position's profit at its stop, the grade, and the headroom that is left."""
    state = account(tuple(position_of(one) for one in vector["positions"]))
    specs = {one["name"]: spec_of(one) for one in vector.get("specs", ())}
    worst = all_stops(state, specs)
    assert worst.grade == vector["grade"]
    assert {str(hit.position_id): hit.profit for hit in worst.hits} == {
        ticket: told(text) for ticket, text in vector["profits"].items()
    }
    headroom = {one.rule.rule_id: one.headroom for one in worst.rules}
    for rule_id, text in vector["headroom"].items():
        assert headroom[rule_id] == told(text), rule_id


def test_an_account_never_seen_has_an_unknown_worst_case() -> None:
    """Nothing is known of it, and nothing is made up."""
    worst = all_stops(start(LIFE, nothing_stored(), NOW), {})
    assert (worst.grade, worst.hits) == (StopGrade.UNKNOWN, ())
    assert {one.headroom for one in worst.rules} == {None}


def test_a_pending_anchor_tells_no_headroom_at_the_stops() -> None:
    """While quotes are awaited the daily floor is unknown; the overall one is known."""
    state = account((position_of(VECTORS[2]["positions"][0]),))
    day = state.progress.day
    assert day is not None
    waits = evolve(day, boundary=Boundary(day.start, day.boundary.sums, flat=False, awaiting=True))
    state = evolve(state, progress=evolve(state.progress, day=waits))
    headroom = {one.rule.rule_id: one.headroom for one in all_stops(state, {}).rules}
    assert headroom == {"daily": None, "overall": 1_000_000, "trailing": 600_000}


def test_an_unreconciled_reading_tells_no_worst_case() -> None:
    """Its balance is not explained yet, so nothing hangs from its positions."""
    state = account((position_of(VECTORS[0]["positions"][0]),))
    newest = state.progress.newest
    assert newest is not None
    later = evolve(newest, observed_at=at("02 08:01:00"))
    state = evolve(state, progress=evolve(state.progress, newest=later))
    assert all_stops(state, {}).grade is StopGrade.UNKNOWN


def test_a_symbol_of_another_kind_is_estimated() -> None:
    """A specification whose profit formula is not known here decides nothing."""
    vector = VECTORS[1]
    state = account((position_of(vector["positions"][0]),))
    bond = evolve(spec_of(vector["specs"][0]), calc_mode=CalcMode.EXCHANGE_BONDS)
    for specs in ({"EURUSD": bond}, {"EURUSD": None}):
        worst = all_stops(state, specs)
        assert [hit.profit for hit in worst.hits] == [-100_001]
        assert worst.grade is StopGrade.ESTIMATED


def test_positions_that_disagree_widen_the_span() -> None:
    """A gain and a loss are converted by two sides of a rate: the worse one counts."""
    gain, loss = (
        evolve(
            position_of(VECTORS[0]["positions"][0]),
            position_id=number,
            open_price=Decimal(open_price),
            profit=profit,
        )
        for number, open_price, profit in ((1, "1.10000", 49_000), (2, "1.11000", -51_000))
    )
    worst = all_stops(account((gain, loss)), {})
    assert [hit.profit for hit in worst.hits] == [-102_001, -204_002]


PRICE = st.integers(50_000, 150_000)
WORTH = st.fractions(Fraction(1, 100), 20_000, max_denominator=997)


@given(PRICE, st.lists(PRICE, min_size=1, max_size=3), PRICE, WORTH, st.sampled_from(Side))
def test_an_estimate_is_never_more_hopeful_than_the_truth(
    current: int, opens: list[int], stop: int, worth: Fraction, side: Side
) -> None:
    """Whatever a price step is worth: at most the true result, and as near as rounding allows."""
    sign = 1 if side is Side.BUY else -1
    assume(all(each != current and each != stop for each in opens))
    positions = tuple(
        evolve(
            position(number, round((current - each) * sign * worth)),
            side=side,
            open_price=Decimal(each).scaleb(-5),
            current_price=Decimal(current).scaleb(-5),
            stop_loss=Decimal(stop).scaleb(-5),
        )
        for number, each in enumerate(opens, 1)
    )
    worst = all_stops(account(positions), {})
    for hit, each, seen_now in zip(worst.hits, opens, positions, strict=True):
        true = (stop - each) * sign * worth
        at_most = min(floor(true), seen_now.profit)
        assert hit.grade is StopGrade.ESTIMATED
        assert hit.profit is not None
        spread = Fraction(abs(stop - each), max(abs(current - other) for other in opens))
        assert at_most - spread - 1 <= hit.profit <= at_most
