"""Reconciled: do the known deals explain an observation's balance, and as of when (RULES 1)."""

from datetime import datetime, timedelta

from actors.domain.ledger import Ledger
from actors.domain.snapshot import Observation

SKEW = timedelta(seconds=2)
"""How far ahead of ours a broker's clock may run before its deals count as later (ADR 7)."""


def reconciled_at(ledger: Ledger, seen: Observation) -> datetime | None:
    """When the deals explain the observation's balance: at its own time, or at the stamp of a deal
    up to SKEW later that it shows already; None when they do not.
    """
    if ledger.until(seen.observed_at).balance == seen.balance:
        return seen.observed_at
    ahead = ledger.between(seen.observed_at, seen.observed_at + SKEW)
    stamps = dict.fromkeys(deal.occurred_at for deal in ahead)
    return next((at for at in stamps if ledger.until(at).balance == seen.balance), None)
