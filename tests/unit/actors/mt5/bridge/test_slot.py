"""The states of a slot, by examples and by any run of events."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.mt5.bridge import slot as states
from actors.mt5.bridge.slot import (
    BACKOFF_CAP_SECONDS,
    LATE_LOGIN_SECONDS,
    Lease,
    Slot,
    SlotError,
    Who,
    choose,
)

ALICE, BOB = Who("1", "broker", b"a"), Who("2", "broker", b"b")
HELD = {"logging_in", "history_loading", "ready"}
EVENTS = (
    "starting", "started", "taken", "logged_in", "stable", "loading", "released", "late",
    "draining", "died",
)  # fmt: skip


def after(slot: Slot, event: str, now: float, who: Who = ALICE) -> Slot:
    """The slot after an event; SlotError where it is not allowed."""
    match event:
        case "starting" | "died" | "late":
            return getattr(states, event)(slot, now)  # type: ignore[no-any-return]
        case "taken":
            return states.taken(slot, Lease(1, who, "visit"))
        case "stable" | "loading":
            return states.history(slot, stable=event == "stable")
    return getattr(states, event)(slot)  # type: ignore[no-any-return]


def idle(number: int = 0) -> Slot:
    """A slot that nobody used yet."""
    return states.started(states.starting(Slot(number), 0.0))


def held(who: Who = ALICE) -> Slot:
    """A slot with a session that is logged in."""
    return states.logged_in(after(idle(), "taken", 0.0, who))


@given(
    st.lists(
        st.tuples(st.sampled_from(EVENTS), st.floats(0, 90), st.sampled_from([ALICE, BOB])),
        max_size=60,
    )
)
def test_whatever_happens_one_lease_at_most_is_held_where_it_may_be(
    run: list[tuple[str, float, Who]],
) -> None:
    """A free slot holds nobody, a dead one nothing at all, and a refused event changes nothing."""
    slot, now = Slot(3), 0.0
    for event, seconds, who in run:
        now += seconds
        before = slot
        try:
            slot = after(slot, event, now, who)
        except SlotError:
            assert slot is before
            continue
        assert slot.number == 3
        assert (slot.lease is not None) or slot.state not in HELD
        if slot.state == "dead":
            assert (slot.lease, slot.who, slot.awaited) == (None, None, None)
            assert 0 < slot.until - now <= BACKOFF_CAP_SECONDS
        if slot.is_free:
            assert slot.lease is None
        if slot.state in {"history_loading", "ready"}:
            assert slot.lease is not None
            assert slot.who == slot.lease.who


def test_a_slot_that_dies_again_and_again_waits_longer() -> None:
    """The backoff doubles up to its cap, and a login that works ends the row."""
    slot, waits, now = idle(), [], 0.0
    for _ in range(9):
        slot = states.died(slot, now)
        waits.append(slot.until - now)
        with pytest.raises(SlotError):
            states.starting(slot, now)
        now = slot.until
        slot = states.started(states.starting(slot, now))
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    worked = states.logged_in(after(slot, "taken", now))
    assert states.died(worked, now).until - now == 1


def test_a_late_login_keeps_its_slot_for_its_account_only() -> None:
    """Nobody else gets it meanwhile; when nobody comes back it is overdue."""
    slot = states.late(after(idle(), "taken", 0.0), 10.0)
    assert choose((slot,), BOB) is None
    with pytest.raises(SlotError):
        after(slot, "taken", 11.0, BOB)
    assert choose((slot,), ALICE) == slot
    assert after(slot, "taken", 11.0).lease is not None
    assert not states.is_overdue(slot, 10.0 + LATE_LOGIN_SECONDS - 1)
    assert states.is_overdue(slot, 10.0 + LATE_LOGIN_SECONDS)


def test_an_account_goes_where_it_was_logged_in() -> None:
    """Its own terminal first, then its history's, then a fresh one, then anybody's."""
    used, fresh = states.released(held(BOB)), idle(1)
    mine = states.released(held(ALICE))
    changed = Who(ALICE.login, ALICE.server, b"new password")
    assert choose((used, fresh, mine), ALICE) == mine
    assert choose((used, fresh, mine), changed) == mine
    assert choose((used, fresh), ALICE) == fresh
    assert choose((used,), ALICE) == used
    assert choose((held(BOB), Slot(4)), ALICE) is None


def test_a_draining_slot_ends_its_session_and_takes_no_other() -> None:
    """Reads go on until the session is closed."""
    slot = states.draining(held())
    assert states.history(slot, stable=True) == slot
    ended = states.released(slot)
    assert (ended.state, ended.lease) == ("draining", None)
    assert choose((ended,), ALICE) is None
