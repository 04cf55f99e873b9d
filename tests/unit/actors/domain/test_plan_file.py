"""Plan files: strict reading, clear refusals, one hash for one plan."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from actors.domain.plan import Lock, RuleKind
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


def test_ten_plans_are_shipped() -> None:
    """The shipped plans are found by the tests, and together they use every rule family."""
    assert len(PLANS) == 10
    plans = [parse_plan(path.read_text(), path.name) for path in PLANS]
    phases = [phase for plan in plans for phase in plan.phases]
    loss = {rule.kind for phase in phases for rule in phase.rules}
    conduct = {rule.kind for phase in phases for rule in phase.conduct}
    objectives = {rule.kind for phase in phases for rule in phase.objectives}
    assert loss | conduct | objectives == set(RuleKind)


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
        (daily(interpolated='"yes"'), "interpolated: allowed: true or false"),
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


def other(kind: str, **fields: str) -> str:
    """A daily rule, and one rule of another family."""
    return DAILY + rule("r", kind, **fields)


BY = '{ day = "friday", at = "21:00" }'


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (rule("r", "max_lots", lots="1"), r"phases\[0\].rules: a phase needs at least one of"),
        (other("max_lots", lots="1", size="1"), r"rules\[1\].size: unknown field; allowed: id"),
        (other("max_lots"), r"rules\[1\].lots: must be a number"),
        (other("max_lots", lots='"1"'), r"rules\[1\].lots: must be a number"),
        (other("max_lots", lots="-1"), "lots: -1; allowed: above 0 up to 1000000"),
        (other("max_lots", lots="1", of='"symbol"'), "of: 'symbol'; allowed: position, total"),
        (other("max_lots", lots="1", severity='"mild"'), "severity: 'mild'; allowed: hard, soft"),
        (other("max_positions", positions="1.5"), "positions: 1.5; allowed: a whole number from 1"),
        (other("max_positions", positions="0"), "positions: 0; allowed"),
        (other("stop_loss_within", seconds="0"), "seconds: 0; allowed: above 0 up to 86400"),
        (other("stop_loss_within", seconds="0.0001"), "0.0001; allowed: at most 3 decimals"),
        (other("minimum_holding_time", seconds="86401"), "seconds: 86401; allowed"),
        (other("weekend_flat", by=BY), "zone: must be text"),
        (other("weekend_flat", by=BY, zone='"Mars"'), "zone: 'Mars'; allowed: an IANA name, or se"),
        (other("weekend_flat", by='{ day = "fri", at = "21:00" }', zone='"server"'),
         r"by.day: 'fri'; allowed: monday, tuesday"),
        (other("weekend_flat", by='{ day = "friday", at = "24:00" }', zone='"server"'),
         r"by.at: '24:00'; allowed: HH:MM"),
        (other("weekend_flat", by='{ day = "friday", at = "21:00", on = 1 }', zone='"server"'),
         "by.on: unknown field"),
        (other("weekend_flat", by=BY, until=BY, zone='"server"'), "until: allowed: another time"),
        (other("inactivity", days="30", warning_days="31"), "warning_days: 31; allowed: a whole"),
        (other("inactivity", warning_days="1"), "days: must be a number"),
        (other("lifetime", days="30", **{"from": '"never"'}), "from: 'never'; allowed: start, fir"),
        (other("profit_target"), "target: must be a table"),
        (other("profit_target", target="{ }"), "target: allowed: either percent or money"),
        (other("profit_target", target="{ percent = 1, money = 1 }"), "target: allowed: either"),
        (other("profit_target", target="{ percent = 0 }"), "target.percent: 0; allowed: above 0"),
        (other("profit_target", target="{ money = 0 }"), "target.money: 0; allowed: above 0"),
        (other("profit_target", target="{ money = 1 }", severity='"hard"'), "severity: unknown"),
        (other("minimum_trading_days", days="0"), "days: 0; allowed: a whole number from 1 to 365"),
        (other("minimum_trading_days", days="3", counted='"traded"'), "allowed: opened, closed"),
        (other("minimum_trading_days", days="3", percent="1"), "percent: allowed with counted: ga"),
        (other("minimum_trading_days", days="3", counted='"gain"'), "percent: must be a number"),
        (other("consistency", percent="101"), "percent: 101; allowed: above 0 up to 100"),
        (DAILY + rule("R", "consistency", percent="50"), "id: lower-case letters"),
        (DAILY + rule("daily", "consistency", percent="50"), r"rules\[1\].id: 'daily' is used twi"),
        (DAILY.replace('"daily"', "1"), "id: must be text"),
        (daily("5"), "allowance: must be a table"),
        (daily("{ money = 0 }"), "money: must be above 0"),
        (daily(anchor='"high"', lock="{ plus = -1 }"), "lock.plus: must not be below 0"),
        (daily(eod_of='"equity"'), "eod_of: allowed with anchor eod_high only"),
        (daily(observed_max_age_seconds="0"), "observed_max_age_seconds: allowed: above 0"),
    ],
)  # fmt: skip
def test_a_wrong_rule_of_any_family_is_refused_by_field(rules: str, message: str) -> None:
    """Every parameter has its bounds, and a refusal names file, field and allowed values."""
    with pytest.raises(PlanError, match=message) as refusal:
        plan_of(rules)
    assert str(refusal.value).startswith("test.toml: phases[0].rules")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "name: must be text"),
        ('name = "A"', "name: lower-case letters"),
        ('name = "a"\nversion = 1.5', "version: 1.5; allowed: a whole number from 1"),
        ('name = "a"\nversion = 1', "phases: must be a list with at least one"),
        ('name = "a"\nversion = 1\nphases = [1]', "phases: must hold tables only"),
        ('name = "a"\nversion = 1\n[[phases]]\nname = "One"', r"phases\[0\].rules: must be a list"),
        (
            'name = "a"\nversion = 1\n[reset]\nat = "1:30"\n[[phases]]\nname = "One"\n' + DAILY,
            "reset.at: '1:30'; allowed: HH:MM",
        ),
    ],
)
def test_a_wrong_head_is_refused_by_field(text: str, message: str) -> None:
    """What is around the rules is read as strictly."""
    with pytest.raises(PlanError, match=message):
        parse_plan(text, "a.toml")


@pytest.mark.parametrize(
    ("document", "message"), [("{", "not valid JSON"), ("[1]", "must be an object")]
)
def test_a_damaged_document_says_so(document: str, message: str) -> None:
    """A stored document is read as strictly as a file."""
    with pytest.raises(PlanError, match=message):
        plan_from_document(document)


def test_a_document_with_a_number_that_is_none_is_refused() -> None:
    """Decimals of the stored document are text; other text is refused by field."""
    document = plan_of(DAILY).document.replace('"percent":"5"', '"percent":"five"')
    with pytest.raises(PlanError, match=r"allowance.percent: must be a number"):
        plan_from_document(document)


def test_fixed_shares_reach_their_own_bounds() -> None:
    """100 % of the base, equal levels of 1, a lock at initial and an hour's age are allowed."""
    own = rule(
        "edge", "overall_loss", anchor='"equity_high"', allowance="{ percent = 100 }",
        levels="{ warning = 1, critical = 1 }", lock="{ plus = 0 }", cash_flow='"keep"',
        observed_max_age_seconds="3600",
    )  # fmt: skip
    (found,) = plan_of(own).phases[0].rules
    assert (found.allowance.percent, found.warning, found.critical) == (
        Decimal(100),
        Decimal(1),
        Decimal(1),
    )
    assert found.lock == Lock(Decimal(0))
    assert found.observed_max_age == timedelta(hours=1)
