"""Sessions on slots: who holds which, and which slot an account gets."""

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from attrs import frozen

from actors.errors import BrokerFault
from actors.mt5.bridge.keeper import SlotKeeper
from actors.mt5.bridge.slot import Lease, Who, choose
from actors.mt5.wire_answers import SlotCount
from actors.mt5.wire_fields import SlotState

_ALIVE = {"idle", "logging_in", "history_loading", "ready"}


@frozen
class Held:
    """A session: its lease, its slot, and the server's name as it was given."""

    lease: Lease
    keeper: SlotKeeper
    server: str


class Sessions:
    """All sessions of a bridge over its slots."""

    def __init__(self, keepers: Sequence[SlotKeeper]) -> None:
        self.keepers = keepers
        self._held: dict[int, Held] = {}
        self._last = 0

    def begin(
        self, who: Who, server: str, mode: Literal["sticky", "visit", "verify"]
    ) -> Held | None:
        """Take the best free slot for an account, None when there is none."""
        chosen = choose(tuple(each.slot for each in self.keepers), who)
        if chosen is None:
            return None
        keeper = next(each for each in self.keepers if each.slot is chosen)
        self._last += 1
        held = Held(Lease(self._last, who, mode), keeper, server)
        keeper.take(held.lease)
        self._held[self._last] = held
        return held

    def find(self, session_id: int) -> Held | None:
        """The session, None when it is over or its slot died."""
        held = self._held.get(session_id)
        if held is not None and not held.keeper.holds(held.lease):
            del self._held[session_id]
            return None
        return held

    def end(self, session_id: int, *, forget: bool = False) -> None:
        """Give a slot back; ``forget``: its terminal is not known to show anybody."""
        held = self._held.pop(session_id, None)
        if held is not None:
            held.keeper.release(held.lease, forget=forget)

    def why_none(self) -> BrokerFault:
        """Why no slot can be had: all busy, or none that works."""
        states = {each.slot.state for each in self.keepers}
        if states & _ALIVE:
            return BrokerFault.BUSY
        troubles = [each.trouble for each in self.keepers if each.slot.state == "draining"]
        told = next((trouble for trouble in troubles if trouble is not None), None)
        if told is not None:
            return told
        return BrokerFault.BUSY if "starting" in states else BrokerFault.TERMINAL_DEAD

    @property
    def busy(self) -> int:
        """Slots that a session holds, or that wait for a login that was late."""
        slots = [each.slot for each in self.keepers]
        return sum(slot.lease is not None or slot.awaited is not None for slot in slots)

    def by_state(self) -> tuple[SlotCount, ...]:
        """How many slots are in each state, for those that have any."""
        counted: Counter[SlotState] = Counter(each.slot.state for each in self.keepers)
        return tuple(SlotCount(state, counted[state]) for state in sorted(counted))
