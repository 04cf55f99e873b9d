"""Coverage: how each second of a rule day is known (RULES 4). Unknown is never shown as safe."""

from datetime import datetime, timedelta
from enum import StrEnum

from actors.domain.evolve import evolve
from actors.domain.progress import Progress, Span
from actors.domain.rule_day import Coverage

_MICROSECOND = timedelta(microseconds=1)


class Known(StrEnum):
    """How the time between two readings is known while positions are open: quote by quote, by
    readings within the tier's promise of each other, or not.
    """

    RECONSTRUCTED = "reconstructed"
    SAMPLED = "sampled"
    UNKNOWN = "unknown"


def cover(progress: Progress, until: datetime, known: Known) -> Progress:
    """Count the time since ``covered_to`` as ``known``, within one rule day.

    It is flat where no position is open, exact from deals.
    """
    day, since = progress.day, progress.covered_to
    if day is None or since is None or until <= since:
        return progress
    length = (until - since) // _MICROSECOND
    return evolve(
        progress,
        covered_to=until,
        day=evolve(day, span=_add(day.span, length, known if progress.open else None)),
    )


def _add(span: Span, length: int, known: Known | None) -> Span:
    match known:
        case None:
            return evolve(span, flat=span.flat + length)
        case Known.RECONSTRUCTED:
            return evolve(span, reconstructed=span.reconstructed + length)
        case Known.SAMPLED:
            return evolve(span, sampled=span.sampled + length)
        case _:
            return evolve(span, unknown=span.unknown + length)


def seconds(span: Span) -> Coverage:
    """The span told in seconds."""
    return Coverage(
        flat_seconds=span.flat / 1e6,
        reconstructed_seconds=span.reconstructed / 1e6,
        sampled_seconds=span.sampled / 1e6,
        unknown_seconds=span.unknown / 1e6,
    )
