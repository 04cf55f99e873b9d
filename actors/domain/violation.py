"""Violations: what was broken, by how much, on what evidence (RULES 5)."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from attrs import frozen

from actors.domain.units import Unit, in_units, unit_of


class Severity(StrEnum):
    """The seed's severities."""

    WARNING = "warning"
    CRITICAL = "critical"
    BREACH = "breach"


class Verdict(StrEnum):
    """How firm a violation is: hard ends the phase, possible waits for a human."""

    HARD = "hard"
    SOFT = "soft"
    POSSIBLE = "possible"
    LEVEL = "level"


class Grade(StrEnum):
    """How the crossing is known (RULES 4)."""

    OBSERVED = "observed"
    RECONSTRUCTED = "reconstructed"
    BOUNDED = "bounded"
    UNKNOWN = "unknown"


@frozen
class Seal:
    """A signature (Ed25519, 64 bytes) under evidence, and the public key (32 bytes) it fits."""

    public_key: bytes
    signature: bytes


@frozen
class Violation:
    """One violation as the core states it. Unique by (life, rule, date, severity, verdict).

    ``threshold`` is the floor (or limit) and ``current`` the checked value, both in the smallest
    parts of ``unit``: minor units of the currency for every loss rule.
    ``rule_date`` is the rule day's local date (for overall rules too: the day it happened).
    ``evidence`` is a JSON-ready mapping from which the verdict can be recomputed; it holds
    integers and text only, so that it has one byte form. ``seal`` is set where it is stored.
    """

    rule_id: str
    rule_type: str
    rule_date: date
    severity: Severity
    verdict: Verdict
    grade: Grade
    threshold: int
    current: int
    is_primary: bool
    occurred_at: datetime
    observed_at: datetime
    evidence: dict[str, Any]
    seal: Seal | None = None

    @property
    def unit(self) -> Unit:
        """What ``threshold`` and ``current`` count."""
        return unit_of(self.rule_type)

    def amounts(self, currency_digits: int) -> tuple[Decimal, Decimal]:
        """``threshold`` and ``current`` in whole units."""
        return (
            in_units(self.threshold, self.unit, currency_digits),
            in_units(self.current, self.unit, currency_digits),
        )
