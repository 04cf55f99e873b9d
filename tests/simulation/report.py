"""The table of verdict classes that ``make simulate`` prints."""

import subprocess
import time
from collections import Counter
from collections.abc import Callable
from importlib.metadata import version
from statistics import quantiles

from attrs import frozen

from tests.simulation.fleet_run import FleetRun, run_fleet
from tests.simulation.outcome import FAILURES, Comparison, Outcome
from tests.simulation.verdicts import compare
from tests.simulation.world.population import World


@frozen
class Judged:
    """One fleet run with what the oracle says of it, and the processor seconds it took."""

    title: str
    run: FleetRun
    comparison: Comparison
    seconds: float

    @property
    def failures(self) -> int:
        """Verdicts in one of the failing classes."""
        return sum(self.comparison.classes[outcome] for outcome in FAILURES)


def judged(title: str, world: World, *, rebuild: bool) -> Judged:
    """Run the fleet and hold it against the oracle."""
    began = time.process_time()
    run = run_fleet(world, rebuild=rebuild)
    comparison = compare(run.told)
    return Judged(title, run, comparison, time.process_time() - began)


def table(columns: list[Judged]) -> str:
    """Verdict classes by row, runs by column."""
    width = max(len(column.title) for column in columns) + 2
    lines = [" " * 56 + "".join(f"{column.title:>{width}}" for column in columns)]
    rows: list[tuple[str, Counter[str]]] = [
        (str(outcome), Counter({c.title: c.comparison.classes[outcome] for c in columns}))
        for outcome in Outcome
    ]
    more: dict[str, Callable[[Judged], int]] = {
        "breaches that the ticks show up to the first hard row": lambda c: c.comparison.breaches,
        "rule days with a fixed anchor, compared": lambda c: c.comparison.anchors,
        "possible verdicts, for a human": lambda c: sum(len(told.possible) for told in c.run.told),
        "readings": lambda c: c.run.steps,
        "processor seconds": lambda c: round(c.seconds),
    }
    rows += [(name, Counter({c.title: of(c) for c in columns})) for name, of in more.items()]
    for name, cells in rows:
        lines.append(f"{name:<56}" + "".join(f"{cells[c.title]:>{width}}" for c in columns))
    lines.append(f"{'crossing after the tick, p50 / p90 s':<56}" + "".join(
        f"{_quantiles(column.comparison.lateness_ms):>{width}}" for column in columns
    ))  # fmt: skip
    lines.append(
        "Late or missed: up to the account's first hard row; later rows have their own line."
    )
    return "\n".join(lines)


def header(world: World) -> str:
    """Seed, commit and time zone data: what a run is repeated by."""
    told = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    commit = told.stdout.strip() or "unknown"
    return f"seed {world.seed}, commit {commit}, tzdata {version('tzdata')}"


def _quantiles(lateness_ms: list[int]) -> str:
    if len(lateness_ms) < 2:
        return "-"
    cuts = quantiles(lateness_ms, n=10)
    return f"{cuts[4] / 1000:.1f} / {cuts[8] / 1000:.1f}"
