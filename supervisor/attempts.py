"""Wrong passwords are counted per login, so that connect is no way to guess one."""

from collections import OrderedDict

from attrs import define, field

from actors.ports import Clock, Credentials

_MOST_TRACKED = 20_000


@define
class Attempts:
    """At most ``most`` refused passwords per login and server within ``window_seconds``.

    Kept in this process: it protects the broker's login from hammering, it is no verdict.
    """

    clock: Clock
    most: int = 5
    window_seconds: float = 900.0
    _refused: OrderedDict[tuple[str, str], list[float]] = field(factory=OrderedDict)

    def locked(self, credentials: Credentials) -> bool:
        """True while no further password may be tried."""
        return len(self._recent(credentials)) >= self.most

    def failed(self, credentials: Credentials) -> None:
        """Count a refused password."""
        key = _key(credentials)
        self._refused[key] = [*self._recent(credentials), self.clock.monotonic()]
        self._refused.move_to_end(key)
        while len(self._refused) > _MOST_TRACKED:
            self._refused.popitem(last=False)

    def succeeded(self, credentials: Credentials) -> None:
        """Forget the refused ones."""
        self._refused.pop(_key(credentials), None)

    def _recent(self, credentials: Credentials) -> list[float]:
        since = self.clock.monotonic() - self.window_seconds
        return [at for at in self._refused.get(_key(credentials), ()) if at > since]


def _key(credentials: Credentials) -> tuple[str, str]:
    return credentials.server.casefold(), credentials.login
