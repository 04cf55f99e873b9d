"""When deals that a terminal shows no more are gone: only if its count and balance say so too."""

import pytest

from actors.domain.absence import Absence, looked_at
from actors.domain.deals import DealType, History
from actors.domain.ledger import Ledger, merge
from actors.domain.state import Reading
from tests.unit.actors.domain.histories import at, deal, seen

KEPT = deal(1, at("02 06:00:00"), 1_000)
LOST = [deal(n, at("02 07:00:00"), 10 * n, kind=DealType.DIVIDEND) for n in (2, 3)]
LEDGER = merge(Ledger(), [KEPT, *LOST]).ledger


def told(total: int, balance: int, since: int | None = 1) -> Reading:
    """A stable reading that brings the deposit alone."""
    seen_ = seen(at("02 08:00:00"), balance)
    return Reading(seen_, (KEPT,), History(total, stable=True), since_msc=since)


@pytest.mark.parametrize(
    ("total", "balance", "tickets"),
    [(1, 1_000, (2, 3)), (2, 1_000, ()), (0, 1_000, ()), (1, 1_001, ()), (1, 1_050, ())],
)
def test_count_and_balance_have_to_agree_with_what_is_missing(
    total: int, balance: int, tickets: tuple[int, ...]
) -> None:
    """Two deals are not shown: one more or less in the count, or another balance, is a doubt."""
    absence, gone = looked_at(None, LEDGER, told(total, balance))
    assert gone == ()
    assert absence == Absence(3 - total, tickets, whole=not tickets)


def test_deals_are_gone_at_the_second_reading_that_lacks_the_same_ones() -> None:
    """Another set than before starts anew; the same one is believed."""
    first, _ = looked_at(Absence(2, (3,)), LEDGER, told(1, 1_000))
    assert first == Absence(2, (2, 3))
    assert looked_at(first, LEDGER, told(1, 1_000)) == (None, (2, 3))


def test_what_the_whole_history_does_not_explain_is_not_asked_again() -> None:
    """Once looked into from the very start, the same count is left alone; another is not."""
    unexplained, _ = looked_at(Absence(1, whole=True), LEDGER, told(2, 1_000, since=0))
    assert unexplained == Absence(1)
    assert looked_at(unexplained, LEDGER, told(2, 1_000))[0] == Absence(1)
    assert looked_at(unexplained, LEDGER, told(4, 1_000))[0] == Absence(-1, whole=True)
