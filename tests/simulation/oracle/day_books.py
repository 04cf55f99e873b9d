"""What one rule day's deals come to, booked one by one."""

from attrs import frozen

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
    flows = result = opened = closed = 0
    lots: dict[int, int] = {}
    for deal in truth.deals:
        if deal.at >= end:
            break
        counts = deal.at >= start and deal.at > initial_at
        if deal.kind == "trade":
            before = lots.get(deal.position, 0)
            after = lots[deal.position] = before + (deal.lots if deal.opens else -deal.lots)
            opened += counts and before == 0
            closed += counts and after == 0
        if counts and deal.kind in FLOWS:
            flows += deal.amount
        elif counts and deal.kind != "credit":
            result += deal.amount
    return DayBooks(flows, result, opened, closed)
