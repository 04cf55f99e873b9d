"""An account's deals: when each took effect on the books, and when a reader may see it."""

from array import array
from bisect import bisect_right, insort

from actors.mt5.simulator.book import Book
from actors.mt5.wire_answers import DealRow

Key = tuple[int, int]


def key_of(row: DealRow) -> Key:
    """Return the order in which deals are delivered."""
    return row.broker_msc, row.ticket


def first_after(rows: list[DealRow], key: Key) -> int:
    """Return the index of the first row past ``key`` among rows in delivery order."""
    return bisect_right(rows, key, key=key_of)


class Journal:
    """Deals by (broker_msc, ticket); almost all are visible at once, some come late."""

    __slots__ = ("_effective", "_hidden", "_listed", "_written")

    def __init__(self) -> None:
        self._written: list[DealRow] = []
        self._effective = array("q")
        self._listed: list[DealRow] = []
        self._hidden: list[tuple[int, DealRow]] = []

    def write(self, row: DealRow, at: int, visible_at: int) -> None:
        """Note a deal that takes effect at ``at`` and shows from ``visible_at``."""
        self._written.append(row)
        self._effective.append(at)
        if visible_at > at:
            self._hidden.append((visible_at, row))
        else:
            self._list(row)

    def visible(self, at: int) -> list[DealRow]:
        """Return the deals that a reader at ``at`` may see, in delivery order."""
        for entry in [entry for entry in self._hidden if entry[0] <= at]:
            self._hidden.remove(entry)
            self._list(entry[1])
        return self._listed

    def written(self, since: int = 0) -> list[DealRow]:
        """Return all deals in the order in which they took effect."""
        return self._written[since:]

    def book_at(self, currency: str, at: int) -> Book:
        """Return the books rebuilt from the deals in effect at ``at``."""
        book = Book(currency)
        for row, effective in zip(self._written, self._effective, strict=True):
            if effective <= at:
                book.apply(row)
        return book

    def _list(self, row: DealRow) -> None:
        if not self._listed or key_of(self._listed[-1]) < key_of(row):
            self._listed.append(row)
        else:
            insort(self._listed, row, key=key_of)
