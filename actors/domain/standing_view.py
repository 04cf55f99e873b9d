"""How the rules on conduct and the objectives of a phase stand, for readers."""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from attrs import frozen

from actors.domain.account_state import AccountState
from actors.domain.achievement import achieved, stand_of
from actors.domain.money import percent_floor
from actors.domain.phase_progress import ConductProgress, ObjectiveProgress
from actors.domain.plan import ConductRule, Objective, RuleKind
from actors.domain.progress import Progress
from actors.domain.rule_day import Level
from actors.domain.rules.conduct import milliseconds
from actors.domain.rules.families import CONDUCT, OBJECTIVES
from actors.domain.rules.objective import Achieved, Stand
from actors.domain.summary import Proof, RuleGroup, RuleStanding, RuleState
from actors.domain.units import Unit, in_units, unit_of

_NUMBER = re.compile(r"\d+(\.\d+)?")
_VARIANTS = ("of", "counted", "from")
_OPERATORS = {
    RuleKind.MINIMUM_HOLDING_TIME: "<",
    RuleKind.INACTIVITY: ">=",
    RuleKind.LIFETIME: ">=",
}
Inputs = dict[str, Decimal | str | None]


@frozen
class _Terms:
    """A rule's code of its formula and its parameters, as the plan has them."""

    formula: str
    inputs: Inputs


def phase_standings(state: AccountState) -> tuple[RuleStanding, ...]:
    """The phase's rules on conduct, then its objectives, in plan order."""
    progress, phase = state.progress, state.life.rules_phase
    begun = bool(progress.rules)
    conduct = progress.phase.conduct if begun else (None,) * len(phase.conduct)
    objectives = progress.phase.objectives if begun else (None,) * len(phase.objectives)
    so_far = achieved(progress)
    return (
        *(_conduct(r, own, progress) for r, own in zip(phase.conduct, conduct, strict=True)),
        *(
            _objective(r, own, progress, so_far)
            for r, own in zip(phase.objectives, objectives, strict=True)
        ),
    )


def _conduct(rule: ConductRule, own: ConductProgress | None, progress: Progress) -> RuleStanding:
    unit, digits = unit_of(rule.kind), progress.digits or 0
    limit, terms = CONDUCT[rule.kind].limit(rule), _terms(rule)
    value = None if own is None else _value(own, progress)
    at_least = rule.kind is RuleKind.MINIMUM_HOLDING_TIME
    used = None if at_least else value
    headroom = None if value is None else (value - limit if at_least else limit - value)
    breached = own is not None and own.breached_value is not None
    level = Level.BREACH if breached else (Level.OK if own is None else own.level)
    return RuleStanding(
        rule_id=rule.rule_id,
        rule_type=rule.kind.value,
        level=level,
        checked=unit.value,
        operator=_OPERATORS.get(rule.kind, ">"),
        severity=rule.severity.value,
        value=_shown(value, unit, digits),
        anchor=None,
        floor=None,
        allowance=None,
        used=_shown(used, unit, digits),
        used_pct=None if used is None else percent_floor(used, limit),
        headroom=_shown(headroom, unit, digits),
        worst=_shown(own.breached_value if own else None, unit, digits),
        worst_used=None,
        breached=breached,
        grade=None,
        rule_date=None,
        formula=terms.formula,
        inputs=terms.inputs | _due(own),
        group=RuleGroup.CONDUCT,
        unit=unit,
        state=RuleState.UNKNOWN if own is None else RuleState(level.value),
        proof=_proof(rule, own, progress, breached=breached),
        limit=_shown(limit, unit, digits),
        target=None,
        remaining=None,
    )


def _value(own: ConductProgress, progress: Progress) -> int | None:
    """As last looked at; time that runs, up to the last reconciled reading."""
    if own.since is None or progress.walked_to is None:
        return own.value
    return milliseconds(max(progress.walked_to, own.since) - own.since)


