"""The proof that a deal history is whole, and how it is read on."""

from msgspec import structs

from actors.domain.deals import DealEntry, DealReason, DealType
from actors.mt5.bridge.history import OVERLAP_SECONDS, History, page, read_on
from actors.mt5.wire_answers import DealRow

DAY_MS = 86_400_000


def deal(ticket: int, profit: int, day: int, kind: DealType = DealType.BALANCE) -> DealRow:
    """A deal of a day."""
    return DealRow(
        ticket, 0, 0, kind, DealEntry.IN, DealReason.CLIENT, "", "0", "0", profit, 0, 0, 0,
        day * DAY_MS, "",
    )  # fmt: skip


def whole(*rows: DealRow, balance: int) -> History:
    """A first read of everything."""
    return read_on(History(), 0, rows, (len(rows), len(rows)), balance)


def test_it_is_stable_when_the_deals_explain_the_balance() -> None:
    """Credit does not count; a missing deal, a growing count or another balance leaves it open."""
    rows = (deal(1, 1000, 1), deal(2, -50, 2), deal(3, 500, 3, DealType.CREDIT))
    assert whole(*rows, balance=950).is_stable
    assert not whole(*rows, balance=951).is_stable
    assert not read_on(History(), 0, rows, (2, 3), 950).is_stable
    assert not read_on(History(), 0, rows, (4, 4), 950).is_stable


def test_only_the_last_three_days_are_read_again() -> None:
    """A late commission changes its deal, a deal taken back is gone, an older one stays."""
    known = whole(deal(1, 1000, 1), deal(2, -50, 9), deal(3, 7, 10), balance=957)
    since = known.since_seconds
    assert since == 10 * DAY_MS // 1000 - OVERLAP_SECONDS
    changed = structs.replace(deal(2, -50, 9), commission=-3)
    on = read_on(known, since, [changed], (2, 2), 947)
    assert [row.ticket for row in on.deals] == [1, 2]
    assert on.is_stable
    assert on.deals[1].commission == -3


def test_a_deal_delivered_twice_is_one_deal() -> None:
    """Tickets are what deals are told apart by."""
    twice = [deal(1, 1000, 1), deal(1, 1000, 1)]
    assert read_on(History(), 0, twice, (1, 1), 1000).is_stable


def test_something_older_that_changed_shows_in_the_proof() -> None:
    """A deal before the window that the broker took back leaves the history open: read all."""
    known = whole(deal(1, 1000, 1), deal(2, -50, 9), balance=950)
    on = read_on(known, known.since_seconds, [deal(2, -50, 9)], (1, 1), -50)
    assert not on.is_stable


def test_pages_follow_the_cursor() -> None:
    """Deals of one millisecond are told apart by their ticket."""
    known = whole(*(deal(ticket, 1, 1) for ticket in range(5)), balance=5)
    first, more = page(known, 0, 0, 2)
    assert [row.ticket for row in first] == [0, 1]
    assert more
    rest, more = page(known, DAY_MS, 1, 9)
    assert [row.ticket for row in rest] == [2, 3, 4]
    assert not more
