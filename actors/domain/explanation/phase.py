"""How the figures of rules on conduct and of objectives come about (RULES 2)."""

from collections.abc import Iterator
from decimal import Decimal

from attrs import evolve, frozen

from actors.domain.achievement import achieved
from actors.domain.explanation.behind import Behind
from actors.domain.explanation.records import (
    DealsBehind,
    Explained,
    FigureUnit,
    FormulaCode,
    Input,
    InputName,
    Value,
)
from actors.domain.phase_progress import ConductProgress
from actors.domain.plan import ConductRule, Objective, RuleKind
from actors.domain.progress import Progress
from actors.domain.rule_day import AnchorGrade, Level
from actors.domain.rules.consistency import Consistency
from actors.domain.rules.profit_target import ProfitTarget
from actors.domain.summary import RuleStanding

_EXACT = AnchorGrade.EXACT
_DAY_SECONDS = 86_400
_BY_TRADES = frozenset(
    {
        RuleKind.MAX_LOTS,
        RuleKind.MAX_POSITIONS,
        RuleKind.WEEKEND_FLAT,
        RuleKind.INACTIVITY,
        RuleKind.LIFETIME,
        RuleKind.MINIMUM_TRADING_DAYS,
    }
)
"""Kinds that openings count for, not closings alone."""


