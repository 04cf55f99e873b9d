"""A backtest for a reader: who would have breached comes first."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from actors.domain.backtest.facts import Breach, Told, Way
from supervisor.audit_document import short_time
from supervisor.backtest_document import amounts, breached, differing, in_doubt, passed, speed
from supervisor.backtest_run import Answer, Backtest

_BREACH = ("login", "rule", "day", "value", "floor", "verdict", "grade", "at (UTC)")

_DIFFERENCE = ("login", "life", "under the draft", "really", "told by")


def show(found: Backtest, seconds: float, console: Console) -> None:
    """Print the breaches, the passes, what differs, what is in doubt, and the sums."""
    ended = [(one, one.told.breach) for one in breached(found)]
    rows = [_crossing(one, breach) for one, breach in ended if breach is not None]
    console.print(_table("Would have breached", _BREACH, rows))
    gone = [(a.login, a.life_id, short_time(a.told.passed_at), _end(a.real)) for a in passed(found)]
    console.print(_table("Would have passed", ("login", "life", "at (UTC)", "really"), gone))
    others = [(a.login, a.life_id, _end(a.told), _end(a.real), a.way) for a in differing(found)]
    console.print(_table("Differs from what happened", _DIFFERENCE, others))
    doubts = [_crossing(a, breach) for a in in_doubt(found) for breach in a.told.others]
    console.print(_table("Possible or soft", _BREACH, doubts))
    for line in _sums(found, seconds):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _table(title: str, columns: Sequence[str], rows: Sequence[Iterable[object]]) -> Table:
    table = Table(*columns, title=f"{title}: {len(rows)}", title_justify="left", highlight=False)
    for row in rows:
        table.add_row(*(str(cell).replace("[", "\\[") for cell in row))
    return table


def _crossing(one: Answer, breach: Breach) -> tuple[object, ...]:
    value, floor = amounts(breach, one.digits)
    about = "" if breach.precise else "≤ "
    at = f"{about}{short_time(breach.at)}"
    return (
        one.login, breach.rule_id, breach.date, value, floor, breach.verdict, breach.grade, at,
    )  # fmt: skip


def _end(told: Told) -> str:
    rule = "" if told.breach is None else f" by {told.breach.rule_id}"
    on = "" if told.ended_on is None else f" on {told.ended_on}"
    return f"{told.outcome}{rule}{on}"


def _sums(found: Backtest, seconds: float) -> list[str]:
    by_days, by_samples = found.ways[Way.RULE_DAYS], found.ways[Way.SAMPLES]
    ways = f"{by_days} by rule days, {by_samples} by deals and samples"
    months = f"{found.account_months:.1f} account-months in {seconds:.1f} s"
    lines = [
        f"{found.lives} lives: {ways}, {len(found.untold)} not judged",
        f"{found.days} rule days, {found.unproven_days} of them unproven",
        f"{months}: {speed(found, seconds):.0f} a second",
    ]
    lines += [f"not by rule days: {why} ({n})" for why, n in found.reasons.most_common(10)]
    unjudged = {rule for one in found.shown for rule in one.told.unjudged}
    lines += [f"rule {rule}: needs more than samples keep, not judged" for rule in sorted(unjudged)]
    lines += [f"not judged: {one.login}: {one.reason}" for one in found.untold[:10]]
    return lines
