"""What every bridge must answer about prices: the same suite in process and over TCP."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from actors.domain.prices import CalcMode, instant_of, to_points, utc_msc
from actors.errors import BrokerError
from actors.mt5.session import BridgeSession
from actors.mt5.simulator.prices import ROLLOVER_SPREAD, TICK_MS
from actors.mt5.simulator.scenarios import add_account
from actors.mt5.simulator.symbols import SYMBOLS
from tests.contract.broker_worlds import World
from tests.contract.test_broker_contract import credentials, world

__all__ = ["world"]

SATURDAY = datetime.fromisoformat("2026-03-07T12:00:00+00:00")


async def session_of(world: World, scenario: str = "active") -> BridgeSession:
    """A sticky session on one account, whose clock is Simulated-2's: New York + 7 h."""
    card = add_account(world.simulated, scenario, server="Simulated-2")
    session = await world.door.open(credentials(card), sticky=True, deadline_seconds=5)
    assert isinstance(session, BridgeSession)
    return session


async def test_a_symbol_tells_how_its_profit_is_computed(world: World) -> None:
    """Digits, sizes, currencies and calculation mode arrive exactly; no such symbol is a fault."""
    session = await session_of(world)
    spec = await session.symbol("USDJPY")
    assert (spec.digits, spec.contract_size, spec.tick_size) == (
        3,
        Decimal(100_000),
        Decimal("0.001"),
    )
    assert (spec.base_currency, spec.profit_currency) == ("USD", "JPY")
    assert spec.calc_mode is CalcMode.FOREX
    assert spec.tick_value == spec.contract_size * spec.tick_size
    with pytest.raises(BrokerError):
        await session.symbol("NOPE")


async def test_ticks_begin_with_the_quote_in_force(world: World) -> None:
    """The first quote holds where the range begins, the rest are every change after it."""
    session = await session_of(world)
    spec = await session.symbol("EURUSD")
    until = world.clock.now()
    since = until - timedelta(seconds=30, milliseconds=-77)
    found = await session.ticks(spec, since, until)
    assert found.complete
    assert found.times[0] <= utc_msc(since) < found.times[1]
    assert all(
        earlier < later for earlier, later in zip(found.times, found.times[1:], strict=False)
    )
    path = world.simulated.account(session.account.login).paths["EURUSD"]
    told = dict(zip(found.times, found.bids, strict=True))
    bid = None
    for at in range(found.times[0], utc_msc(until) + 1, TICK_MS):
        bid = told.get(at, bid)
        assert bid == path.points(at)
    assert all(ask > bid for bid, ask in zip(found.bids, found.asks, strict=True))


async def test_a_cut_range_is_read_on_from_its_last_stamp(world: World) -> None:
    """A range of more quotes than fit says so, and the next page joins it."""
    session = await session_of(world)
    spec = await session.symbol("BTCUSD")
    until = world.clock.now()
    first = await session.ticks(spec, until - timedelta(hours=1), until)
    assert not first.complete
    assert first.times
    rest = await session.ticks(spec, instant_of(first.times[-1]), until)
    assert rest.complete
    assert (rest.times[0], rest.bids[0]) == (first.times[-1], first.bids[-1])


async def test_a_closed_market_answers_its_last_quote(world: World) -> None:
    """At the weekend the quote in force is Friday's last, and nothing follows it."""
    session = await session_of(world)
    spec = await session.symbol("EURUSD")
    world.clock.pass_seconds((SATURDAY - world.clock.now()).total_seconds())
    found = await session.ticks(spec, SATURDAY - timedelta(seconds=30), SATURDAY)
    assert found.complete
    assert len(found.times) == 1
    assert found.times[0] < utc_msc(SATURDAY) - 3_600_000


async def test_bars_hold_every_quote_of_their_minute(world: World) -> None:
    """Each quote lies between its minute's lowest and highest bid; the first minute touches."""
    session = await session_of(world)
    spec = await session.symbol("EURUSD")
    until = world.clock.now()
    since = until - timedelta(minutes=3, seconds=20)
    bars = await session.bars(spec, since, until)
    found = await session.ticks(spec, since, until)
    assert bars.complete
    assert bars.times[0] <= utc_msc(since) < bars.times[0] + 60_000
    for at, bid in zip(found.times[1:], found.bids[1:], strict=True):
        bar = next(i for i, start in enumerate(bars.times) if start <= at < start + 60_000)
        assert bars.lows[bar] <= bid <= bars.highs[bar]


@pytest.mark.parametrize(
    "rollover", ["2026-02-03T22:00:00+00:00", "2026-07-07T21:00:00+00:00"]
)  # 01:30 in Tehran; in the American summer an hour earlier
async def test_spreads_widen_around_the_rollover(world: World, rollover: str) -> None:
    """From five minutes before it to a quarter past, in ticks and bars, except round the clock."""
    if not world.is_simulated and rollover.startswith("2026-07"):
        pytest.skip("playing four months may outlast a terminal's read")
    session = await session_of(world)
    midnight = datetime.fromisoformat(rollover)
    world.clock.pass_seconds((midnight - world.clock.now()).total_seconds() + 1800)
    for name, times in (("EURUSD", ROLLOVER_SPREAD), ("BTCUSD", 1)):
        spec, usual = await session.symbol(name), SYMBOLS[name].spread
        for minutes, wide in ((-6, False), (-5, True), (0, True), (14, True), (15, False)):
            since = midnight + timedelta(minutes=minutes)
            until = since + timedelta(seconds=59)
            found = await session.ticks(spec, since, until)
            spreads = {a - b for a, b in zip(found.asks, found.bids, strict=True)}
            assert spreads == {usual * times if wide else usual}
            assert set((await session.bars(spec, since, until)).spreads) == spreads


async def test_a_replayed_report_has_no_market(world: World) -> None:
    """A symbol that the account has no path for is answered as not known, never as flat."""
    if not world.is_simulated:
        pytest.skip("a terminal shows an account with its market; a symbol without is a unit test")
    session = await session_of(world)
    spec = await session.symbol("EURUSD")
    account = world.simulated.account(session.account.login)
    account.paths = {}
    until = world.clock.now()
    found = await session.ticks(spec, until - timedelta(seconds=30), until)
    assert (found.times, found.complete) == ((), False)
    assert not (await session.bars(spec, until - timedelta(seconds=30), until)).complete


@pytest.mark.parametrize(
    ("text", "digits", "points"), [("1.10001", 5, 110_001), ("-0.5", 2, -50), ("7", 0, 7)]
)
async def test_prices_become_points_exactly(text: str, digits: int, points: int) -> None:
    """A decimal string is an integer of points, negative ones too."""
    assert to_points(text, digits) == points
