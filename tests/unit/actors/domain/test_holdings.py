"""Who was held when: positions through their deals from one sight to the next."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from attrs import evolve

from actors.domain.deals import Deal, DealEntry, DealType
from actors.domain.holdings import Course, follow
from actors.domain.prices import utc_msc
from actors.domain.progress import PositionSight, Sight
from actors.domain.snapshot import Side
from tests.unit.actors.domain.histories import at
from tests.unit.actors.domain.markets import buy, sell_off

START, END = at("02 08:00:00"), at("02 08:10:00")
MIDNIGHT = utc_msc(at("02 08:05:00"))


def sight(when: datetime, *positions: PositionSight) -> Sight:
    """An account with these positions."""
    return Sight(when, 0, 0, 0, positions)


def held(
    number: int, volume: str = "1", *, side: Side = Side.BUY, price: str = "1.1", swap: int = 0
) -> PositionSight:
    """A position as a sight shows it."""
    return PositionSight(
        number, Decimal(volume), swap, "EURUSD", side, Decimal(price), Decimal("1.1"), swap
    )


def volumes(course: Course | None) -> list[dict[int, Decimal]]:
    """Signed volumes of each holding."""
    assert course is not None
    return [
        {h.position_id: h.volume if h.is_long else -h.volume for h in step.held}
        for step in course.holdings
    ]


def test_opens_partial_closes_and_closes_follow_the_deals() -> None:
    """Each deal makes a holding; what is left at the end is what the sight shows."""
    deals = [
        buy(5, at("02 08:01:00"), "2"),
        sell_off(6, at("02 08:02:00"), 5, 0, "0.5"),
        sell_off(7, at("02 08:03:00"), 2, 0),
    ]
    course = follow(sight(START, held(2)), deals, sight(END, held(5, "1.5")), ())
    one, two = Decimal(1), Decimal(2)
    assert volumes(course) == [
        {2: one}, {2: one, 5: two}, {2: one, 5: Decimal("1.5")}, {5: Decimal("1.5")},
    ]  # fmt: skip
    assert course is not None
    assert course.firm


def test_a_netting_add_weights_the_open_price() -> None:
    """One lot at 1.1 and three at 1.2 are open at 1.175 until the terminal's own figure holds."""
    deals = [
        buy(2, at("02 08:01:00"), "3", 120_000),
        sell_off(6, at("02 08:02:00"), 2, 0, "1"),
    ]
    course = follow(sight(START, held(2)), deals, sight(END, held(2, "3", price="1.17501")), ())
    assert course is not None
    prices = [step.held[0].price for step in course.holdings]
    assert prices == [Fraction("1.1"), Fraction("1.175"), Fraction("1.17501")]


def test_a_reversal_turns_the_side() -> None:
    """One lot long, three sold: two lots short at the deal's price."""
    turned = evolve(sell_off(6, at("02 08:01:00"), 2, 0, "3", 105_000), entry=DealEntry.INOUT)
    after = sight(END, held(2, "2", side=Side.SELL, price="1.05"))
    course = follow(sight(START, held(2)), [turned], after, ())
    assert volumes(course) == [{2: Decimal(1)}, {2: Decimal(-2)}]
    assert course is not None
    assert course.holdings[-1].held[0].price == Fraction("1.05")


def test_what_does_not_lead_there_is_not_followed() -> None:
    """An unknown close, a close of more than there is, another side or volume at the end."""
    ends = sight(END, held(2))
    unknown = [sell_off(6, at("02 08:01:00"), 9, 0)]
    too_much = [sell_off(6, at("02 08:01:00"), 2, 0, "2")]
    same_side = [evolve(buy(6, at("02 08:01:00")), entry=DealEntry.OUT, position_id=2)]
    against = [evolve(buy(2, at("02 08:01:00")), type=DealType.SELL)]
    for deals in (unknown, too_much, same_side, against):
        assert follow(sight(START, held(2)), deals, ends, ()) is None
    assert follow(sight(START, held(2)), [], sight(END), ()) is None
    assert follow(sight(START, held(2)), [], sight(END, held(2, "2")), ()) is None


def swaps(course: Course | None) -> list[tuple[int, list[int]]]:
    """When, and the swap of each position then."""
    assert course is not None
    return [(step.since, [h.swap for h in step.held]) for step in course.holdings]


def test_swap_is_booked_at_the_rollover() -> None:
    """Old swap before the server's midnight, new swap from it on; also for one closed later."""
    close = evolve(sell_off(6, at("02 08:08:00"), 3, 0), swap=-70)
    before = sight(START, held(2, swap=-10), held(3))
    course = follow(before, [close], sight(END, held(2, swap=-60)), (MIDNIGHT,))
    assert swaps(course) == [
        (utc_msc(START), [-10, 0]),
        (MIDNIGHT, [-60, -70]),
        (utc_msc(close.occurred_at), [-60]),
    ]
    assert course is not None
    assert course.firm


def test_a_deal_at_the_rollover_needs_no_cut_of_its_own() -> None:
    """What is opened in the instant of the server's midnight pays no swap for the night before."""
    other = buy(5, at("02 08:05:00"))
    course = follow(
        sight(START, held(2)), [other], sight(END, held(2, swap=-60), held(5)), (MIDNIGHT,)
    )
    assert swaps(course) == [(utc_msc(START), [0]), (MIDNIGHT, [-60, 0])]
    assert course is not None
    assert course.firm


def test_swap_without_one_rollover_is_not_firm() -> None:
    """Swap that moved in the day, or over two nights: only the ends are sure."""
    before, after = sight(START, held(2)), sight(END, held(2, swap=-60))
    for rollovers in ((), (MIDNIGHT, MIDNIGHT + 60_000)):
        course = follow(before, [], after, rollovers)
        assert course is not None
        assert not course.firm
    rounded: Deal = evolve(sell_off(6, at("02 08:01:00"), 2, 0, "0.5"), swap=-4)
    course = follow(
        sight(START, held(2, swap=-9)), [rounded], sight(END, held(2, "0.5", swap=-4)), ()
    )
    assert course is not None
    assert course.firm
