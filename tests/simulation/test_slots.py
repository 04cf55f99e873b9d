"""The sizing formula against the whole node in virtual time: its slots do, clearly fewer do not."""

from datetime import timedelta
from fractions import Fraction

from actors.domain.account import Tier
from supervisor.bridging.sizing import IDLE_INTERVAL_SECONDS, Sizing
from tests.simulation.slots_run import SlotRun, Wait

SIZING = Sizing(10, 200, Fraction(60), Fraction(IDLE_INTERVAL_SECONDS))


def waits(slots: int, warm_up: timedelta, length: timedelta) -> dict[Tier, list[Wait]]:
    """The waits of 200 idle and 10 active accounts in ``length`` after the warm-up, by tier."""
    run = SlotRun(SIZING.idle, SIZING.sticky, slots, float(SIZING.visit_seconds))
    found: dict[Tier, list[Wait]] = {tier: [] for tier in Tier}
    for wait in run.run(warm_up, length):
        found[wait.tier].append(wait)
    return found


def test_the_formulas_slots_keep_every_promise() -> None:
    """200 idle accounts on 20 visiting slots, 60 s a visit, beside 10 that keep their terminals.

    The reset in Tehran, after which every account is read, lies in the midst of it.
    """
    assert (SIZING.visiting, SIZING.slots) == (20, 30)
    found = waits(SIZING.slots, timedelta(minutes=45), timedelta(minutes=75))
    assert len(found[Tier.IDLE]) >= 200 * 3
    assert len(found[Tier.ACTIVE]) >= 10 * 75
    assert [wait for kind in found.values() for wait in kind if not wait.kept] == []


def test_a_third_of_the_visiting_slots_breaks_promises() -> None:
    """200 visits of 60 s do not fit into half an hour of 6 slots."""
    found = waits(SIZING.sticky + 6, timedelta(minutes=20), timedelta(minutes=45))
    assert sum(not wait.kept for wait in found[Tier.IDLE]) > 50
