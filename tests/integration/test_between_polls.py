"""A whole actor against the simulated broker: what happens between two polls is not missed."""

from uuid import UUID

import pytest
import trio
import trio.testing

from actors.account import AccountActor
from actors.breaker import ServerBreaker
from actors.clock import TrioClock
from actors.domain.account import Outcome
from actors.domain.progress import decode
from actors.domain.violation import Grade, Severity, Verdict, Violation
from actors.errors import BrokerFault
from actors.lease import HeldLease
from actors.mailbox import Mailbox
from actors.mt5.simulator.broker import AccountCard, SimulatedBroker
from actors.mt5.simulator.door import InProcessBroker
from actors.mt5.simulator.faults import Fault
from actors.mt5.simulator.scenarios import add_account
from actors.mt5.simulator.scripts import losing
from actors.mt5.simulator.service import SimulatedBridge
from actors.ports import Credentials, Lease
from actors.ref import ActorRef
from actors.timers import Timers
from tests.fakes.actor_world import START, FakeStore, make_instance, make_life

DIP = ((200_000, 0), (201_000, 700), (202_500, 700), (203_500, 0))
"""Seven per cent under for a second and a half, 200 s from now."""


class Store(FakeStore):
    """A fake store with one card's credentials."""

    def __init__(self, card: AccountCard) -> None:
        super().__init__()
        self._card = card

    async def credentials(self, instance_id: UUID) -> Credentials | None:
        """The card's."""
        await trio.lowlevel.checkpoint()
        return Credentials(self._card.login, self._card.server, self._card.investor_password)

    @property
    def violations(self) -> list[Violation]:
        """Every row that was stored."""
        return [row for unit in self.units.values() for row in unit.effects.violations]


async def live_through_the_dip(nursery: trio.Nursery, fault: Fault | None) -> Store:
    """Watch an account for ten minutes that dips and recovers between two polls."""
    clock = TrioClock(START)
    timers = Timers(clock)
    await nursery.start(timers.run)
    simulated = SimulatedBroker(7, clock)
    card = add_account(simulated, "calm", server="Simulated-1")
    losing(simulated.account(card.login), DIP, wobble=0)
    if fault is not None:
        simulated.inject(card.login, fault)
    store = Store(card)
    ref = ActorRef(UUID(int=3), UUID(int=2), Mailbox(capacity=4))
    actor = AccountActor(
        make_life(), make_instance(), HeldLease(Lease(UUID(int=2), 1, float("inf"))),
        store=store, broker=InProcessBroker(SimulatedBridge(simulated), clock),
        breaker=ServerBreaker(), clock=clock, timers=timers, random=lambda: 0.5, ref=ref,
    )  # fmt: skip
    nursery.start_soon(actor.run)
    await trio.sleep(600)
    seen = [unit.effects.sample for unit in store.units.values()]
    assert all(sample is None or sample.equity > 9_400_000 for sample in seen)
    assert ref.published is not None
    breached = any(row.verdict is Verdict.HARD for row in store.violations)
    assert (ref.published.outcome is Outcome.BREACHED) is breached
    return store


async def test_a_dip_that_no_poll_saw_is_a_breach(
    autojump_clock: trio.testing.MockClock, nursery: trio.Nursery
) -> None:
    """Equity was under the floor for a second and a half: hard, with the tick as evidence."""
    store = await live_through_the_dip(nursery, None)
    breaches = [row for row in store.violations if row.severity is Severity.BREACH]
    assert [(row.verdict, row.grade) for row in breaches] == [
        (Verdict.HARD, Grade.RECONSTRUCTED)
    ] * len(breaches)
    assert breaches
    assert 200 < (breaches[0].occurred_at - START).total_seconds() < 202.5
    assert breaches[0].evidence["path"]["quotes"][0]["symbol"] == "BTCUSD"


@pytest.mark.parametrize("fault", [BrokerFault.INTERNAL, BrokerFault.TIMEOUT])
async def test_without_ticks_the_day_is_sampled_and_says_so(
    autojump_clock: trio.testing.MockClock, nursery: trio.Nursery, fault: BrokerFault
) -> None:
    """No ticks, no breach: the same dip goes unseen, and no second is called reconstructed."""
    operations = frozenset({"ticks", "bars"})
    store = await live_through_the_dip(nursery, Fault(fault, count=1000, operations=operations))
    assert not any(row.verdict is Verdict.HARD for row in store.violations)
    day = decode(store.units[max(store.units)].effects.rule_state).day
    assert day is not None
    assert day.span.reconstructed == 0
    assert day.span.sampled > 500_000_000
