"""Absence: deals that a terminal's history shows no more, and when that is believed.

A terminal may show a part of its history (MT5 5), so a deal is gone only when two readings in a
row, both stable, lack the same deals, the terminal's own count lacks as many, and its balance is
what the others sum up to. A count that the re-read days do not explain, by fewer or by more deals,
asks for the whole history once.
"""

from attrs import frozen

from actors.domain.ledger import Ledger, without
from actors.domain.reconciled import reconciled_at
from actors.domain.state import Reading


@frozen
class Absence:
    """A terminal's count that is not ours: by ``lacking`` deals less (or more, below 0).

    ``tickets`` are gone if the next reading lacks them too; ``whole``: the next reading is to
    bring the whole history. Neither: the whole history did not explain the count either.
    """

    lacking: int
    tickets: tuple[int, ...] = ()
    whole: bool = False

    @property
    def is_open(self) -> bool:
        """True while another reading is to tell."""
        return self.whole or bool(self.tickets)


def looked_at(
    before: Absence | None, ledger: Ledger, reading: Reading
) -> tuple[Absence | None, tuple[int, ...]]:
    """What this reading lacks, and the tickets that are gone by it."""
    lacking, since = ledger.count - reading.history.total, reading.since_msc
    if since is None or not reading.history.stable or lacking == 0:
        return None, ()
    delivered = {deal.ticket for deal in reading.deals}
    tickets = tuple(
        deal.ticket
        for deal in ledger.deals
        if deal.broker_msc >= since and deal.ticket not in delivered
    )
    if tickets and _explains(ledger, tickets, reading):
        if before is not None and before.tickets == tickets:
            return None, tickets
        return Absence(lacking, tickets, whole=since == 0), ()
    known = before is not None and before.lacking == lacking and not before.is_open
    return Absence(lacking, whole=since > 0 and not known), ()


def _explains(ledger: Ledger, tickets: tuple[int, ...], reading: Reading) -> bool:
    """True when count and balance are those of the ledger without these deals."""
    if ledger.count - len(tickets) != reading.history.total:
        return False
    return reconciled_at(without(ledger, tickets), reading.observation) is not None
