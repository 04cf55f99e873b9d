"""What of a violation is kept for late facts: the breaches of loss rules, nothing else."""

from actors.domain.past import Breach, breach_of
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


def test_only_a_loss_rules_breach_is_kept() -> None:
    """A critical level and a breach of a rule on conduct contradict nothing later."""
    life = KeptLife(life_of(plan_of(DAILY + rule("lots", "max_lots", lots="1"))), at("02 06:00:00"))
    deals = [deal(1, at("02 06:00:00"), 10_000_000)]
    life.told(reading(seen(at("02 07:00:00"), 10_000_000), deals))
    deals.append(opened(2, at("02 08:00:00"), 2, "2"))
    for minute, floating in enumerate((-450_000, -500_000)):
        when = at(f"02 08:0{minute + 1}:00")
        life.told(reading(seen(when, 10_000_000, {2: floating}, volumes={2: "2"}), deals))
    kept = [(one.rule_id, str(one.severity), breach_of(one)) for one in life.violations]
    (last,) = [
        one for one in life.violations if one.rule_id == "daily" and one.severity == "breach"
    ]
    daily = Breach("daily", last.rule_date, last.verdict, 9_500_000, 9_500_000, at("02 08:02:00"))
    assert kept == [
        ("lots", "breach", None),
        ("daily", "critical", None),
        ("daily", "breach", daily),
    ]
