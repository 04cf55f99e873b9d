"""What a path is rebuilt from, and when there is none."""

from attrs import evolve

from actors.domain.deals import Deal
from actors.domain.prices import CalcMode, Prices, Ticks, utc_msc
from actors.domain.reconstruction import reconstruct
from actors.domain.stretches import Path, Terms
from actors.domain.violation import Grade
from actors.domain.walk import sight_of
from tests.unit.actors.domain.histories import at
from tests.unit.actors.domain.markets import OPENED_AT, SPEC, buy, look, prices, ticks

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
