"""When a phase is passed: never after a breach, and at each reading that can make it true."""

from actors.domain.account import Outcome
from actors.domain.account_state import AccountState
from actors.domain.deals import Deal
from actors.domain.state import Effects
from actors.domain.step import start, step
from actors.domain.summary_view import outcome
from tests.fakes.kept_life import KeptLife
from tests.unit.actors.domain.histories import (
    DAILY,
    at,
    closed,
    deal,
    life_of,
    nothing_stored,
    opened,
    plan_of,
    reading,
    rule,
    seen,
)

PLAN = plan_of(DAILY + rule("target", "profit_target", target="{ percent = 1 }"))
BASE = [deal(1, at("02 06:00:00"), 10_000_000), opened(2, at("02 06:30:00"), 2)]


def begun() -> AccountState:
    """A long of one lot, read once at no result."""
    state = start(life_of(PLAN), nothing_stored(), at("02 06:00:00"))
    return look(state, "02 07:00:00", 10_000_000, BASE, {2: 0})[0]


def look(
    state: AccountState,
    when: str,
    balance: int,
    deals: list[Deal],
    floating: dict[int, int] | None = None,
) -> tuple[AccountState, Effects]:
    """Take one reading."""
    return step(state, reading(seen(at(when), balance, floating), deals), at(when))


def test_a_breached_phase_is_never_passed() -> None:
    """The target is reached after the breach: nothing is noted, the account stays breached."""
    state, _ = look(begun(), "02 08:00:00", 10_000_000, BASE, {2: -600_000})
    won = [*BASE, closed(3, at("02 09:00:00"), 2, 200_000)]
    state, effects = look(state, "02 09:00:30", 10_200_000, won)
    assert (effects.notes, state.progress.phase.passed_at) == ((), None)
    assert outcome(state) is Outcome.BREACHED


def test_a_phase_is_passed_once_the_terminal_shows_no_position() -> None:
    """The close was delivered while the terminal still showed the position: the next one passes."""
    won = [*BASE, closed(3, at("02 08:00:00"), 2, 100_000)]
    state, effects = look(begun(), "02 08:00:01", 10_100_000, won, {2: 0})
    assert state.progress.phase.passed_at is None
    state, effects = look(state, "02 08:00:30", 10_100_000, won)
    assert effects.notes == ("phase_passed",)
    assert state.progress.phase.passed_at == at("02 08:00:30")


def test_a_result_that_arrives_late_passes_the_phase() -> None:
    """Deals stamped before the last reading count at the first one that knows them."""
    flat = [*BASE, closed(3, at("02 07:30:00"), 2, 50_000)]
    state, _ = look(begun(), "02 08:00:00", 10_050_000, flat)
    late = [opened(4, at("02 07:40:00"), 4), closed(5, at("02 07:50:00"), 4, 50_000)]
    state, effects = look(state, "02 08:00:30", 10_100_000, [*flat, *late])
    assert "phase_passed" in effects.notes
    assert state.progress.phase.passed_at == at("02 08:00:30")


def test_one_minor_unit_under_the_target_is_no_pass() -> None:
    """At the target it is passed, one cent under it is not."""
    for result, expected in ((99_999, Outcome.RUNNING), (100_000, Outcome.PASSED)):
        won = [*BASE, closed(3, at("02 08:00:00"), 2, result)]
        state, _ = look(begun(), "02 08:00:30", 10_000_000 + result, won)
        assert outcome(state) is expected


def test_the_first_pass_stays() -> None:
    """A trade after the pass changes neither its instant nor the log."""
    won = [*BASE, closed(3, at("02 08:00:00"), 2, 100_000)]
    state, _ = look(begun(), "02 08:00:30", 10_100_000, won)
    more = [*won, opened(4, at("02 09:00:00"), 4), closed(5, at("02 09:01:00"), 4, 50_000)]
    state, effects = look(state, "02 09:02:00", 10_150_000, more)
    assert (effects.notes, state.progress.phase.passed_at) == ((), at("02 08:00:30"))


def test_days_that_are_counted_anew_end_at_their_reset() -> None:
    """A late deal of Monday; a trade at Wednesday's very end is Thursday's."""
    plan = plan_of(DAILY + rule("days", "minimum_trading_days", days="9", counted='"opened"'))
    kept = KeptLife(life_of(plan), at("02 06:00:00"))
    deals = [
        deal(1, at("02 06:00:00"), 10_000_000),
        opened(2, at("02 07:00:00"), 2),
        closed(3, at("02 08:00:00"), 2, 0),
        opened(4, at("04 07:00:00"), 4),
        closed(5, at("04 08:00:00"), 4, 0),
        opened(6, at("04 22:00:00"), 6),
        closed(7, at("04 22:01:00"), 6, 0),
    ]
    for when in ("02 09:00:00", "04 09:00:00", "05 09:00:00", "06 09:00:00"):
        known = [one for one in deals if one.occurred_at <= at(when)]
        kept.told(reading(seen(at(when), 10_000_000), known))
    late = [*deals, opened(8, at("02 07:30:00"), 8), closed(9, at("02 07:31:00"), 8, 0)]
    kept.told(reading(seen(at("06 09:10:00"), 10_000_000), late))
    (own,) = kept.state.progress.phase.objectives
    assert (kept.state.progress.trading_days, own.days) == (3, 3)
    row = {one.date.day: one.opened for one in kept.days}
    assert row == {2: 2, 3: 0, 4: 1, 5: 1, 6: 0}
