"""What one rule day's deals come to, booked one by one."""

from attrs import frozen

from tests.simulation.oracle.moves import moves
from tests.simulation.oracle.truth import FLOWS, Truth


@frozen
class DayBooks:
    """Flows and closed result in minor units, positions opened and closed."""

    flows: int
    closed_result: int
    opened: int
    closed: int


def day_books(truth: Truth, start: int, end: int, initial_at: int) -> DayBooks:
    """The deals in [start, end) that belong to the life: after the initial balance."""
    flows = result = 0
    of_life = max(start, initial_at + 1)
    told = [move for move in moves(truth.deals) if of_life <= move.deal.at < end]
    for deal in truth.deals:
        if deal.at >= end:
            break
        counts = deal.at >= start and deal.at > initial_at
        if counts and deal.kind in FLOWS:
            flows += deal.amount
        elif counts and deal.kind != "credit":
            result += deal.amount
    opened, closed = sum(move.opens for move in told), sum(move.closes for move in told)
    return DayBooks(flows, result, opened, closed)
