"""Violations tell their amounts in the unit of their rule."""

from decimal import Decimal

import pytest
from attrs import evolve

from actors.domain.units import Unit
from tests.fakes.kept_life import KeptLife
from tests.unit.actors.domain.histories import (
    DAILY,
    at,
    deal,
    life_of,
    opened,
    plan_of,
    reading,
    rule,
    seen,
)

RULES = (
    DAILY
    + rule("lots", "max_lots", lots="1.5", severity='"soft"')
    + rule("stop", "stop_loss_within", seconds="60", severity='"soft"')
)


@pytest.mark.parametrize(
    ("rule_id", "unit", "amounts"),
    [
        ("daily", Unit.MONEY, ("95000.00", "94999.99")),
        ("lots", Unit.LOTS, ("1.5", "2.25")),
        ("stop", Unit.SECONDS, ("60", "60.001")),
    ],
)
def test_amounts_are_in_whole_units_of_the_rule(
    rule_id: str, unit: Unit, amounts: tuple[str, str]
) -> None:
    """Money with the digits of its currency, all others without needless zeros."""
    life = KeptLife(life_of(plan_of(RULES)), at("02 06:00:00"))
    deals = [deal(1, at("02 06:00:00"), 10_000_000)]
    life.told(reading(seen(at("02 07:00:00"), 10_000_000), deals))
    when = at("02 08:01:00.001")
    deals.append(opened(2, at("02 08:00:00"), 2, "2.25"))
    shown = seen(when, 10_000_000, {2: -500_001}, volumes={2: "2.25"})
    (held,) = shown.positions
    shown = evolve(shown, positions=(evolve(held, opened_at=at("02 08:00:00")),))
    life.told(reading(shown, deals))
    (found,) = [
        one for one in life.violations if one.rule_id == rule_id and one.severity == "breach"
    ]
    assert found.unit is unit
    assert [str(one) for one in found.amounts(2)] == list(amounts)
    assert found.amounts(2) == tuple(map(Decimal, amounts))
