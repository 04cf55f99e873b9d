"""Passwords that a broker refused: never tried again until they change (MT5 2).

Only a keyed hash is kept, its key is made anew with the process, and nothing goes to disk.
"""

import hashlib
import hmac
from collections import OrderedDict

from actors.errors import BrokerFault

_MOST = 10_000
_CONTEXT = b"onefunders-analyze refused credentials v1"


class RefusedCredentials:
    """The last refused password of each account, as a mark. ``key``: 32 random bytes."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._refused: OrderedDict[tuple[str, str], tuple[bytes, BrokerFault]] = OrderedDict()

    def mark(self, login: str, server: str, password: str) -> bytes:
        """Return the keyed hash of these credentials."""
        parts = (_CONTEXT, login.encode(), server.casefold().encode(), password.encode())
        framed = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
        return hmac.digest(self._key, framed, hashlib.sha256)

    def refuse(self, login: str, server: str, mark: bytes, fault: BrokerFault) -> None:
        """Remember that these credentials were refused, and how."""
        key = (login, server.casefold())
        self._refused[key] = (mark, fault)
        self._refused.move_to_end(key)
        while len(self._refused) > _MOST:
            self._refused.popitem(last=False)

    def fault(self, login: str, server: str, mark: bytes) -> BrokerFault | None:
        """How these very credentials were refused before, None when they were not."""
        known = self._refused.get((login, server.casefold()))
        if known is None or not hmac.compare_digest(known[0], mark):
            return None
        return known[1]
