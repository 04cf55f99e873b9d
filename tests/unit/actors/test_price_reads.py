"""Reading prices: what a rule needs and no more, in pages, and never at a reading's cost."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
import trio
import trio.testing
from attrs import evolve

from actors.domain.price_wish import PriceWish
from actors.domain.prices import Bars, SymbolSpec, Ticks, utc_msc
from actors.errors import BrokerError, BrokerFault
from actors.mt5.session import BridgeSession
from actors.mt5.simulator import price_reads as simulated
from actors.mt5.simulator.broker import SimulatedBroker
from actors.mt5.simulator.door import InProcessBroker
from actors.mt5.simulator.scenarios import add_account
from actors.mt5.simulator.service import SimulatedBridge
from actors.ports import Credentials
from actors.price_reads import read_prices
from tests.fakes.actor_world import START, World
from tests.unit.actors.mt5.clocks import HandClock


class Asked(BridgeSession):
    """A session that writes down what it is asked."""

    asked: list[str]

    async def symbol(self, name: str) -> SymbolSpec:
        self.asked.append("symbol")
        return await super().symbol(name)

    async def ticks(self, spec: SymbolSpec, since: datetime, until: datetime) -> Ticks:
        self.asked.append("ticks")
        return await super().ticks(spec, since, until)

    async def bars(self, spec: SymbolSpec, since: datetime, until: datetime) -> Bars:
        self.asked.append("bars")
        return await super().bars(spec, since, until)


async def session_of(clock: HandClock, currency: str = "USD") -> Asked:
    """A session on a simulated account."""
    simulated_broker = SimulatedBroker(3, clock)
    card = add_account(simulated_broker, "active", server="Simulated-1", currency=currency)
    door = InProcessBroker(SimulatedBridge(simulated_broker), clock)
    who = Credentials(card.login, card.server, card.investor_password)
    session = await door.open(who, sticky=True, deadline_seconds=5)
    assert isinstance(session, BridgeSession)
    session.__class__ = Asked
    assert isinstance(session, Asked)
    session.asked = []
    return session


def wish(clock: HandClock, seconds: float, *symbols: str, currency: str = "USD") -> PriceWish:
    """The last seconds of some symbols."""
    now = clock.now()
    return PriceWish(symbols, now - timedelta(seconds=seconds), now, currency, by_ticks=True)


async def test_specifications_are_asked_once() -> None:
    """Known ones are handed in again; a name that the broker does not know is not asked again."""
    clock = HandClock()
    session = await session_of(clock)
    first = await read_prices(session, wish(clock, 30, "EURUSD", "NOPE"), {})
    assert session.asked == ["symbol", "symbol", "ticks"]
    assert (first.specs["NOPE"], list(first.prices.ticks)) == (None, ["EURUSD"])
    again = await read_prices(session, wish(clock, 30, "EURUSD", "NOPE"), first.specs)
    assert session.asked[3:] == ["ticks"]
    assert again.prices == first.prices


@pytest.mark.parametrize(
    ("currency", "expected"), [("USD", ["EURUSD"]), ("JPY", ["EURUSD", "USDJPY"])]
)
async def test_the_symbol_that_converts_is_read_too(currency: str, expected: list[str]) -> None:
    """Dollars earned in a yen account need the dollar's price in yen."""
    clock = HandClock()
    session = await session_of(clock, currency)
    found = await read_prices(session, wish(clock, 30, "EURUSD", currency=currency), {})
    assert sorted(found.prices.ticks) == expected


async def test_pages_join_without_a_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    """A range cut into many pages is the range read at once."""
    clock = HandClock()
    session = await session_of(clock)
    whole = await read_prices(session, wish(clock, 300, "BTCUSD"), {})
    monkeypatch.setattr(simulated, "_MAX_TICKS", 130)
    cut = await read_prices(session, wish(clock, 300, "BTCUSD"), {})
    assert session.asked.count("ticks") > 9
    assert cut.prices.ticks == whole.prices.ticks


async def test_too_many_pages_are_told_by_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    """A range that needs more pages than allowed is not complete, and its minute bars are read."""
    clock = HandClock()
    session = await session_of(clock)
    monkeypatch.setattr(simulated, "_MAX_TICKS", 50)
    found = await read_prices(session, wish(clock, 600, "BTCUSD"), {})
    assert not found.prices.ticks["BTCUSD"].complete
    assert found.prices.bars["BTCUSD"].complete


async def test_a_long_gap_is_read_by_bars_alone() -> None:
    """Beyond the hours that ticks are read for, one question about minutes is enough."""
    clock = HandClock()
    session = await session_of(clock)
    long = evolve(wish(clock, 30_000, "EURUSD"), by_ticks=False)
    found = await read_prices(session, long, {})
    assert session.asked == ["symbol", "bars"]
    assert found.prices.ticks == {}


@pytest.fixture
async def world(autojump_clock: trio.testing.MockClock, nursery: trio.Nursery) -> World:
    """A world whose timers run, with a position open."""
    world = World()
    world.broker.floating = 0
    await nursery.start(world.timers.run)
    return world


def dipped() -> Ticks:
    """A quote far below between two at the open price."""
    start = utc_msc(START)
    return Ticks((start, start + 40_000), (110_000, 110_000), (110_010, 110_010), complete=True)


async def test_slow_prices_never_hold_a_reading(
    autojump_clock: trio.testing.MockClock, world: World, nursery: trio.Nursery
) -> None:
    """A bridge that does not answer about prices delays a reading by seconds, not its promise."""
    world.broker.priced, world.broker.price_seconds = dipped, 1e9
    nursery.start_soon(world.actor().run)
    await trio.sleep(600)
    reads = world.broker.reads[2:]
    assert max(later - earlier for earlier, later in pairwise(reads)) <= 40
    assert len(world.store.units) >= len(reads)


@pytest.mark.parametrize("fault", [BrokerFault.TIMEOUT, BrokerFault.INTERNAL])
async def test_a_fault_about_prices_is_no_failure(
    autojump_clock: trio.testing.MockClock,
    world: World,
    nursery: trio.Nursery,
    fault: BrokerFault,
) -> None:
    """The account goes on being read over its session; only ``internal`` means no prices at all."""

    def refuse() -> Ticks:
        raise BrokerError(fault)

    world.broker.priced = refuse
    nursery.start_soon(world.actor().run)
    await trio.sleep(600)
    assert "broker_failed" not in world.events
    assert ("prices_not_offered" in world.events) is (fault is BrokerFault.INTERNAL)
    assert world.events.count("prices_not_offered") <= 2
    assert len(world.broker.reads) >= 15
