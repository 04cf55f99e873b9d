"""How the figures of a loss rule come about (RULES 2 and 3)."""

from decimal import Decimal

from attrs import evolve, frozen

from actors.domain.anchor import equity_at
from actors.domain.drawdown import Floor
from actors.domain.explanation.behind import Behind
from actors.domain.explanation.records import (
    AnchorBehind,
    Explained,
    FigureUnit,
    FormulaCode,
    Input,
    InputName,
    Value,
)
from actors.domain.loss_stands import LossStand
from actors.domain.money import to_minor
from actors.domain.plan import AllowanceOf, Anchor, Checked, Credit, LossRule
from actors.domain.progress import Boundary, Progress
from actors.domain.rule_day import AnchorGrade
from actors.domain.summary import RuleStanding

_MONEY = FigureUnit.MONEY
_CHECKED = {
    (Checked.EQUITY, Credit.EXCLUDED): FormulaCode.CHECKED_EQUITY,
    (Checked.EQUITY, Credit.INCLUDED): FormulaCode.CHECKED_EQUITY_WITH_CREDIT,
    (Checked.WORST, Credit.EXCLUDED): FormulaCode.CHECKED_WORST,
    (Checked.WORST, Credit.INCLUDED): FormulaCode.CHECKED_WORST_WITH_CREDIT,
}


