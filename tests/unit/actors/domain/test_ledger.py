"""The ledger: one ticket is one deal, sums at any instant, open positions, forgetting."""

from random import Random

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.domain.deals import DealEntry, DealType
from actors.domain.ledger import Ledger, Sums, fold, merge, open_at
from actors.domain.step import start, step
from tests.unit.actors.domain.histories import (
    DAILY,
    at,
    closed,
    deal,
    life_of,
    nothing_stored,
    opened,
    plan_of,
    reading,
    seen,
)

DEALS = [
    deal(1, at("02 06:00:00"), 1000),
    deal(2, at("02 07:00:00"), 50, kind=DealType.CREDIT),
    opened(3, at("02 08:00:00"), 3),
    closed(4, at("02 09:00:00"), 3, -20),
    opened(5, at("02 10:00:00"), 5, volume="2"),
    closed(6, at("02 11:00:00"), 5, 7, volume="0.5"),
]


@settings(max_examples=30)
@given(st.integers(0, 10**6))
def test_any_order_and_repetition_gives_the_same_ledger(seed: int) -> None:
    """Deals delivered in pieces, shuffled and repeated end in the same ledger."""
    random = Random(seed)
    pieces = [random.sample(DEALS, random.randrange(1, 7)) for _ in range(5)] + [DEALS]
    ledger = Ledger()
    for piece in pieces:
        ledger = merge(ledger, piece).ledger
    whole = merge(Ledger(), DEALS).ledger
    assert (ledger.deals, ledger.total) == (whole.deals, whole.total)
    assert {p: sorted(t) for p, t in ledger.by_position.items()} == {3: [3, 4], 5: [5, 6]}


def test_sums_leave_credit_apart_and_boundary_deals_out() -> None:
    """``before`` leaves out a deal at the instant, ``until`` takes it in."""
    ledger = merge(Ledger(), DEALS).ledger
    assert ledger.before(at("02 09:00:00")) == Sums(1000, 50, 1000)
    assert ledger.until(at("02 09:00:00")) == Sums(980, 50, 1000)


def test_open_volumes_follow_partial_closes() -> None:
    """A partly closed position is open with what is left; a closed one is not."""
    ledger = merge(Ledger(), DEALS).ledger
    volumes = open_at(ledger, at("02 11:00:00"), inclusive=True)
    assert {p: str(v) for p, v in volumes.items()} == {5: "1.5"}


def test_a_close_without_its_opening_was_open_from_before() -> None:
    """An orphan close means the account was not flat before it."""
    ledger = merge(Ledger(), [closed(4, at("02 09:00:00"), 3, -20)]).ledger
    assert list(open_at(ledger, at("02 08:00:00"), inclusive=True)) == [3]
    assert open_at(ledger, at("02 09:00:00"), inclusive=True) == {}


def test_a_reversal_of_an_unknown_position_is_open_with_its_whole_volume() -> None:
    """Nobody knows how much of it only closed: unknown exposure is never called flat."""
    turned = evolve(closed(4, at("02 09:00:00"), 3, -20, "2"), entry=DealEntry.INOUT)
    ledger = merge(Ledger(), [turned, closed(5, at("02 10:00:00"), 3, 0, "1")]).ledger
    assert open_at(ledger, at("02 09:00:00"), inclusive=False) == {}
    assert open_at(ledger, at("02 10:00:00"), inclusive=False) == {3: -2}


def test_folding_keeps_sums_and_open_positions() -> None:
    """Forgotten deals stay in the sums; deals of open positions stay whole."""
    ledger = merge(Ledger(), DEALS).ledger
    folded = fold(ledger, at("03 00:00:00"))
    assert [d.ticket for d in folded.deals] == [5, 6]
    assert (folded.total, folded.count) == (ledger.total, 6)
    assert folded.until(at("04 00:00:00")) == ledger.until(at("04 00:00:00"))


def test_a_changed_deal_is_stored_again_and_noted() -> None:
    """The same ticket with other content is an effect and a note, not a new deal."""
    first = [deal(1, at("02 06:00:00"), 1000), opened(3, at("02 08:00:00"), 3), closed(4, at("02 09:00:00"), 3, 0)]  # fmt: skip  # noqa: E501
    state = start(life_of(plan_of(DAILY)), nothing_stored(), at("02 06:00:00"))
    state, _ = step(state, reading(seen(at("02 10:00:00"), 1000), first), at("02 10:00:00"))
    other = evolve(first[2], profit=-20)
    again = reading(seen(at("02 10:01:00"), 980), [*first[:2], other])
    state, effects = step(state, again, at("02 10:01:00"))
    assert [d.ticket for d in effects.deals] == [4]
    assert effects.notes == ("deal_changed", "discrepancy")
    assert (state.ledger.count, state.progress.sums.balance) == (3, 980)


def test_a_position_opened_and_closed_in_one_delivery_needs_no_reload() -> None:
    """After folding, only a close of a position that nobody knows asks for the whole history."""
    folded = fold(merge(Ledger(), DEALS).ledger, at("03 00:00:00"))
    pair = [opened(8, at("03 08:00:00"), 8), closed(9, at("03 08:01:00"), 8, 5)]
    assert not merge(folded, pair).needs_reload
    assert merge(folded, pair[1:]).needs_reload


def test_deals_of_open_positions_are_never_forgotten() -> None:
    """However old: there is nothing to fold, so the ledger is the same."""
    ledger = merge(Ledger(), DEALS[4:5]).ledger
    assert fold(ledger, at("20 00:00:00")) is ledger
