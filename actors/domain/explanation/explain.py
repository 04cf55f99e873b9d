"""Explain this number: every figure of an account's summary and rules (computed on request)."""

from collections.abc import Iterator
from decimal import Decimal

from attrs import evolve

from actors.domain.account_state import AccountState
from actors.domain.explanation.account import AccountFigures
from actors.domain.explanation.behind import Behind, behind
from actors.domain.explanation.loss import LossFigures
from actors.domain.explanation.phase import PhaseFigures
from actors.domain.explanation.records import (
    Explained,
    FigureUnit,
    FormulaCode,
    Input,
    InputName,
)
from actors.domain.loss_stands import Stands, nearest
from actors.domain.plan import RuleKind
from actors.domain.preview import at_reset
from actors.domain.rule_day import AnchorGrade
from actors.domain.summary import RuleStanding, Summary

OF_RULES = {
    "used": "used",
    "limit": "allowance",
    "used_pct": "used_pct",
    "used_worst": "worst_used",
    "floor": "floor",
    "headroom": "headroom",
}
"""Endings of the summary's drawdown figures, and the figure of the nearest rule they show."""

_KINDS = {"dd_daily_": RuleKind.DAILY_LOSS, "dd_all_time_": RuleKind.OVERALL_LOSS}


def explain(
    state: AccountState, stands: Stands, summary: Summary, standings: tuple[RuleStanding, ...]
) -> tuple[Explained, ...]:
    """Every figure of the summary and of each rule, as readers see them in both.

    The drawdown figures of the summary are those of the nearest rule of their kind.
    """
    facts = behind(state)
    pairs = zip(stands, standings[: len(stands)], strict=True)
    loss = tuple(LossFigures(stand, told, state.progress, facts) for stand, told in pairs)
    return (
        *AccountFigures(state, summary, facts).all(),
        *_drawdowns(stands, summary, loss),
        *_preview(state, stands, summary, loss),
        *(one for figures in loss for one in figures.all()),
        *_phase(state, standings[len(stands) :], facts),
    )


def _drawdowns(
    stands: Stands, summary: Summary, loss: tuple[LossFigures, ...]
) -> Iterator[Explained]:
    for prefix, kind in _KINDS.items():
        own = nearest(stands, kind)
        chosen = next((figures for figures in loss if figures.stand is own), None)
        for ending, name in OF_RULES.items():
            figure = f"{prefix}{ending}"
            if chosen is None:
                yield _unknown(figure)
            else:
                told: Explained = getattr(chosen, name)()
                yield evolve(told, figure=figure)
        latched = sum(stand.breached for stand in stands if stand.rule.kind is kind)
        yield Explained(
            figure=f"{prefix}breached",
            formula=FormulaCode.LATCHED_ANY,
            value=getattr(summary, f"{prefix}breached"),
            unit=FigureUnit.YES_NO,
            inputs=(Input(InputName.COUNTED, Decimal(latched), FigureUnit.COUNT),),
            grade=AnchorGrade.OBSERVED,
        )


def _unknown(figure: str) -> Explained:
    """A drawdown figure without a rule of its kind, or whose anchor is pending."""
    unit = FigureUnit.PERCENT if figure.endswith("_pct") else FigureUnit.MONEY
    nothing = Input(InputName.RECORDED, None, unit)
    return Explained(figure, FormulaCode.RECORDED, None, unit, (nothing,), None)


def _preview(
    state: AccountState, stands: Stands, summary: Summary, loss: tuple[LossFigures, ...]
) -> Iterator[Explained]:
    """The next reset's floor and headroom, for the nearest daily rule."""
    told, own = summary.next_reset, nearest(stands, RuleKind.DAILY_LOSS)
    chosen = next((figures for figures in loss if figures.stand is own), None)
    if told is None:
        return
    if chosen is None or told.projected_floor is None:
        yield _unknown("next_reset.projected_floor")
        yield _unknown("next_reset.headroom_after")
        return
    (then,) = [one for one in at_reset(state) if one.rule is chosen.stand.rule]
    purse = chosen.behind.purse
    floor = chosen.floor_at("projected_floor", then.floor)
    yield evolve(floor, figure="next_reset.projected_floor")
    inputs = (
        purse.input(InputName.VALUE, then.value),
        Input(InputName.FLOOR, told.projected_floor, FigureUnit.MONEY),
    )
    headroom = evolve(chosen.headroom(), value=told.headroom_after, inputs=inputs)
    yield evolve(headroom, figure="next_reset.headroom_after", grade=floor.grade)


def _phase(
    state: AccountState, standings: tuple[RuleStanding, ...], facts: Behind
) -> Iterator[Explained]:
    phase, progress = state.life.rules_phase, state.progress
    conduct = progress.phase.conduct or (None,) * len(phase.conduct)
    for rule, own, told in zip(phase.conduct, conduct, standings, strict=False):
        yield from PhaseFigures(told, progress, facts).conduct(rule, own)
    for objective, told in zip(phase.objectives, standings[len(phase.conduct) :], strict=True):
        yield from PhaseFigures(told, progress, facts).objective(objective)
