"""An hour told twice: where a server turns back its clock, a wall time means one of two instants.

Only what trades on Sundays is touched. The first is taken, as everywhere (PEP 495), unless the
account had been read after it without the deal: then the deal came in the second (ADR 19).
"""

from collections.abc import Sequence
from datetime import datetime

from actors.domain.account_state import AccountState
from actors.domain.deals import Deal
from actors.domain.evolve import evolve
from actors.domain.reconciled import SKEW
from actors.domain.snapshot import OpenPosition
from actors.domain.state import Reading


def dated(state: AccountState, reading: Reading) -> Reading:
    """The reading with its deals and positions at the instants that they can have happened at."""
    clock, seen = state.life.server_clock, reading.observation
    deals = reading.deals
    if any(clock.is_twice(deal.broker_msc) for deal in deals):
        deals = tuple(_dated(state, deal, seen.observed_at) for deal in deals)
        reading = evolve(reading, deals=deals)
    if any(clock.is_twice(one.opened_broker_msc) for one in seen.positions):
        opened = tuple(_opened(state, one, deals) for one in seen.positions)
        reading = evolve(reading, observation=evolve(seen, positions=opened))
    return reading


def _dated(state: AccountState, deal: Deal, until: datetime) -> Deal:
    """A known deal keeps its instant."""
    known = state.ledger.by_ticket.get(deal.ticket)
    if known is not None and known.broker_msc == deal.broker_msc:
        return deal if known.occurred_at == deal.occurred_at else _at(deal, known.occurred_at)
    since = state.progress.walked_to if state.progress.complete else None
    second = state.life.server_clock.to_utc(deal.broker_msc, fold=1)
    if since is None or deal.occurred_at > since - SKEW or second > until + SKEW:
        return deal
    return _at(deal, second)


def _at(deal: Deal, instant: datetime) -> Deal:
    return evolve(deal, occurred_at=instant)


def _opened(state: AccountState, one: OpenPosition, deals: Sequence[Deal]) -> OpenPosition:
    """A position is as old as the deal with its stamp."""
    told = (*state.ledger.position(one.position_id), *deals)
    of = (deal for deal in told if deal.position_id == one.position_id)
    instants = (deal.occurred_at for deal in of if deal.broker_msc == one.opened_broker_msc)
    return evolve(one, opened_at=next(instants, one.opened_at))
