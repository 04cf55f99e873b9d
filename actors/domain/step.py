"""The front door of the rule engine: ``start`` and ``step`` (RULES 4).

Pure: the same state, reading and time give the same answer for ever. ``step`` takes what one sync
read, walks the account's path with it, and returns the new state with everything to be stored.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from actors.domain.absence import Absence, looked_at
from actors.domain.account import InitialBalanceSource
from actors.domain.account_state import AccountState, Tally
from actors.domain.change import Change
from actors.domain.conduct_again import Late, again, touches
from actors.domain.context import Outbox, Walk
from actors.domain.day_rows import rows
from actors.domain.deals import Deal
from actors.domain.evolve import evolve
from actors.domain.initial import MISMATCH, ordered_value
from actors.domain.late import amend, change_of, needs_past
from actors.domain.ledger import Folded, Ledger, Merge, Sums, fold, merge, without
from actors.domain.life import Life, StoredLife
from actors.domain.past import Past
from actors.domain.progress import Progress, decode, encode
from actors.domain.reading import glance, receive, sampled
from actors.domain.risk_tier import promise_of, retier
from actors.domain.rule_day import RuleDay
from actors.domain.sights import with_flow_sights
from actors.domain.state import Effects, InitialBalance, Reading
from actors.domain.statistics.telling import chronicle, rewrites
from actors.domain.trades import Trade, rebuild_position
from actors.domain.trading_day import RuleClock
from actors.domain.twice_told import dated

_OVERLAP = timedelta(days=3)
_MEMORY = timedelta(days=4)
_REREAD_SECONDS = 2.0


def start(life: Life, stored: StoredLife, now: datetime) -> AccountState:
    """The state to step from: nothing known yet, or exactly where the last commit left off.

    Raises StateDocumentError when the stored rule_state is not this engine's.
    """
    progress = Progress(tier_since=now) if stored.rule_state is None else decode(stored.rule_state)
    opening = Sums(balance=life.opening_balance or 0)
    ledger = merge(Ledger(folded=Folded(sums=opening), total=opening), stored.deals).ledger
    clock = RuleClock.of(life.plan.reset, life.server_clock)
    state = AccountState(life, clock, ledger, _by_hand(progress, life), past=stored.past)
    tallies = _tallies(state, ledger.by_position)
    return evolve(state, tallies={p: _tally(trades) for p, trades in tallies.items()})


def step(state: AccountState, reading: Reading, now: datetime) -> tuple[AccountState, Effects]:
    """Take one reading. Repeating it, or its deals in any order, changes nothing more."""
    before, reading = state.progress, dated(state, reading)
    merged, absence = _taken_in(state, reading)
    change = change_of(before, state.ledger, merged)
    if merged.needs_reload or _looks_back(state, merged, change):
        return state, Effects(needs_reload=True)
    out = Outbox()
    walk = Walk(
        state.life, state.clock, merged.ledger, out, promise_of(before.urgent), reading.prices
    )
    progress = before if absence == before.absence else evolve(before, absence=absence)
    if change is not None:
        past, seen_at = state.past or Past(), reading.observation.observed_at
        progress = amend(progress, walk, state.ledger, merged, change, past)
        progress = again(progress, walk, Late(state.ledger, change, past, seen_at))
    progress = receive(progress, walk, reading)
    if progress.clock_doubted is reading.offset_known:
        progress = evolve(progress, clock_doubted=not reading.offset_known)
    if not reading.offset_known or _long_unreconciled(progress, reading):
        progress = glance(progress, walk, reading)
    progress = with_flow_sights(before, progress, merged.ledger)
    progress, sample = sampled(progress, reading.observation)
    progress = retier(before, progress, now)
    after = evolve(state, ledger=merged.ledger, progress=progress, past=None)
    after, trades = _with_trades(state, after, merged)
    effects = Effects(
        deals=(*merged.new, *merged.changed),
        trades=trades,
        rule_days=_changed_rows(before, progress, walk),
        violations=tuple(out.violations),
        sample=sample,
        initial_balance=_new_initial(before, progress),
        rule_state=encode(progress),
        notes=tuple(out.notes),
        reread_within_seconds=_reread(progress),
        gone=tuple(deal.ticket for deal in merged.gone),
        trades_gone=_trades_gone(state, after, merged),
        discrepancies=tuple(out.discrepancies),
    )
    return _forget(after, before), effects


def at_rest(state: AccountState) -> AccountState:
    """A loaded state that waits for readers only, without deals that nothing needs any more."""
    return _forget(state, state.progress)


def fetch_since_msc(state: AccountState) -> int:
    """From where deals are to be read, in broker milliseconds: 0 until the history is complete,
    then three days before the last reconciled observation, because some deals arrive late.
    """
    walked_to = state.progress.walked_to
    absence = state.progress.absence
    if not state.progress.complete or walked_to is None or (absence and absence.whole):
        return 0
    return max(0, state.life.server_clock.to_broker_msc(walked_to - _OVERLAP))


def _taken_in(state: AccountState, reading: Reading) -> tuple[Merge, Absence | None]:
    """The delivery in the ledger, and what the terminal's history holds no more out of it."""
    merged = merge(state.ledger, reading.deals)
    if not state.progress.complete or merged.needs_reload:
        return merged, None
    absence, tickets = looked_at(state.progress.absence, merged.ledger, reading)
    if not tickets:
        return merged, absence
    gone = tuple(state.ledger.by_ticket[ticket] for ticket in tickets)
    return evolve(merged, ledger=without(merged.ledger, tickets), gone=gone), absence


