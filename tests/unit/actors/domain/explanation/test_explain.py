"""Explain this number: every shown figure follows from its inputs by its stated formula."""

from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

from attrs import evolve, fields
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.domain.account import InitialBalanceSource
from actors.domain.account_state import AccountState
from actors.domain.deals import DealType
from actors.domain.explanation.explain import explain
from actors.domain.explanation.records import Explained, FormulaCode
from actors.domain.loss_stands import loss_stands
from actors.domain.money import to_decimal
from actors.domain.risk_tier import schedule
from actors.domain.server_clock import ServerClock
from actors.domain.state import Reading
from actors.domain.step import start, step
from actors.domain.summary import RuleStanding, Summary
from actors.domain.summary_view import history_state, standings, summarise
from tests.unit.actors.domain.explanation.evaluators import EVALUATORS, named
from tests.unit.actors.domain.histories import (
    at,
    deal,
    life_of,
    nothing_stored,
    opened,
    plan_of,
    reading,
    rule,
    seen,
)
from tests.unit.actors.domain.loss_rules import EVERY_LOSS_RULE
from tests.unit.actors.domain.test_step import random_life

OTHER_RULES = "".join(
    (
        rule("lots", "max_lots", lots="1.5", of='"total"'),
        rule("positions", "max_positions", positions="2"),
        rule("hold", "minimum_holding_time", seconds="60"),
        rule("stop", "stop_loss_within", seconds="30"),
        rule("weekend", "weekend_flat", by='{ day = "friday", at = "21:00" }', zone='"UTC"'),
        rule("quiet", "inactivity", days="30"),
        rule("end", "lifetime", days="2", warning_days="1"),
        rule("target", "profit_target", target="{ percent = 0.333 }"),
        rule("money", "profit_target", target="{ money = 1500 }"),
        rule("days", "minimum_trading_days", days="3"),
        rule("even", "consistency", percent="33.3"),
    )
)
NOT_FIGURES = {
    "currency", "currency_digits",
    "broker_utc_offset_seconds", "initial_balance_source", "connection_state", "outcome",
    "tier", "plan", "phase", "phase_name", "next_reset", "as_of",
}  # fmt: skip
WORDS_OF_RULES = {
    "rule_id", "rule_type", "checked", "operator", "severity", "grade", "rule_date", "formula",
    "inputs", "group", "unit", "state", "proof",
}  # fmt: skip


BEGAN = at("02 06:00:00")


def told(state: AccountState, now: Any) -> tuple[Summary, tuple[RuleStanding, ...]]:
    """Summary and standings as the account's actor would publish them."""
    stands = loss_stands(state, now)
    summary = summarise(state, stands, history_state(state), schedule(state, now, 0.0), now)
    return summary, standings(state, stands)


def explained(state: AccountState, now: Any) -> dict[str, Explained]:
    """All explanations by figure, each figure once."""
    figures = explain(state, loss_stands(state, now), *told(state, now))
    by_name = {one.figure: one for one in figures}
    assert len(by_name) == len(figures)
    return by_name


def shown(summary: Summary, rules: tuple[RuleStanding, ...]) -> Iterator[tuple[str, Any]]:
    """Every figure that readers see, by the name that its explanation has."""
    for name in {each.name for each in fields(Summary)} - NOT_FIGURES:
        yield name, getattr(summary, name)
    if summary.next_reset is not None:
        yield "next_reset.projected_floor", summary.next_reset.projected_floor
        yield "next_reset.headroom_after", summary.next_reset.headroom_after
    for one in rules:
        for name in {each.name for each in fields(RuleStanding)} - WORDS_OF_RULES:
            yield f"rules.{one.rule_id}.{name}", getattr(one, name)


def check(state: AccountState, now: Any) -> set[FormulaCode]:
    """Hold every shown figure against its explanation; returns the formulas that were computed."""
    figures, computed = explained(state, now), set()
    for name, value in shown(*told(state, now)):
        one = figures.get(name)
        if one is None:
            assert value is None, name
            continue
        value = (
            Decimal(str(value))
            if isinstance(value, int | float) and not isinstance(value, bool)
            else value
        )
        assert one.value == value, name
        if value is not None:
            assert EVALUATORS[one.formula](named(one)) == value, (name, one)
            computed.add(one.formula)
        assert (one.grade is None) is (value is None)
    return computed


