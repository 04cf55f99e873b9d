"""What a backtest tells: tables for a reader, JSON for a script; what it keeps and counts."""

from datetime import date
from io import StringIO
from typing import Any
from uuid import UUID

import msgspec
from attrs import evolve
from rich.console import Console

from actors.domain.account import Outcome
from actors.domain.backtest.facts import Told, Way
from actors.domain.violation import Verdict
from supervisor.backtest_document import encoded
from supervisor.backtest_run import Answer, Asked, Backtest, Untold
from supervisor.backtest_tables import show
from tests.unit.actors.domain.backtest.lives import STORED, breach, start_of

GOES_ON = Told(Outcome.RUNNING, days=30)


def ended(day: int) -> Told:
    """A life that breached on that day of March."""
    one = breach("daily", day)
    return Told(Outcome.BREACHED, one.date, one, days=day, unproven_days=1)


def answer(number: int, told: Told, real: Told = GOES_ON, **changes: Any) -> Answer:
    """One life's answer, by rule days."""
    some = UUID(int=number)
    whole = Answer(some, some, str(number), 2, Way.RULE_DAYS, told, real)
    return evolve(whole, **changes)


def backtest(*found: Answer | Untold, **asked: Any) -> Backtest:
    """A finished backtest."""
    made = Backtest(Asked(STORED, **asked))
    for one in found:
        made.take(one)
    return made


PASSED = Told(Outcome.PASSED, date(2026, 3, 5), None, start_of(5), days=5)
DOUBTED = evolve(GOES_ON, others=(breach("overall", 6, Verdict.POSSIBLE),), unjudged=("stops",))
WHOLE = backtest(
    answer(1, ended(9)),
    answer(2, ended(4), ended(4)),
    answer(3, PASSED, PASSED),
    answer(4, DOUBTED, way=Way.SAMPLES, reason="another reset"),
    answer(5, GOES_ON),
    Untold(UUID(int=6), UUID(int=6), "6", "never read"),
)


def test_who_would_have_breached_comes_first() -> None:
    """Then the passes, what differs, what is in doubt, and the sums with the speed."""
    page = StringIO()
    show(WHOLE, 2.0, Console(file=page, width=140))
    text = page.getvalue()
    places = [
        text.index(words)
        for words in (
            "Would have breached: 2",
            "Would have passed: 1",
            "Differs from what happened: 1",
            "Possible or soft: 1",
            "6 lives: 4 by rule days, 1 by deals and samples, 1 not judged",
            "78 rule days, 2 of them unproven",
            "2.6 account-months in 2.0 s: 1 a second",
            "not by rule days: another reset (1)",
            "rule stops: needs more than samples keep, not judged",
            "not judged: 6: never read",
        )
    ]
    assert places == sorted(places)
    assert "94000.00" in text
    assert "95000.00" in text


def test_the_json_has_stable_keys_and_exact_amounts() -> None:
    """The earliest breach first; amounts are numbers with the currency's digits."""
    told = msgspec.json.decode(encoded(WHOLE, 2.0), type=dict[str, Any])
    assert list(told) == [
        "plan", "from", "to", "lives", "ways", "not_by_rule_days", "rule_days", "unproven_days",
        "account_months", "seconds", "account_months_per_second", "would_have_breached",
        "would_have_passed", "differs", "possible_or_soft", "untold",
    ]  # fmt: skip
    assert [one["login"] for one in told["would_have_breached"]] == ["2", "1"]
    assert [one["login"] for one in told["differs"]] == ["1"]
    assert told["would_have_breached"][0]["draft"]["breach"] == {
        "rule_id": "daily",
        "rule_type": "daily_loss",
        "rule_date": "2026-03-04",
        "verdict": "hard",
        "grade": "observed",
        "value": 94000.00,
        "floor": 95000.00,
        "unit": "money",
        "at": "2026-03-04T12:00:00Z",
        "precise": True,
    }


def test_lives_that_ended_before_the_first_day_are_left_out() -> None:
    """They count among the lives, and change no outcome that is shown."""
    early, late = answer(1, ended(4), ended(5)), answer(2, ended(9))
    found = backtest(early, late, since=date(2026, 3, 6))
    assert (found.lives, [one.login for one in found.shown]) == (2, ["2"])
    assert not backtest(early, since=date(2026, 3, 6)).differs


def test_a_life_that_goes_on_as_it_did_is_counted_only() -> None:
    """What is kept in memory grows with what is shown, not with the lives."""
    found = backtest(*(answer(number, GOES_ON) for number in range(5)))
    assert (found.lives, found.shown, found.differs) == (5, [], False)
