"""An account's deals: when each took effect on the books, and when a reader may see it.

A broker may change a deal afterwards, or take it back: then the old version holds until that
instant, and the new one, if any, from then on.
"""

from array import array
from bisect import bisect_right, insort

from actors.mt5.simulator.book import Book
from actors.mt5.wire_answers import DealRow

Key = tuple[int, int]
_FOREVER = 1 << 62


def key_of(row: DealRow) -> Key:
    """Return the order in which deals are delivered."""
    return row.broker_msc, row.ticket


def first_after(rows: list[DealRow], key: Key) -> int:
    """Return the index of the first row past ``key`` among rows in delivery order."""
    return bisect_right(rows, key, key=key_of)


class Journal:
    """Deals by (broker_msc, ticket); almost all are visible at once, some come late."""

    __slots__ = ("_effective", "_ended", "_hidden", "_listed", "_written")

    def __init__(self) -> None:
        self._written: list[DealRow] = []
        self._effective = array("q")
        self._ended = array("q")
        self._listed: list[DealRow] = []
        self._hidden: list[tuple[int, DealRow]] = []

    def write(self, row: DealRow, at: int, visible_at: int) -> None:
        """Note a deal that takes effect at ``at`` and shows from ``visible_at``."""
        self._written.append(row)
        self._effective.append(at)
        self._ended.append(_FOREVER)
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

    def amend(self, ticket: int, row: DealRow | None, at: int) -> None:
        """Put ``row`` in the place of a deal from ``at`` on, or nothing. KeyError: no such deal."""
        number = self._number(ticket)
        old = self._written[number]
        self._ended[number] = at
        self._listed = [each for each in self._listed if each is not old]
        self._hidden = [entry for entry in self._hidden if entry[1] is not old]
        if row is not None:  # right behind the old one: an opening stays before its closing
            self._written.insert(number + 1, row)
            self._effective.insert(number + 1, at)
            self._ended.insert(number + 1, _FOREVER)
            self._list(row)

    def in_force(self) -> list[DealRow]:
        """Return the deals that make up the books, hidden ones too, in order of effect."""
        pairs = zip(self._written, self._ended, strict=True)
        return [row for row, ended in pairs if ended == _FOREVER]

    def book_at(self, currency: str, at: int) -> Book:
        """Return the books rebuilt from the deals in force at ``at``."""
        book = Book(currency)
        for row, effective, ended in zip(self._written, self._effective, self._ended, strict=True):
            if effective <= at < ended:
                book.apply(row)
        return book

    def _number(self, ticket: int) -> int:
        for number, row in enumerate(self._written):
            if row.ticket == ticket and self._ended[number] == _FOREVER:
                return number
        raise KeyError(ticket)

    def _list(self, row: DealRow) -> None:
        if not self._listed or key_of(self._listed[-1]) < key_of(row):
            self._listed.append(row)
        else:
            insort(self._listed, row, key=key_of)