def with_credit(readings: list[Reading], seed: int) -> list[Reading]:
    """The same life with a credit of some size from the third reading on."""
    amount = Random(seed).choice([0, 12_345, 500_000])
    if amount == 0 or len(readings) < 4:
        return readings
    since = readings[2].observation.observed_at
    credit = deal(9_999, since, amount, kind=DealType.CREDIT)
    given = []
    for one in readings[3:]:
        seen = evolve(one.observation, credit=amount, equity=one.observation.equity + amount)
        total = evolve(one.history, total=one.history.total + 1)
        given.append(evolve(one, observation=seen, deals=(*one.deals, credit), history=total))
    return [*readings[:3], *given]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(EVERY_LOSS_RULE), st.sampled_from(EVERY_LOSS_RULE))
def test_every_figure_follows_from_its_inputs(seed: int, first: str, second: str) -> None:
    """At every reading of random lives under random rules, computed anew and exactly equal."""
    rules = first if first == second else first + second
    state = start(life_of(plan_of(rules + OTHER_RULES)), nothing_stored(), BEGAN)
    check(state, BEGAN)
    for one in with_credit(random_life(seed), seed):
        now = one.observation.observed_at
        state, _ = step(state, one, now)
        check(state, now)


def test_each_rule_is_explained_and_each_formula_used() -> None:
    """Every choice of anchor, allowance, checked value, credit, lock and cash flow."""
    computed: set[FormulaCode] = set()
    ordered = {"ordered_initial_balance": Decimal(100_000)}
    for number, text in enumerate(EVERY_LOSS_RULE):
        source = (InitialBalanceSource.ORDER_META, InitialBalanceSource.MT5_DEPOSITS)[number % 2]
        life = life_of(plan_of(text + OTHER_RULES), initial_balance_source=source, **ordered)
        for seed in range(1, 8):
            state = start(life, nothing_stored(), BEGAN)
            for one in with_credit(random_life(seed), seed):
                state, _ = step(state, one, one.observation.observed_at)
                computed |= check(state, one.observation.observed_at)
    assert computed == set(FormulaCode)


def test_a_reset_on_the_servers_clock_names_its_zone() -> None:
    """New York and seven hours: the reset's instant follows from date, time and zone."""
    text = EVERY_LOSS_RULE[0] + '[reset]\nat = "00:00"\nzone = "server"\n'
    clock = ServerClock.parse("America/New_York+7h")
    life = evolve(life_of(plan_of(text)), server_clock=clock)
    state = start(life, nothing_stored(), BEGAN)
    assert FormulaCode.NEXT_RESET in check(state, BEGAN)
    zone = named(explained(state, BEGAN)["dd_daily_reset_at"])["reset_zone"]
    assert zone == "America/New_York+7h"


def test_deals_behind_a_figure_add_up_to_it() -> None:
    """The tickets that are named sum to the balance, the flows and the result without them."""
    life = life_of(plan_of(EVERY_LOSS_RULE[0]))
    state, readings = start(life, nothing_stored(), BEGAN), random_life(5)
    for one in readings:
        state, _ = step(state, one, one.observation.observed_at)
    figures = explained(state, readings[-1].observation.observed_at)
    amounts = {deal.ticket: deal.amount for deal in state.ledger.deals}
    for name in ("balance_current", "initial_balance", "net_result", "credit_current"):
        deals = figures[name].deals
        assert deals is not None
        assert deals.older == 0
        total = to_decimal(sum(amounts[ticket] for ticket in deals.tickets), 2)
        assert total == deals.amount == figures[name].value


def test_every_formula_has_an_evaluator() -> None:
    """A code that nobody can compute is no explanation."""
    assert set(EVALUATORS) == set(FormulaCode)


def test_no_target_is_told_before_anything_was_read() -> None:
    """A share of an unknown initial balance is unknown, and explained as what the plan asks for."""
    state = start(life_of(plan_of(EVERY_LOSS_RULE[0] + OTHER_RULES)), nothing_stored(), BEGAN)
    target = explained(state, BEGAN)["rules.target.target"]
    assert (target.formula, target.value) == (FormulaCode.PLANNED, None)


def test_a_level_that_was_not_looked_at_yet_is_told_as_recorded() -> None:
    """A phase begins with three lots open where 1.5 are allowed: nothing was judged so far."""
    life = life_of(plan_of(EVERY_LOSS_RULE[0] + OTHER_RULES), deals_from=at("03 00:00:00"))
    deals = [deal(1, BEGAN, 10_000_000), opened(2, at("02 07:00:00"), 2, "3")]
    now = at("03 06:00:00")
    look = reading(seen(now, 10_000_000, {2: 0}, volumes={2: "3"}), deals)
    state, _ = step(start(life, nothing_stored(), now), look, now)
    level = explained(state, now)["rules.lots.level"]
    assert (level.formula, level.value) == (FormulaCode.RECORDED, "ok")
    assert explained(state, now)["rules.lots.value"].value == 3
    check(state, now)
