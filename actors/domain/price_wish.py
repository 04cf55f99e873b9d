"""Which prices a reading needs: none for a flat account, else those of the time before it.

Pure. The shell reads what is wished, within bounds, and hands it over with the reading.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from attrs import frozen

from actors.domain.account_state import AccountState
from actors.domain.deals import Deal
from actors.domain.ledger import merge
from actors.domain.plan import Anchor, Checked, LossRule
from actors.domain.progress import Progress, Sight
from actors.domain.reconciled import reconciled_at
from actors.domain.snapshot import Observation
from actors.domain.state import Reading
from actors.domain.stretches import SKEW_MS
from actors.domain.twice_told import dated

LONGEST_BY_TICKS = timedelta(hours=6)
"""A longer gap is told by minute bars alone: its worst, not its path."""

LONGEST = timedelta(days=3)
_MOST_SYMBOLS = 16
_SKEW = timedelta(milliseconds=SKEW_MS)
_HANGS_FROM_EQUITY = frozenset(
    {Anchor.EQUITY, Anchor.MAX_BALANCE_EQUITY, Anchor.HIGH, Anchor.EQUITY_HIGH}
)


@frozen
class PriceWish:
    """Prices of ``symbols`` between two instants, converted into ``currency``.

    ``by_ticks`` False: minute bars are enough.
    """

    symbols: tuple[str, ...]
    since: datetime
    until: datetime
    currency: str
    by_ticks: bool


def price_wish(state: AccountState, reading: Reading) -> PriceWish | None:
    """What is to be read of the time since the last evaluated reading; None for nothing.

    Nothing when the account was flat all along, no rule looks at equity, the phase has ended by a
    breach, or the reading will be held because its deals do not add up yet.
    """
    reading = dated(state, reading)
    progress, seen = state.progress, reading.observation
    last = progress.last
    if last is None or not progress.complete or progress.breached or not reading.offset_known:
        return None
    if seen.observed_at <= last.at or not any(map(_needs_equity, state.life.rules_phase.rules)):
        return None
    delivered = {deal.ticket: deal for deal in reading.deals}  # one may come twice
    new = [deal for ticket, deal in delivered.items() if ticket not in state.ledger.by_ticket]
    if not _adds_up(state, reading):
        return None
    symbols = _symbols(last, seen, new)
    since = _since(progress, last)
    if not symbols or len(symbols) > _MOST_SYMBOLS or seen.observed_at - since > LONGEST:
        return None
    by_ticks = seen.observed_at - since <= LONGEST_BY_TICKS
    return PriceWish(symbols, since - _SKEW, seen.observed_at + _SKEW, seen.currency, by_ticks)


def _needs_equity(rule: LossRule) -> bool:
    if rule.checked is not Checked.BALANCE or rule.anchor in _HANGS_FROM_EQUITY:
        return True
    return rule.anchor is Anchor.EOD_HIGH and rule.eod_of is not Checked.BALANCE


def _adds_up(state: AccountState, reading: Reading) -> bool:
    """Whether this reading will be reconciled; a deal stamped after it explains nothing."""
    ledger = merge(state.ledger, reading.deals).ledger
    return reconciled_at(ledger, reading.observation) is not None


def _symbols(last: Sight, seen: Observation, new: Sequence[Deal]) -> tuple[str, ...]:
    held = {p.symbol for p in last.positions} | {p.symbol for p in seen.positions}
    return tuple(sorted(held | {deal.symbol for deal in new if deal.is_trade}))


def _since(progress: Progress, last: Sight) -> datetime:
    """The last evaluated reading, or the one before a boundary whose anchor waits for quotes."""
    day = progress.day
    if day is not None and day.boundary.awaiting and day.boundary.sight is not None:
        return day.boundary.sight.at
    return last.at
