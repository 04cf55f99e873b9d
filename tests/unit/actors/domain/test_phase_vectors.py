"""Vectors of the rules on conduct and the objectives: at, one unit below and above each limit."""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from actors.domain.deals import Deal, DealType
from actors.domain.snapshot import Observation
from actors.domain.step import start, step
from actors.domain.summary_view import outcome
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

VECTORS = json.loads((Path(__file__).parents[3] / "vectors" / "phase_rules.json").read_text())


def deal_of(event: dict[str, Any], ticket: int) -> Deal:
    """The deal an event stands for."""
    when, amount = at(event["at"]), minor(event.get("amount", "0"))
    if event["do"] == "balance":
        return deal(ticket, when, amount)
    volume = event.get("volume", "1")
    if event["do"] == "close":
        return closed(ticket, when, event["position"], amount, volume)
    made = opened(ticket, when, event["position"], volume, amount)
    return evolve(made, type=DealType.SELL) if event.get("side") == "sell" else made


def observed(event: dict[str, Any], known: list[Deal]) -> Observation:
    """The observation of an event: balance from the deals, positions opened by their deals."""
    balance = sum(one.amount for one in known)
    floating = {int(p): minor(f) for p, f in event.get("floating", {}).items()}
    whole = seen(at(event["at"]), balance, floating)
    opening = {one.position_id: one.occurred_at for one in reversed(known)}
    positions = tuple(
        evolve(
            position,
            opened_at=opening[position.position_id],
            stop_loss=Decimal(1) if str(position.position_id) in event.get("stops", ()) else None,
        )
        for position in whole.positions
    )
    return evolve(whole, positions=positions)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_vector_gives_the_stated_standing_rows_and_outcome(vector: dict[str, Any]) -> None:
    """Value, state and rows of each vector come out exactly, and the evidence replays them."""
    rules = "".join(rule(r.pop("id"), r.pop("kind"), **r) for r in map(dict, vector["rules"]))
    state = start(life_of(plan_of(rules)), nothing_stored(), at("02 06:00:00"))
    known: list[Deal] = []
    written: list[Violation] = []
    for event in vector["events"]:
        if event["do"] != "see":
            known.append(deal_of(event, 1 + len(known)))
            continue
        now = at(event["at"])
        recent = [one for one in known if one.occurred_at >= now - timedelta(days=3)]
        read = reading(observed(event, known), recent, len(known))
        state, effects = step(state, read, now)
        written += effects.violations
        stands = {stand.rule_id: stand for stand in standings(state, at(event["at"]))}
        for rule_id, wanted in event.get("expect", {}).items():
            for name, value in wanted.items():
                got = getattr(stands[rule_id], name)
                expected = Decimal(value) if isinstance(got, Decimal) else value
                assert got == expected, f"{rule_id}.{name} at {event['at']}"
        if "rows" in event:
            rows = [[v.rule_id, v.severity, v.verdict, v.is_primary] for v in written]
            assert rows == event["rows"]
        if "outcome" in event:
            assert outcome(state) == event["outcome"]
    for violation in written:
        evidence = json.loads(json.dumps(violation.evidence))
        assert differences(evidence) == []
        if "facts" in evidence:
            assert evidence["limit"] == violation.threshold
            assert evidence["value"] == violation.current
