"""Whenever and however deals are delivered, the same books come out of it (MT5 6)."""

from datetime import datetime, timedelta
from random import Random

from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.domain.deals import Deal, DealType, History
from actors.domain.discrepancy import DiscrepancyKind
from actors.domain.plan import Plan
from actors.domain.state import Reading
from actors.domain.step import fetch_since_msc
from tests.fakes.kept_life import KeptLife
from tests.unit.actors.domain.histories import (
    DAILY,
    OVERALL,
    at,
    closed,
    deal,
    life_of,
    opened,
    plan_of,
    reading,
    rule,
    seen,
)

START = at("02 06:00:00")
CLOSED = plan_of(
    rule("daily", "daily_loss", allowance="{ percent = 5 }", checked='"balance"',
         anchor='"balance"')
    + OVERALL
)  # fmt: skip


@frozen
class Late:
    """A deal, and when the terminal shows it."""

    deal: Deal
    shown_at: datetime


def random_deals(random: Random, largest: int) -> list[Deal]:
    """A deposit, then a week of short trades, fees and flows."""
    when = START
    deals = [deal(1, when, 10_000_000), opened(2, when, 2), closed(3, when, 2, 0)]
    for _ in range(random.randrange(3, 25)):
        when += timedelta(minutes=random.randrange(5, 1500))
        ticket, amount = len(deals) + 1, random.randrange(-largest, largest)
        what = random.random()
        if what < 0.6:
            over = when + timedelta(minutes=random.randrange(1, 4))
            deals += [opened(ticket, when, ticket), closed(ticket + 1, over, ticket, amount)]
            when = over
        elif what < 0.85:
            deals.append(deal(ticket, when, amount, kind=DealType.DIVIDEND))
        else:
            deals.append(deal(ticket, when, 10 * amount))
    return deals


def delayed(random: Random, deals: list[Deal]) -> list[Late]:
    """Most are shown at once, some a moment, hours or days later."""
    late = [Late(one, one.occurred_at) for one in deals[:3]]
    for one in deals[3:]:
        minutes = random.choice([0, 0, 0, 0, 1, 300, 2_000, 4_000, 9_000])
        late.append(Late(one, one.occurred_at + timedelta(minutes=minutes)))
    return late


def watched(plan: Plan, told: list[Late], times: Random, random: Random) -> KeptLife:
    """The life as the actor keeps it: deliveries cut anywhere, in any order, repeated."""
    kept = KeptLife(life_of(plan), START)
    end = max(one.shown_at for one in told) + timedelta(days=1)
    when = START + timedelta(hours=1)
    while when < end:
        read(kept, told, when, random)
        when += timedelta(minutes=times.choice([1, 90, 400, 1000]))
    for second in range(0, 6, 2):
        read(kept, told, end + timedelta(seconds=second), random)
    return kept


def read(kept: KeptLife, told: list[Late], when: datetime, random: Random) -> None:
    """One reading: a balance that the shown deals sum up to, and those deals in any order."""
    shown = [one.deal for one in told if max(one.shown_at, one.deal.occurred_at) <= when]
    since = fetch_since_msc(kept.state)
    page = [one for one in shown if one.broker_msc >= since]
    page += random.sample(page, len(page) // 2)
    random.shuffle(page)
    balance = sum(one.amount for one in shown)
    history = History(len(shown), stable=True)
    before = kept.state.progress.walked_to
    effects = kept.told(Reading(seen(when, balance), tuple(page), history, since_msc=since))
    assert all(before is None or one.occurred_at > before for one in effects.violations)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**9))
def test_late_deliveries_end_in_the_books_of_timely_ones(seed: int) -> None:
    """Trades, sums and rule days are the same; only revisions, their cause and proof differ.

    The last day of each is left out: one of them has not come so far.
    """
    deals = random_deals(Random(seed), 9_000)
    timely = watched(CLOSED, [Late(one, one.occurred_at) for one in deals], Random(seed), Random(1))
    late = watched(CLOSED, delayed(Random(seed), deals), Random(seed), Random(2))
    assert late.deals == timely.deals
    assert late.trades == timely.trades
    assert late.state.tally == timely.state.tally
    assert late.state.progress.sums == timely.state.progress.sums
    wanted = {(row.rule_id, row.date): row for row in timely.days}
    for row in late.days:
        one = wanted.get((row.rule_id, row.date))
        if one is None or row.date == late.days[-1].date or row.date == timely.days[-1].date:
            continue
        for name in ("flows", "closed_result", "opened", "closed", "anchor_balance", "anchor",
                     "allowance", "floor"):  # fmt: skip
            assert getattr(row, name) == getattr(one, name), (name, row.date)
        if row.rule_id == "daily" and not row.unproven:
            assert (row.worst, row.worst_used) == (one.worst, one.worst_used)
    assert late.violations == timely.violations == []
    assert timely.discrepancies == []


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**9))
def test_a_breach_is_stored_or_told_and_none_is_made_afterwards(seed: int) -> None:
    """What a timely delivery would have breached on is at least told; no verdict changes."""
    deals = random_deals(Random(seed), 400_000)
    timely = watched(CLOSED, [Late(one, one.occurred_at) for one in deals], Random(seed), Random(1))
    late = watched(CLOSED, delayed(Random(seed), deals), Random(seed), Random(2))
    told = {
        (one.subject, one.rule_date)
        for one in late.discrepancies
        if one.kind is DiscrepancyKind.VERDICT_MISSING
    }
    held = {(one.rule_id, one.rule_date) for one in late.violations if one.severity == "breach"}
    for one in timely.violations:
        if one.severity == "breach" and one.rule_id == "daily":
            assert (one.rule_id, one.rule_date) in told | held


def test_a_worst_that_an_edit_lifts_is_no_longer_proven_today() -> None:
    """A closed result is edited upwards after the day's worst: an earlier, unremembered point may
    have been the worst, so that today's row says unproven, until the day ends and tomorrow anew.
    """
    kept = KeptLife(life_of(plan_of(DAILY)), at("02 06:00:00"))
    first, opening = deal(1, at("02 06:00:00"), 10_000_000), opened(2, at("02 06:30:00"), 2)
    kept.told(reading(seen(at("02 07:00:00"), 10_000_000, {2: -100_000}), [first, opening]))
    kept.told(reading(seen(at("02 07:01:00"), 10_000_000, {2: -100_000}), [first, opening]))
    loss = closed(3, at("02 08:00:00"), 2, -200_000)
    known = [first, opening, loss]
    kept.told(reading(seen(at("02 09:00:00"), 9_800_000), known))
    edited = [first, opening, closed(3, at("02 08:00:00"), 2, 400_000)]
    kept.told(reading(seen(at("02 10:00:00"), 10_400_000), edited))
    (today,) = [row for row in kept.days if row.date.day == 2]
    assert today.worst != 9_900_000
    assert today.unproven
    kept.told(reading(seen(at("03 10:00:00"), 10_400_000), edited))
    assert {row.date.day: row.unproven for row in kept.days} == {2: True, 3: False}
