"""A small cache of user epochs, so that a token check seldom asks the database."""

from typing import Protocol

from actors.domain.account import Owner

_FRESH_SECONDS = 4.0  # below the 5 s in which a revocation must be effective
_REMEMBERED_SECONDS = 600.0  # for reads while the store is away (docs/adr)
_ENTRIES = 20_000


class Ticking(Protocol):
    """The part of the Clock port that counts seconds."""

    def monotonic(self) -> float:
        """Seconds that never go back."""
        ...


class EpochCache:
    """Epochs by user, each believed for 4 s from the moment the question was asked.

    An answer to a question from before a revocation on this node is not kept.
    """

    def __init__(self, clock: Ticking) -> None:
        self._clock = clock
        self._known: dict[Owner, tuple[float, int]] = {}
        self._forgot_at = float("-inf")

    def asked_at(self) -> float:
        """The instant to hand to ``keep``: take it before asking the store."""
        return self._clock.monotonic()

    def fresh(self, owner: Owner) -> int | None:
        """The epoch if known well enough."""
        return self._younger(owner, _FRESH_SECONDS)

    def remembered(self, owner: Owner) -> int | None:
        """The epoch as known at most ten minutes ago: only for when the store cannot be asked."""
        return self._younger(owner, _REMEMBERED_SECONDS)

    def _younger(self, owner: Owner, seconds: float) -> int | None:
        entry = self._known.get(owner)
        if entry is None or self._clock.monotonic() - entry[0] >= seconds:
            return None
        return entry[1]

    def keep(self, owner: Owner, asked_at: float, epoch: int) -> None:
        """Remember what the store said; the longest kept entry goes when there are too many."""
        if asked_at <= self._forgot_at:
            return
        self._known.pop(owner, None)
        if len(self._known) >= _ENTRIES:
            del self._known[next(iter(self._known))]
        self._known[owner] = (asked_at, epoch)

    def forget(self, owner: Owner) -> None:
        """Ask the store next time."""
        self._forgot_at = self._clock.monotonic()
        self._known.pop(owner, None)
