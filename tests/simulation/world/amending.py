"""Brokers that change their books afterwards: late fees and corrections, edited results, deals
taken back.
"""

from collections.abc import Iterator

from attrs import evolve

from tests.simulation.oracle.amendments import Amendment
from tests.simulation.oracle.truth import TrueDeal, Truth
from tests.simulation.world.pen import HOUR
from tests.simulation.world.streams import stream

_LATEST = 30 * HOUR


def write_amendments(
    seed: int, number: int, truth: Truth, initial: int, count: int
) -> tuple[Amendment, ...]:
    """Up to ``count`` amendments of one account's books, each of another deal, in order."""
    random = stream(seed, f"amendments/{number}")
    found: list[Amendment] = []
    for _ in range(count):
        amount = round(initial * random.choice((-0.02, -0.008, -0.002, 0.004, 0.015, 0.03)))
        later = random.randint(HOUR, _LATEST)
        kind = random.choice(("late", "late", "edit", "edit", "gone"))
        if kind == "late":
            found += _late(truth, later, random.choice(("commission", "correction")), amount)
            continue
        touched = {one.deal.ticket for one in found}
        first = next((deal.at for deal in truth.deals if deal.kind == "trade"), truth.until)
        choice = [
            deal
            for deal in truth.deals
            if deal.ticket not in touched
            and deal.at > first
            and deal.at + later < truth.until - 3 * HOUR
            and (deal.entry == "out") == (kind == "edit")
            and (deal.kind != "trade" or deal.entry == "out")
            and deal.kind != "credit"
        ]
        if choice:
            was = random.choice(choice)
            now = evolve(was, profit=was.profit + amount) if kind == "edit" else None
            found.append(Amendment(was.at + later, was, now))
    return tuple(sorted(found, key=lambda one: one.shown_at))


def _late(truth: Truth, later: int, kind: str, amount: int) -> Iterator[Amendment]:
    """A deal stamped a while after a trade, with a ticket of its own."""
    trades = [deal for deal in truth.deals if deal.kind == "trade"]
    if not trades:
        return
    near = trades[(later * 7) % len(trades)]
    at = near.at + later % (2 * HOUR) + 13
    taken = {deal.at for deal in truth.deals}
    if at in taken or at + later >= truth.until - 3 * HOUR:
        return
    ticket = 900_000_000 + at % 10_000_000
    yield Amendment(at + later, None, TrueDeal(at, ticket, kind, profit=amount))
