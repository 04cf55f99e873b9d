"""A further deposit before the first trade begins the path anew, with nothing forgotten."""

from attrs import evolve

from actors.domain.violation import Grade, Verdict
from tests.fakes.kept_life import KeptLife
from tests.unit.actors.domain.histories import DAILY, at, deal, life_of, plan_of, reading
from tests.unit.actors.domain.markets import OPENED_AT, buy, look, points, prices

BALANCE = 10_000_000


def test_the_time_after_a_further_deposit_is_rebuilt_too() -> None:
    """A deposit and the first trade between two readings: the quotes tell the low that follows."""
    kept = KeptLife(life_of(plan_of(DAILY)), at("02 06:00:00"))
    known = [deal(1, at("02 06:00:00"), BALANCE)]
    for when in (at("02 10:00:00"), at("02 10:01:00")):
        kept.told(reading(look(when, BALANCE, OPENED_AT, {}), known))
    known += [deal(5, at("02 10:01:10"), 1_000_000), buy(2, at("02 10:01:20"))]
    told = prices(
        [
            (at("02 10:01:00"), OPENED_AT),
            (at("02 10:01:30"), points(-700_000)),
            (at("02 10:01:50"), OPENED_AT),
        ]
    )
    later = reading(look(at("02 10:02:00"), BALANCE + 1_000_000, OPENED_AT, {2: 1}), known)
    effects = kept.told(evolve(later, prices=told))
    (breach,) = [one for one in effects.violations if one.verdict is Verdict.HARD]
    assert breach.occurred_at == at("02 10:01:30")
    assert breach.grade is Grade.RECONSTRUCTED
    assert breach.threshold == 10_450_000