def _looks_back(state: AccountState, merged: Merge, change: Change | None) -> bool:
    """True when a late fact touches days, verdicts or deals that only storage holds."""
    if merged.ledger is state.ledger:
        return False
    untold = change is not None and state.past is None and _needs_past(state.progress, change)
    return untold or _rewrites(state, merged)


def _needs_past(progress: Progress, change: Change) -> bool:
    return needs_past(progress, change) or touches(progress, change)


def _rewrites(state: AccountState, merged: Merge) -> bool:
    """True when the delivery alters what the folded chronicle tells."""
    replaced = tuple(state.ledger.by_ticket[deal.ticket] for deal in merged.changed)
    return rewrites(state, (*merged.new, *merged.changed, *merged.gone, *replaced))


def _by_hand(progress: Progress, life: Life) -> Progress:
    """An initial balance set by an operator replaces the one that was known.

    One that the currency has no amount for waits for another word of the operator.
    """
    by_hand = life.initial_balance_source is InitialBalanceSource.MANUAL
    known, ordered = progress.initial, life.ordered_initial_balance
    if not by_hand or known is None or ordered is None or progress.digits is None:
        return progress
    value = ordered_value(ordered, progress.digits)
    if value is None:
        return evolve(progress, conflict=MISMATCH)
    initial = evolve(known, value=value, source=InitialBalanceSource.MANUAL)
    return evolve(progress, initial=initial, conflict=None)


def _long_unreconciled(progress: Progress, reading: Reading) -> bool:
    return (
        progress.complete
        and progress.held_since is not None
        and reading.observation.observed_at - progress.held_since >= timedelta(seconds=60)
    )


def _reread(progress: Progress) -> float | None:
    doubted = progress.absence is not None and progress.absence.is_open
    held = progress.held and not progress.clock_doubted  # a clock does not mend within seconds
    return _REREAD_SECONDS if held or doubted or not progress.complete else None


def _new_initial(before: Progress, after: Progress) -> InitialBalance | None:
    return after.initial if after.initial != before.initial else None


def _changed_rows(before: Progress, after: Progress, walk: Walk) -> tuple[RuleDay, ...]:
    """Rows of days closed or revised in this step, and the present day's when they changed.

    Coverage alone does not make a row: it is written with the next change and at the day's end.
    """
    if after.day is not None and _worth_a_row(before, after):
        for row in rows(after, walk):
            walk.out.add_day(row)
    return tuple(walk.out.rule_days.values())


