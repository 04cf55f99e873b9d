"""The ledger: every known deal of an account, its sums at any instant, and what was forgotten.

Old deals of closed positions are folded into totals so that memory stays bounded; a later deal
that touches a forgotten one is answered with a reload from storage.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import datetime
from decimal import Decimal

from attrs import evolve, field, frozen

from actors.domain.deals import FLOW_TYPES, Deal, DealEntry, DealType


@frozen
class Sums:
    """Amounts of deals up to some instant, in minor units.

    ``balance`` is without credit deals, ``flows`` the balance, correction and bonus deals among
    them, ``credit`` the credit deals alone.
    """

    balance: int = 0
    credit: int = 0
    flows: int = 0

    def plus(self, deals: Iterable[Deal], sign: int = 1) -> "Sums":
        """These sums with ``deals`` added (or taken away with sign -1)."""
        balance, credit, flows = self.balance, self.credit, self.flows
        for deal in deals:
            amount = deal.amount * sign
            if deal.type is DealType.CREDIT:
                credit += amount
                continue
            balance += amount
            if deal.type in FLOW_TYPES:
                flows += amount
        return Sums(balance, credit, flows)


@frozen
class Folded:
    """What is left of forgotten deals: number and sums; they lie before ``before``."""

    count: int = 0
    sums: Sums = field(factory=Sums)
    before: datetime | None = None


@frozen
class Ledger:
    """Known deals in (occurred_at, ticket) order. ``opening`` is a window's balance before them."""

    deals: tuple[Deal, ...] = ()
    by_ticket: Mapping[int, Deal] = field(factory=dict)
    by_position: Mapping[int, tuple[int, ...]] = field(factory=dict)
    folded: Folded = field(factory=Folded)
    total: Sums = field(factory=Sums)

    @property
    def count(self) -> int:
        """How many deals are known, the forgotten ones included."""
        return len(self.deals) + self.folded.count

    def until(self, instant: datetime) -> Sums:
        """Sums of all deals stamped at or before ``instant``."""
        return self._without(bisect_right(self.deals, instant, key=_instant))

    def before(self, instant: datetime) -> Sums:
        """Sums of all deals stamped before ``instant``."""
        return self._without(bisect_left(self.deals, instant, key=_instant))

    def between(self, after: datetime | None, until: datetime) -> tuple[Deal, ...]:
        """Remembered deals in (after, until]; from the first when ``after`` is None."""
        first = 0 if after is None else bisect_right(self.deals, after, key=_instant)
        return self.deals[first : bisect_right(self.deals, until, key=_instant)]

    def position(self, position_id: int) -> tuple[Deal, ...]:
        """Remembered trade deals of one position, in order."""
        deals = [self.by_ticket[ticket] for ticket in self.by_position.get(position_id, ())]
        return tuple(sorted(deals, key=order))

    def _without(self, first: int) -> Sums:
        if first == len(self.deals):
            return self.total
        return self.total.plus(self.deals[first:], -1)


@frozen
class Merge:
    """What a delivery of deals did: the ledger after it, and which deals are new or changed.

    ``gone`` are known ones that the terminal's history holds no more.
    """

    ledger: Ledger
    new: tuple[Deal, ...] = ()
    changed: tuple[Deal, ...] = ()
    gone: tuple[Deal, ...] = ()
    needs_reload: bool = False


def order(deal: Deal) -> tuple[datetime, int]:
    """Order of deals on the path: by instant, then ticket."""
    return deal.occurred_at, deal.ticket


def _instant(deal: Deal) -> datetime:
    return deal.occurred_at


def merge(ledger: Ledger, deals: Iterable[Deal]) -> Merge:
    """Take in delivered deals, in any order, known ones repeated; one ticket is one deal."""
    latest = {deal.ticket: deal for deal in deals if ledger.by_ticket.get(deal.ticket) != deal}
    if not latest:
        return Merge(ledger)
    fresh = sorted(latest.values(), key=order)
    new = tuple(deal for deal in fresh if deal.ticket not in ledger.by_ticket)
    changed = tuple(deal for deal in fresh if deal.ticket in ledger.by_ticket)
    opened = {deal.position_id for deal in new if deal.is_trade and deal.entry is DealEntry.IN}
    if any(_touches_forgotten(ledger, deal, opened) for deal in new):
        return Merge(ledger, needs_reload=True)
    replaced = [ledger.by_ticket[deal.ticket] for deal in changed]
    by_ticket = {**ledger.by_ticket, **latest}
    return Merge(
        evolve(
            ledger,
            deals=tuple(sorted(by_ticket.values(), key=order)),
            by_ticket=by_ticket,
            by_position=_indexed({}, by_ticket.values())
            if changed
            else _indexed(ledger.by_position, fresh),
            total=ledger.total.plus(replaced, -1).plus(fresh),
        ),
        new,
        changed,
    )


