"""Planted bugs: some thirty small mistakes in the product, each by name, to be noticed."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from actors.domain import (
    absence,
    achievement,
    anchor,
    drawdown,
    finding,
    late,
    ledger,
    money,
    progress,
    reconciled,
    revision,
    walk,
)
from actors.domain import step as engine
from actors.domain.anchor import Graded
from actors.domain.context import Outbox
from actors.domain.deals import FLOW_TYPES
from actors.domain.drawdown import Values
from actors.domain.plan import AllowanceOf, LossRule
from actors.domain.progress import Boundary, Progress, RuleProgress
from actors.domain.rules import daily_loss, families, minimum_trading_days, overall_loss
from actors.domain.trading_day import RuleClock

Replace = Callable[[Any], Any]
_DAY = timedelta(days=1)


Room = Literal["losses", "books", "goals", "conduct"]


@frozen
class Mutation:
    """One planted bug: ``owner.name`` becomes what ``replace`` makes of the original; ``room``
    tells which detectors are to notice it.
    """

    title: str
    owner: Any
    name: str
    replace: Replace
    room: Room = "losses"


@contextmanager
def planted(mutation: Mutation) -> Iterator[None]:
    """The product with one bug, wherever the function was imported to."""
    original = getattr(mutation.owner, mutation.name)
    mutated = mutation.replace(original)
    places = list(_places(original, mutation))
    for place, name in places:
        setattr(place, name, mutated)
    family = dict(families.FAMILIES)
    families.FAMILIES.update({kind: _family(of, original, mutated) for kind, of in family.items()})  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for place, name in places:
            setattr(place, name, original)
        families.FAMILIES.update(family)  # type: ignore[attr-defined]


def _places(original: Any, mutation: Mutation) -> Iterable[tuple[Any, str]]:
    yield mutation.owner, mutation.name
    for module_name, module in list(sys.modules.items()):
        if module_name.startswith("actors.") and module is not mutation.owner:
            for name, value in list(vars(module).items()):
                if value is original:
                    yield module, name


def _family(family: Any, original: Any, mutated: Any) -> Any:
    return evolve(
        family,
        **{
            field: mutated
            for field in ("floor_of", "raised", "new_day")
            if getattr(family, field) is original
        },
    )


def _at_once(_original: Any) -> Any:
    return lambda _ledger, seen: seen.observed_at


def _always(value: Any) -> Replace:
    return lambda _original: lambda *_args, **_named: value


def _late_by(step: timedelta) -> Replace:
    """A boundary moved by ``step``."""

    def replace(original: Callable[[RuleClock, date], datetime]) -> Any:
        return lambda clock, day: original(clock, day) + step

    return replace


def _old_day_at_reset(original: Callable[[RuleClock, datetime], date]) -> Any:
    return lambda clock, instant: original(clock, instant - timedelta(microseconds=1))


def _without_summer_time(_original: Any) -> Any:
    return lambda clock, day: datetime.combine(
        day, clock.at, ZoneInfo("UTC")
    ) - clock.shift - clock.zone.utcoffset(datetime(2026, 1, 5))  # fmt: skip  # noqa: DTZ001


def _swapped_zone(original: Any) -> Any:
    def of(reset: Any, server_clock: Any) -> RuleClock:
        clock: RuleClock = original(reset, server_clock)
        return evolve(clock, zone=ZoneInfo("Asia/Dubai"))

    return of


def _counting_repeats(original: Any) -> Any:
    def merge(known: ledger.Ledger, deals: Iterable[Any]) -> ledger.Merge:
        delivered = list(deals)
        merged: ledger.Merge = original(known, delivered)
        again = [one for one in delivered if one.ticket in known.by_ticket]
        return evolve(merged, ledger=evolve(merged.ledger, total=merged.ledger.total.plus(again)))

    return merge


def _moved_by_reading(original: Any) -> Any:
    """The cursor follows what was read, not what was understood: late deals are never asked for."""

    def fetch_since_msc(state: Any) -> int:
        newest = state.progress.newest
        if not original(state) or newest is None:
            return 0
        since: int = state.life.server_clock.to_broker_msc(newest.observed_at)
        return since

    return fetch_since_msc


def _negated(original: Callable[..., int]) -> Any:
    return lambda *args: -original(*args)


def _amending_nothing(_original: Any) -> Any:
    return lambda progress, *_rest: progress


def _telling_nobody(original: Any) -> Any:
    def told(walk: Any, *rest: Any) -> str:
        cause: str = original(evolve(walk, out=Outbox()), *rest)
        return cause

    return told


def _as_it_was(_original: Any) -> Any:
    return lambda _rule, row, _books: row


def _with_latches_shut(original: Any) -> Any:
    def new_day(rule: LossRule, own: RuleProgress, progress: Progress) -> RuleProgress:
        fresh: RuleProgress = original(rule, own, progress)
        return evolve(fresh, recorded=own.recorded)

    return new_day


def _raising_nothing(_original: Any) -> Any:
    return lambda _rule, own, *_rest: own


def _with_credit(_original: Any) -> Any:
    def equity_of(_rule: LossRule, values: Values) -> int | None:
        return None if values.equity is None else values.equity + values.credit

    return equity_of


def _of_initial(original: Any) -> Any:
    def allowance_of(rule: LossRule, initial: int, anchor: int, digits: int) -> int:
        same = rule.allowance.of is AllowanceOf.ANCHOR
        value: int = original(rule, initial, initial if same else anchor, digits)
        return value

    return allowance_of


def _reading_before_deals(original: Any) -> Any:
    def walk_to(progress: Progress, on: Any, seen: Any, deals: Any) -> Progress:
        early: Progress = original(progress, on, seen, ())
        late: Progress = original(early, on, seen, deals)
        return late

    return walk_to


def _first_reading_lower(original: Any) -> Any:
    """The first reading of a life is judged an eighth lower than it is."""

    def walk_to(progress: Progress, on: Any, seen: Any, deals: Any) -> Progress:
        lower = seen.equity - seen.equity // 8 if progress.last is None else seen.equity
        walked: Progress = original(progress, on, evolve(seen, equity=lower), deals)
        return walked

    return walk_to


def _after_the_reset(original: Any) -> Any:
    """Deals stamped at the reset itself are counted into its anchor."""

    def boundary_of(
        at: datetime, sums: Any, volumes: Any, sight: Any, known: ledger.Ledger
    ) -> Boundary:
        upon = [one for one in known.between(None, at) if one.occurred_at == at]
        result: Boundary = original(at, sums.plus(upon), volumes, sight, known)
        return result

    return boundary_of


def _carried_is_observed(original: Any) -> Any:
    def equity_at(boundary: Boundary, rule: LossRule) -> Graded:
        lasting = evolve(rule, observed_max_age=timedelta(days=30))
        graded: Graded = original(evolve(boundary, qualified=True), lasting)
        return graded

    return equity_at


def _unlocked(original: Any) -> Any:
    return lambda rule, *rest: original(evolve(rule, lock=None), *rest)


def _forgetting_latches(original: Any) -> Any:
    def decode(document: bytes) -> Progress:
        known: Progress = original(document)
        return evolve(known, rules=tuple(evolve(own, recorded=()) for own in known.rules))

    return decode


def _balance_only(_original: Any) -> Any:
    return lambda _rule, values: values.balance


def _rounded_down(_original: Any) -> Any:
    def share_ceil(percent: Any, base: int) -> int:
        numerator, denominator = percent.as_integer_ratio()
        return int(numerator * base // (denominator * 100))

    return share_ceil


def _strictly_below(_original: Any) -> Any:
    return lambda _rule, value, floor: value < floor


def _withdrawals_are_losses(original: Any) -> Any:
    def plus(sums: Any, deals: Iterable[Any], sign: int = 1) -> Any:
        told = list(deals)
        paid = sum(d.amount for d in told if d.type in FLOW_TYPES and d.amount < 0)
        result = original(sums, told, sign)
        return evolve(result, flows=result.flows - sign * paid)

    return plus


def _highs_a_day_late(original: Any) -> Any:
    """End-of-day highs raised by the day before last."""

    def at_day_end(rule: LossRule, boundary: Boundary) -> Graded:
        ended: Graded = original(rule, boundary)
        return evolve(ended, value=ended.value - 1 - abs(boundary.sums.balance) // 50)

    return at_day_end


def _passing_while_open(original: Any) -> Any:
    def achieved(progress: Progress) -> Any:
        so_far = original(progress)
        return None if so_far is None else evolve(so_far, flat=True)

    return achieved


def _with_flows(original: Any) -> Any:
    def achieved(progress: Progress) -> Any:
        so_far = original(progress)
        return None if so_far is None else evolve(so_far, result=so_far.result + progress.flows)

    return achieved


MUTATIONS: tuple[Mutation, ...] = (
    Mutation("reset a minute late", RuleClock, "boundary", _late_by(timedelta(minutes=1))),
    Mutation("reset's instant in the old day", RuleClock, "day_of", _old_day_at_reset),
    Mutation("no summer time", RuleClock, "boundary", _without_summer_time),
    Mutation("time zone swapped", RuleClock, "of", _swapped_zone),
    Mutation("< for <=", drawdown, "crosses", _strictly_below),
    Mutation("repeated deals counted", ledger, "merge", _counting_repeats),
    Mutation("cursor moved by reading", engine, "fetch_since_msc", _moved_by_reading, "books"),
    Mutation("shift with the wrong sign", drawdown, "shift_since", _negated),
    Mutation("latch never shuts", finding, "is_covered", _always(False)),
    Mutation("latch outlives the day", daily_loss, "new_day", _with_latches_shut),
    Mutation("latches lost in a restart", progress, "decode", _forgetting_latches),
    Mutation("high-water mark not raised", overall_loss, "raised", _raising_nothing),
    Mutation("high of the day not raised", daily_loss, "raised", _raising_nothing),
    Mutation("end-of-day high of another day", anchor, "at_day_end", _highs_a_day_late),
    Mutation("credit counted as equity", drawdown, "equity_of", _with_credit),
    Mutation("payout counted as loss", ledger.Sums, "plus", _withdrawals_are_losses),
    Mutation("deal at the reset in its anchor", anchor, "boundary_of", _after_the_reset),
    Mutation("allowance rounded down", money, "share_ceil", _rounded_down),
    Mutation("percent of the wrong base", drawdown, "allowance_of", _of_initial),
    Mutation("late deal ignored", late, "amend", _amending_nothing),
    Mutation("amendment told to nobody", late, "_told", _telling_nobody, "books"),
    Mutation("ended day not revised", revision, "again", _as_it_was, "books"),
    Mutation("lifted worst taken for proven", revision, "_is_surely_worst", _always(True), "books"),
    Mutation("vanished deal kept", absence, "_explains", _always(False), "books"),
    Mutation("passed with a position open", achievement, "achieved", _passing_while_open, "goals"),
    Mutation("payout counted against the target", achievement, "achieved", _with_flows, "goals"),
    Mutation("every day a trading day", minimum_trading_days, "counts", _always(True), "goals"),
    Mutation("reading before its deals", walk, "walk_to", _reading_before_deals),
    Mutation("first reading judged too low", walk, "walk_to", _first_reading_lower),
    Mutation("old observation as a firm anchor", anchor, "equity_at", _carried_is_observed),
    Mutation("unreconciled reading judged", reconciled, "reconciled_at", _at_once),
    Mutation("trailing floor never locks", drawdown, "_under", _unlocked),
    Mutation("balance checked for equity", drawdown, "checked_of", _balance_only),
)

BY_TITLE: Mapping[str, Mutation] = {mutation.title: mutation for mutation in MUTATIONS}
