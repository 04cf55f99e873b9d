"""A backtest as a JSON document with stable keys: exact decimals, RFC 3339 times. Pure."""

from decimal import Decimal
from typing import Any

import msgspec

from actors.domain.account import Outcome
from actors.domain.backtest.facts import Breach, Told, Way
from actors.domain.units import in_units, unit_of
from supervisor.backtest_run import Answer, Backtest

_ENCODER = msgspec.json.Encoder(decimal_format="number")


def encoded(found: Backtest, seconds: float) -> str:
    """The document as indented JSON text."""
    return msgspec.json.format(_ENCODER.encode(document(found, seconds)), indent=2).decode()


def document(found: Backtest, seconds: float) -> dict[str, Any]:
    """The backtest's document, in the order of its keys. ``seconds``: how long it took."""
    asked, draft = found.asked, found.asked.draft
    return {
        "plan": {
            "name": draft.name,
            "version": draft.version,
            "content_hash": draft.content_hash,
            "phase": asked.phase,
        },
        "from": asked.since,
        "to": asked.until,
        "lives": found.lives,
        "ways": {way.value: found.ways[way] for way in Way},
        "not_by_rule_days": dict(sorted(found.reasons.items())),
        "rule_days": found.days,
        "unproven_days": found.unproven_days,
        "account_months": round(found.account_months, 2),
        "seconds": round(seconds, 3),
        "account_months_per_second": round(speed(found, seconds), 1),
        "would_have_breached": [_answer(one) for one in breached(found)],
        "would_have_passed": [_answer(one) for one in passed(found)],
        "differs": [_answer(one) for one in differing(found)],
        "possible_or_soft": [_answer(one) for one in in_doubt(found)],
        "untold": [
            {
                "account_id": one.account_id,
                "life_id": one.life_id,
                "login": one.login,
                "reason": one.reason,
            }
            for one in found.untold
        ],
    }


def speed(found: Backtest, seconds: float) -> float:
    """Account-months judged in a second."""
    return found.account_months / seconds if seconds > 0 else 0.0


def breached(found: Backtest) -> list[Answer]:
    """Lives that would have breached, the earliest first."""
    return _ended(found, Outcome.BREACHED)


def passed(found: Backtest) -> list[Answer]:
    """Lives that would have passed, the earliest first."""
    return _ended(found, Outcome.PASSED)


def differing(found: Backtest) -> list[Answer]:
    """Lives whose outcome, or its day, would have been another one."""
    return [one for one in found.shown if one.differs]


def in_doubt(found: Backtest) -> list[Answer]:
    """Lives with crossings that end nothing: possible ones for a human, and soft ones."""
    return [one for one in found.shown if one.told.others]


def _ended(found: Backtest, outcome: Outcome) -> list[Answer]:
    since = found.asked.since
    ended = [
        one
        for one in found.shown
        if one.told.outcome is outcome
        and (since is None or one.told.ended_on is None or one.told.ended_on >= since)
    ]
    return sorted(ended, key=lambda one: (str(one.told.ended_on), one.login, one.life_id))


def amounts(breach: Breach, digits: int) -> tuple[Decimal, Decimal]:
    """Value and floor in whole units of the rule."""
    unit = unit_of(breach.rule_type)
    return in_units(breach.value, unit, digits), in_units(breach.floor, unit, digits)


def _answer(one: Answer) -> dict[str, Any]:
    return {
        "account_id": one.account_id,
        "life_id": one.life_id,
        "login": one.login,
        "way": one.way,
        "draft": {
            **_told(one.told, one.digits),
            "rule_days": one.told.days,
            "unproven_days": one.told.unproven_days,
            "unjudged_rules": one.told.unjudged,
        },
        "real": _told(one.real, one.digits),
    }


def _told(told: Told, digits: int) -> dict[str, Any]:
    return {
        "outcome": told.outcome,
        "ended_on": told.ended_on,
        "passed_at": told.passed_at,
        "breach": None if told.breach is None else _breach(told.breach, digits),
        "others": [_breach(one, digits) for one in told.others],
    }


def _breach(breach: Breach, digits: int) -> dict[str, Any]:
    value, floor = amounts(breach, digits)
    return {
        "rule_id": breach.rule_id,
        "rule_type": breach.rule_type,
        "rule_date": breach.date,
        "verdict": breach.verdict,
        "grade": breach.grade,
        "value": value,
        "floor": floor,
        "unit": unit_of(breach.rule_type),
        "at": breach.at,
        "precise": breach.precise,
    }