def _proof(
    rule: ConductRule, own: ConductProgress | None, progress: Progress, *, breached: bool
) -> Proof:
    """Exact from the deals; only a breach proves anything of what readings alone show."""
    if own is None:
        return Proof.UNKNOWN
    if "breach:possible" in own.recorded and not breached:
        return Proof.POSSIBLE
    unseen = rule.kind is RuleKind.STOP_LOSS_WITHIN and progress.last_trade_at is not None
    return Proof.UNKNOWN if unseen and not breached else Proof.PROVEN


def _due(own: ConductProgress | None) -> Inputs:
    return {} if own is None or own.due is None else {"due_at": own.due.isoformat()}


def _objective(
    rule: Objective, own: ObjectiveProgress | None, progress: Progress, so_far: Achieved | None
) -> RuleStanding:
    unit, digits = unit_of(rule.kind), progress.digits or 0
    terms = _terms(rule)
    stand = None if own is None or so_far is None else stand_of(rule, own, so_far)
    return RuleStanding(
        rule_id=rule.rule_id,
        rule_type=rule.kind.value,
        level=Level.OK,
        checked="trading_days" if unit is Unit.DAYS else "closed_result",
        operator=">=",
        severity="none",
        value=_shown(stand.value if stand else None, unit, digits),
        anchor=None,
        floor=None,
        allowance=None,
        used=None,
        used_pct=None,
        headroom=None,
        worst=None,
        worst_used=None,
        breached=False,
        grade=None,
        rule_date=None,
        formula=terms.formula,
        inputs=terms.inputs | _amounts(stand, so_far, unit, digits),
        group=RuleGroup.OBJECTIVE,
        unit=unit,
        state=_state(stand, progress),
        proof=Proof.UNKNOWN if stand is None else Proof.PROVEN,
        limit=None,
        target=_shown(stand.target if stand else None, unit, digits),
        remaining=_shown(stand.remaining if stand else None, unit, digits),
    )


def _state(stand: Stand | None, progress: Progress) -> RuleState:
    """Once the phase is passed its objectives stay met."""
    if stand is None:
        return RuleState.UNKNOWN
    met = stand.met or progress.phase.passed_at is not None
    return RuleState.MET if met else RuleState.NOT_MET


def _amounts(stand: Stand | None, so_far: Achieved | None, unit: Unit, digits: int) -> Inputs:
    if stand is None or so_far is None:
        return {}
    inputs: Inputs = {name: _shown(value, unit, digits) for name, value in stand.inputs.items()}
    inputs["initial"] = _shown(so_far.initial, Unit.MONEY, digits)
    inputs["today_result"] = _shown(so_far.today.result, Unit.MONEY, digits)
    inputs["flat"] = "yes" if so_far.flat else "no"
    return inputs


@lru_cache(maxsize=1024)
def _terms(rule: ConductRule | Objective) -> _Terms:
    """Told once for a rule of a plan: every sync of every account asks for it."""
    family = CONDUCT.get(rule.kind) or OBJECTIVES[rule.kind]
    document = family.document(rule)
    return _Terms(_formula(document), _inputs(document))


def _formula(terms: Mapping[str, Any]) -> str:
    """A code the client words, such as ``max_lots.total`` or ``minimum_trading_days.gain``."""
    return ".".join([terms["kind"], *(terms[key] for key in _VARIANTS if key in terms)])


def _inputs(terms: Mapping[str, Any], prefix: str = "") -> Inputs:
    """The plan's parameters by name, numbers as decimals, tables flattened."""
    inputs: Inputs = {}
    for key, term in terms.items():
        if key in ("id", "kind", "severity"):
            continue
        if isinstance(term, Mapping):
            inputs |= _inputs(term, f"{prefix}{key}_")
        else:
            text = str(term)
            inputs[f"{prefix}{key}"] = Decimal(text) if _NUMBER.fullmatch(text) else text
    return inputs


def _shown(value: int | None, unit: Unit, digits: int) -> Decimal | None:
    return None if value is None else in_units(value, unit, digits)
