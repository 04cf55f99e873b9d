"""The product's pass of a phase held against the oracle's."""

from tests.simulation.oracle.goals import first_pass
from tests.simulation.oracles import Oracles
from tests.simulation.outcome import Comparison, Outcome
from tests.simulation.watched import Watched
from tests.simulation.world.market import msc


def hold_goals(watch: Watched, oracles: Oracles, result: Comparison) -> None:
    """The phase is passed at the first reading that shows every goal reached, and else never."""
    goals, life = watch.who.firm.goals, oracles.lives.ticks
    if goals is None:
        return
    truth = oracles.editions[-1].truth
    known = first_pass(truth, goals, oracles.resets, life.initial, life.start, watch.samples)
    told = None if watch.passed_at is None else msc(watch.passed_at)
    if told == known:
        result.classes[Outcome.PASSED] += known is not None
        return
    outcome = Outcome.WRONG if told and known else Outcome.FALSE if told else Outcome.MISSED
    name = f"account {watch.who.number} ({watch.who.firm.name})"
    result.count(outcome, f"{name}: passed at {told}, oracle {known}")
