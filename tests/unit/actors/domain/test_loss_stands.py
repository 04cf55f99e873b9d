"""Which of a phase's loss rules is told as the nearest one."""

import pytest

from actors.domain.drawdown import Floor, measure
from actors.domain.loss_stands import LossStand, nearest
from actors.domain.plan import RuleKind
from actors.domain.progress import RuleProgress
from actors.domain.rule_day import AnchorGrade
from tests.unit.actors.domain.histories import plan_of, rule

RULES = plan_of(
    "".join(rule(name, "daily_loss", allowance="{ percent = 5 }") for name in ("a", "b"))
    + rule("all", "overall_loss", allowance="{ percent = 9 }", cash_flow='"shift"')
).phases[0].rules  # fmt: skip


def stand(place: int, allowance: int | None, headroom: int = 0) -> LossStand:
    """A rule with so much headroom under its allowance; without one it stands nowhere."""
    rule_, own = RULES[place], RuleProgress(RULES[place].rule_id)
    if allowance is None:
        return LossStand(rule_, own, None, None)
    floor = Floor(0, allowance, 0, -allowance, -allowance, AnchorGrade.EXACT, "")
    return LossStand(rule_, own, floor, measure(rule_, floor, headroom - allowance))


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ((100, 50), (1000, 499), "b"),
        ((100, 50), (1000, 500), "a"),
        ((100, 50), (1000, 501), "a"),
        ((100, 50), (0, 0), "b"),
        ((100, 0), (0, 0), "a"),
        ((100, -1), (0, 0), "a"),
        ((100, 50), (None, 0), "a"),
        ((None, 0), (None, 0), None),
    ],
)
def test_the_nearest_rule_has_the_least_headroom_for_its_allowance(
    a: tuple[int | None, int], b: tuple[int | None, int], expected: str | None
) -> None:
    """Plan order among equals; one that allows nothing has no room; an unknown one never is it."""
    stands = (stand(0, *a), stand(1, *b), stand(2, 10_000, 1))
    found = nearest(stands, RuleKind.DAILY_LOSS)
    assert (found and found.rule.rule_id) == expected
