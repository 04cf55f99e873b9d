"""The golden vectors of the rules, run through the engine's front door with real deals."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from actors.domain.account_state import AccountState
from actors.domain.deals import Deal, DealType
from actors.domain.step import start, step
from actors.domain.violation import Violation
from supervisor.check_evidence import differences
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

VECTORS = json.loads((Path(__file__).parents[3] / "vectors" / "rules.json").read_text())


def deals_of(event: dict[str, Any], ticket: int, digits: int) -> list[Deal]:
    """The deals an event stands for; ``pnl`` is a position opened and closed at one instant."""
    when, amount = at(event["at"]), minor(event.get("amount", "0"), digits)
    number = event.get("position", 1000 + ticket)
    if event["do"] == "pnl":
        first = opened(ticket, when, number)
        return [first, closed(ticket + 1, when, number, amount)]
    if event["do"] == "open":
        return [opened(ticket, when, number, event.get("volume", "1"), amount)]
    if event["do"] == "close":
        return [closed(ticket, when, number, amount, event.get("volume", "1"))]
    return [deal(ticket, when, amount, kind=DealType[event["do"].upper()])]


def check(state: AccountState, event: dict[str, Any], written: list[Violation]) -> None:
    """Compare what the event expects with the standings and the rows written so far."""
    stands = {stand.rule_id: stand for stand in standings(state, at(event["at"]))}
    for rule_id, wanted in event.get("expect", {}).items():
        for name, value in wanted.items():
            got = getattr(stands[rule_id], name)
            expected = Decimal(value) if isinstance(got, Decimal) else value
            assert got == expected, f"{rule_id}.{name} at {event['at']}"
    if "rows" in event:
        rows = [[v.rule_id, v.severity, v.verdict, v.is_primary] for v in written]
        assert rows == event["rows"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_gives_the_stated_floor_used_and_verdict(vector: dict[str, Any]) -> None:
    """Each golden vector's floor, used and verdict come out of start and step exactly."""
    digits = vector.get("digits", 2)
    rules = "".join(rule(r.pop("id"), r.pop("kind"), **r) for r in map(dict, vector["rules"]))
    state = start(life_of(plan_of(rules)), nothing_stored(), at("02 06:00:00"))
    known: list[Deal] = []
    written: list[Violation] = []
    for event in vector["events"]:
        if event["do"] != "see":
            known += deals_of(event, 1 + len(known), digits)
            continue
        floating = {int(p): minor(f, digits) for p, f in event.get("floating", {}).items()}
        observation = seen(
            at(event["at"]),
            minor(event["balance"], digits),
            floating,
            credit=minor(event.get("credit", "0"), digits),
            digits=digits,
        )
        state, effects = step(state, reading(observation, known), at(event["at"]))
        written += effects.violations
        check(state, event, written)
    for violation in written:
        evidence = json.loads(json.dumps(violation.evidence))
        assert differences(evidence) == []
        told = (evidence["floor"], evidence["checked"], evidence["severity"], evidence["verdict"])
        row = (violation.threshold, violation.current, violation.severity, violation.verdict)
        assert told == row
