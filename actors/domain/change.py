"""A change of the books: what deals that came late, were changed or are gone add to every sum."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from attrs import frozen

from actors.domain.deals import Deal
from actors.domain.ledger import Sums, order, signed_volume
from actors.domain.plan import CashFlow, Checked, Credit, LossRule
from actors.domain.progress import Day
from actors.domain.state import InitialBalance


@frozen
class Walked:
    """How far a life had been walked when its books changed. Amounts in minor units."""

    until: datetime
    day: Day
    initial: InitialBalance
    digits: int


@frozen
class Change:
    """Deals that now count and deals that no longer do, against what had been walked before."""

    walked: Walked
    added: tuple[Deal, ...] = ()
    removed: tuple[Deal, ...] = ()

    @property
    def instants(self) -> tuple[datetime, ...]:
        """When something changed, in order."""
        return tuple(deal.occurred_at for deal in sorted((*self.added, *self.removed), key=order))

    @property
    def earliest(self) -> datetime:
        """The first instant from which sums may differ."""
        return self.instants[0]

    @property
    def moves_positions(self) -> bool:
        """True when what was open when may differ."""
        return _moves(self.added) != _moves(self.removed)

    def until(self, instant: datetime) -> Sums:
        """What all sums up to ``instant``, included, differ by."""
        return _sums(self, lambda deal: deal.occurred_at <= instant)

    def before(self, instant: datetime) -> Sums:
        """What all sums before ``instant`` differ by."""
        return _sums(self, lambda deal: deal.occurred_at < instant)

    def steps(self, since: datetime, until: datetime) -> Iterator[Sums]:
        """The differences that hold somewhere in [since, until): at its start and after each."""
        yield self.before(since)
        yield from (self.until(at) for at in self.instants if since <= at < until)


def _moves(deals: Iterable[Deal]) -> list[tuple[datetime, int, int, Decimal]]:
    """What deals do to open positions, in order."""
    trades = (deal for deal in deals if deal.is_trade)
    return sorted((d.occurred_at, d.position_id, d.entry, signed_volume(d)) for d in trades)


def _sums(change: Change, counts: Callable[[Deal], bool]) -> Sums:
    plus = (deal for deal in change.added if counts(deal))
    minus = (deal for deal in change.removed if counts(deal))
    return Sums().plus(plus).plus(minus, -1)


def checked_change(rule: LossRule, change: Sums) -> int:
    """What a rule's checked value differs by, in minor units."""
    credit = rule.credit is Credit.INCLUDED and rule.checked is not Checked.BALANCE
    return change.balance + (change.credit if credit else 0)


def shifted_change(rule: LossRule, change: Sums) -> int:
    """What a high-water mark differs by on the rule's shifted scale, in minor units."""
    credit = change.credit if rule.credit is Credit.INCLUDED else 0
    if rule.cash_flow is CashFlow.SHIFT:
        return change.balance - change.flows  # the credit is shifted out again
    return change.balance + credit
