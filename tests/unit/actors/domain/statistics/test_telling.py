"""What a folded chronicle has told is not told otherwise by deals of a later time."""

from actors.domain.account_state import AccountState
from actors.domain.deals import DealType
from actors.domain.statistics.telling import chronicle, rewrites
from tests.fakes.kept_life import KeptLife
from tests.unit.actors.domain.histories import (
    DAILY,
    at,
    closed,
    deal,
    life_of,
    opened,
    plan_of,
    reading,
    seen,
)

DEALS = [
    deal(1, at("02 06:00:00"), 10_000_000),
    opened(2, at("02 07:00:00"), 2),
    closed(3, at("02 08:00:00"), 2, -100_000),
]


def folded() -> AccountState:
    """A life of some days, whose first deals are folded into its chronicle."""
    life = KeptLife(life_of(plan_of(DAILY)), at("02 06:00:00"))
    for day in range(2, 9):
        when = at(f"{day:02} 09:00:00")
        life.told(reading(seen(when, 9_900_000), DEALS if day == 2 else [], 3))
    return life.state


def test_only_deals_of_the_folded_time_rewrite_it() -> None:
    """A moment before its end they do, from its end on neither a dividend nor a trade does."""
    state = folded()
    assert state.chronicle is not None
    until = state.chronicle.until
    assert until is not None
    assert not rewrites(state, (deal(9, until, 5, kind=DealType.DIVIDEND), opened(8, until, 8)))
    earlier = until.replace(microsecond=until.microsecond) - (at("02 00:00:01") - at("02 00:00:00"))
    assert rewrites(state, (deal(9, earlier, 5, kind=DealType.DIVIDEND),))


def test_a_chronicle_up_to_the_initial_balance_has_no_balance_index() -> None:
    """Nothing was earned or lost yet; with the first trade the index begins at 100,000."""
    life = KeptLife(life_of(plan_of(DAILY)), at("02 06:00:00"))
    life.told(reading(seen(at("02 09:00:00"), 9_900_000), DEALS))
    assert chronicle(life.state, at("02 06:00:00")).balance is None
    assert chronicle(life.state, at("02 06:30:00")).balance is not None
