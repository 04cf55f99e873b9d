"""Several MT5 bridges behind one door: an account always goes to the same bridge."""

import zlib
from collections.abc import Sequence

from attrs import frozen

from actors.errors import BrokerError, BrokerFault
from actors.ports import Broker, BrokerAccount, Credentials, Session


@frozen
class Bridges:
    """Chooses a bridge by the login, so that a terminal's history store is used again."""

    doors: Sequence[Broker]

    async def open(
        self, credentials: Credentials, *, sticky: bool, deadline_seconds: float
    ) -> Session:
        """Log in at the account's bridge. Raises BrokerError."""
        door = self._door(credentials)
        return await door.open(credentials, sticky=sticky, deadline_seconds=deadline_seconds)

    async def verify(self, credentials: Credentials, *, deadline_seconds: float) -> BrokerAccount:
        """Prove a password at the account's bridge. Raises BrokerError."""
        return await self._door(credentials).verify(credentials, deadline_seconds=deadline_seconds)

    def _door(self, credentials: Credentials) -> Broker:
        if not self.doors:
            raise BrokerError(BrokerFault.NO_CONNECTION)
        key = f"{credentials.server.casefold()}/{credentials.login}".encode()
        return self.doors[zlib.crc32(key) % len(self.doors)]
