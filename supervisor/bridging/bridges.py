"""Several MT5 bridges behind one door (``actors.ports.Broker``).

Each login first takes a seat at a bridge (``berths``), then waits for its turn (``pace``). Away,
full or unfit bridges are gone round; a password that the broker refused goes to none of them.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol, TypeVar

import trio
from attrs import define, field, frozen

from actors.domain.fault_code import FaultCode
from actors.errors import BrokerError, BrokerFault
from actors.mt5.client import BRIDGE_LOST
from actors.ports import Broker, BrokerAccount, Clock, Credentials, Session
from supervisor.bridging.berths import FULL_SECONDS, Berths, Full, Key, Seat, Station, Taken
from supervisor.bridging.pace import Pace, Turns
from supervisor.bridging.refusals import Refusals
from supervisor.bridging.seated import SeatedSession

NO_BRIDGE = FaultCode.NO_BRIDGE.value
"""Error code: no bridge that may read this account can be reached."""
NO_BRIDGE_FOR_SERVER = FaultCode.NO_BRIDGE_FOR_SERVER.value
"""Error code: no configured bridge is meant for this account's server."""

VISIT_PATIENCE_SECONDS = 2.0
"""A visit leaves the turns to accounts at risk when more than this much waits before it."""

T = TypeVar("T")


class Door(Protocol):
    """One bridge as this room needs it."""

    @property
    def broker(self) -> Broker:
        """The way to its terminals."""
        ...

    def station(self) -> Station:
        """How it stands now."""
        ...


@frozen
class Rates:
    """How fast logins may follow each other at one bridge, and at one broker's server."""

    bridge: Pace
    server: Pace


@define
class Bridges:
    """Implements ``actors.ports.Broker``. ``doors`` are the bridges by name."""

    doors: Mapping[str, Door]
    clock: Clock
    rates: Rates
    refusals: Refusals
    berths: Berths = field(factory=Berths, init=False)
    turns: Turns = field(factory=Turns, init=False)

    async def open(
        self, credentials: Credentials, *, sticky: bool, deadline_seconds: float
    ) -> Session:
        """Log in at the account's bridge. Raises BrokerError."""
        now = self.clock.monotonic()
        self.refusals.check(credentials, now, typed=False)
        until = now + deadline_seconds
        patience = deadline_seconds / 2 if sticky else VISIT_PATIENCE_SECONDS

        async def log_in(broker: Broker, seat: Seat) -> Session:
            left = until - self.clock.monotonic()
            session = await broker.open(credentials, sticky=sticky, deadline_seconds=left)
            return SeatedSession(session, lambda: self.berths.leave(seat))

        return await self._at_a_bridge(credentials, patience, log_in, sticky=sticky, keep=True)

    async def verify(self, credentials: Credentials, *, deadline_seconds: float) -> BrokerAccount:
        """Prove a password at the account's bridge. Raises BrokerError."""
        now = self.clock.monotonic()
        self.refusals.check(credentials, now, typed=True)
        until = now + deadline_seconds

        async def look(broker: Broker, _seat: Seat) -> BrokerAccount:
            left = until - self.clock.monotonic()
            return await broker.verify(credentials, deadline_seconds=left)

        patience = deadline_seconds / 2
        return await self._at_a_bridge(credentials, patience, look, sticky=True, keep=False)

    async def _at_a_bridge(
        self,
        credentials: Credentials,
        patience: float,
        log_in: Callable[[Broker, Seat], Awaitable[T]],
        *,
        sticky: bool,
        keep: bool,
    ) -> T:
        """Log in where there is room; where that bridge cannot after all, at the next one."""
        key = Key(credentials.server.casefold(), credentials.login)
        tried: dict[str, BrokerError] = {}
        while True:
            seat = self._take(key, tried, sticky=sticky)
            try:
                with self._seated(seat, keep=keep):
                    await self._wait_for_turn(seat, patience)
                    done = await log_in(self.doors[seat.station].broker, seat)
            except BrokerError as error:
                now = self.clock.monotonic()
                self.refusals.learn(credentials, error.fault, now)
                if not self._may_go_round(seat.station, error, now):
                    raise
                tried[seat.station] = error
            else:
                self.refusals.learn(credentials, None, self.clock.monotonic())
                return done

    def _take(self, key: Key, tried: Mapping[str, BrokerError], *, sticky: bool) -> Seat:
        """A seat at a bridge that has not failed this login yet. Raises what the last one said."""
        stations = [door.station() for door in self.doors.values()]
        now = self.clock.monotonic()
        outcome = self.berths.take(key, stations, now, frozenset(tried), sticky=sticky)
        if isinstance(outcome, Taken):
            return outcome.seat
        if tried:
            raise list(tried.values())[-1]
        if isinstance(outcome, Full):
            raise BrokerError(BrokerFault.BUSY, retry_after_seconds=outcome.retry_after_seconds)
        if outcome.configured or not self.doors:
            raise BrokerError(BrokerFault.TERMINAL_DEAD, code=NO_BRIDGE)
        raise BrokerError(BrokerFault.UNKNOWN_SERVER, code=NO_BRIDGE_FOR_SERVER)

    @contextmanager
    def _seated(self, seat: Seat, *, keep: bool) -> Iterator[None]:
        """Hold the seat for a login, and after it where its session keeps it."""
        kept = False
        try:
            yield
            kept = keep
        finally:
            if not kept:
                self.berths.leave(seat)

    async def _wait_for_turn(self, seat: Seat, patience: float) -> None:
        lanes = {
            f"bridge {seat.station}": self.rates.bridge,
            f"server {seat.key.server}": self.rates.server,
        }
        now = self.clock.monotonic()
        wait = self.turns.begins_at(lanes, now) - now
        if wait > patience:
            raise Crowded(wait)
        self.turns.reserve(lanes, now)
        if wait > 0:
            await trio.sleep(wait)

    def _may_go_round(self, name: str, error: BrokerError, now: float) -> bool:
        """True when another bridge may do better with the same login right away."""
        match error.fault:
            case BrokerFault.BUSY if not isinstance(error, Crowded):
                self.berths.avoid(name, now + (error.retry_after_seconds or FULL_SECONDS))
                return True
            case BrokerFault.VERSION_MISMATCH:
                return True
            case _:
                return error.code == BRIDGE_LOST


class Crowded(BrokerError):
    """Too many logins wait before this one; nothing was asked of any bridge."""

    def __init__(self, retry_after_seconds: float) -> None:
        super().__init__(BrokerFault.BUSY, retry_after_seconds=retry_after_seconds)
