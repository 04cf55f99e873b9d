"""``make simulate``: a month of 300 accounts, and every minute of fifteen years of rule days."""

import sys
import time

from tests.simulation.oracle.resets import resets
from tests.simulation.report import header, judged, table
from tests.simulation.rule_day import disagreements, every_minute
from tests.simulation.world.population import make_world

ACCOUNTS, DAYS = 300, 30
RESET = "Asia/Tehran 01:30"


def main() -> int:
    """Print the table; 0 when no verdict failed and no minute lies in another day."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 20_260_301
    world = make_world(seed, ACCOUNTS, DAYS)
    print(f"{ACCOUNTS} accounts, {DAYS} days, {header(world)}")
    columns = [
        judged("with quotes", world, rebuild=True),
        judged("polling alone", world, rebuild=False),
    ]
    print(table(columns))
    for column in columns:
        print(f"digest of {column.title}: {column.run.journal.digest}")
        for failure in column.comparison.failures[:20]:
            print(f"  {failure}")
    began = time.process_time()
    wrong = disagreements(RESET, every_minute(resets(RESET), range(2016, 2031)))
    seconds = time.process_time() - began
    print(f"every minute 2016-2030 of {RESET}: {len(wrong)} in another day ({seconds:.0f} s)")
    return int(any(column.failures for column in columns) or bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
