"""How long logins took of late."""

from collections import deque

_KEPT = 200


class LoginTimes:
    """The last 200 logins, in milliseconds."""

    def __init__(self) -> None:
        self._taken: deque[int] = deque(maxlen=_KEPT)

    def add(self, seconds: float) -> None:
        """Count a login that worked."""
        self._taken.append(round(seconds * 1000))

    def percentile(self, share: float) -> int:
        """Milliseconds that ``share`` of the logins took at most; 0 before the first."""
        ordered = sorted(self._taken)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0
