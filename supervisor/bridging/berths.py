"""Which bridge an account's terminal is opened at. Pure but for its own counts: no I/O, no clock.

An account stays at the bridge where it was last opened, because that bridge's terminals keep its
history. It moves only when that bridge is away, avoided or full. Where it begins follows from a
hash, so that a restarted node finds the same bridge again, and a further bridge draws its share of
accounts from the others without any of them changing places among themselves.
"""

import hashlib
from collections.abc import Sequence
from math import log

from attrs import define, field, frozen

FULL_SECONDS = 2.0
"""How long to wait when every bridge is full and none has said for how long."""

VISIT_FULL_SECONDS = 10.0
"""The same for a visit, which may come later: hundreds of them ask meanwhile."""

WAITING_SECONDS = 10.0
"""So long a freed slot is kept for an account at risk that has found none."""


@frozen
class Key:
    """An account as bridges know it: its casefolded server, and its login."""

    server: str
    login: str


@frozen
class Station:
    """A bridge as it stands now. ``servers`` (casefolded) are those it may be used for; empty: all.

    ``slots`` is how many sessions it may hold for us; ``epoch`` counts its streams: with a new one
    all sessions of the former are gone. ``usable`` is False while no stream is up.
    """

    name: str
    slots: int
    servers: frozenset[str] = frozenset()
    usable: bool = True
    epoch: int = 0

    def serves(self, server: str) -> bool:
        """True when accounts of this casefolded server may be opened here."""
        return not self.servers or server in self.servers


@frozen
class Seat:
    """A slot taken for an account: from before the login until the session's end."""

    station: str
    epoch: int
    key: Key
    number: int


@frozen
class Taken:
    """There is room: the seat to log in at."""

    seat: Seat


@frozen
class Full:
    """Every bridge that could be used is full; ask again after ``retry_after_seconds``."""

    retry_after_seconds: float


@frozen
class Nowhere:
    """No bridge can be used: all are away; with ``configured`` False none is for the server."""

    configured: bool


Outcome = Taken | Full | Nowhere


def order(key: Key, stations: Sequence[Station]) -> list[Station]:
    """The stations as this account prefers them: weighted rendezvous hashing.

    Each station draws a number from a hash of its name and the account; the more slots, the
    better it draws. Adding or losing a station leaves the order of the others as it is.
    """
    return sorted(stations, key=lambda each: (-_draw(key, each), each.name))


def _draw(key: Key, station: Station) -> float:
    text = "\n".join((station.name, key.server, key.login)).encode()
    number = int.from_bytes(hashlib.sha256(text).digest()[:8], "big")
    return station.slots / -log((number + 1) / (2**64 + 1))


@define
class Berths:
    """Who is where. Times are monotonic seconds."""

    _homes: dict[Key, str] = field(factory=dict, init=False)
    _seats: dict[str, dict[int, Seat]] = field(factory=dict, init=False)
    _epochs: dict[str, int] = field(factory=dict, init=False)
    _avoided: dict[str, float] = field(factory=dict, init=False)
    _waiting: dict[Key, float] = field(factory=dict, init=False)
    _last: int = field(default=0, init=False)

    def take(
        self,
        key: Key,
        stations: Sequence[Station],
        now: float,
        tried: frozenset[str] = frozenset(),
        *,
        sticky: bool = True,
    ) -> Outcome:
        """Take a seat at the account's home, else at the first station with room.

        ``tried`` are stations that have just refused this login. A visit (not ``sticky``) leaves a
        slot to every account at risk that has found none a moment ago.
        """
        for station in stations:
            self._meet(station)
        serving = [each for each in stations if each.serves(key.server)]
        usable = [each for each in serving if each.usable and each.name not in tried]
        if not usable:
            return self._full(serving, now) if tried else Nowhere(bool(serving))
        open_ones = [each for each in usable if self._avoided.get(each.name, 0.0) <= now]
        with_room = [each for each in open_ones if self.taken(each.name) < each.slots]
        free = sum(each.slots - self.taken(each.name) for each in with_room)
        if not free or not (sticky or free > self._at_risk(now)):
            if sticky:
                self._waiting[key] = now + WAITING_SECONDS
            return self._full(usable, now, FULL_SECONDS if sticky else VISIT_FULL_SECONDS)
        self._waiting.pop(key, None)
        home = self._homes.get(key)
        chosen = min(order(key, with_room), key=lambda each: each.name != home)
        self._homes[key] = chosen.name
        self._last += 1
        seat = Seat(chosen.name, chosen.epoch, key, self._last)
        self._seats[chosen.name][seat.number] = seat
        return Taken(seat)

    def leave(self, seat: Seat) -> None:
        """Give a seat back; one of a lost stream is back already."""
        self._seats[seat.station].pop(seat.number, None)

    def avoid(self, name: str, until: float) -> None:
        """Open nothing at this station before ``until``: it is full, or its terminals are."""
        self._avoided[name] = max(until, self._avoided.get(name, 0.0))

    def avoided_seconds(self, name: str, now: float) -> float:
        """For how much longer nothing is opened at this station; 0 when it is not avoided."""
        return max(0.0, self._avoided.get(name, 0.0) - now)

    def taken(self, name: str) -> int:
        """Seats taken at this station."""
        return len(self._seats.get(name, ()))

    def home(self, key: Key) -> str | None:
        """The station where the account was opened last."""
        return self._homes.get(key)

    def _at_risk(self, now: float) -> int:
        """How many accounts at risk wait for a slot."""
        self._waiting = {key: until for key, until in self._waiting.items() if until > now}
        return len(self._waiting)

    def _meet(self, station: Station) -> None:
        """With a new stream, nothing of the former one's is held any more."""
        if self._epochs.get(station.name) != station.epoch:
            self._epochs[station.name] = station.epoch
            self._seats[station.name] = {}

    def _full(self, stations: Sequence[Station], now: float, usual: float = FULL_SECONDS) -> Full:
        waits = [self.avoided_seconds(each.name, now) for each in stations]
        told = [wait for wait in waits if wait > 0]
        return Full(min(told, default=usual))
