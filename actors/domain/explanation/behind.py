"""The facts behind figures: deals by what they are, readings, and fields of the plan."""

from collections.abc import Callable, Iterable
from datetime import datetime

from attrs import frozen

from actors.domain.account_state import AccountState
from actors.domain.deals import FLOW_TYPES, Deal, DealEntry, DealType
from actors.domain.explanation.records import (
    DealsBehind,
    ObservationBehind,
    PlanBehind,
    Purse,
)
from actors.domain.progress import Sight
from actors.domain.snapshot import Observation


@frozen
class Behind:
    """Facts of one account, told once for all its figures.

    ``newest`` is the last reading, ``judged`` the last reconciled one, to which the deals reach.
    """

    purse: Purse
    plan_hash: str
    phase: int
    newest: ObservationBehind | None
    judged: ObservationBehind | None
    balance: DealsBehind
    credit: DealsBehind
    deposits: DealsBehind
    flows: DealsBehind
    results: DealsBehind
    trades: DealsBehind
    closings: DealsBehind
    before_reset: DealsBehind | None

    def plan(self, rule_id: str, *fields: tuple[str, object]) -> tuple[PlanBehind, ...]:
        """Fields of a rule in the plan, with their values."""
        return tuple(
            PlanBehind(f"phases.{self.phase}.rules.{rule_id}.{path}", str(value), self.plan_hash)
            for path, value in fields
        )


def behind(state: AccountState) -> Behind:
    """Gather the facts of an account as last committed."""
    progress, life = state.progress, state.life
    purse = Purse(progress.digits or 0)
    newest, last, initial = progress.newest, progress.last, progress.initial
    until = progress.walked_to
    known = () if until is None else state.ledger.between(None, until)
    initial_at = None if initial is None else initial.initial_at
    later = [d for d in known if initial_at is None or d.occurred_at > initial_at]
    earlier = [d for d in known if initial_at is not None and d.occurred_at <= initial_at]
    sums, base = progress.sums, progress.base
    older = state.ledger.folded.count
    tell = _Teller(purse, older)
    day = progress.day
    before_reset = None
    if day is not None:
        passed = [d for d in known if d.occurred_at < day.start]
        before_reset = tell.of(passed, _counts_in_balance, day.boundary.sums.balance)
    return Behind(
        purse=purse,
        plan_hash=life.plan.content_hash,
        phase=life.phase,
        newest=None if newest is None else _reading(newest, newest.observed_at, purse),
        judged=None if last is None else _reading(last, last.at, purse),
        balance=tell.of(known, _counts_in_balance, sums.balance),
        credit=tell.of(known, _is_credit, sums.credit),
        deposits=tell.of(earlier, _counts_in_balance, base.balance),
        flows=tell.of(later, _is_flow, progress.flows),
        results=tell.of(later, _is_result, sums.balance - base.balance - progress.flows),
        trades=tell.all(d for d in known if d.is_trade),
        closings=tell.all(d for d in known if d.is_trade and d.entry is not DealEntry.IN),
        before_reset=before_reset,
    )


def _reading(seen: Observation | Sight, at: datetime, purse: Purse) -> ObservationBehind:
    return ObservationBehind(
        at=at,
        balance=purse.known(seen.balance),
        equity=purse.known(seen.equity),
        credit=purse.known(seen.credit),
        floating=purse.known(seen.floating),
        positions=len(seen.positions),
    )


def _counts_in_balance(deal: Deal) -> bool:
    return deal.type is not DealType.CREDIT


def _is_credit(deal: Deal) -> bool:
    return deal.type is DealType.CREDIT


def _is_flow(deal: Deal) -> bool:
    return deal.type in FLOW_TYPES


def _is_result(deal: Deal) -> bool:
    return deal.type not in FLOW_TYPES and deal.type is not DealType.CREDIT


@frozen
class _Teller:
    """Turns chosen deals into what a reader is told of them."""

    purse: Purse
    older: int

    def of(self, deals: Iterable[Deal], wanted: Callable[[Deal], bool], amount: int) -> DealsBehind:
        """The wanted deals; ``amount`` also counts those that have left memory."""
        return self._told([deal for deal in deals if wanted(deal)], amount)

    def all(self, deals: Iterable[Deal]) -> DealsBehind:
        """These deals and their own sum."""
        chosen = list(deals)
        return self._told(chosen, sum(deal.amount for deal in chosen))

    def _told(self, chosen: list[Deal], amount: int) -> DealsBehind:
        return DealsBehind(
            amount=self.purse.known(amount),
            tickets=tuple(deal.ticket for deal in chosen),
            first_at=chosen[0].occurred_at if chosen else None,
            last_at=chosen[-1].occurred_at if chosen else None,
            older=self.older,
        )
