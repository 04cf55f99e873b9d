"""How the figures of the account's summary come about (RULES 7)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from attrs import evolve, frozen

from actors.domain.account import InitialBalanceSource
from actors.domain.account_state import AccountState
from actors.domain.explanation.behind import Behind
from actors.domain.explanation.records import (
    DealsBehind,
    Explained,
    FigureUnit,
    FormulaCode,
    Input,
    InputName,
    ObservationBehind,
    PlanBehind,
    Value,
)
from actors.domain.rule_day import AnchorGrade
from actors.domain.summary import Summary

_MONEY, _PERCENT, _COUNT = FigureUnit.MONEY, FigureUnit.PERCENT, FigureUnit.COUNT
_SECONDS = FigureUnit.SECONDS
_OBSERVED = (
    "balance_current",
    "equity_current",
    "credit_current",
    "margin_current",
    "free_margin_current",
)


@frozen
class AccountFigures:
    """Explains the summary's own figures; ``summary`` holds what readers see."""

    state: AccountState
    summary: Summary
    behind: Behind

    def all(self) -> Iterator[Explained]:
        """Every figure of the summary that no rule tells."""
        yield from self._readings()
        yield self._initial()
        yield from self._results()
        yield from self._counts()
        yield from self._times()

    def _readings(self) -> Iterator[Explained]:
        """What the terminal says; the deals beside balance and credit must add up to them."""
        deals = {"balance_current": self.behind.balance, "credit_current": self.behind.credit}
        for name in _OBSERVED:
            value = getattr(self.summary, name)
            one = self._one(name, FormulaCode.OBSERVED, value, _MONEY, _money("observed", value))
            yield evolve(one, deals=deals.get(name))
        told = self.summary
        yield self._one(
            "floating_current",
            FormulaCode.FLOATING,
            told.floating_current,
            _MONEY,
            _money("equity", told.equity_current),
            _money("balance", told.balance_current),
            _money("credit", told.credit_current),
        )

    def _initial(self) -> Explained:
        initial, purse = self.state.progress.initial, self.behind.purse
        value = self.summary.initial_balance
        sources = (InitialBalanceSource.MT5_DEPOSITS, InitialBalanceSource.WINDOW_START)
        if initial is not None and initial.source in sources:
            added = purse.input(InputName.DEPOSITS, self.state.progress.base.balance)
            one = self._one("initial_balance", FormulaCode.INITIAL_DEPOSITS, value, _MONEY, added)
        else:
            given = _money("given", value)
            one = self._one("initial_balance", FormulaCode.INITIAL_GIVEN, value, _MONEY, given)
        return evolve(one, deals=self.behind.deposits, observation=None, grade=_exact(value))

    def _results(self) -> Iterator[Explained]:
        told, progress, purse = self.summary, self.state.progress, self.behind.purse
        initial = _money("initial", told.initial_balance)
        yield self._one(
            "balance_change_abs",
            FormulaCode.BALANCE_CHANGE,
            told.balance_change_abs,
            _MONEY,
            _money("balance", told.balance_current),
            initial,
        )
        yield self._one(
            "balance_change_pct",
            FormulaCode.BALANCE_CHANGE_PCT,
            told.balance_change_pct,
            _PERCENT,
            _money("change", told.balance_change_abs),
            initial,
        )
        known = told.net_result is not None and progress.last is not None
        yield evolve(
            self._one(
                "net_result",
                FormulaCode.NET_RESULT,
                told.net_result,
                _MONEY,
                purse.input(
                    InputName.BALANCE,
                    progress.last.balance if known and progress.last else None,
                ),
                initial,
                purse.input(InputName.FLOWS, progress.flows if known else None),
            ),
            deals=self.behind.results,
            observation=self.behind.judged,
        )

    def _counts(self) -> Iterator[Explained]:
        told, tally = self.summary, self.state.tally
        wins, closed = _count("wins", tally.wins), _count("closed", tally.closed)
        yield self._of_deals(
            "win_rate", FormulaCode.WIN_RATE, told.win_rate, _PERCENT, wins, closed
        )
        yield self._counted("closed_positions", told.closed_positions, self.behind.closings)
        yield self._counted("trading_days", told.trading_days, None)
        yield self._counted("violations", told.violations, None)
        yield evolve(
            self._counted("open_positions", told.open_positions, None),
            observation=self.behind.newest,
        )

    def _times(self) -> Iterator[Explained]:
        told, day, progress = self.summary, self.state.progress.day, self.state.progress
        today = day.span.unknown if day else 0
        yield self._one(
            "coverage_unknown_seconds",
            FormulaCode.COVERAGE_UNKNOWN,
            _seconds(told.coverage_unknown_seconds),
            _SECONDS,
            _span("earlier_days", progress.unknown_days_us),
            _span("today", today),
        )
        for name in ("sync_interval_seconds", "expected_lag_seconds", "stale_after_seconds"):
            value = _seconds(getattr(told, name))
            planned = Input(InputName.PLANNED, value, _SECONDS)
            one = self._one(name, FormulaCode.PLANNED, value, _SECONDS, planned)
            yield evolve(one, grade=_exact(value), observation=None)
        worst = _seconds(told.worst_lag_seconds)
        recorded = Input(InputName.RECORDED, worst, _SECONDS)
        yield self._one("worst_lag_seconds", FormulaCode.RECORDED, worst, _SECONDS, recorded)
        yield self._reset_at()

    def _reset_at(self) -> Explained:
        clock, reset = self.state.clock, self.state.life.plan.reset
        at = self.summary.dd_daily_reset_at
        date = None if at is None else clock.day_of(at).isoformat()
        local = f"{reset.at:%H:%M}"
        zone = reset.zone if reset.zone != "server" else _server_zone(clock.zone.key, clock.shift)
        one = self._one(
            "dd_daily_reset_at",
            FormulaCode.NEXT_RESET,
            at,
            FigureUnit.INSTANT,
            Input(InputName.RESET_DATE, date, FigureUnit.TEXT),
            Input(InputName.RESET_TIME, local, FigureUnit.TEXT),
            Input(InputName.RESET_ZONE, zone, FigureUnit.TEXT),
        )
        plan = (PlanBehind("reset", f"{local} {reset.zone}", self.behind.plan_hash),)
        return evolve(one, grade=_exact(at), observation=None, plan=plan)

    def _counted(self, name: str, value: int, deals: DealsBehind | None) -> Explained:
        number = Decimal(value)
        one = self._of_deals(name, FormulaCode.COUNTED, number, _COUNT, _count("counted", value))
        return evolve(one, deals=deals)

    def _of_deals(
        self, name: str, formula: FormulaCode, value: Value, unit: FigureUnit, *inputs: Input
    ) -> Explained:
        one = self._one(name, formula, value, unit, *inputs)
        return evolve(one, deals=self.behind.closings, observation=None, grade=_exact(value))

    def _one(
        self, name: str, formula: FormulaCode, value: Value, unit: FigureUnit, *inputs: Input
    ) -> Explained:
        """A figure of the last reading."""
        seen: ObservationBehind | None = self.behind.newest
        grade = None if value is None else AnchorGrade.OBSERVED
        return Explained(name, formula, value, unit, inputs, grade, observation=seen)


def _exact(value: Value | datetime) -> AnchorGrade | None:
    return None if value is None else AnchorGrade.EXACT


def _server_zone(zone: str, shift: timedelta) -> str:
    hours = shift.total_seconds() / 3600
    return f"{zone}{hours:+g}h" if hours else zone


def _seconds(value: float | None) -> Decimal | None:
    """The number that JSON shows."""
    return None if value is None else Decimal(str(value))


def _span(name: str, microseconds: int) -> Input:
    return Input(InputName(name), Decimal(microseconds).scaleb(-6), _SECONDS)


def _money(name: str, value: Decimal | None) -> Input:
    return Input(InputName(name), value, _MONEY)


def _count(name: str, value: int) -> Input:
    return Input(InputName(name), Decimal(value), _COUNT)
