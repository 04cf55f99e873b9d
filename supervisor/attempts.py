"""Wrong passwords are counted, so that connect is no way to guess one (RELIABILITY 34)."""

from collections import OrderedDict

from attrs import define, field, frozen

from actors.domain.account import Owner
from actors.ports import Clock, Credentials

_MOST_TRACKED = 20_000


@define(eq=False)
class Attempt:
    """One password under way to the broker; it counts as refused until it is decided."""

    at: float
    _lists: tuple[list["Attempt"], ...]

    def refused(self) -> None:
        """The broker refused it: it stays counted until its window has passed."""

    def undecided(self) -> None:
        """The broker could not say: it counts for nothing."""
        for attempts in self._lists:
            if self in attempts:
                attempts.remove(self)

    def accepted(self) -> None:
        """The password is right: the login's count begins anew, the user's other ones stay."""
        self.undecided()
        self._lists[0].clear()


@frozen
class _Tally:
    """Attempts by key, at most ``most`` within the window; the longest unused key goes first."""

    most: int
    window_seconds: float
    kept: OrderedDict[object, list[Attempt]] = field(factory=OrderedDict)

    def of(self, key: object, now: float) -> list[Attempt]:
        attempts = self.kept.setdefault(key, [])
        attempts[:] = [each for each in attempts if each.at > now - self.window_seconds]
        self.kept.move_to_end(key)
        while len(self.kept) > _MOST_TRACKED:
            self.kept.popitem(last=False)
        return attempts


class Attempts:
    """Per login and server ``most`` refused passwords in a window, per user ``most_by_user``.

    Those under way count too, or many at once would all pass. Kept in this process: it protects
    logins and the broker from guessing, it is no verdict.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        most: int = 5,
        most_by_user: int = 20,
        window_seconds: float = 900.0,
    ) -> None:
        self._clock = clock
        self._by_login = _Tally(most, window_seconds)
        self._by_user = _Tally(most_by_user, window_seconds)

    def begin(self, credentials: Credentials, owner: Owner) -> Attempt | None:
        """An attempt, to be told how it ended; None while no further password may be tried."""
        now = self._clock.monotonic()
        login = self._by_login.of((credentials.server.casefold(), credentials.login), now)
        user = self._by_user.of(owner, now)
        if len(login) >= self._by_login.most or len(user) >= self._by_user.most:
            return None
        attempt = Attempt(now, (login, user))
        login.append(attempt)
        user.append(attempt)
        return attempt
