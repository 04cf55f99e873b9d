"""``make simulate``: a month of 300 accounts, amended books, rules on conduct, objectives, nodes
among faults, and every minute of fifteen years of rule days.
"""

import sys
import time

from attrs import evolve

from tests.simulation.node.run import run_node
from tests.simulation.oracle.resets import resets
from tests.simulation.outcome import FAILURES
from tests.simulation.report import header, judged, table
from tests.simulation.rule_day import disagreements, every_minute
from tests.simulation.verdicts import compare
from tests.simulation.world.plans import BOOK_PLANS, CONDUCT_PLANS, GOAL_PLANS
from tests.simulation.world.population import AUTUMN, make_world
from tests.simulation.world.story import Temper
from tests.simulation.world.tempers import GAINING, TRADING, USUAL

ACCOUNTS, DAYS, AMENDED, TRADERS = 300, 30, 90, 40
NODE_SEEDS, NODE_ACCOUNTS = (2, 3, 4), 6
BUSY = Temper(sessions=1, risk=0.07, hours=(0.3, 1.0), flows=1)
RESET = "Asia/Tehran 01:30"


def main() -> int:
    """Print the table; 0 when no verdict failed and no minute lies in another day."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 20_260_301
    world = make_world(seed, ACCOUNTS, DAYS, USUAL)
    print(f"{ACCOUNTS} accounts, {DAYS} days, {header(world)}")
    amended = make_world(seed, AMENDED, DAYS, evolve(USUAL, amendments=2), BOOK_PLANS)
    traders = make_world(seed, TRADERS, DAYS, TRADING, CONDUCT_PLANS)
    candidates = make_world(seed, TRADERS, DAYS, GAINING, GOAL_PLANS)
    autumn = make_world(seed, TRADERS, 16, evolve(USUAL, twice_told=True), start=AUTUMN)
    columns = [
        judged("with quotes", world, rebuild=True),
        judged("polling alone", world, rebuild=False),
        judged("amended books", amended, rebuild=True),
        judged("autumn", autumn, rebuild=True),
        judged("conduct", traders, rebuild=True),
        judged("objectives", candidates, rebuild=False),  # deals alone tell them
    ]
    print(table(columns))
    print(f"amended books: {AMENDED} accounts whose brokers send, change or take back deals later")
    print(f"conduct, objectives, autumn (an hour told twice, 16 days): {TRADERS} accounts each")
    for column in columns:
        print(f"digest of {column.title}: {column.run.journal.digest}")
        for failure in column.comparison.failures[:20]:
            print(f"  {failure}")
    nodes = [node(number) for number in NODE_SEEDS]
    began = time.process_time()
    wrong = disagreements(RESET, every_minute(resets(RESET), range(2016, 2031)))
    seconds = time.process_time() - began
    print(f"every minute 2016-2030 of {RESET}: {len(wrong)} in another day ({seconds:.0f} s)")
    return int(any(column.failures for column in columns) or any(nodes) or bool(wrong))


def node(seed: int) -> int:
    """Print what a whole node with faults made of two days; how many verdicts failed."""
    began = time.process_time()
    done = run_node(make_world(seed, NODE_ACCOUNTS, 2, BUSY))
    result = compare(done.told)
    failed = sum(result.classes[outcome] for outcome in FAILURES)
    print(
        f"node, seed {seed}: {NODE_ACCOUNTS} accounts, 2 days, {done.syncs} syncs, "
        f"{done.crashes} crashes, {result.breaches} breaches, {failed} failed "
        f"({time.process_time() - began:.0f} s)"
    )
    for failure in result.failures[:20]:
        print(f"  {failure}")
    return failed


if __name__ == "__main__":
    sys.exit(main())
