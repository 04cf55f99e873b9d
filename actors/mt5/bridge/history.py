"""A slot's deal history and the proof that it is whole (MT5 5): pure.

The terminal fetches what its store lacks, so early reads are partial; swaps, commissions and
corrections arrive late. All is read at first, then the last three days again; the count tells when
something older changed.
"""

from bisect import bisect_right
from collections.abc import Iterable
from operator import attrgetter

from attrs import evolve, frozen

from actors.domain.deals import DealType
from actors.mt5.wire_answers import DealRow

OVERLAP_SECONDS = 3 * 86_400

_KEY = attrgetter("broker_msc", "ticket")


@frozen
class History:
    """Deals in (broker_msc, ticket) order, each ticket once. ``total``: by the terminal's count.

    ``counted_twice``: two counts in a row were equal. ``balance``: the account's then.
    """

    deals: tuple[DealRow, ...] = ()
    total: int = 0
    counted_twice: bool = False
    balance: int = 0

    @property
    def sum(self) -> int:
        """What all deals but credits add up to, in minor units."""
        return sum(_amount(row) for row in self.deals if row.type is not DealType.CREDIT)

    @property
    def is_stable(self) -> bool:
        """Complete: the count held still, every deal is here, and they explain the balance."""
        whole = self.counted_twice and self.total == len(self.deals)
        return whole and self.sum == self.balance

    @property
    def since_seconds(self) -> int:
        """From where to read on: three days before the newest deal (broker seconds)."""
        if not self.deals:
            return 0
        return max(0, self.deals[-1].broker_msc // 1000 - OVERLAP_SECONDS)


def read_on(
    known: History, since: int, rows: Iterable[DealRow], totals: tuple[int, int], balance: int
) -> History:
    """Return the history with a window read anew from ``since`` (broker seconds).

    What the window lacks now is gone: the broker took it back.
    """
    older = {row.ticket: row for row in known.deals if row.broker_msc < since * 1000}
    newer = {row.ticket: row for row in rows}
    deals = tuple(sorted((older | newer).values(), key=_KEY))
    first, last = totals
    return evolve(known, deals=deals, total=last, counted_twice=first == last, balance=balance)


def page(
    history: History, since_msc: int, after_ticket: int, limit: int
) -> tuple[tuple[DealRow, ...], bool]:
    """At most ``limit`` deals after the cursor, and whether more follow."""
    first = bisect_right(history.deals, (since_msc, after_ticket), key=_KEY)
    return history.deals[first : first + limit], first + limit < len(history.deals)


def _amount(row: DealRow) -> int:
    return row.profit + row.commission + row.swap + row.fee
