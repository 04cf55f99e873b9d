"""The class of one verdict: the first oracle that agrees with it, if that oracle may be trusted.

Every class has its condition. What meets none is false, wrong or missed.
"""

from actors.domain.violation import Verdict, Violation
from tests.simulation.oracle.rules import Crossing
from tests.simulation.oracles import Key, Oracles
from tests.simulation.outcome import Outcome
from tests.simulation.watched import Watched
from tests.simulation.world.market import msc

TICK_MS = 1000
ROUND_TRIP_MS = 1000


def class_of_row(watch: Watched, oracles: Oracles, key: Key, row: Violation, limit: int) -> Outcome:
    """The class of a firm row; ``limit`` is the account's first hard row."""
    seen, at = oracles.seen.get(key), msc(row.occurred_at)
    if seen is None:
        return Outcome.FALSE
    if not agrees(row, seen):
        return Outcome.WRONG
    if at > limit:  # the account has ended: nothing new is hard
        return Outcome.WRONG if row.verdict is Verdict.HARD else Outcome.AFTERWARDS
    tick = oracles.ticks.get(key)
    if tick is not None and _same(seen, tick):
        return Outcome.EXACT
    anchored = oracles.anchored.get(key)
    if anchored is not None and _same(seen, anchored) and oracles.aged(key, at):
        return Outcome.ANCHOR_AGE
    if watch.rebuild:  # an unseen high lowers the floor: the ticks show it no later
        lower = tick is not None and tick.at <= at and seen.floor <= tick.floor
        return Outcome.UNKNOWN_BEFORE if lower and oracles.began_unseen(key) else Outcome.FALSE
    first = min((one.at for one in (tick, anchored) if one is not None), default=None)
    if first is None or first > at:
        return Outcome.FALSE
    return _late(watch, first, at)


def class_of_silence(watch: Watched, oracles: Oracles, key: Key, limit: int) -> Outcome | None:
    """The class of a crossing that the product gave no firm row for; None when it had not to."""
    seen, tick = oracles.seen.get(key), oracles.ticks.get(key)
    if seen is not None and seen.at <= limit:
        return Outcome.MISSED
    if tick is None or tick.at > limit:
        return None
    if not watch.rebuild and oracles.shown.get(key) is None:
        return Outcome.INVISIBLE
    if not watch.rebuild and oracles.unproven(key):
        return Outcome.UNPROVEN
    anchored = oracles.anchored.get(key)
    if (anchored is None or anchored.at > limit) and oracles.aged(key, limit):
        return Outcome.ANCHOR_AGE
    if oracles.began_unseen(key):
        return Outcome.UNKNOWN_BEFORE
    return Outcome.MISSED


def agrees(row: Violation, crossing: Crossing) -> bool:
    """The same instant, and amounts within one minor unit."""
    close = abs(row.threshold - crossing.floor) <= 1 and abs(row.current - crossing.value) <= 1
    return close and msc(row.occurred_at) == crossing.at


def _same(seen: Crossing, other: Crossing) -> bool:
    """The same tick and the same floor; a reading between two ticks shows the earlier one."""
    near = 0 <= seen.at - other.at < TICK_MS
    return near and abs(seen.floor - other.floor) <= 1 and abs(seen.value - other.value) <= 1


def _late(watch: Watched, first: int, at: int) -> Outcome:
    """Late by less than was promised; or a reading in between did not show it."""
    if at - first <= watch.promised_ms(first) + ROUND_TRIP_MS:
        return Outcome.LATE
    between = watch.last_reading(at)
    return Outcome.LATER_TOUCH if between is not None and between >= first else Outcome.WRONG
