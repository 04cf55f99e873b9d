"""Paths rebuilt from the simulator's deals and ticks against what really happened there."""

from datetime import datetime, timedelta

import pytest

from actors.domain.prices import Prices, instant_of, utc_msc
from actors.domain.progress import Sight
from actors.domain.reconstruction import reconstruct
from actors.domain.stretches import Path, Terms
from actors.domain.violation import Grade
from actors.domain.walk import sight_of
from actors.mt5.session import BridgeSession
from actors.mt5.simulator.broker import SimulatedBroker, simulated_server_clock
from actors.mt5.simulator.door import InProcessBroker
from actors.mt5.simulator.prices import DAY_MS, Knot, LinePath
from actors.mt5.simulator.scenarios import add_account
from actors.mt5.simulator.service import SimulatedBridge
from actors.mt5.simulator.trading import open_position
from actors.ports import Credentials
from tests.unit.actors.mt5.clocks import HandClock


class Watched:
    """One simulated account, read again and again."""

    def __init__(self, scenario: str, seed: int, **wanted: str) -> None:
        self.clock = HandClock()
        self.simulated = SimulatedBroker(seed, self.clock)
        self.card = add_account(self.simulated, scenario, server="Simulated-2", **wanted)  # type: ignore[arg-type]

    async def open(self) -> BridgeSession:
        """Log in."""
        door = InProcessBroker(SimulatedBridge(self.simulated), self.clock)
        who = Credentials(self.card.login, self.card.server, self.card.investor_password)
        return await door.open(who, sticky=True, deadline_seconds=5)

    def rollovers(self, since: datetime, until: datetime) -> tuple[int, ...]:
        """The server's midnights."""
        clock = simulated_server_clock(self.card.server)
        first = clock.to_broker_msc(since) // DAY_MS + 1
        days = range(first, clock.to_broker_msc(until) // DAY_MS + 1)
        return tuple(utc_msc(clock.to_utc(day * DAY_MS)) for day in days)

    async def path(
        self, session: BridgeSession, before: Sight, rates: tuple[str, ...] = ()
    ) -> tuple[Sight, Path | None]:
        """Read now and rebuild what lies since ``before``."""
        seen = await session.snapshot()
        after = sight_of(seen)
        deals = (await session.deals(0, 0, 2000)).deals
        between = [d for d in deals if before.at < d.occurred_at <= after.at]
        names = {p.symbol for p in (*before.positions, *after.positions)}
        names |= {d.symbol for d in between if d.is_trade} | set(rates)
        specs = {name: await session.symbol(name) for name in names}
        if seen.currency == "JPY":  # every symbol here earns dollars or yen
            specs["USDJPY"] = await session.symbol("USDJPY")
        ticks = {n: await session.ticks(specs[n], before.at, after.at) for n in specs}
        terms = Terms(seen.currency, seen.currency_digits, self.rollovers(before.at, after.at))
        return after, reconstruct(before, between, after, Prices(specs, ticks), terms)

    def truth(self, msc: int) -> int:
        """Equity without credit at an instant."""
        at = instant_of(msc)
        account = self.simulated.account(self.card.login)
        credit = account.journal.book_at(account.recipe.currency, msc).credit
        return self.simulated.true_equity(self.card.login, at) - credit


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("scenario", "currency"), [("active", "USD"), ("random", "USD"), ("active", "JPY")]
)
async def test_every_point_is_the_true_equity(scenario: str, currency: str, seed: int) -> None:
    """Balance by deals and floating by quotes is the simulator's own equity at every point."""
    watched = Watched(scenario, seed, currency=currency)
    session = await watched.open()
    before = sight_of(await session.snapshot())
    grades = []
    for seconds in (30, 7, 300, 30, 700, 25):
        watched.clock.pass_seconds(seconds)
        after, path = await watched.path(session, before)
        grades.append(path.grade if path else None)
        if path is not None and path.grade is Grade.RECONSTRUCTED:
            book = watched.simulated.account(watched.card.login).journal
            for stretch in path.stretches:
                told = list(zip(stretch.times, stretch.floatings, strict=True))
                for at, floating in (told[0], *told[1:-1:11], told[-1]):
                    balance = book.book_at(currency, at).balance
                    assert balance + floating == pytest.approx(watched.truth(at), abs=1)
        before = after
    assert grades.count(Grade.RECONSTRUCTED) >= 3


@pytest.mark.parametrize("currency", ["USD", "JPY", "EUR"])
async def test_a_short_held_over_the_rollover_shows_the_wider_spread(currency: str) -> None:
    """Equity falls when the spread widens though no bid moves, and the path tells each instant."""
    watched = Watched("calm", 5, currency=currency)
    session = await watched.open()
    account = watched.simulated.account(watched.card.login)
    midnight = watched.rollovers(watched.clock.now(), watched.clock.now() + timedelta(days=1))[0]
    before_ms = midnight - 5 * 60_000
    seconds = (instant_of(before_ms) - watched.clock.now()).total_seconds()
    watched.clock.pass_seconds(seconds - 20)
    account.advance(watched.simulated.now_ms())
    account.paths = account.paths | {"EURUSD": LinePath((Knot(0, 110_000),))}
    open_position(account, "EURUSD", -1, 1_000)
    before = sight_of(await session.snapshot())
    watched.clock.pass_seconds(40)
    account = watched.simulated.account(watched.card.login)
    _, path = await watched.path(session, before, rates=("EURUSD", "USDJPY"))
    assert path is not None
    assert path.grade is Grade.RECONSTRUCTED
    told, widened = (path.floating_before(before_ms + late) for late in (0, 1))
    assert told is not None
    assert widened is not None
    assert told > widened
    for at in (before_ms - 250, before_ms, before_ms + 250):
        now = path.floating_before(at + 1)
        assert now == pytest.approx(watched.truth(at) - account.book.balance, abs=1)


async def test_swap_is_booked_at_the_servers_midnight() -> None:
    """A position held over the rollover keeps its old swap before it and the new one from it."""
    watched = Watched("calm", 5)
    session = await watched.open()
    account = watched.simulated.account(watched.card.login)
    open_position(account, "BTCUSD", 1, 1_000)
    midnight = watched.rollovers(watched.clock.now(), watched.clock.now() + timedelta(days=1))[0]
    seconds = (instant_of(midnight) - watched.clock.now()).total_seconds()
    watched.clock.pass_seconds(seconds - 20)
    before = sight_of(await session.snapshot())
    watched.clock.pass_seconds(40)
    after, path = await watched.path(session, before)
    assert path is not None
    assert path.grade is Grade.RECONSTRUCTED
    assert after.positions[0].swap < before.positions[0].swap
    for at in (midnight - 250, midnight, midnight + 250):
        now = path.floating_before(at + 1)
        assert now == watched.truth(at) - account.book.balance
