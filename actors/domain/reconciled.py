"""Reconciled: do the known deals explain an observation, and as of when (RULES 1)."""

from datetime import datetime, timedelta

from actors.domain.ledger import Ledger
from actors.domain.snapshot import Observation

SKEW = timedelta(seconds=2)
"""How far ahead of ours a broker's clock may run before its deals count as later (ADR 7)."""

PATIENCE = timedelta(seconds=60)
"""How long the opening deal of a position may be on its way to the history (ADR 18)."""


def reconciled_at(ledger: Ledger, seen: Observation) -> datetime | None:
    """When the deals explain the observation: its balance, at its own time or at the stamp of a
    deal up to SKEW later that it shows already, and its young positions; None when they do not.
    """
    if _awaits_an_opening(ledger, seen):
        return None
    if ledger.until(seen.observed_at).balance == seen.balance:
        return seen.observed_at
    ahead = ledger.between(seen.observed_at, seen.observed_at + SKEW)
    stamps = dict.fromkeys(deal.occurred_at for deal in ahead)
    return next((at for at in stamps if ledger.until(at).balance == seen.balance), None)


def _awaits_an_opening(ledger: Ledger, seen: Observation) -> bool:
    """True for a position that no deal tells yet: an opening may cost nothing, or what another
    deal costs, so that the balance alone does not miss it.
    """
    return any(
        position.position_id not in ledger.by_position
        and seen.observed_at - position.opened_at < PATIENCE
        for position in seen.positions
    )
