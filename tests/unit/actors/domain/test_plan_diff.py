"""The difference of two plans is told field by field."""

from actors.domain.plan_diff import Change, differences
from tests.unit.actors.domain.histories import DAILY, OVERALL, plan_of, rule


def test_a_changed_an_added_and_a_missing_field_are_told_by_path() -> None:
    """Rules are matched by id: what stands elsewhere is no difference."""
    before = plan_of(DAILY + OVERALL)
    after = plan_of(
        OVERALL
        + rule("daily", "daily_loss", allowance="{ percent = 4 }", operator='"<"')
        + rule("lots", "max_positions", positions="3")
    )
    path = "phases[One].rules"
    assert differences(before, after) == (
        Change(f"{path}[daily].allowance.percent", "5", "4"),
        Change(f"{path}[daily].operator", "<=", "<"),
        Change(f"{path}[lots].id", None, "lots"),
        Change(f"{path}[lots].kind", None, "max_positions"),
        Change(f"{path}[lots].positions", None, "3"),
        Change(f"{path}[lots].severity", None, "hard"),
    )
    assert differences(before, plan_of(OVERALL + DAILY)) == ()


def test_a_field_that_only_the_first_has_is_told_without_an_after() -> None:
    """Leaving a lock out shows the field as gone."""
    fields = {"anchor": '"equity_high"', "allowance": "{ percent = 6 }", "cash_flow": '"keep"'}
    locked = plan_of(rule("o", "overall_loss", lock="{ plus = 100 }", **fields))
    free = plan_of(rule("o", "overall_loss", **fields))
    assert differences(locked, free) == (Change("phases[One].rules[o].lock.plus", "100", None),)
