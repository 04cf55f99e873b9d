"""Telling a life's chronicle from its state: from what is folded away, and the deals in memory."""

from bisect import bisect_left
from datetime import datetime

from attrs import evolve

from actors.domain.account_state import AccountState
from actors.domain.deals import Deal, DealEntry
from actors.domain.ledger import open_at
from actors.domain.mt5_summary import Mt5Summary
from actors.domain.statistics.balance_index import BalanceIndex
from actors.domain.statistics.chronicle import Chronicle
from actors.domain.trades import Trade, rebuild_position


def chronicle(state: AccountState, until: datetime | None = None) -> Chronicle:
    """The chronicle of all that is stamped before ``until``; of everything when that is None.

    The state must remember every deal from its folded chronicle's end on.
    """
    known = _indexed(state.chronicle or _begun(state), state, until)
    deals = _within(state.ledger.deals, known.until, until)
    own = _own(state, deals)
    return evolve(
        known.with_trades(_closed(state, known.until, until, own), state.clock)
        .with_earlier(deals[: len(deals) - len(own)])
        .with_deals(own)
        .with_path(_path(state, deals), lambda at: not open_at(state.ledger, at, inclusive=False)),
        until=until,
    )


def rewrites(state: AccountState, deals: tuple[Deal, ...]) -> bool:
    """True when ``deals`` (new, changed, and what those were) alter what was told and folded.

    That is any deal of its time; and a further one of a position whose opening is unknown: what
    was told as its last close was not, and a reversal is split by what later deals close of it.
    """
    folded = state.chronicle
    if folded is None or folded.until is None:
        return False
    return any(d.occurred_at < folded.until or _reopens(state, d) for d in deals)


def _reopens(state: AccountState, deal: Deal) -> bool:
    folded = state.chronicle
    known = _own(state, state.ledger.position(deal.position_id)) if deal.is_trade else ()
    if not known or folded is None or folded.until is None:
        return False
    return known[0].entry is not DealEntry.IN and known[0].occurred_at < folded.until


def _begun(state: AccountState) -> Chronicle:
    """Nothing told yet but a window's balance before its first deal."""
    opening = state.ledger.folded.sums
    return Chronicle(mt5=Mt5Summary.opened(opening.balance + opening.credit))


def _indexed(known: Chronicle, state: AccountState, until: datetime | None) -> Chronicle:
    """With the balance index begun, once what is told reaches beyond the initial balance."""
    initial = state.progress.initial
    if initial is None or known.balance is not None:
        return known
    if until is not None and until <= initial.initial_at:
        return known
    base = state.ledger.until(initial.initial_at).balance
    return evolve(known, balance=BalanceIndex.opened(base))


def _within(
    deals: tuple[Deal, ...], since: datetime | None, until: datetime | None
) -> tuple[Deal, ...]:
    first = 0 if since is None else bisect_left(deals, since, key=_instant)
    last = len(deals) if until is None else bisect_left(deals, until, key=_instant)
    return deals[first:last]


def _instant(deal: Deal) -> datetime:
    return deal.occurred_at


def _own(state: AccountState, deals: tuple[Deal, ...]) -> tuple[Deal, ...]:
    """Those of ``deals`` (in order) that belong to this life and to no earlier one."""
    since = state.life.deals_from
    return deals if since is None else _within(deals, since, None)


def _path(state: AccountState, deals: tuple[Deal, ...]) -> tuple[Deal, ...]:
    initial = state.progress.initial
    return () if initial is None else tuple(d for d in deals if d.occurred_at > initial.initial_at)


def _closed(
    state: AccountState, since: datetime | None, until: datetime | None, deals: tuple[Deal, ...]
) -> list[Trade]:
    """Trades that closed in [since, until), of the positions that ``deals`` touch."""
    touched = dict.fromkeys(deal.position_id for deal in deals if deal.is_trade)
    return [
        trade
        for position_id in touched
        for trade in rebuild_position(_own(state, state.ledger.position(position_id)))
        if trade.closed_at is not None
        and (since is None or trade.closed_at >= since)
        and (until is None or trade.closed_at < until)
    ]
