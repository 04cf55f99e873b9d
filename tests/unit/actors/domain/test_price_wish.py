"""Which prices a reading wishes: asked whenever its deals add up, however they were delivered."""

from actors.domain.price_wish import price_wish
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


def test_a_deal_delivered_twice_counts_once() -> None:
    """A reading that repeats a new deal still adds up, so its prices are asked for."""
    deposit = deal(1, at("02 08:00:00"), 10_000_000)
    state = start(life_of(plan_of(DAILY)), nothing_stored(), at("02 08:30:00"))
    for minute in ("02 09:00:00", "02 09:01:00"):
        state, _ = step(state, reading(seen(at(minute), 10_000_000), [deposit]), at(minute))
    trade = opened(2, at("02 09:01:30"), 7, amount=-67)
    observation = seen(at("02 09:02:00"), 9_999_933, {7: -500})
    once = price_wish(state, reading(observation, [trade], total=2))
    twice = price_wish(state, reading(observation, [trade, trade], total=2))
    assert once is not None
    assert twice == once


def test_a_flat_account_wishes_no_prices() -> None:
    """Without a position at either end and without a trade no quote can tell anything."""
    deposit = deal(1, at("02 08:00:00"), 10_000_000)
    state = start(life_of(plan_of(DAILY)), nothing_stored(), at("02 08:30:00"))
    state, _ = step(
        state, reading(seen(at("02 09:00:00"), 10_000_000), [deposit]), at("02 09:00:00")
    )
    assert price_wish(state, reading(seen(at("02 09:02:00"), 10_000_000), [deposit])) is None


def test_a_deal_stamped_after_the_reading_does_not_keep_its_prices_away() -> None:
    """Deals are asked for after the reading: one that it does not show yet explains nothing."""
    deposit = deal(1, at("02 08:00:00"), 10_000_000)
    known = [deposit, opened(2, at("02 08:10:00"), 7)]
    state = start(life_of(plan_of(DAILY)), nothing_stored(), at("02 08:30:00"))
    for minute in ("02 09:00:00", "02 09:01:00"):
        state, _ = step(state, reading(seen(at(minute), 10_000_000, {7: -500}), known), at(minute))
    later = closed(3, at("02 09:01:31"), 7, -800)
    observation = seen(at("02 09:01:30"), 10_000_000, {7: -700})
    assert price_wish(state, reading(observation, [later], total=3)) is not None
