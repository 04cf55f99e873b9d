"""The backtest over lives that the real engine watched: the same verdicts, by either way."""

from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actors.domain.backtest.by_days import judged_by_days
from actors.domain.backtest.by_samples import Draft, judged_by_samples
from actors.domain.backtest.ending import happened
from actors.domain.backtest.facts import NotByDays, Told
from actors.domain.backtest.footing import Footing, footing
from actors.domain.money import to_minor
from actors.domain.plan import LossRule, Plan
from tests.simulation.kept import KeptWatch
from tests.simulation.world.population import make_world

_SEED, _ACCOUNTS, _DAYS = 20_260_302, 12, 9


@pytest.fixture(scope="module")
def watched() -> list[KeptWatch]:
    """Accounts that were watched for some days, with every unit they wrote."""
    world = make_world(_SEED, _ACCOUNTS, _DAYS)
    return [KeptWatch(world, who) for who in world.inhabitants]


def by_samples(life: KeptWatch, plan: Plan) -> Told:
    """The life by its deals and samples."""
    return judged_by_samples(life.history(), Draft(plan, 0), life.deals_kept(), life.buckets())


def by_days(life: KeptWatch, plan: Plan) -> Told | NotByDays:
    """The life by its rule days."""
    found = footing(plan, 0, life.history().life.plan, 0)
    return judged_by_days(life.history(), found) if isinstance(found, Footing) else found


def scaled(plan: Plan, factor: Decimal, digits: int) -> Plan:
    """The plan with every allowance multiplied."""

    def rule(one: LossRule) -> LossRule:
        percent, money = one.allowance.percent, one.allowance.money
        if percent is not None:
            percent *= factor
        if money is not None:
            money = max(Decimal(1), (money * factor).quantize(Decimal(1)))
            to_minor(money, digits)
        return evolve(one, allowance=evolve(one.allowance, percent=percent, money=money))

    (phase,) = plan.phases
    rules = tuple(rule(one) for one in phase.rules)
    return evolve(plan, phases=(evolve(phase, rules=rules),), content_hash="d" * 64)


def outcome_of(told: Told) -> object:
    """What both ways must agree on; instants and values only where rule days keep them.

    The number of days is left out: no sample may be stored yet on the day under way.
    """
    breach = told.breach and (told.breach.rule_id, told.breach.date, told.breach.verdict)
    others = {(one.rule_id, one.date, one.verdict) for one in told.others}
    return told.outcome, told.ended_on, breach, others, told.passed_at, told.unproven_days


def test_the_real_plan_gives_the_stored_verdicts(watched: list[KeptWatch]) -> None:
    """By rule days and by samples: rule, day, floor, value and instant of every hard breach."""
    breached = 0
    for life in watched:
        history = life.history()
        real = happened(history)
        slow, fast = by_samples(life, history.life.plan), by_days(life, history.life.plan)
        assert isinstance(fast, Told)
        for told in (slow, fast):
            assert (told.outcome, told.breach) == (real.outcome, real.breach)
        assert outcome_of(slow) == outcome_of(fast)
        breached += real.breach is not None
    assert breached > 3


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(number=st.integers(0, _ACCOUNTS - 1), percent=st.integers(10, 200))
def test_both_ways_agree_wherever_rule_days_suffice(
    watched: list[KeptWatch], number: int, percent: int
) -> None:
    """Any tighter or looser draft has the same outcome, day, rules and proof by either way."""
    life = watched[number]
    history = life.history()
    draft = scaled(history.life.plan, Decimal(percent) / 100, history.digits)
    fast = by_days(life, draft)
    if isinstance(fast, Told):
        assert outcome_of(fast) == outcome_of(by_samples(life, draft))
