"""Passwords that a broker has refused, as keyed hashes: none of them is tried again by itself.

One breaker a credential, never a global one: a wrong password says nothing of other accounts.
"""

from collections import OrderedDict
from collections.abc import Callable

from attrs import define, field, frozen

from actors.errors import BrokerError, BrokerFault
from actors.ports import Credentials

LASTING = frozenset({BrokerFault.BAD_CREDENTIALS, BrokerFault.MASTER_PASSWORD})
"""Faults of the password itself: only another password can do away with them."""

TYPED_AGAIN_SECONDS = 3600.0
"""After this long the same password, typed in anew by a person, is shown to the broker once more:
it may have been set there meanwhile."""

_MOST_REMEMBERED = 20_000


@frozen
class _Refused:
    fault: BrokerFault
    at: float
    owner: tuple[str, str]


@define
class Refusals:
    """``fingerprint`` is a keyed hash of server, login and password. Times: monotonic seconds.

    Kept in this process; that an account is refused is stored with it and outlives a restart.
    """

    fingerprint: Callable[[Credentials], bytes]
    _refused: OrderedDict[bytes, _Refused] = field(factory=OrderedDict, init=False)

    def check(self, credentials: Credentials, now: float, *, typed: bool) -> None:
        """Raise the broker's former BrokerError when these very credentials were refused.

        ``typed``: a person has entered them just now.
        """
        known = self._refused.get(self.fingerprint(credentials))
        if known is not None and not (typed and now - known.at >= TYPED_AGAIN_SECONDS):
            raise BrokerError(known.fault)

    def learn(self, credentials: Credentials, fault: BrokerFault | None, now: float) -> None:
        """Remember how a login ended: a fault of the password, or None for success."""
        key = self.fingerprint(credentials)
        if fault is None:
            self._refused.pop(key, None)
        elif fault in LASTING:
            self._refused[key] = _Refused(fault, now, _owner(credentials.server, credentials.login))
            self._refused.move_to_end(key)
            while len(self._refused) > _MOST_REMEMBERED:
                self._refused.popitem(last=False)

    def forgive(self, server: str, login: str) -> None:
        """Forget what was refused for a login: a human says that its broker has changed it."""
        owner = _owner(server, login)
        for key in [key for key, each in self._refused.items() if each.owner == owner]:
            del self._refused[key]

    def __len__(self) -> int:
        """How many credentials are refused."""
        return len(self._refused)


def _owner(server: str, login: str) -> tuple[str, str]:
    return server.casefold(), login
