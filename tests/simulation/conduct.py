"""The product's verdicts on conduct held against the oracle's: to the millisecond and the unit."""

from collections import Counter
from collections.abc import Sequence

from actors.domain.violation import Verdict, Violation
from tests.simulation.oracle.conduct import (
    Account,
    Breach,
    ConductRule,
    breaches,
    warnings,
    weeks,
)
from tests.simulation.oracle.resets import resets
from tests.simulation.oracles import Oracles
from tests.simulation.outcome import Comparison, Outcome
from tests.simulation.watched import Watched
from tests.simulation.world.market import msc

_LOT_PARTS = 10**6
"""A hundredth of a lot in the smallest parts of a lot that the product counts."""


def hold_conduct(watch: Watched, oracles: Oracles, result: Comparison) -> None:
    """Every breach and every warning that the oracle knows is told once, with its rule day, value
    and limit; a breach of a hard rule is hard until the account has ended.
    """
    rules = watch.who.firm.conduct
    if not rules:
        return
    truth = oracles.editions[-1].truth
    begun = oracles.lives.ticks.start
    starts = tuple(d.at for d in truth.deals if d.kind == "balance" and d.at <= begun)
    account = Account(truth, oracles.resets, starts, watch.samples)
    hard = (msc(row.occurred_at) for row in watch.firm if row.verdict is Verdict.HARD)
    hard_until = min(hard, default=watch.samples[-1])
    for rule in rules:
        shut = None if rule.kind != "weekend" else weeks(resets(rule.by), resets(rule.until))
        name = f"account {watch.who.number} ({watch.who.firm.name}) {rule.rule_id}"
        rows = [row for row in watch.firm if row.rule_id == rule.rule_id]
        _hold(name, rule, rows, breaches(account, rule, shut), result)
        _severity(name, rule, rows, hard_until, result)
        warned = [row for row in watch.levels if row.rule_id == rule.rule_id]
        _hold(f"{name} warning", rule, warned, warnings(account, rule), result)


def _hold(
    name: str,
    rule: ConductRule,
    rows: Sequence[Violation],
    expected: Sequence[Breach],
    result: Comparison,
) -> None:
    known = {one.at: one for one in expected}
    times = Counter(msc(row.occurred_at) for row in rows)
    for row in rows:
        one = known.get(msc(row.occurred_at))
        told = f"{name}: {row.rule_date} at {msc(row.occurred_at)} value {row.current}"
        if one is None:
            result.count(Outcome.FALSE, told)
        elif not _agrees(row, rule, one):
            result.count(Outcome.WRONG, f"{told}, oracle {one}")
        else:
            result.count(Outcome.CONDUCT, told)
    for at, one in known.items():
        if times[at] == 0:
            result.count(Outcome.MISSED, f"{name}: {one}")
        elif times[at] > 1:
            result.count(Outcome.DUPLICATE, f"{name}: {one}")


def _severity(
    name: str, rule: ConductRule, rows: Sequence[Violation], until: int, result: Comparison
) -> None:
    """``until``: the account's first hard row."""
    for row in rows:
        hard = rule.hard and msc(row.occurred_at) <= until
        if (row.verdict is Verdict.HARD) is not hard:
            result.count(Outcome.WRONG, f"{name}: {row.verdict} at {msc(row.occurred_at)}")


def _agrees(row: Violation, rule: ConductRule, one: Breach) -> bool:
    unit = _LOT_PARTS if rule.kind in ("position_lots", "total_lots") else 1
    told = (row.rule_date, row.threshold, row.current)
    return told == (one.day, rule.limit * unit, one.value * unit)
