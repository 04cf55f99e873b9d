"""Small stored lives for the backtest's tests: a plan, its rule days, a few buckets."""

from datetime import date, datetime, timedelta
from typing import Any

from attrs import evolve

from actors.domain.account import InitialBalanceSource
from actors.domain.backtest.facts import Breach, Bucket, DayFact, StoredHistory
from actors.domain.plan import Plan
from actors.domain.rule_day import AnchorGrade
from actors.domain.state import InitialBalance
from actors.domain.violation import Grade, Verdict
from tests.unit.actors.domain.histories import at, life_of, plan_of, rule

INITIAL = 10_000_000
RESET = timedelta(hours=22)
"""01:30 in Tehran is 22:00 UTC of the day before."""


def daily(percent: str, **fields: str) -> str:
    """A daily rule named ``daily``."""
    return rule("daily", "daily_loss", allowance=f"{{ percent = {percent} }}", **fields)


def overall(percent: str, **fields: str) -> str:
    """An overall rule named ``overall``."""
    fields = {"cash_flow": '"shift"'} | fields
    return rule("overall", "overall_loss", allowance=f"{{ percent = {percent} }}", **fields)


STORED = plan_of(daily("5") + overall("10"))


def start_of(day: int) -> datetime:
    """When rule day ``day`` of March 2026 begins."""
    return at(f"{day:02d} 00:00:00") - timedelta(days=1) + RESET


def fact(rule_id: str, day: int, used: int | None, **changes: Any) -> DayFact:
    """A rule day that was flat at the reset; ``used`` is its worst, in minor units."""
    worst = None if used is None else INITIAL - used
    whole = DayFact(
        rule_id=rule_id,
        date=date(2026, 3, day),
        revision=0,
        start_at=start_of(day),
        end_at=start_of(day + 1),
        anchor=INITIAL,
        anchor_grade=AnchorGrade.EXACT,
        allowance=500_000 if rule_id == "daily" else 1_000_000,
        worst=worst,
        worst_used=used,
        worst_at=start_of(day) + timedelta(hours=12),
        flows=0,
        unproven=False,
        unknown_seconds=0.0,
        reconstructed_seconds=0.0,
    )
    return whole._replace(**changes)


def days(*used: int | None) -> list[DayFact]:
    """Rule days 3, 4 … of both rules, with the same worst each."""
    return [
        fact(rule_id, day, one)
        for rule_id in ("daily", "overall")
        for day, one in enumerate(used, start=3)
    ]


def history(facts: list[DayFact], plan: Plan = STORED, **changes: Any) -> StoredHistory:
    """A life of 100,000 that was watched from its deposit on."""
    initial = InitialBalance(INITIAL, InitialBalanceSource.MT5_DEPOSITS, at("02 08:00:00"))
    seen_at = at("02 08:00:00")
    life = life_of(plan)
    return evolve(StoredHistory(life, "1", "USD", 2, seen_at, initial, None, (), facts), **changes)


def breach(rule_id: str, day: int, verdict: Verdict = Verdict.HARD, **changes: Any) -> Breach:
    """A stored violation of noon."""
    when = start_of(day) + timedelta(hours=14)
    kind = "daily_loss" if rule_id == "daily" else "overall_loss"
    whole = Breach(
        rule_id, kind, date(2026, 3, day), verdict, Grade.OBSERVED, 9_500_000, 9_400_000, when
    )
    return evolve(whole, **changes)


def bucket(when: datetime, equity: int, low: int | None = None, high: int | None = None) -> Bucket:
    """A bucket of one minute that ends at ``when``, with the balance untouched."""
    return Bucket(
        first_at=when - timedelta(seconds=50),
        last_at=when,
        balance=INITIAL,
        equity=equity,
        low=equity if low is None else low,
        high=equity if high is None else high,
    )