@frozen
class LossFigures:
    """Explains one loss rule as it stands; ``told`` holds the figures that readers see."""

    stand: LossStand
    told: RuleStanding
    progress: Progress
    behind: Behind

    def all(self) -> tuple[Explained, ...]:
        """Every figure of the rule."""
        return (
            self.value(), self.anchor(), self.allowance(), self.floor(), self.headroom(),
            self.used(), self.used_pct(), self.worst(), self.worst_used(), self.level(),
            self.breached(),
        )  # fmt: skip

    def value(self) -> Explained:
        """The checked value: equity, balance or the worse, at the last reconciled reading."""
        rule, last, purse = self.stand.rule, self.progress.last, self.behind.purse
        formula = _CHECKED.get((rule.checked, rule.credit), FormulaCode.CHECKED_BALANCE)
        shown = last if self.told.value is not None else None
        inputs = (
            purse.input(InputName.EQUITY, shown.equity if shown else None),
            purse.input(InputName.BALANCE, shown.balance if shown else None),
            purse.input(InputName.CREDIT, shown.credit if shown else None),
        )
        one = self._one("value", formula, self.told.value, inputs, AnchorGrade.OBSERVED)
        plan = self.behind.plan(rule.rule_id, ("checked", rule.checked), ("credit", rule.credit))
        return evolve(one, observation=self.behind.judged, plan=plan)

    def anchor(self) -> Explained:
        """What the floor hangs from, without the flows since."""
        rule = self.stand.rule
        formula, inputs = _anchored(self.stand, self.progress, self.behind)
        one = self._one("anchor", formula, self.told.anchor, inputs)
        deals = self.behind.before_reset
        if formula in (FormulaCode.ANCHOR_INITIAL, FormulaCode.ANCHOR_TRAILING):
            initial = formula is FormulaCode.ANCHOR_INITIAL
            deals = self.behind.deposits if initial else self.behind.balance
        return evolve(
            one, deals=deals, plan=self.behind.plan(rule.rule_id, ("anchor", rule.anchor))
        )

    def allowance(self) -> Explained:
        """How much may be lost, rounded up to a minor unit."""
        rule, terms, purse = self.stand.rule, self.stand.rule.allowance, self.behind.purse
        known = self.told.allowance is not None
        if terms.percent is None or terms.of is AllowanceOf.FIXED:
            money = terms.money if known else None
            inputs: tuple[Input, ...] = (Input(InputName.MONEY, money, _MONEY),)
            plan = self.behind.plan(rule.rule_id, ("allowance.money", terms.money))
            one = self._one("allowance", FormulaCode.ALLOWANCE_FIXED, self.told.allowance, inputs)
            return evolve(one, plan=plan)
        initial = self.progress.initial
        of_initial = terms.of is AllowanceOf.INITIAL
        base = purse.whole(initial.value) if initial and of_initial else self.told.anchor
        inputs = (
            Input(InputName.PERCENT, terms.percent, FigureUnit.PERCENT),
            Input(InputName.BASE, base if known else None, _MONEY),
            purse.places,
        )
        plan = self.behind.plan(
            rule.rule_id, ("allowance.percent", terms.percent), ("allowance.of", terms.of)
        )
        one = self._one("allowance", FormulaCode.ALLOWANCE_PERCENT, self.told.allowance, inputs)
        return evolve(one, plan=plan)

    def floor(self) -> Explained:
        """Anchor, locked, less the allowance, moved by the flows since."""
        return self.floor_at("floor", self.stand.floor)

    def floor_at(self, name: str, floor: Floor | None) -> Explained:
        """A floor of the rule, now or after the next reset."""
        rule, behind, initial = self.stand.rule, self.behind, self.progress.initial
        purse = behind.purse
        inputs: tuple[Input, ...] = (
            purse.input(InputName.ANCHOR, floor.anchor if floor else None),
            purse.input(InputName.ALLOWANCE, floor.allowance if floor else None),
            purse.input(InputName.FLOWS, floor.shift if floor else None),
        )
        formula, plan = FormulaCode.FLOOR, behind.plan(rule.rule_id, ("cash_flow", rule.cash_flow))
        if rule.lock is not None:
            formula = FormulaCode.FLOOR_LOCKED
            lock = initial.value + to_minor(rule.lock.plus, purse.digits) if initial else None
            inputs = (*inputs, purse.input(InputName.LOCK, lock if floor else None))
            plan = (*plan, *behind.plan(rule.rule_id, ("lock.plus", rule.lock.plus)))
        value = purse.whole(floor.floor if floor else None)
        one = self._one(name, formula, value, inputs, floor.grade if floor else None)
        return evolve(one, deals=behind.flows, plan=plan)

    def headroom(self) -> Explained:
        """How far the checked value is above the floor."""
        inputs = (self._input(InputName.VALUE, self.told.value), self._floor_input())
        return self._one("headroom", FormulaCode.HEADROOM, self.told.headroom, inputs)

    def used(self) -> Explained:
        """How much of the allowance is used."""
        inputs = (self._allowance_input(), self._input(InputName.HEADROOM, self.told.headroom))
        return self._one("used", FormulaCode.USED, self.told.used, inputs)

    def used_pct(self) -> Explained:
        """Used as a share of the allowance, cut to two decimals."""
        inputs = (self._input(InputName.USED, self.told.used), self._allowance_input())
        one = self._one("used_pct", FormulaCode.USED_PCT, self.told.used_pct, inputs)
        return evolve(one, unit=FigureUnit.PERCENT)

    def worst(self) -> Explained:
        """The lowest checked value that was seen."""
        return self._recorded("worst", self.told.worst)

    def worst_used(self) -> Explained:
        """The most that was used of the allowance."""
        return self._recorded("worst_used", self.told.worst_used)

    def level(self) -> Explained:
        """How near the rule is to its floor; a crossing that is only possible is critical."""
        rule, measured = self.stand.rule, self.stand.measured
        inputs = (
            self._input(InputName.USED, self.told.used),
            self._allowance_input(),
            Input(InputName.WARNING, rule.warning, FigureUnit.SHARE),
            Input(InputName.CRITICAL, rule.critical, FigureUnit.SHARE),
            self._input(InputName.VALUE, self.told.value),
            self._floor_input(),
            Input(InputName.OPERATOR, rule.operator.value, FigureUnit.TEXT),
            Input(InputName.LATCHED, self.stand.breached, FigureUnit.YES_NO),
            Input(InputName.PROVEN, bool(measured and measured.surely), FigureUnit.YES_NO),
        )
        one = self._one("level", FormulaCode.LEVEL, self.told.level.value, inputs)
        plan = self.behind.plan(
            rule.rule_id, ("warning", rule.warning), ("critical", rule.critical),
            ("operator", rule.operator),
        )  # fmt: skip
        return evolve(one, unit=FigureUnit.TEXT, plan=plan)

    def breached(self) -> Explained:
        """Whether a breach is latched, and the value that crossed."""
        crossed = self.behind.purse.input(InputName.BREACHED_VALUE, self.stand.own.breached_value)
        one = self._one("breached", FormulaCode.LATCHED, self.told.breached, (crossed,))
        return evolve(one, unit=FigureUnit.YES_NO, grade=AnchorGrade.OBSERVED)

    def _recorded(self, name: str, value: Decimal | None) -> Explained:
        inputs = (self._input(InputName.RECORDED, value),)
        return self._one(name, FormulaCode.RECORDED, value, inputs, AnchorGrade.OBSERVED)

    def _input(self, name: InputName, value: Decimal | None) -> Input:
        return Input(name, value, _MONEY)

    def _allowance_input(self) -> Input:
        return self._input(InputName.ALLOWANCE, self.told.allowance)

    def _floor_input(self) -> Input:
        return self._input(InputName.FLOOR, self.told.floor)

    def _one(
        self,
        name: str,
        formula: FormulaCode,
        value: Value,
        inputs: tuple[Input, ...],
        grade: AnchorGrade | None = None,
    ) -> Explained:
        """A figure in money; by default it is known as well as the floor is."""
        floor = self.stand.floor
        grade = grade or (AnchorGrade.PENDING if floor is None else floor.grade)
        rule_id = self.told.rule_id
        return Explained(
            figure=f"rules.{rule_id}.{name}",
            formula=formula,
            value=value,
            unit=_MONEY,
            inputs=inputs,
            grade=None if value is None else grade,
            rule_id=rule_id,
            observation=self.behind.judged,
            anchor=None if floor is None else self._anchor_behind(floor),
        )

    def _anchor_behind(self, floor: Floor) -> AnchorBehind:
        day = self.progress.day if self.stand.is_daily else None
        at = None if day is None else day.start
        return AnchorBehind(None if day is None else day.date, at, floor.grade, floor.source)


