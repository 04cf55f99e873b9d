"""Conduct at one point of the path: its place among the loss rules, and what is remembered."""

import pytest

from actors.domain.rule_day import Level
from actors.domain.violation import Verdict
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
)
from tests.unit.actors.domain.markets import buy, every, look, points, prices
from tests.unit.actors.domain.test_between_readings import BALANCE, DEPOSIT, LOTS, Watched

LIFE = rule("life", "lifetime", days="1")
ENDS = at("03 06:00:00")


@pytest.mark.parametrize(
    ("first", "verdict", "level"),
    [
        ("02 06:30:00", Verdict.HARD, Level.BREACH),
        ("02 08:00:00", Verdict.POSSIBLE, Level.CRITICAL),
    ],
)
def test_a_breach_that_is_only_possible_shows_as_critical(
    first: str, verdict: Verdict, level: Level
) -> None:
    """Two lots too many, opened after the first reading or before anybody looked."""
    kept = KeptLife(life_of(plan_of(DAILY + rule("lots", "max_lots", lots="1"))), at("02 06:00:00"))
    deals = [*DEPOSIT, opened(2, at("02 07:00:00"), 2, "3")]
    for when in (first, "02 08:10:00"):
        known = [one for one in deals if one.occurred_at <= at(when)]
        held = {2: 0} if len(known) > 1 else None
        kept.told(reading(seen(at(when), BALANCE, held, volumes={2: "3"}), known))
    (found,) = kept.violations
    (own,) = kept.state.progress.phase.conduct
    assert (found.verdict, own.level, own.value) == (verdict, level, 3 * 10**8)


def test_conduct_and_loss_of_one_instant_are_one_point() -> None:
    """A payout at the end of the lifetime breaches the other rule too: both hard, one primary."""
    kept_flow = rule("all", "overall_loss", allowance="{ percent = 10 }", cash_flow='"keep"')
    kept = KeptLife(life_of(plan_of(kept_flow + LIFE)), at("02 06:00:00"))
    deals = [*DEPOSIT, opened(2, at("02 07:00:00"), 2), closed(3, at("02 07:10:00"), 2, 0)]
    kept.told(reading(seen(at("02 08:00:00"), BALANCE), deals))
    deals.append(deal(4, ENDS, -1_000_000))
    kept.told(reading(seen(at("03 06:01:00"), BALANCE - 1_000_000), deals))
    found = [(one.rule_id, one.verdict, one.is_primary) for one in kept.violations]
    assert found == [("all", Verdict.HARD, True), ("life", Verdict.HARD, False)]
    assert {one.occurred_at for one in kept.violations} == {ENDS}


def test_an_instant_that_conduct_asked_for_is_looked_at_before_later_quotes() -> None:
    """The lifetime ends two seconds before a tick crosses the floor: that is no longer hard."""
    account = Watched(DAILY + LIFE, [*DEPOSIT, buy(2, at("02 07:00:00"))])
    for when in ("02 21:59:50", "02 22:00:05", "03 05:59:58"):
        account.see(look(at(when), BALANCE, points(0), LOTS))
    moves = every(1, at("03 05:59:58"), [points(one) for one in (0, 0, 0, 0, -500_000, 0, 0)])
    account.see(look(at("03 06:00:04"), BALANCE, points(0), LOTS), prices(moves))
    found = [(one.rule_id, one.verdict, one.occurred_at) for one in account.kept.violations]
    assert found == [
        ("life", Verdict.HARD, ENDS),
        ("daily", Verdict.SOFT, at("03 06:00:02")),
    ]


def test_a_rule_does_not_look_when_another_one_is_due() -> None:
    """A position held over a closed time is told at its instant, not where a lifetime ends too."""
    flat = rule("flat", "weekend_flat", by='{ day = "monday", at = "09:00" }', zone='"server"',
                until='{ day = "wednesday", at = "15:00" }', severity='"soft"')  # fmt: skip
    kept = KeptLife(life_of(plan_of(DAILY + flat + LIFE)), at("02 06:00:00"))
    deals = [*DEPOSIT, opened(2, at("02 07:00:00"), 2)]
    for when in ("02 08:00:00", "02 10:00:00", "03 06:10:00"):
        kept.told(reading(seen(at(when), BALANCE, {2: 0}), deals))
    found = [(one.rule_id, one.occurred_at) for one in kept.violations]
    assert found == [("flat", at("02 09:00:00")), ("life", ENDS)]
