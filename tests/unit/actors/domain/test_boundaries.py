"""Every choice of a loss rule at its edges: at, one unit below and one above floor and levels."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from actors.domain.account_state import AccountState
from actors.domain.deals import Deal, DealType
from actors.domain.step import start, step
from supervisor.check_evidence import differences
from tests.boundary_vectors import FILE, document
from tests.unit.actors.domain.histories import (
    at,
    closed,
    deal,
    life_of,
    minor,
    nothing_stored,
    opened,
    plan_of,
    reading,
    rule,
    seen,
    standings,
)

VECTORS = json.loads(Path(FILE).read_text())
CASES = [pytest.param(case, id=" ".join(
    str(case["rule"].get(key, "-"))
    for key in ("kind", "anchor", "eod_of", "lock", "checked", "operator", "cash_flow", "credit")
)) for case in VECTORS["cases"]]  # fmt: skip
END = at("03 10:00:00")


def rule_text(fields: dict[str, Any]) -> str:
    """The rule's table as a plan states it."""
    told = {key: f'"{value}"' for key, value in fields.items() if isinstance(value, str)}
    kind = told.pop("kind").strip('"')
    if "lock" in told:
        told["lock"] = f"{{ plus = {fields['lock']} }}"
    of = fields["allowance"]
    shown = [f'{key} = "{x}"' if key == "of" else f"{key} = {x}" for key, x in of.items()]
    warning, critical = fields["levels"]
    return rule(
        "it", kind, **told, allowance="{ " + ", ".join(shown) + " }",
        levels=f"{{ warning = {warning}, critical = {critical} }}",
    )  # fmt: skip


def told(case: dict[str, Any]) -> tuple[AccountState, list[Deal]]:
    """The account at the end of the story, with its deals."""
    digits = case["digits"]
    state = start(life_of(plan_of(rule_text(case["rule"]))), nothing_stored(), at("02 06:00:00"))
    deals = [
        deal(1, at("02 06:00:00"), minor("100000", digits)),
        opened(2, at("02 06:30:00"), 1),
    ]
    for moment in VECTORS["story"]:
        when, ticket = at(moment["at"]), len(deals) + 1
        if moment["do"] == "see":
            amounts = {n: minor(moment[n], digits) for n in ("balance", "floating", "credit")}
            look = seen(
                when, amounts["balance"], {1: amounts["floating"]}, credit=amounts["credit"],
                digits=digits,
            )  # fmt: skip
            state, effects = step(state, reading(look, deals), when)
            assert all(v.severity != "breach" for v in effects.violations)
            continue
        amount = minor(moment["amount"], digits)
        if moment["do"] == "pnl":
            deals += [opened(ticket, when, 50), closed(ticket + 1, when, 50, amount)]
        else:
            deals.append(deal(ticket, when, amount, kind=DealType[moment["do"].upper()]))
    return state, deals


@pytest.mark.parametrize("case", CASES)
def test_a_rule_changes_its_verdict_exactly_at_its_edges(case: dict[str, Any]) -> None:
    """Floor, used and level of each reading beside an edge are those of the definitions."""
    state, deals = told(case)
    digits, ticket = case["digits"], len(deals) + 1
    before = sum(one.amount for one in deals if one.type is not DealType.CREDIT)
    for balance, floating, used, level in case["readings"]:
        result = minor(balance, digits) - before
        last = [*deals, opened(ticket, END, 60), closed(ticket + 1, END, 60, result)]
        look = seen(
            END, minor(balance, digits), {1: minor(floating, digits)},
            credit=minor("2500", digits), digits=digits,
        )  # fmt: skip
        after, effects = step(state, reading(look, last), END)
        (stand,) = standings(after, END)
        assert (stand.floor, stand.allowance) == (
            Decimal(case["floor"]),
            Decimal(case["allowance"]),
        )
        assert (stand.used, stand.level) == (Decimal(used), level)
        breaches = [v for v in effects.violations if v.severity == "breach"]
        assert [v.verdict for v in breaches] == (["hard"] if level == "breach" else [])
        for violation in effects.violations:
            assert differences(json.loads(json.dumps(violation.evidence))) == []


def test_the_vectors_are_what_their_generator_makes() -> None:
    """The file was not edited by hand: fractions give every literal in it anew."""
    assert Path(FILE).read_text() == document()
