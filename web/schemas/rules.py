"""Rules as they stand, violations, their evidence and a human's word on them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta

from actors.domain.discrepancy import DiscrepancyKind
from actors.domain.rule_day import AnchorGrade, Level
from actors.domain.summary import Proof, RuleGroup, RuleState
from actors.domain.units import Unit
from web.schemas.base import Reply

Inputs = Annotated[
    dict[str, Any],
    Meta(extra_json_schema={"additionalProperties": {"type": ["number", "string", "null"]}}),
]


class RuleFigures(Reply, frozen=True, kw_only=True):
    """One rule now: value, floor (limit, target), used, headroom, level, and its formula.

    ``group`` loss has a floor, conduct a limit, objective a target and what remains to it; all
    amounts of a rule are in its ``unit``.
    """

    rule_id: str
    rule_type: str
    level: Level
    checked: str
    operator: str
    severity: str
    value: Decimal | None
    anchor: Decimal | None
    floor: Decimal | None
    allowance: Decimal | None
    used: Decimal | None
    used_pct: Decimal | None
    headroom: Decimal | None
    worst: Decimal | None
    worst_used: Decimal | None
    breached: bool
    grade: AnchorGrade | None
    rule_date: date | None
    formula: str
    inputs: Inputs
    group: RuleGroup
    unit: Unit
    state: RuleState
    proof: Proof
    limit: Decimal | None
    target: Decimal | None
    remaining: Decimal | None


class RuleItem(RuleFigures, frozen=True, kw_only=True):
    """One rule now, and the violations that rest on it."""

    evidence_ids: list[UUID]


class OverrideItem(Reply, frozen=True, kw_only=True):
    """A human's word on a violation; appended, nothing is overwritten."""

    override_id: UUID
    decision: str
    reason: str
    actor: str
    created_at: datetime


class ViolationItem(Reply, frozen=True, kw_only=True):
    """A stored violation; ``violation_id`` is the evidence id."""

    violation_id: UUID
    account_id: UUID
    instance_id: UUID
    rule_id: str
    rule_type: str
    rule_date: date
    severity: str
    verdict: str
    grade: str
    threshold_value: Decimal
    current_value: Decimal
    unit: Unit
    is_primary: bool
    occurred_at: datetime
    detected_at: datetime
    overrides: list[OverrideItem]


class DiscrepancyItem(Reply, frozen=True, kw_only=True):
    """What later facts contradict; for a human, no verdict is changed by it.

    ``subject`` is a deal's ticket or a rule's id; amounts in ``before`` and ``after`` are in minor
    units of the currency. Both are null once erased.
    """

    kind: DiscrepancyKind
    subject: str
    rule_date: date | None
    occurred_at: datetime
    noticed_at: datetime
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class RulesReply(Reply, frozen=True, kw_only=True):
    """Every rule of the phase, unknown before the first reading; the rest is what is stored."""

    account_id: UUID
    rev: int
    rules: list[RuleItem]
    violations: list[ViolationItem]
    discrepancies: list[DiscrepancyItem]


class SignatureItem(Reply, frozen=True, kw_only=True):
    """The firm's signature under the evidence; key and value in hexadecimal digits."""

    algorithm: Literal["Ed25519"]
    public_key: str
    value: str


class EvidenceReply(Reply, frozen=True, kw_only=True):
    """A violation with the bundle from which its verdict can be computed again.

    ``signature`` is over the evidence's canonical form: keys sorted, no spaces, UTF-8.
    """

    violation: ViolationItem
    evidence: dict[str, Any]
    signature: SignatureItem | None