def without(ledger: Ledger, tickets: Iterable[int]) -> Ledger:
    """The ledger as if these remembered deals had never been there."""
    gone = set(tickets)
    kept = tuple(deal for deal in ledger.deals if deal.ticket not in gone)
    return evolve(
        ledger,
        deals=kept,
        by_ticket={deal.ticket: deal for deal in kept},
        by_position=_indexed({}, kept),
        total=ledger.total.plus((ledger.by_ticket[ticket] for ticket in gone), -1),
    )


def _indexed(
    known: Mapping[int, tuple[int, ...]], deals: Iterable[Deal]
) -> dict[int, tuple[int, ...]]:
    index = dict(known)
    for deal in deals:
        if deal.is_trade and deal.ticket not in index.get(deal.position_id, ()):
            index[deal.position_id] = (*index.get(deal.position_id, ()), deal.ticket)
    return index


def _touches_forgotten(ledger: Ledger, deal: Deal, opened: Set[int]) -> bool:
    """True for an old deal, and for a close of a position that is neither known nor ``opened``."""
    if ledger.folded.before is None:
        return False
    if deal.occurred_at < ledger.folded.before:
        return True
    closes = deal.is_trade and deal.entry is not DealEntry.IN
    return closes and deal.position_id not in opened and deal.position_id not in ledger.by_position


def signed_volume(deal: Deal) -> Decimal:
    """Volume with the sign of its direction: buys add, sells take away."""
    return deal.volume if deal.type is DealType.BUY else -deal.volume


def open_at(ledger: Ledger, instant: datetime, *, inclusive: bool) -> dict[int, Decimal]:
    """Net signed volume of each position open at ``instant`` (deals at it count if inclusive).

    A position whose opening lies outside the known history was open from before the first deal
    until its known closes bring it to 0.
    """
    volumes: dict[int, Decimal] = {}
    for position_id in ledger.by_position:
        deals = ledger.position(position_id)
        net = unknown_volume(deals) + sum(
            (signed_volume(deal) for deal in deals if _counts(deal, instant, inclusive)), Decimal()
        )
        if net:
            volumes[position_id] = net
    return volumes


def _counts(deal: Deal, instant: datetime, inclusive: bool) -> bool:
    return deal.occurred_at < instant or (inclusive and deal.occurred_at == instant)


def unknown_volume(deals: tuple[Deal, ...]) -> Decimal:
    """Signed volume a position had before its first known deal: 0 when that deal opened it."""
    if not deals or deals[0].entry is DealEntry.IN:
        return Decimal()
    if deals[0].entry is DealEntry.INOUT:
        return Decimal()
    return -sum((signed_volume(deal) for deal in deals), Decimal())


def fold(ledger: Ledger, horizon: datetime) -> Ledger:
    """Forget deals before ``horizon`` that no open or recently touched position needs."""
    if not ledger.deals or ledger.deals[0].occurred_at >= horizon:
        return ledger
    kept_positions = set(_needed_positions(ledger, horizon))
    keep: list[Deal] = []
    drop: list[Deal] = []
    for deal in ledger.deals:
        needed = deal.occurred_at >= horizon or (
            deal.is_trade and deal.position_id in kept_positions
        )
        (keep if needed else drop).append(deal)
    if not drop:
        return ledger
    return evolve(
        ledger,
        deals=tuple(keep),
        by_ticket={deal.ticket: deal for deal in keep},
        by_position={p: t for p, t in ledger.by_position.items() if p in kept_positions},
        folded=Folded(ledger.folded.count + len(drop), ledger.folded.sums.plus(drop), horizon),
    )


def _needed_positions(ledger: Ledger, horizon: datetime) -> Iterator[int]:
    for position_id in ledger.by_position:
        deals = ledger.position(position_id)
        net = unknown_volume(deals) + sum((signed_volume(deal) for deal in deals), Decimal())
        if net or deals[-1].occurred_at >= horizon:
            yield position_id