def _worth_a_row(before: Progress, after: Progress) -> bool:
    was, now = before.day, after.day
    if was is None or now is None or was.start != now.start:
        return True
    same_day = (was.boundary, was.opened, was.closed) == (now.boundary, now.opened, now.closed)
    same_day = same_day and (was.span.unknown > 0) == (now.span.unknown > 0)
    same_rules = all(
        (a.day_worst, a.day_used, a.day_level, a.high)
        == (b.day_worst, b.day_used, b.day_level, b.high)
        for a, b in zip(before.rules, after.rules, strict=True)
    )
    return not same_day or not same_rules or before.sums != after.sums


def _with_trades(
    before: AccountState, state: AccountState, merged: Merge
) -> tuple[AccountState, tuple[Trade, ...]]:
    touched = _touched(before, merged)
    if not touched:
        return state, ()
    rebuilt = _tallies(state, touched)
    kept = {p: tally for p, tally in state.tallies.items() if p not in touched}
    tallies = {**kept, **{p: _tally(trades) for p, trades in rebuilt.items()}}
    trades = tuple(trade for group in rebuilt.values() for trade in group)
    return evolve(state, tallies=tallies), trades


def _touched(state: AccountState, merged: Merge) -> dict[int, None]:
    """Positions whose deals are other ones now, in order."""
    replaced = (state.ledger.by_ticket[deal.ticket] for deal in merged.changed)
    deals = (*merged.new, *merged.changed, *merged.gone, *replaced)
    return dict.fromkeys(sorted({deal.position_id for deal in deals if deal.is_trade}))


def _trades_gone(before: AccountState, after: AccountState, merged: Merge) -> tuple[str, ...]:
    """Trades that no deal makes up any more."""
    if not merged.gone and not merged.changed:
        return ()
    touched = _touched(before, merged)
    left = {trade.ticket for group in _tallies(after, touched).values() for trade in group}
    was = [trade.ticket for group in _tallies(before, touched).values() for trade in group]
    return tuple(ticket for ticket in was if ticket not in left)


def _tallies(state: AccountState, positions: Mapping[int, object]) -> dict[int, tuple[Trade, ...]]:
    """Trades of the given positions, from the life's own deals only."""
    return {
        position_id: rebuild_position(own)
        for position_id in sorted(positions)
        if (own := _own(state, position_id))
    }


def _own(state: AccountState, position_id: int) -> tuple[Deal, ...]:
    since = state.life.deals_from
    deals = state.ledger.position(position_id)
    return deals if since is None else tuple(d for d in deals if d.occurred_at >= since)


def _tally(trades: tuple[Trade, ...]) -> Tally:
    closed = [trade for trade in trades if trade.is_closed]
    return Tally(len(closed), sum(trade.net > 0 for trade in closed))


def _forget(state: AccountState, before: Progress) -> AccountState:
    """Once a rule day, fold away deals that nothing can need any more (see ledger).

    Not before the first trade: until then the deposits decide the initial balance.
    """
    day, walked_to = state.progress.day, state.progress.walked_to
    if day is None or walked_to is None or state.progress.provisional:
        return state
    same_day = before.day is not None and before.day.start == day.start
    if same_day and state.ledger.folded.before is not None:
        return state
    horizon = walked_to - _MEMORY
    ledger = fold(state.ledger, horizon)
    if ledger is state.ledger:
        return state
    told = chronicle(state, horizon)
    gone = [t for p, t in state.tallies.items() if p not in ledger.by_position]
    forgotten = Tally(
        state.forgotten.closed + sum(t.closed for t in gone),
        state.forgotten.wins + sum(t.wins for t in gone),
    )
    kept = {p: t for p, t in state.tallies.items() if p in ledger.by_position}
    return evolve(state, ledger=ledger, tallies=kept, forgotten=forgotten, chronicle=told)
