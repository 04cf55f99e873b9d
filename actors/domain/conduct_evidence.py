"""Evidence of a rule on conduct: what was measured, by which facts (RULES 5)."""

from typing import Any

from actors.domain.context import Point, Walk
from actors.domain.evidence_parts import head, moment
from actors.domain.plan import ConductRule
from actors.domain.progress import Progress
from actors.domain.rules.conduct import Look
from actors.domain.rules.families import CONDUCT
from actors.domain.violation import Grade, Severity, Verdict


def bundle(
    progress: Progress,
    walk: Walk,
    point: Point,
    rule: ConductRule,
    looked: Look,
    severity: Severity,
    verdict: Verdict,
    grade: Grade,
) -> dict[str, Any]:
    """The JSON-ready evidence of one violation; limit and value in the unit's smallest parts."""
    return {
        **head(progress, walk),
        "rule": CONDUCT[rule.kind].document(rule),
        "limit": CONDUCT[rule.kind].limit(rule),
        "value": looked.value,
        "facts": looked.facts(),
        "severity": severity.value,
        "verdict": verdict.value,
        "grade": grade.value,
        **moment(progress, point),
    }
