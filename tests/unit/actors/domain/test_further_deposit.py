"""A further deposit before the first trade begins the path anew, with nothing forgotten."""

from attrs import evolve

from actors.domain.deals import DealType
from actors.domain.rule_day import Level
from actors.domain.violation import Grade, Verdict
from tests.fakes.kept_life import KeptLife
from tests.unit.actors.domain.histories import (
    DAILY,
    at,
    closed,
    deal,
    life_of,
    opened,
    plan_of,
    reading,
    rule,
    seen,
    standings,
)
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


def told_at(kept: KeptLife) -> list[str]:
    """Rule and instant of every violation."""
    return [f"{one.rule_id} {one.occurred_at:%d %H:%M}" for one in kept.violations]


def test_idleness_runs_anew_from_a_further_deposit_and_what_was_told_stays() -> None:
    """Each day without a trade after a deposit is told at its own end, by every later reading."""
    idle = rule("idle", "inactivity", days="1", severity='"soft"')
    kept = KeptLife(life_of(plan_of(DAILY + idle)), at("02 06:00:00"))
    known = [deal(1, at("02 06:00:00"), BALANCE)]
    kept.told(reading(seen(at("02 07:00:00"), BALANCE), known))
    kept.told(reading(seen(at("03 07:00:00"), BALANCE), known))
    known.append(deal(2, at("03 12:00:00"), -1_000_000))
    kept.told(reading(seen(at("03 12:01:00"), BALANCE - 1_000_000), known))
    (own,) = kept.state.progress.phase.conduct
    assert (own.recorded, own.breached_value, own.since) == ((), None, at("03 12:00:00"))
    kept.told(reading(seen(at("04 13:00:00"), BALANCE - 1_000_000), known))
    assert told_at(kept) == ["idle 03 06:00", "idle 04 12:00"]
    assert kept.discrepancies == []


def test_a_lifetime_is_broken_once_in_a_life_whatever_is_paid_in() -> None:
    """Its latch and its standing outlive the new start, and a late deal afterwards too."""
    life = rule("life", "lifetime", days="1", severity='"soft"')
    kept = KeptLife(life_of(plan_of(DAILY + life)), at("02 06:00:00"))
    known = [deal(1, at("02 06:00:00"), BALANCE)]
    kept.told(reading(seen(at("02 07:00:00"), BALANCE), known))
    kept.told(reading(seen(at("03 07:00:00"), BALANCE), known))
    known.append(deal(2, at("03 12:00:00"), 1_000_000))
    kept.told(reading(seen(at("03 12:01:00"), BALANCE + 1_000_000), known))
    (own,) = kept.state.progress.phase.conduct
    assert own.breached_value == 86_400_000
    kept.told(reading(seen(at("04 13:00:00"), BALANCE + 1_000_000), known))
    known += [opened(3, at("04 14:00:00"), 3), closed(4, at("04 14:10:00"), 3, 0)]
    kept.told(reading(seen(at("04 15:00:00"), BALANCE + 1_000_000), known))
    known += [opened(5, at("04 14:20:00"), 5), closed(6, at("04 14:30:00"), 5, 0)]
    kept.told(reading(seen(at("04 15:10:00"), BALANCE + 1_000_000), known))
    assert [one.kind for one in kept.discrepancies] == ["deal_late", "deal_late"]
    assert told_at(kept) == ["life 03 06:00"]
    (own,) = kept.state.progress.phase.conduct
    assert own.breached_value == 86_400_000


def test_a_breach_before_the_further_deposit_stays_a_breach() -> None:
    """A fee broke the floor before any trade: the deposit that follows does not undo it."""
    overall = rule("all", "overall_loss", allowance="{ percent = 10 }", cash_flow='"shift"')
    kept = KeptLife(life_of(plan_of(overall)), at("02 06:00:00"))
    known = [deal(1, at("02 06:00:00"), BALANCE)]
    kept.told(reading(seen(at("02 07:00:00"), BALANCE), known))
    known.append(deal(2, at("02 08:00:00"), -2_000_000, kind=DealType.CHARGE))
    kept.told(reading(seen(at("02 08:01:00"), 8_000_000), known))
    known.append(deal(3, at("02 09:00:00"), 2_000_000))
    kept.told(reading(seen(at("02 09:01:00"), BALANCE), known))
    (standing,) = standings(kept.state, at("02 09:01:00"))
    assert told_at(kept) == ["all 02 08:00"]
    assert (standing.breached, standing.level) == (True, Level.BREACH)
