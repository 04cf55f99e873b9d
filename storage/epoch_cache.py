"""A small cache of user epochs, so that a token check seldom asks the database."""

from typing import Protocol

from actors.domain.account import Owner

_FRESH_SECONDS = 4.0  # below the 5 s in which a revocation must be effective
_ENTRIES = 20_000


class Ticking(Protocol):
    """The part of the Clock port that counts seconds."""

    def monotonic(self) -> float:
        """Seconds that never go back."""
        ...


class EpochCache:
    """Epochs by user, each believed for 4 s from the moment the question was asked."""

    def __init__(self, clock: Ticking) -> None:
        self._clock = clock
        self._known: dict[Owner, tuple[float, int]] = {}

    def asked_at(self) -> float:
        """The instant to hand to ``keep``: take it before asking the store."""
        return self._clock.monotonic()

    def fresh(self, owner: Owner) -> int | None:
        """The epoch if known well enough."""
        entry = self._known.get(owner)
        if entry is None or self._clock.monotonic() - entry[0] >= _FRESH_SECONDS:
            return None
        return entry[1]

    def keep(self, owner: Owner, asked_at: float, epoch: int) -> None:
        """Remember what the store said; the longest kept entry goes when there are too many."""
        self._known.pop(owner, None)
        if len(self._known) >= _ENTRIES:
            del self._known[next(iter(self._known))]
        self._known[owner] = (asked_at, epoch)

    def forget(self, owner: Owner) -> None:
        """Ask the store next time."""
        self._known.pop(owner, None)
