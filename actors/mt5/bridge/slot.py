"""A slot's states without a process: who holds it, and what may happen next (MT5 2). Pure.

cold → starting → idle → logging_in → history_loading → ready → idle
any of these → dead → (backoff) → starting;  a draining slot takes nobody any more
"""

from typing import Literal

from attrs import evolve, frozen

from actors.mt5.wire_fields import SlotState

BACKOFF_BASE_SECONDS = 1.0
BACKOFF_CAP_SECONDS = 60.0
LATE_LOGIN_SECONDS = 60.0


class SlotError(Exception):
    """A transition that the slot's state does not allow: a bug of ours."""


@frozen
class Who:
    """An account as a slot knows it: ``server`` casefolded, ``mark`` the keyed hash of its
    credentials."""

    login: str
    server: str
    mark: bytes


@frozen
class Lease:
    """A session's hold on a slot."""

    session_id: int
    who: Who
    mode: Literal["sticky", "visit", "verify"]


@frozen
class Slot:
    """One slot. ``who``: logged in last, as far as is known. ``deaths``: in a row.

    ``until``: end of a dead slot's backoff, or of the wait for a login that was late (monotonic).
    """

    number: int
    state: SlotState = "cold"
    lease: Lease | None = None
    who: Who | None = None
    deaths: int = 0
    until: float = 0.0
    awaited: Who | None = None

    @property
    def is_free(self) -> bool:
        """True when a session may take it."""
        return self.state == "idle" and self.awaited is None


def starting(slot: Slot, now: float) -> Slot:
    """A process is being started: from cold, or dead after its backoff."""
    _require(slot, "cold", "dead")
    if slot.state == "dead" and now < slot.until:
        raise SlotError(f"slot {slot.number} waits for {slot.until - now:.1f} s more")
    return evolve(slot, state="starting", who=None, awaited=None)


def started(slot: Slot) -> Slot:
    """The process answers and is attached to its terminal."""
    _require(slot, "starting")
    return evolve(slot, state="idle", until=0.0)


def taken(slot: Slot, lease: Lease) -> Slot:
    """A session takes it to log in. A slot that waits for a late login goes to that login only."""
    _require(slot, "idle")
    if slot.lease is not None or slot.awaited not in (None, lease.who):
        raise SlotError(f"slot {slot.number} is not free for this account")
    return evolve(slot, state="logging_in", lease=lease, awaited=None, until=0.0)


def logged_in(slot: Slot) -> Slot:
    """The terminal has proved to show the leased account."""
    _require(slot, "logging_in")
    return evolve(slot, state="history_loading", who=_lease(slot).who, deaths=0)


def history(slot: Slot, *, stable: bool) -> Slot:
    """The history's balance check was read: a late deal may open it again."""
    _require(slot, "history_loading", "ready", "draining")
    if slot.state == "draining":
        return slot
    return evolve(slot, state="ready" if stable else "history_loading")


def released(slot: Slot) -> Slot:
    """The session is over; the terminal stays as it is."""
    _lease(slot)
    if slot.state == "draining":
        return evolve(slot, lease=None)
    return evolve(slot, state="idle", lease=None)


def forgotten(slot: Slot) -> Slot:
    """What its terminal shows is not known any more: whoever comes next must log in."""
    return evolve(slot, who=None)


def late(slot: Slot, now: float) -> Slot:
    """A login timed out and may still happen: the slot waits for the same account to ask again."""
    _require(slot, "logging_in")
    who = _lease(slot).who
    until = now + LATE_LOGIN_SECONDS
    return evolve(slot, state="idle", lease=None, who=None, awaited=who, until=until)


def is_overdue(slot: Slot, now: float) -> bool:
    """True when nobody came back for a late login: its terminal is not to be trusted."""
    return slot.awaited is not None and now >= slot.until


def draining(slot: Slot) -> Slot:
    """It takes nobody any more; an operator must look at its terminal."""
    if slot.state == "dead":
        raise SlotError(f"slot {slot.number} is dead already")
    return evolve(slot, state="draining", awaited=None)


def died(slot: Slot, now: float) -> Slot:
    """Its process is gone or was killed; it comes back after a backoff that doubles."""
    seconds = min(BACKOFF_CAP_SECONDS, BACKOFF_BASE_SECONDS * 2 ** min(slot.deaths, 10))
    return Slot(slot.number, "dead", deaths=slot.deaths + 1, until=now + seconds)


def _lease(slot: Slot) -> Lease:
    if slot.lease is None:
        raise SlotError(f"nobody holds slot {slot.number}")
    return slot.lease


def _require(slot: Slot, *states: SlotState) -> None:
    if slot.state not in states:
        raise SlotError(f"slot {slot.number} is {slot.state}, not {' or '.join(states)}")


def choose(slots: tuple[Slot, ...], who: Who) -> Slot | None:
    """The slot for an account, None when all are held: first where it may be logged in, so that a
    visit needs no login; then one where its history is; then one that nobody used; then any."""
    free = [s for s in slots if s.is_free or (s.state == "idle" and s.awaited == who)]
    return max(free, key=lambda s: (_nearness(s, who), -s.number), default=None)


def _nearness(slot: Slot, who: Who) -> int:
    if slot.awaited == who or slot.who == who:
        return 3
    if slot.who is not None and (slot.who.login, slot.who.server) == (who.login, who.server):
        return 2
    return 1 if slot.who is None else 0
