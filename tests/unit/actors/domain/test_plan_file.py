"""Plan files: strict reading, clear refusals, one hash for one plan."""

from pathlib import Path

import pytest

from actors.domain.plan_file import PlanError, parse_plan, plan_from_document
from tests.unit.actors.domain.histories import DAILY, OVERALL, plan_of, rule

PLANS = sorted((Path(__file__).parents[4] / "configs" / "plans").glob("*.toml"))


def daily(allowance: str = "{ percent = 5 }", **fields: str) -> str:
    """A daily rule with some fields of its own."""
    return rule("d", "daily_loss", allowance=allowance, **fields)


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_a_shipped_plan_reads_and_reads_again(path: Path) -> None:
    """Every shipped plan is named after its file and equals itself read from its document."""
    plan = parse_plan(path.read_text(), path.name)
    assert plan.name == path.stem
    assert plan_from_document(plan.document) == plan


def test_four_plans_are_shipped() -> None:
    """The shipped plans are found by the tests."""
    assert len(PLANS) == 4


def test_writing_the_same_plan_otherwise_keeps_its_hash() -> None:
    """Stated defaults and 5.00 for 5 are the same plan; another percent is another."""
    stated = rule("daily", "daily_loss", allowance='{ percent = 5.00, of = "initial" }',
                  anchor='"equity"', cash_flow='"shift"')  # fmt: skip
    assert plan_of(DAILY).content_hash == plan_of(stated).content_hash
    other = rule("daily", "daily_loss", allowance="{ percent = 5.01 }")
    assert plan_of(DAILY).content_hash != plan_of(other).content_hash


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (DAILY + "speed = 1\n", r"test.toml: phases\[0\].rules\[0\].speed: unknown"),
        (rule("o", "overall_loss", allowance="{ percent = 10 }"), "cash_flow: missing; allowed"),
        (daily("{ percent = 0 }"), "allowance.percent: 0; allowed"),
        (daily("{ percent = nan }"), "allowance.percent: must be a finite"),
        (daily("{ money = 5, percent = 1 }"), "stands alone"),
        (daily(anchor='"equity_high"'), "anchor: .*allowed: equity, balance"),
        (daily(operator='"=<"'), "operator: '=<'; allowed: <, <="),
        (daily(lock="{ plus = 0 }"), "lock: only a trailing"),
        (daily(levels="{ warning = 0.95 }"), "levels: allowed"),
        (rule("d", "weekly_loss", allowance="{ percent = 5 }"), "kind: 'weekly_loss'; allowed: da"),
        (DAILY + DAILY, r"rules\[1\].id: 'daily' is used twice"),
        (DAILY + "x = [", "not valid TOML"),
    ],
)  # fmt: skip
def test_a_wrong_plan_is_refused_by_field(rules: str, message: str) -> None:
    """A refusal names file, field and allowed values."""
    with pytest.raises(PlanError, match=message):
        plan_of(rules)


def test_an_unknown_zone_is_refused() -> None:
    """A reset zone must be an IANA name or ``server``."""
    with pytest.raises(PlanError, match=r"reset.zone: 'Tehran'; allowed"):
        parse_plan(
            'name="a"\ntitle="A"\nversion=1\n[reset]\nzone="Tehran"\n[[phases]]\nname="One"\n'
            + OVERALL,
            "a.toml",
        )


def test_a_broken_document_is_refused() -> None:
    """A stored document that is no plan raises PlanError, not a crash."""
    with pytest.raises(PlanError, match="plan document"):
        plan_from_document("[1]")
