"""Places at bridges: never over capacity, at home as long as that is possible, few moves."""

from collections import Counter
from random import Random

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from supervisor.bridging.berths import (
    FULL_SECONDS,
    VISIT_FULL_SECONDS,
    WAITING_SECONDS,
    Berths,
    Full,
    Key,
    Nowhere,
    Seat,
    Station,
    Taken,
    order,
)

KEYS = [Key(server, str(number)) for number in range(12) for server in ("one", "two")]
NAMES = ["a", "b", "c"]
stations_of = st.lists(
    st.builds(Station, name=st.uuids().map(str), slots=st.integers(1, 50)),
    min_size=1,
    max_size=6,
    unique_by=lambda each: each.name,
)


class Places(RuleBasedStateMachine):
    """Accounts come and go while bridges fail, return, fill up and are avoided."""

    def __init__(self) -> None:
        super().__init__()
        self.berths = Berths()
        self.now = 0.0
        self.stations = {
            "a": Station("a", 3),
            "b": Station("b", 2, servers=frozenset({"one"})),
            "c": Station("c", 4, servers=frozenset({"two"})),
        }
        self.held: list[Seat] = []

    @rule(key=st.sampled_from(KEYS))
    def take(self, key: Key) -> None:
        """A seat is at home where that can be, else at another bridge for its server with room."""
        home = self.berths.home(key)
        free = {name for name in NAMES if self._open(name, key)}
        outcome = self.berths.take(key, list(self.stations.values()), self.now)
        if isinstance(outcome, Taken):
            assert outcome.seat.station in free
            assert home not in free or outcome.seat.station == home
            assert self.berths.home(key) == outcome.seat.station
            self.held.append(outcome.seat)
        else:
            assert not free
            usable = [each for each in self.stations.values() if each.usable]
            assert isinstance(outcome, Full) == any(each.serves(key.server) for each in usable)
            assert self.berths.home(key) == home

    @rule(pick=st.integers(0, 30))
    def leave(self, pick: int) -> None:
        """A session ends; its account's home stays."""
        if self.held:
            seat = self.held.pop(pick % len(self.held))
            self.berths.leave(seat)
            self.berths.leave(seat)

    @rule(name=st.sampled_from(NAMES))
    def fail_or_return(self, name: str) -> None:
        """A bridge goes away, or comes back with a new stream that holds nothing."""
        station = self.stations[name]
        epoch = station.epoch + (not station.usable)
        self.stations[name] = evolve(station, usable=not station.usable, epoch=epoch)
        if not station.usable:
            self.held = [seat for seat in self.held if seat.station != name]
            found = self.berths.take(KEYS[0], list(self.stations.values()), self.now)
            self.held += [found.seat] if isinstance(found, Taken) else []

    @rule(name=st.sampled_from(NAMES), seconds=st.integers(1, 9))
    def avoid(self, name: str, seconds: int) -> None:
        """A bridge says that it is busy."""
        self.berths.avoid(name, self.now + seconds)

    @rule(seconds=st.integers(1, 9))
    def wait(self, seconds: int) -> None:
        """Time passes."""
        self.now += seconds

    @invariant()
    def never_over_capacity(self) -> None:
        """What is held is what is counted, and never more than a bridge has."""
        counted = Counter(seat.station for seat in self.held)
        for name, station in self.stations.items():
            assert self.berths.taken(name) == counted[name] <= station.slots

    def _open(self, name: str, key: Key) -> bool:
        station = self.stations[name]
        held = sum(seat.station == name for seat in self.held)
        waits = self.berths.avoided_seconds(name, self.now)
        fit = station.usable and station.serves(key.server)
        return fit and held < station.slots and waits == 0


TestPlaces = Places.TestCase
TestPlaces.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


@given(stations_of, st.sampled_from(KEYS), st.randoms())
def test_the_order_is_of_the_account_alone(
    stations: list[Station], key: Key, random: Random
) -> None:
    """However the bridges are listed, an account prefers them in the same order."""
    shuffled = list(stations)
    random.shuffle(shuffled)
    assert order(key, stations) == order(key, shuffled)


@given(stations_of, st.data())
def test_losing_a_bridge_moves_only_its_own(stations: list[Station], data: st.DataObject) -> None:
    """Without one bridge, or with a new one, the others stay in the order they had."""
    lost = data.draw(st.sampled_from(stations))
    rest = [each for each in stations if each is not lost]
    for key in KEYS:
        assert order(key, rest) == [each for each in order(key, stations) if each is not lost]


def test_many_accounts_spread_by_slots() -> None:
    """A bridge with three times the slots draws about three times the accounts."""
    stations = [Station("small", 100), Station("large", 300)]
    first = Counter(order(Key("s", str(login)), stations)[0].name for login in range(4_000))
    assert 0.70 < first["large"] / 4_000 < 0.80


def test_all_full_tells_when_to_ask_again() -> None:
    """The wait is what a bridge said, the shortest of several, or a little when none has said."""
    berths, key = Berths(), Key("one", "1")
    stations = [Station("a", 1), Station("b", 1)]
    for login in "12":
        assert isinstance(berths.take(Key("one", login), stations, 0.0), Taken)
    assert berths.take(key, stations, 0.0) == Full(FULL_SECONDS)
    assert berths.take(key, stations, 0.0, sticky=False) == Full(VISIT_FULL_SECONDS)
    berths.avoid("a", 30.0)
    berths.avoid("b", 20.0)
    assert berths.take(key, stations, 5.0) == Full(15.0)


def test_nowhere_tells_whether_a_bridge_is_meant_for_the_server() -> None:
    """All away is another thing than none configured for the server."""
    away = [Station("a", 5, servers=frozenset({"one"}), usable=False)]
    assert Berths().take(Key("one", "1"), away, 0.0) == Nowhere(configured=True)
    assert Berths().take(Key("two", "1"), away, 0.0) == Nowhere(configured=False)


def test_a_freed_slot_is_for_the_account_at_risk() -> None:
    """It found none a moment ago, so visits are put off until it has one, or does not come back."""
    berths, stations = Berths(), [Station("a", 2)]
    first, _ = (berths.take(Key("one", login), stations, 0.0, sticky=False) for login in "12")
    at_risk, visitor = Key("one", "3"), Key("one", "4")
    assert isinstance(berths.take(at_risk, stations, 0.0), Full)
    assert isinstance(first, Taken)
    berths.leave(first.seat)
    assert isinstance(berths.take(visitor, stations, 1.0, sticky=False), Full)
    taken = berths.take(at_risk, stations, 2.0)
    assert isinstance(taken, Taken)
    berths.leave(taken.seat)
    assert isinstance(berths.take(visitor, stations, 3.0, sticky=False), Taken)
    assert isinstance(berths.take(at_risk, stations, 4.0), Full)
    assert isinstance(berths.take(Key("two", "9"), [Station("b", 1)], 4.0 + WAITING_SECONDS,
                                  sticky=False), Taken)  # fmt: skip
