"""What was seen around a flow: the floating that a time-weighted gain is cut at (RULES 8)."""

from attrs import evolve

from actors.domain.deals import FLOW_TYPES
from actors.domain.ledger import Ledger
from actors.domain.progress import FlowSight, Progress


def with_flow_sights(before: Progress, after: Progress, ledger: Ledger) -> Progress:
    """``after`` with the floating last seen before each flow that was walked since ``before``."""
    last = before.last
    if after.sums.flows == before.sums.flows or last is None or after.walked_to is None:
        return after
    flows = [d for d in ledger.between(last.at, after.walked_to) if d.type in FLOW_TYPES]
    sights = tuple(
        FlowSight(at, last.floating) for at in dict.fromkeys(d.occurred_at for d in flows)
    )
    return evolve(after, flow_sights=(*after.flow_sights, *sights)) if sights else after
