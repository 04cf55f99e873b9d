"""The backend on terminals: opens, verifies and reads accounts on the slots of one host."""

from collections.abc import Mapping, Sequence
from typing import Any

import trio

from actors.errors import BrokerFault
from actors.mt5.bridge.faults import REMEMBERED
from actors.mt5.bridge.keeper import GRACE_SECONDS, Limits, SlotFault, SlotKeeper
from actors.mt5.bridge.logins import LoginTimes
from actors.mt5.bridge.reading import read, read_clock, read_history
from actors.mt5.bridge.refused import RefusedCredentials
from actors.mt5.bridge.rows import BadFigure, account, is_master
from actors.mt5.bridge.server_times import ServerTimes
from actors.mt5.bridge.sessions import Held, Sessions
from actors.mt5.bridge.slot import Who
from actors.mt5.wire_answers import (
    AccountRow,
    Done,
    Failed,
    HealthResult,
    Opened,
    ResponseBody,
    Verified,
)
from actors.mt5.wire_requests import Close, Health, Open, RequestBody, Verify
from actors.ports import Clock

BUSY_RETRY_MS = 2_000
_TEND_SECONDS = 5.0


class TerminalBackend:
    """Implements Backend. ``key``: 32 random bytes for the hash of refused credentials."""

    def __init__(
        self,
        keepers: Sequence[SlotKeeper],
        limits: Limits,
        times: ServerTimes,
        clock: Clock,
        key: bytes,
    ) -> None:
        self.sessions = Sessions(keepers)
        self._limits = limits
        self._times = times
        self._clock = clock
        self._refused = RefusedCredentials(key)
        self._logins = LoginTimes()

    @property
    def build(self) -> str:
        """The terminals' build, empty before the first has started."""
        return next((each.build for each in self.sessions.keepers if each.build), "")

    @property
    def places(self) -> int:
        """How many slots there are."""
        return len(self.sessions.keepers)

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Keep every slot alive until cancelled."""
        async with trio.open_nursery() as nursery:
            for keeper in self.sessions.keepers:
                nursery.start_soon(keeper.run)
            task_status.started()
            while True:
                await trio.sleep(_TEND_SECONDS)
                for keeper in self.sessions.keepers:
                    await keeper.tend()

    async def answer(self, body: RequestBody, deadline_seconds: float) -> ResponseBody:
        """Answer a request; whatever goes wrong at a terminal is a ``Failed``."""
        match body:
            case Health():
                return self._health()
            case Close():
                self.release(body.session_id)
                return Done()
            case Open() | Verify():
                return await self._begin(body, deadline_seconds)
        held = self.sessions.find(body.session_id)
        if held is None:
            return Failed(BrokerFault.TERMINAL_DEAD, None)
        try:
            return await read(held, body, deadline_seconds, self._times, self._clock)
        except SlotFault as fault:
            return await self._failed(held, fault)
        except BadFigure as bad:
            held.keeper.last_bug = str(bad)
            return await self._failed(held, SlotFault(BrokerFault.INTERNAL))

    def release(self, session_id: int) -> None:
        """Give a session's slot back."""
        self.sessions.end(session_id)

    def health(self) -> Mapping[str, Any]:
        """What an operator wants to see."""
        told = self._health()
        return {
            "build": told.build,
            "slots": {each.state: each.slots for each in told.slots},
            "busy": told.slots_busy,
            "login_p50_ms": told.login_p50_ms,
            "login_p95_ms": told.login_p95_ms,
            "offsets": {each.server: [each.offset_seconds, each.source] for each in told.offsets},
            "troubles": {
                str(each.slot.number): each.trouble or each.last_bug
                for each in self.sessions.keepers
                if each.trouble or each.last_bug
            },
        }

    async def _begin(self, body: Open | Verify, deadline_seconds: float) -> ResponseBody:
        if not self._times.is_known(body.server):
            return Failed(BrokerFault.UNKNOWN_SERVER, None)
        mark = self._refused.mark(body.login, body.server, body.password)
        before = self._refused.fault(body.login, body.server, mark)
        if before is not None:
            return Failed(before, None)
        who = Who(body.login, body.server.casefold(), mark)
        mode = body.mode if isinstance(body, Open) else "verify"
        held = self.sessions.begin(who, body.server, mode)
        if held is None:
            why = self.sessions.why_none()
            return Failed(why, BUSY_RETRY_MS if why is BrokerFault.BUSY else None)
        keeps = False
        try:
            answer = await self._open(held, body, deadline_seconds)
            keeps = isinstance(answer, Opened)
            return answer
        finally:
            if not keeps:
                self.sessions.end(held.lease.session_id, forget=False)

    async def _open(self, held: Held, body: Open | Verify, deadline: float) -> ResponseBody:
        try:
            row = await self._log_in(held, body, deadline)
            if isinstance(body, Verify):
                return Verified(row)
            await read_history(held, deadline, self._clock)
        except SlotFault as fault:
            if fault.fault in REMEMBERED:
                who = held.lease.who
                self._refused.refuse(who.login, held.server, who.mark, fault.fault)
            return await self._failed(held, fault, logging_in=True)
        except BadFigure as bad:
            held.keeper.last_bug = str(bad)
            return await self._failed(held, SlotFault(BrokerFault.INTERNAL), logging_in=True)
        is_ready = held.keeper.slot.state == "ready"
        return Opened(
            session_id=held.lease.session_id,
            slot=held.keeper.slot.number,
            state="ready" if is_ready else "history_loading",
            account=row,
            build=self.build,
        )

    async def _log_in(self, held: Held, body: Open | Verify, deadline: float) -> AccountRow:
        """The account as it shows. Raises SlotFault.

        Opening needs no login where the terminal shows this login already; verifying always does.
        """
        began = trio.current_time()
        shown = None
        if isinstance(body, Open) or held.keeper.was_late:
            shown = await self._shown_already(held, deadline)
        if shown is None:
            seconds = self._limits.login_seconds - GRACE_SECONDS
            given = {
                "server": held.server,
                "password": body.password,
                "timeout_ms": max(1, int(seconds * 1000)),
            }
            shown = await held.keeper.do(
                held.lease, "log_in", given, deadline_seconds=deadline, logging_in=True
            )
            self._logins.add(trio.current_time() - began)
        if is_master(shown["account"]):
            raise SlotFault(BrokerFault.MASTER_PASSWORD)
        if not shown["terminal"].get("connected", False):
            raise SlotFault(BrokerFault.NO_CONNECTION)
        if shown["terminal"].get("tradeapi_disabled", False):
            raise SlotFault(BrokerFault.API_DISABLED)
        held.keeper.arrived(held.lease)
        await read_clock(held, deadline, self._times)
        return account(shown["account"], *self._times.offset(held.server))

    async def _shown_already(self, held: Held, deadline: float) -> dict[str, Any] | None:
        """The account where this very login is, or was late, on the slot; else None."""
        if not held.keeper.may_show(held.lease):
            return None
        try:
            return await held.keeper.do(
                held.lease, "look", {"server": held.server}, deadline_seconds=deadline
            )
        except SlotFault as fault:
            if not held.keeper.holds(held.lease) or fault.untouched:
                raise
            return None

    async def _failed(self, held: Held, fault: SlotFault, *, logging_in: bool = False) -> Failed:
        await held.keeper.suffer(held.lease, fault, logging_in=logging_in)
        return Failed(fault.fault, None)

    def _health(self) -> HealthResult:
        return HealthResult(
            slots_total=self.places,
            slots_busy=self.sessions.busy,
            slots=self.sessions.by_state(),
            login_p50_ms=self._logins.percentile(0.5),
            login_p95_ms=self._logins.percentile(0.95),
            offsets=tuple(self._times.offsets()),
            build=self.build,
        )