def _anchored(
    stand: LossStand, progress: Progress, behind: Behind
) -> tuple[FormulaCode, tuple[Input, ...]]:
    rule, purse = stand.rule, behind.purse
    known = stand.floor is not None
    start = progress.initial.value if progress.initial and known else None
    initial = purse.input(InputName.INITIAL, start)
    high = purse.input(InputName.HIGHEST, stand.own.high if known else None)
    if rule.anchor is Anchor.INITIAL:
        return FormulaCode.ANCHOR_INITIAL, (initial,)
    if rule.anchor in (Anchor.EOD_HIGH, Anchor.EQUITY_HIGH, Anchor.BALANCE_HIGH):
        return FormulaCode.ANCHOR_TRAILING, (initial, high)
    boundary = progress.day.boundary if progress.day and known else None
    if boundary is not None and boundary.initial is not None:
        if rule.anchor is not Anchor.HIGH:
            return FormulaCode.ANCHOR_INITIAL, (initial,)
        return FormulaCode.ANCHOR_TRAILING, (initial, high)
    inputs = _at_reset(rule, boundary, behind)
    if rule.anchor is Anchor.BALANCE:
        return FormulaCode.ANCHOR_BALANCE, inputs[:1]
    if rule.anchor is Anchor.MAX_BALANCE_EQUITY:
        return FormulaCode.ANCHOR_MAX, inputs
    if rule.anchor is Anchor.HIGH:
        return FormulaCode.ANCHOR_HIGH, (*inputs, high)
    return FormulaCode.ANCHOR_EQUITY, inputs


def _at_reset(rule: LossRule, boundary: Boundary | None, behind: Behind) -> tuple[Input, ...]:
    """Balance, counted credit and floating at the reset, as well as they are known."""
    purse = behind.purse
    balance = credit = floating = None
    if boundary is not None:
        balance = boundary.sums.balance
        credit = boundary.sums.credit if rule.credit is Credit.INCLUDED else 0
        floating = _floating(rule, boundary)
    return (
        purse.input(InputName.RESET_BALANCE, balance),
        purse.input(InputName.RESET_CREDIT, credit),
        purse.input(InputName.RESET_FLOATING, floating),
    )


def _floating(rule: LossRule, boundary: Boundary) -> int:
    """The floating that the anchor counts; 0 when flat, and when nothing tells it."""
    known = {
        AnchorGrade.RECONSTRUCTED: boundary.rebuilt,
        AnchorGrade.INTERPOLATED: boundary.interpolated,
        AnchorGrade.OBSERVED: boundary.floating,
        AnchorGrade.CARRIED: boundary.floating,
    }
    return known.get(equity_at(boundary, rule).grade) or 0
