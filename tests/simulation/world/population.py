"""A population: accounts with their plans, servers, truths and the product's view of them."""

from datetime import UTC, datetime
from uuid import UUID

from attrs import frozen

from actors.domain.life import Life
from actors.domain.server_clock import ServerClock
from tests.simulation.oracle.amendments import Amendment
from tests.simulation.oracle.resets import Resets, resets
from tests.simulation.oracle.truth import Truth
from tests.simulation.world.amending import write_amendments
from tests.simulation.world.market import Market, instant_of, market
from tests.simulation.world.pen import DAY, HOUR, Server
from tests.simulation.world.plans import FIRM_PLANS, FirmPlan, product_plan
from tests.simulation.world.story import SERVERS, Temper, write_story
from tests.simulation.world.streams import stream

STARTS = (
    datetime(2022, 3, 7, tzinfo=UTC),  # New York, Tehran and Europe change their clocks
    datetime(2026, 3, 2, tzinfo=UTC),
    datetime(2022, 9, 5, tzinfo=UTC),  # Tehran's last summer ends
)
AUTUMN = datetime(2022, 10, 24, tzinfo=UTC)
"""Europe, then New York turn back their clocks, on Sundays on which only crypto trades."""

_INITIALS = ((10_000_000, 2), (5_000_000, 2), (20_000_000, 2), (1_012_345, 2), (10_000_500, 0))


@frozen(eq=False)
class Inhabitant:
    """One account. ``connected_at`` is when the product begins to watch it."""

    number: int
    firm: FirmPlan
    server: Server
    truth: Truth
    resets: Resets
    digits: int
    connected_at: int
    amendments: tuple[Amendment, ...] = ()

    def life(self) -> Life:
        """The account as the product is told of it."""
        some = UUID(int=self.number + 1)
        plan, clock = product_plan(self.firm, self.digits), ServerClock.parse(self.server.clock)
        return Life(some, some, some, instant_of(self.connected_at), plan, 0, clock)


@frozen(eq=False)
class World:
    """A market and those who trade on it."""

    seed: int
    market: Market
    inhabitants: tuple[Inhabitant, ...]


def make_world(
    seed: int,
    accounts: int,
    days: int,
    temper: Temper | None = None,
    firms: tuple[FirmPlan, ...] = FIRM_PLANS,
    start: datetime | None = None,
) -> World:
    """The world of a seed; the same arguments make the same world."""
    start = start or STARTS[seed % len(STARTS)]
    place = market(seed, start, days)
    made = tuple(
        _inhabitant(seed, number, place, start, temper or Temper(), firms[number % len(firms)])
        for number in range(accounts)
    )
    return World(seed, place, made)


def _inhabitant(
    seed: int, number: int, place: Market, start: datetime, temper: Temper, firm: FirmPlan
) -> Inhabitant:
    random = stream(seed, f"population/{number}")
    server = random.choice(SERVERS)
    initial, digits = random.choice(_INITIALS)
    truth = write_story(seed, number, place, start, temper, server, initial)
    name = firm.reset
    if name.startswith("server"):
        name = name.replace("server", server.clock)
    begun = truth.deals[0].at
    connected = begun + random.randint(60_000, 3 * HOUR)
    if random.random() < 0.25:
        connected = begun + random.randint(HOUR, max(2 * HOUR, (place.until - begun) // 3))
    return Inhabitant(
        number, firm, server, truth, resets(name), digits, min(connected, place.until - DAY),
        write_amendments(seed, number, truth, initial, temper.amendments),
    )  # fmt: skip
