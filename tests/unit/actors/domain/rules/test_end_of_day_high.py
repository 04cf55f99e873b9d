"""End-of-day highs of equity: sure only where the equity was known, and waiting for quotes."""

import pytest

from actors.domain.prices import Prices
from actors.domain.violation import Verdict
from tests.unit.actors.domain.histories import at, rule, standings
from tests.unit.actors.domain.markets import look, points, prices
from tests.unit.actors.domain.test_between_readings import (
    BALANCE,
    BOTH,
    LOTS,
    overnight,
    watched,
)

TERMS = {
    "anchor": '"eod_high"', "eod_of": '"equity"', "allowance": "{ percent = 5 }",
    "cash_flow": '"shift"',
}  # fmt: skip
KINDS = pytest.mark.parametrize("kind", ["daily_loss", "overall_loss"])


@KINDS
@pytest.mark.parametrize(
    ("floating", "verdicts"),
    [
        (-200_000 + 100, []),
        (-200_000, [Verdict.POSSIBLE]),
        (-500_000 + 100, [Verdict.POSSIBLE]),
        (-500_000, [Verdict.HARD]),
    ],
)
def test_a_high_that_was_only_carried_makes_no_verdict_firm(
    kind: str, floating: int, verdicts: list[Verdict]
) -> None:
    """3,000 up ten minutes before the reset: under 98,000 possible, hard under 95,000 alone."""
    account = watched(rule("d", kind, **TERMS), "02 21:50:00", 300_000)
    seen = look(at("02 22:05:00"), BALANCE, points(floating), LOTS)
    found = [v.verdict for v in account.see(seen).violations if v.severity == "breach"]
    own = account.state.progress.rules[0]
    assert (own.high, own.sure_high) == (BALANCE + 300_000, None)
    assert found == verdicts


@KINDS
def test_a_high_that_waits_for_quotes_leaves_the_floor_unknown(kind: str) -> None:
    """Until they answer there is neither floor nor verdict; then both, with nothing lost."""
    account = overnight(rule("d", kind, **TERMS), "02 21:57:00")
    crossing = look(at("02 22:00:10"), BALANCE, points(-300_000), BOTH)
    assert account.see(crossing, Prices(answered=False)).violations == ()
    (stand,) = standings(account.state, at("02 22:00:10"))
    assert (stand.floor, stand.used, stand.headroom) == (None, None, None)
    moves = [(at("02 21:57:00"), points(0)), (at("02 21:59:00"), points(100_000)),
             (at("02 22:00:10"), points(-300_000))]  # fmt: skip
    found = account.see(
        look(at("02 22:00:40"), BALANCE, points(-300_000), BOTH), prices(moves)
    ).violations
    assert [(v.verdict, v.threshold, v.occurred_at) for v in found] == [
        (Verdict.HARD, BALANCE + 200_000 - 500_000, at("02 22:00:10"))
    ]
