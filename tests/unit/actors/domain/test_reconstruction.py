"""What a path is rebuilt from, and when there is none."""

import pytest
from attrs import evolve

from actors.domain.deals import Deal
from actors.domain.prices import CalcMode, Prices, Ticks, utc_msc
from actors.domain.reconstruction import reconstruct
from actors.domain.stretches import Path, Terms
from actors.domain.violation import Grade
from actors.domain.walk import sight_of
from tests.unit.actors.domain.histories import at
from tests.unit.actors.domain.markets import (
    OPENED_AT,
    SPEC,
    buy,
    look,
    prices,
    sell_off,
    ticks,
)

BALANCE = 10_000_000


def path_of(told: Prices, deals: list[Deal] | None = None, after: str = "EURUSD") -> Path | None:
    """The path of a long between two sights at the open price."""
    before = sight_of(look(at("02 08:00:00"), BALANCE, OPENED_AT, {2: 1}))
    end = sight_of(look(at("02 08:00:30"), BALANCE, OPENED_AT, {2: 1}))
    renamed = tuple(evolve(p, symbol=after) for p in before.positions)
    return reconstruct(
        evolve(before, positions=renamed), deals or [],
        evolve(end, positions=renamed), told, Terms("USD", 2),
    )  # fmt: skip


def test_what_cannot_be_known_is_not_made_up() -> None:
    """No specification, no formula, no rate, no quote, no way from sight to sight: no path."""
    flat = ticks([(at("02 08:00:00"), OPENED_AT)])
    euro = evolve(SPEC, profit_currency="EUR")
    assert path_of(Prices()) is None
    assert path_of(Prices({"EURUSD": SPEC})) is None
    bonds = evolve(SPEC, calc_mode=CalcMode.EXCHANGE_BONDS)
    assert path_of(Prices({"EURUSD": bonds}, {"EURUSD": flat})) is None
    francs = evolve(SPEC, profit_currency="CHF")
    assert path_of(Prices({"EURUSD": francs}, {"EURUSD": flat})) is None
    assert path_of(prices([(at("02 08:00:00"), OPENED_AT)]), [buy(9, at("02 08:00:10"))]) is None
    worthless = Ticks(flat.times, (0,), (0,), complete=True)
    named = {"GER40": evolve(euro, name="GER40", base_currency="EUR"), "EURUSD": SPEC}
    assert path_of(Prices(named, {"GER40": flat, "EURUSD": worthless}), after="GER40") is None


def test_a_bound_takes_the_worst_rate_too() -> None:
    """A loss in euros is bounded by the dearest euro of the time."""
    named = {"GER40": evolve(SPEC, name="GER40", profit_currency="EUR"), "EURUSD": SPEC}
    low = ticks([(at("02 08:00:00"), OPENED_AT - 10), (at("02 08:00:10"), OPENED_AT - 100)])
    rates = ticks([(at("02 08:00:00"), 110_000), (at("02 08:00:10"), 119_990)])
    path = path_of(Prices(named, {"GER40": low, "EURUSD": rates}), after="GER40")
    assert path is not None
    assert (path.grade, path.stretches[0].lowest) == (Grade.BOUNDED, -12_000)
    assert path.floating_before(utc_msc(at("02 08:00:20"))) is None


@pytest.mark.parametrize(
    ("off", "grade"),
    [(0, Grade.RECONSTRUCTED), (1, Grade.RECONSTRUCTED), (2, Grade.BOUNDED), (-2, Grade.BOUNDED)],
)
@pytest.mark.parametrize("end", [False, True])
def test_a_path_meets_the_terminals_own_figure_at_both_ends(
    off: int, grade: Grade, end: bool
) -> None:
    """A position may be off by one minor unit; by two only the bound is known."""
    shown = look(at("02 08:00:00"), BALANCE, OPENED_AT, {2: 1})
    sights = [sight_of(shown), sight_of(evolve(shown, observed_at=at("02 08:00:30")))]
    own = evolve(sights[end].positions[0], floating=off)
    sights[end] = evolve(sights[end], equity=BALANCE + off, positions=(own,))
    told = prices([(at("02 08:00:00"), OPENED_AT), (at("02 08:00:20"), OPENED_AT)])
    path = reconstruct(sights[0], [], sights[1], told, Terms("USD", 2))
    assert path is not None
    assert path.grade is grade


def test_a_position_before_its_symbols_first_quote_is_not_rebuilt() -> None:
    """Opened three seconds before gold was quoted at all: only the worst of both is told."""
    before = sight_of(look(at("02 08:00:00"), BALANCE, OPENED_AT, {2: 1}))
    after = evolve(before, at=at("02 08:00:30"))
    gold = [evolve(buy(5, at("02 08:00:05")), symbol="XAUUSD"),
            evolve(sell_off(6, at("02 08:00:20"), 5, 0), symbol="XAUUSD")]  # fmt: skip
    quotes = {
        "EURUSD": ticks([(at("02 08:00:00"), OPENED_AT), (at("02 08:00:30"), OPENED_AT)]),
        "XAUUSD": ticks([(at("02 08:00:08"), OPENED_AT - 100)]),
    }
    told = Prices({"EURUSD": SPEC, "XAUUSD": evolve(SPEC, name="XAUUSD")}, quotes)
    path = reconstruct(before, gold, after, told, Terms("USD", 2))
    assert path is not None
    assert path.grade is Grade.BOUNDED
    assert [stretch.lowest for stretch in path.stretches] == [0, -10_000, 0]


@pytest.mark.parametrize(("cut", "cuts"), [(0, 1), (1, 2), (29_999, 2), (30_000, 2), (30_001, 1)])
def test_a_path_is_cut_at_what_lies_within_it(cut: int, cuts: int) -> None:
    """Its first instant begins it anyway, its last is within, a millisecond later is not."""
    before = sight_of(look(at("02 08:00:00"), BALANCE, OPENED_AT, {2: 1}))
    start = utc_msc(before.at)
    told = prices([(at("02 08:00:00"), OPENED_AT)])
    path = reconstruct(
        before, [], evolve(before, at=at("02 08:00:30")), told, Terms("USD", 2, (), (start + cut,))
    )
    assert path is not None
    assert [stretch.since for stretch in path.stretches] == [start, start + cut][:cuts]


def test_only_quotes_in_force_are_evidence() -> None:
    """A symbol that is first quoted later is left out; its own stamp is in force already."""
    late = ticks([(at("02 08:00:10"), OPENED_AT)])
    path = Path(Grade.RECONSTRUCTED, (), {"EURUSD": late})
    first = utc_msc(at("02 08:00:10"))
    assert path.quotes_at(first - 1) == {}
    assert path.quotes_at(first) == {"EURUSD": (first, OPENED_AT, OPENED_AT + 10)}
