"""How far a server's clock is ahead of UTC, learned from its ticks (MT5 4): pure.

The zone in the broker table is the authority; this is the cross-check. A tick's age cannot be
seen, so a stamp counts only when it advanced between two reads and both say the same offset.
"""

from attrs import evolve, frozen

QUARTER_SECONDS = 900
VALID_SECONDS = 6 * 3600
MOST_JUMP_SECONDS = 3600
_LOWEST, _HIGHEST = -12 * 3600, 14 * 3600


@frozen
class Reading:
    """A server's newest tick: its stamp (broker ms) when UTC was ``at`` (ms)."""

    stamp: int
    at: int

    @property
    def offset(self) -> int:
        """The offset that a fresh tick would mean, rounded to a quarter of an hour."""
        seconds = (self.stamp - self.at) / 1000
        return round(seconds / QUARTER_SECONDS) * QUARTER_SECONDS


@frozen
class Since:
    """The offset that was in force from a UTC instant (ms) on."""

    at: int
    offset: int


@frozen
class ServerTime:
    """What is known of one server's clock. ``history`` is kept for good, oldest first."""

    last: Reading | None = None
    history: tuple[Since, ...] = ()
    confirmed_at: int | None = None

    def detected(self, now: int) -> int | None:
        """The offset in force at UTC ``now`` (ms), None when it was not confirmed of late."""
        if self.confirmed_at is None or now - self.confirmed_at > VALID_SECONDS * 1000:
            return None
        return self.history[-1].offset

    def at(self, instant: int) -> int | None:
        """The offset that was in force at a UTC instant (ms), None before the first."""
        known = [each.offset for each in self.history if each.at <= instant]
        return known[-1] if known else None


def learn(known: ServerTime, reading: Reading, configured: int | None) -> ServerTime:
    """Return what is known after a reading; ``configured`` is the zone's offset now, in seconds.

    Refused: a stamp that did not advance, one that disagrees with the reading before it, one
    outside -12…+14 h, one more than an hour from what is known.
    """
    read = evolve(known, last=reading)
    last = known.last
    if last is None or reading.stamp <= last.stamp or reading.offset != last.offset:
        return read
    found = reading.offset
    if not _LOWEST <= found <= _HIGHEST:
        return read
    reference = known.history[-1].offset if known.history else configured
    if reference is not None and abs(found - reference) > MOST_JUMP_SECONDS:
        return read
    if known.history and known.history[-1].offset == found:
        return evolve(read, confirmed_at=reading.at)
    began = Since(last.at, found)
    return evolve(read, confirmed_at=reading.at, history=(*known.history, began))
