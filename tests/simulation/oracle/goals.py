"""The oracle's objectives: at which reading a phase is passed, by booking every deal anew."""

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from attrs import frozen

from tests.simulation.oracle.moves import moves
from tests.simulation.oracle.resets import Resets
from tests.simulation.oracle.truth import FLOWS, TrueDeal, Truth

Share = tuple[int, int]


@frozen
class Goals:
    """What a phase asks for. Shares are (numerator, denominator): ``target`` and ``size`` of the
    initial balance, ``best`` of the total that one day may bring at most (None: no such rule).

    ``counted``: what makes a trading day: a position opened, one closed, a closed result of at
    least ``size`` (gain), or a gain or loss of that size (abs).
    """

    target: Share
    days: int
    counted: Literal["opened", "closed", "gain", "abs"]
    size: Share = (0, 1)
    best: Share | None = None


def first_pass(
    truth: Truth, goals: Goals, resets: Resets, initial: int, start: int, samples: Sequence[int]
) -> int | None:
    """The first reading that shows every goal reached; None when none does.

    Only deals change what is asked, so that one reading after each deal is enough.
    """
    changes = sorted({deal.at for deal in truth.deals})
    for entry, at in enumerate(changes):
        after = changes[entry + 1] if entry + 1 < len(changes) else truth.until
        reading = next((sample for sample in samples if at <= sample < after), None)
        if reading is None or reading < start:
            continue
        known = [deal for deal in truth.deals if deal.at <= at]
        if _reached(known, goals, resets, initial, start):
            return reading
    return None


def _reached(
    deals: Sequence[TrueDeal], goals: Goals, resets: Resets, initial: int, start: int
) -> bool:
    results: Counter[int] = Counter()
    opened: Counter[int] = Counter()
    closed: Counter[int] = Counter()
    lots: dict[int, int] = {}
    for move in moves(deals):
        day = resets.index(move.deal.at)
        lots[move.deal.position] = move.now
        opened[day] += move.opens
        closed[day] += move.closes
    for deal in deals:
        if deal.at <= start:
            continue
        day = resets.index(deal.at)
        if deal.kind != "credit" and deal.kind not in FLOWS:
            results[day] += deal.amount
    total = sum(results.values())
    if any(lots.values()) or total < _up(goals.target, initial):
        return False
    size = _up(goals.size, initial)
    days = {
        "opened": sum(n > 0 for n in opened.values()),
        "closed": sum(n > 0 for n in closed.values()),
        "gain": sum(result >= size for result in results.values()),
        "abs": sum(abs(result) >= size for result in results.values()),
    }[goals.counted]
    if days < goals.days or goals.best is None:
        return days >= goals.days
    numerator, denominator = goals.best
    return total > 0 and max(results.values()) * denominator <= numerator * total


def _up(share: Share, base: int) -> int:
    return -(-base * share[0] // share[1])
