"""Coverage: how each second of a rule day is known (RULES 4). Unknown is never shown as safe."""

from datetime import datetime, timedelta

from attrs import evolve

from actors.domain.progress import Progress, Span
from actors.domain.rule_day import Coverage

_MICROSECOND = timedelta(microseconds=1)


def cover(progress: Progress, until: datetime, *, within_promise: bool) -> Progress:
    """Count the time since ``covered_to`` as flat, sampled or unknown, within one rule day.

    Flat when no position is open (exact from deals). With positions it is sampled when the gap
    between the two readings around it is within the tier's promise, else unknown.
    """
    day, since = progress.day, progress.covered_to
    if day is None or since is None or until <= since:
        return progress
    length = (until - since) // _MICROSECOND
    return evolve(
        progress,
        covered_to=until,
        day=evolve(day, span=_add(day.span, length, bool(progress.open), within_promise)),
    )


def _add(span: Span, length: int, exposed: bool, within_promise: bool) -> Span:
    if not exposed:
        return evolve(span, flat=span.flat + length)
    if within_promise:
        return evolve(span, sampled=span.sampled + length)
    return evolve(span, unknown=span.unknown + length)


def seconds(span: Span) -> Coverage:
    """The span told in seconds."""
    return Coverage(
        flat_seconds=span.flat / 1e6,
        sampled_seconds=span.sampled / 1e6,
        unknown_seconds=span.unknown / 1e6,
    )