@frozen
class PhaseFigures:
    """Explains one rule on conduct or objective as readers see it (``told``)."""

    told: RuleStanding
    progress: Progress
    behind: Behind

    def conduct(self, rule: ConductRule, own: ConductProgress | None) -> Iterator[Explained]:
        """What was measured, the limit, and how far it is."""
        told = self.told
        yield self._measured(own)
        yield self._one(
            "limit", FormulaCode.PLANNED, told.limit, self._input(InputName.PLANNED, told.limit)
        )
        value, limit = (
            self._input(InputName.VALUE, told.value),
            self._input(InputName.LIMIT, told.limit),
        )
        at_least = rule.kind is RuleKind.MINIMUM_HOLDING_TIME
        formula = FormulaCode.LIMIT_HEADROOM_ABOVE if at_least else FormulaCode.LIMIT_HEADROOM
        yield self._one("headroom", formula, told.headroom, value, limit)
        if not at_least:
            yield self._one("used", FormulaCode.LIMIT_USED, told.used, value)
            percent = self._one(
                "used_pct",
                FormulaCode.USED_PCT,
                told.used_pct,
                self._input(InputName.USED, told.used),
                self._input(InputName.ALLOWANCE, told.limit),
            )
            yield evolve(percent, unit=FigureUnit.PERCENT)
        recorded = self._input(InputName.RECORDED, told.worst)
        yield self._one("worst", FormulaCode.RECORDED, told.worst, recorded)
        yield self._level(rule)
        yield self._breached()

    def objective(self, rule: Objective) -> Iterator[Explained]:
        """What is reached, the target, and what remains to it."""
        told = self.told
        yield self._reached()
        yield self._target(rule)
        yield self._one(
            "remaining",
            FormulaCode.REMAINING,
            told.remaining,
            self._input(InputName.TARGET, told.target),
            self._input(InputName.VALUE, told.value),
        )
        yield self._of_text(
            "level",
            FormulaCode.LEVEL_OBJECTIVE,
            self._input(InputName.VALUE, told.value),
            self._input(InputName.TARGET, told.target),
        )
        yield self._breached()

    def _level(self, rule: ConductRule) -> Explained:
        """The level at the last look; what a life began with is not judged before one."""
        told = self.told
        if told.level is Level.OK and _crossed(told):
            recorded = Input(InputName.RECORDED, told.level.value, FigureUnit.TEXT)
            return self._of_text("level", FormulaCode.RECORDED, recorded)
        days = getattr(rule, "warning_days", None)
        warning = None if days is None else Decimal(days * _DAY_SECONDS)
        one = self._of_text(
            "level",
            FormulaCode(f"level.{told.rule_type}"),
            self._input(InputName.VALUE, told.value),
            self._input(InputName.LIMIT, told.limit),
            self._input(InputName.WARNING, warning),
            Input(InputName.LATCHED, told.breached, FigureUnit.YES_NO),
            Input(InputName.PROVEN, told.level is not Level.CRITICAL, FigureUnit.YES_NO),
        )
        fields = (("severity", told.severity), ("warning_days", days))
        more = self.behind.plan(told.rule_id, *(each for each in fields if each[1] is not None))
        return evolve(one, plan=(*one.plan, *more))

    def _breached(self) -> Explained:
        """Whether a breach is latched, and what was measured then; an objective has none."""
        latched = self._input(InputName.BREACHED_VALUE, self.told.worst)
        breached = self._one("breached", FormulaCode.LATCHED, self.told.breached, latched)
        return evolve(breached, unit=FigureUnit.YES_NO)

    def _of_text(self, name: str, formula: FormulaCode, *inputs: Input) -> Explained:
        one = self._one(name, formula, self.told.level.value, *inputs)
        return evolve(one, unit=FigureUnit.TEXT)

    def _measured(self, own: ConductProgress | None) -> Explained:
        walked_to = self.progress.walked_to
        if own is None or own.since is None or walked_to is None:
            recorded = self._input(InputName.RECORDED, self.told.value)
            return self._one("value", FormulaCode.RECORDED, self.told.value, recorded)
        since = Input(InputName.SINCE, own.since, FigureUnit.INSTANT)
        until = Input(InputName.UNTIL, walked_to, FigureUnit.INSTANT)
        return self._one("value", FormulaCode.ELAPSED, self.told.value, since, until)

    def _reached(self) -> Explained:
        told, so_far, purse = self.told, achieved(self.progress), self.behind.purse
        if told.unit.value == FigureUnit.DAYS:
            counted = self._input(InputName.COUNTED, told.value)
            return self._one("value", FormulaCode.COUNTED, told.value, counted)
        known = so_far is not None and told.value is not None
        start = self.progress.base.balance
        if told.rule_type == RuleKind.PROFIT_TARGET and so_far is not None:
            start = so_far.initial
        one = self._one(
            "value",
            FormulaCode.NET_RESULT,
            told.value,
            purse.input(InputName.BALANCE, self.progress.sums.balance if known else None),
            purse.input(InputName.INITIAL, start if known else None),
            purse.input(InputName.FLOWS, self.progress.flows if known else None),
        )
        return evolve(one, deals=self.behind.results)

    def _target(self, rule: Objective) -> Explained:
        told, purse = self.told, self.behind.purse
        initial = self.progress.initial
        if told.target is None or initial is None:
            unknown = self._input(InputName.PLANNED, told.target)
            return self._one("target", FormulaCode.PLANNED, told.target, unknown)
        if isinstance(rule, ProfitTarget) and rule.target.percent is not None:
            percent = Input(InputName.PERCENT, rule.target.percent, FigureUnit.PERCENT)
            base = purse.input(InputName.BASE, initial.value)
            formula = FormulaCode.TARGET_PERCENT
            return self._one("target", formula, told.target, percent, base, purse.places)
        if isinstance(rule, ProfitTarget):
            money = Input(InputName.MONEY, rule.target.money, FigureUnit.MONEY)
            return self._one("target", FormulaCode.TARGET_FIXED, told.target, money, purse.places)
        if isinstance(rule, Consistency):
            percent = Input(InputName.PERCENT, rule.percent, FigureUnit.PERCENT)
            best = Input(InputName.BEST_DAY, _decimal(told.inputs["best"]), FigureUnit.MONEY)
            formula = FormulaCode.TARGET_CONSISTENCY
            return self._one("target", formula, told.target, percent, best, purse.places)
        planned = self._input(InputName.PLANNED, told.target)
        return self._one("target", FormulaCode.PLANNED, told.target, planned)

    def _input(self, name: InputName, value: Decimal | None) -> Input:
        return Input(name, value, FigureUnit(self.told.unit.value))

    def _one(self, name: str, formula: FormulaCode, value: Value, *inputs: Input) -> Explained:
        rule_id = self.told.rule_id
        return Explained(
            figure=f"rules.{rule_id}.{name}",
            formula=formula,
            value=value,
            unit=FigureUnit(self.told.unit.value),
            inputs=inputs,
            grade=None if value is None else _EXACT,
            rule_id=rule_id,
            deals=self._deals(name),
            observation=self.behind.judged,
            plan=self.behind.plan(rule_id, ("kind", self.told.rule_type)),
        )

    def _deals(self, name: str) -> DealsBehind | None:
        """The deals that value and level are measured from; a stop-loss is seen in readings."""
        if name not in ("value", "level") or self.told.rule_type == RuleKind.STOP_LOSS_WITHIN:
            return None
        by_trades = self.told.rule_type in _BY_TRADES
        return self.behind.trades if by_trades else self.behind.closings


def _crossed(told: RuleStanding) -> bool:
    """True when the measured value is beyond the limit."""
    if told.value is None or told.limit is None:
        return False
    if told.operator == "<":
        return told.value < told.limit
    return told.value > told.limit or (told.value == told.limit and told.operator == ">=")


def _decimal(value: Decimal | str | None) -> Decimal | None:
    return value if isinstance(value, Decimal) else None
