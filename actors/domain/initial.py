"""The initial balance: what a life started with, and from where it is known (RULES 1)."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from attrs import evolve, frozen

from actors.domain.account import InitialBalanceSource
from actors.domain.deals import Deal, DealType
from actors.domain.fault_code import FaultCode
from actors.domain.ledger import Ledger, Sums
from actors.domain.life import Life
from actors.domain.money import money_floor, to_decimal
from actors.domain.state import InitialBalance

MISMATCH = FaultCode.INITIAL_BALANCE_MISMATCH.value
"""The ordered initial balance is not the account's: an operator decides."""


@frozen
class Found:
    """The initial balance as the deals tell it, with the sums of all deals up to it.

    ``ticket``: the deal that made it; deals after (initial_at, ticket) are the life's path.
    ``provisional``: no trade yet, a further deposit would move it. ``conflict``: a code when it
    cannot be used before an operator has decided.
    """

    initial: InitialBalance | None
    base: Sums
    provisional: bool
    ticket: int = -1
    conflict: str | None = None


def find_initial(ledger: Ledger, life: Life, until: datetime, digits: int) -> Found:
    """Decide the initial balance from the deals up to ``until`` and from the order."""
    own = [d for d in ledger.between(None, until) if _is_own(d, life)]
    first_trade = next((i for i, deal in enumerate(own) if deal.is_trade), None)
    before_trade = own if first_trade is None else own[:first_trade]
    last = next((d for d in reversed(before_trade) if d.type is DealType.BALANCE), None)
    at = _instant(own, last, life, until)
    base = _base(ledger, last, at)
    provisional = first_trade is None
    started = last is not None or base.balance != 0 or life.opening_balance is not None
    if not started and own and not provisional:
        return Found(None, base, provisional, conflict="initial_unknown")
    if not started:
        return Found(None, base, provisional)
    ticket = -1 if last is None else last.ticket
    return _against_order(life, Found(None, base, provisional, ticket), at, digits)


def ordered_value(ordered: Decimal, digits: int) -> int | None:
    """The ordered initial balance in minor units; None where the currency has no such amount."""
    value = money_floor(ordered, digits)
    return value if to_decimal(value, digits) == ordered else None


def _is_own(deal: Deal, life: Life) -> bool:
    return life.deals_from is None or deal.occurred_at >= life.deals_from


def _instant(own: Sequence[Deal], last: Deal | None, life: Life, until: datetime) -> datetime:
    if last is not None:
        return last.occurred_at
    if life.deals_from is not None:
        return life.deals_from
    return min(own[0].occurred_at if own else until, life.started_at)


def _base(ledger: Ledger, last: Deal | None, at: datetime) -> Sums:
    if last is None:
        return ledger.before(at)
    later = [d for d in ledger.between(None, at) if d.occurred_at == at and d.ticket > last.ticket]
    return ledger.until(at).plus(later, -1)


def _against_order(life: Life, found: Found, at: datetime, digits: int) -> Found:
    source, value = life.initial_balance_source, found.base.balance
    if life.opening_balance is not None and source is not InitialBalanceSource.MANUAL:
        source = InitialBalanceSource.WINDOW_START
    if life.ordered_initial_balance is not None:
        ordered = ordered_value(life.ordered_initial_balance, digits)
        if ordered is None or (source is not InitialBalanceSource.MANUAL and ordered != value):
            return evolve(found, conflict=MISMATCH)
        value = ordered
    return evolve(found, initial=InitialBalance(value, source, at))
