"""Daily loss: high-water marks are kept without the flows since their anchor (RULES 2)."""

from actors.domain.account_state import AccountState
from actors.domain.deals import Deal
from actors.domain.step import start, step
from actors.domain.summary import Proof
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

TERMS = {"allowance": "{ percent = 5 }", "cash_flow": '"shift"'}
DEALS = [
    deal(1, at("02 06:00:00"), 10_000_000),
    opened(2, at("02 07:00:00"), 7),
    deal(3, at("02 09:00:00"), 300_000),
]


def told(rules: str, *looks: tuple[str, int], deals: list[Deal]) -> AccountState:
    """The state after looks at instants with position 7 floating so much, or none once closed."""
    state = start(life_of(plan_of(rules)), nothing_stored(), at("02 06:00:00"))
    for when, floating in looks:
        known = [one for one in deals if one.occurred_at <= at(when)]
        balance = sum(one.amount for one in known)
        shown = None if known[-1].position_id == 7 and known[-1].amount else {7: floating}
        state, _ = step(state, reading(seen(at(when), balance, shown), known), at(when))
    return state


def test_a_high_that_was_reached_after_a_deposit_is_kept_without_it() -> None:
    """3,000 came in, 2,000 were gained: 5,000 under 102,000, and the 3,000 on top."""
    state = told(
        rule("it", "daily_loss", anchor='"high"', **TERMS),
        ("02 08:00:00", 0), ("02 10:00:00", 200_000), ("02 10:10:00", 0),
        deals=DEALS,
    )  # fmt: skip
    (own,) = state.progress.rules
    (stand,) = standings(state, at("02 10:10:00"))
    assert (own.high, own.sure_high) == (10_200_000, 10_200_000)
    assert minor(str(stand.floor)) == 10_000_000
    assert minor(str(stand.used)) == 200_000


def test_an_end_of_day_high_is_sure_without_the_flows_before_it() -> None:
    """A day that ends flat at 108,000 of which 3,000 were paid in: 105,000, and proven."""
    state = told(
        rule("it", "daily_loss", anchor='"eod_high"', eod_of='"equity"', **TERMS),
        ("02 08:00:00", 0), ("02 12:00:00", 0), ("03 08:00:00", 0),
        deals=[*DEALS, closed(4, at("02 11:00:00"), 7, 500_000)],
    )  # fmt: skip
    (own,) = state.progress.rules
    (stand,) = standings(state, at("03 08:00:00"))
    assert (own.high, own.sure_high) == (10_500_000, 10_500_000)
    assert (minor(str(stand.floor)), stand.proof) == (10_300_000, Proof.PROVEN)
