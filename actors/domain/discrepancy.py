"""Discrepancies: what later facts contradict, told to a human; no verdict is undone (RULES 3)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from attrs import frozen

from actors.domain.deals import Deal


class DiscrepancyKind(StrEnum):
    """What does not agree with what was known.

    A deal came after its instant had been judged, was changed, or is gone from the terminal's
    history; the initial balance is another one; a stored breach would not be one on the facts as
    they are now; or there would have been one that is not stored.
    """

    DEAL_LATE = "deal_late"
    DEAL_CHANGED = "deal_changed"
    DEAL_GONE = "deal_gone"
    INITIAL_BALANCE = "initial_balance"
    VERDICT_UNFOUNDED = "verdict_unfounded"
    VERDICT_MISSING = "verdict_missing"


@frozen
class Discrepancy:
    """One contradiction. ``subject`` is a deal ticket or a rule id; ``rule_date`` a verdict's day.

    ``occurred_at`` is the instant that it is about. ``before`` and ``after`` are JSON-ready facts,
    integers in minor units and text only; None where there was or is nothing.
    """

    kind: DiscrepancyKind
    subject: str
    rule_date: date | None
    occurred_at: datetime
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def of_deal(kind: DiscrepancyKind, before: Deal | None, after: Deal | None) -> Discrepancy:
    """A deal as it was known and as it is known now; at the earlier of its instants."""
    versions = [deal for deal in (before, after) if deal is not None]
    return Discrepancy(
        kind,
        str(versions[0].ticket),
        None,
        min(deal.occurred_at for deal in versions),
        None if before is None else _version(before),
        None if after is None else _version(after),
    )


def _version(deal: Deal) -> dict[str, Any]:
    return {
        "ticket": deal.ticket,
        "position_id": deal.position_id,
        "order": deal.order,
        "type": deal.type.name.lower(),
        "entry": deal.entry.name.lower(),
        "reason": deal.reason.name.lower(),
        "symbol": deal.symbol,
        "volume": str(deal.volume),
        "price": str(deal.price),
        "profit": deal.profit,
        "commission": deal.commission,
        "swap": deal.swap,
        "fee": deal.fee,
        "broker_msc": deal.broker_msc,
        "at": deal.occurred_at.isoformat(),
        "comment": deal.comment,
    }
