"""The broker's side of tier B: terminals of the simulated world behind the actors' own port."""

from datetime import datetime
from random import Random

import trio

from actors.domain.prices import Bars, SymbolSpec, Ticks
from actors.domain.snapshot import Observation
from actors.errors import BrokerError, BrokerFault
from actors.ports import BrokerAccount, Clock, Credentials, DealsPage
from tests.simulation.world.market import msc
from tests.simulation.world.population import Inhabitant, World
from tests.simulation.world.streams import stream
from tests.simulation.world.terminal import Terminal

_FAULTS = (
    BrokerFault.TIMEOUT,
    BrokerFault.TERMINAL_DEAD,
    BrokerFault.NO_CONNECTION,
    BrokerFault.BUSY,
)
FAULT_SHARE = 0.002


def login_of(who: Inhabitant) -> str:
    """The login of an inhabitant's account."""
    return str(50_000_000 + who.number)


class WorldBroker:
    """Implements ``actors.ports.Broker``: every operation takes a while, and now and then fails."""

    def __init__(self, world: World, clock: Clock) -> None:
        self._clock = clock
        self._random = stream(world.seed, "bridge")
        self._terminals = {
            login_of(who): (
                who,
                Terminal(who.truth, world.market, who.server, who.digits,
                         stream(world.seed, f"broker/{who.number}")),
            )
            for who in world.inhabitants
        }  # fmt: skip

    async def open(
        self, credentials: Credentials, *, sticky: bool, deadline_seconds: float
    ) -> "WorldSession":
        who, terminal = self._terminals[credentials.login]
        session = WorldSession(who, terminal, self._clock, self._random)
        await session.work()
        return session

    async def verify(self, credentials: Credentials, *, deadline_seconds: float) -> BrokerAccount:
        who, terminal = self._terminals[credentials.login]
        return WorldSession(who, terminal, self._clock, self._random).account


class WorldSession:
    """A login at the simulated bridge."""

    def __init__(self, who: Inhabitant, terminal: Terminal, clock: Clock, random: Random) -> None:
        self._who, self._terminal = who, terminal
        self._clock, self._random = clock, random

    @property
    def account(self) -> BrokerAccount:
        who = self._who
        return BrokerAccount(
            login_of(who), who.server.name, "A", "B", "USD", who.digits, 100, "hedging", 0,
            "configured",
        )  # fmt: skip

    async def work(self) -> None:
        """Take a while; a few times in a thousand, fail."""
        await trio.sleep(self._random.randint(1, 30) * 0.01)
        if self._random.random() < FAULT_SHARE:
            raise BrokerError(self._random.choice(_FAULTS))

    async def snapshot(self) -> Observation:
        await self.work()
        return self._terminal.observe(self._now())

    async def deals(self, since_msc: int, after_ticket: int, limit: int) -> DealsPage:
        await self.work()
        found, history = self._terminal.deals(self._now(), since_msc)
        known = {(deal.broker_msc, deal.ticket): deal for deal in found}
        keys = sorted(key for key in known if key > (since_msc, after_ticket))
        page = tuple(known[key] for key in keys[:limit])
        more = keys[limit - 1] if len(keys) > limit else (None, None)
        return DealsPage(page, history.total, stable=True, next_since_msc=more[0],
                         next_after_ticket=more[1])  # fmt: skip

    async def symbol(self, name: str) -> SymbolSpec:
        await self.work()
        return self._terminal.spec(name)

    async def ticks(self, spec: SymbolSpec, since: datetime, until: datetime) -> Ticks:
        await self.work()
        return self._terminal.quotes(spec.name, msc(since), msc(until))

    async def bars(self, spec: SymbolSpec, since: datetime, until: datetime) -> Bars:
        await self.work()
        return Bars()

    async def refresh(self) -> None:
        await self.work()

    async def close(self) -> None:
        await trio.lowlevel.checkpoint()

    def _now(self) -> int:
        return msc(self._clock.now())
