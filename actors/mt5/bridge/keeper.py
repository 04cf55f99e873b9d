"""Keeps one slot: its worker process, its turn, its watchdog and its way back from the dead."""

from collections.abc import Mapping
from typing import Any

import structlog
import trio
from attrs import frozen

from actors.errors import BrokerFault
from actors.mt5.bridge import slot as states
from actors.mt5.bridge.faults import OURS, Failure, Fate, classify, fate
from actors.mt5.bridge.history import History
from actors.mt5.bridge.slot import Lease, Slot
from actors.mt5.bridge.worker_process import Launcher, Worker, WorkerGone, WorkerLate

_log = structlog.get_logger("mt5.bridge")


class SlotFault(Exception):
    """An operation failed with a class; ``code`` is the package's, None where it had no say."""

    def __init__(
        self, fault: BrokerFault, code: int | None = None, *, untouched: bool = False
    ) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.code = code
        self.untouched = untouched


@frozen
class Limits:
    """Seconds after which the watchdog kills a worker: to start, to log in, to read.

    The package itself is told to give up a login ``GRACE_SECONDS`` earlier.
    """

    start_seconds: float = 90.0
    login_seconds: float = 60.0
    read_seconds: float = 20.0


GRACE_SECONDS = 10.0


class SlotKeeper:
    """One slot. ``terminal``: the path of its terminal program. ``run`` keeps it alive."""

    def __init__(self, number: int, terminal: str, launch: Launcher, limits: Limits) -> None:
        self.slot = Slot(number)
        self.history = History()
        self.build = ""
        self.reads = 0
        self.last_bug: str | None = None
        self.trouble: BrokerFault | None = None
        self.terminal = terminal
        self._launch = launch
        self._limits = limits
        self._worker: Worker | None = None
        self.was_late = False
        self._turn = trio.Lock()
        self._ended = trio.Event()

    async def run(self) -> None:
        """Start the worker, wait for its death, wait for its backoff, start it again."""
        try:
            while True:
                await trio.sleep_until(self.slot.until)
                self._ended = trio.Event()
                self.slot = states.starting(self.slot, trio.current_time())
                await self._start()
                await self._ended.wait()
        finally:
            if self._worker is not None:
                await self._worker.kill()

    def take(self, lease: Lease) -> None:
        """Give the slot to a session; forgets another account's history."""
        if self.slot.who != lease.who:
            self.history = History()
        self.was_late = self.slot.awaited == lease.who
        self.slot = states.taken(self.slot, lease)

    def may_show(self, lease: Lease) -> bool:
        """True where this very login was proved last, or was late: a look may spare a login."""
        return self.slot.who == lease.who or self.was_late

    def arrived(self, lease: Lease) -> None:
        """The terminal has proved to show the leased account."""
        if self.holds(lease) and self.slot.state == "logging_in":
            self.slot = states.logged_in(self.slot)

    def proved(self, lease: Lease) -> None:
        """The history was read: loading or ready, by its proof."""
        if self.holds(lease):
            self.slot = states.history(self.slot, stable=self.history.is_stable)

    def holds(self, lease: Lease) -> bool:
        """True while this very session has the slot."""
        return self.slot.lease is lease

    async def do(
        self,
        lease: Lease,
        operation: str,
        arguments: Mapping[str, Any],
        *,
        deadline_seconds: float,
        logging_in: bool = False,
    ) -> dict[str, Any]:
        """Do an operation in turn. Raises SlotFault.

        The deadline is for the turn; once begun, only the watchdog ends an operation.
        """
        limit = self._limits.login_seconds if logging_in else self._limits.read_seconds
        try:
            with trio.fail_after(deadline_seconds):
                await self._turn.acquire()
        except trio.TooSlowError:
            raise SlotFault(BrokerFault.TIMEOUT, untouched=True) from None
        try:
            if not self.holds(lease):
                raise SlotFault(BrokerFault.TERMINAL_DEAD, untouched=True)
            asked = {"login": int(lease.who.login), **arguments}
            return await self._ask(operation, asked, limit)
        finally:
            self._turn.release()

    def release(self, lease: Lease, *, forget: bool = False) -> None:
        """End a session; a session that is over already is no fault."""
        if not self.holds(lease):
            return
        self.slot = states.released(self.slot)
        if forget:
            self.forget()

    def forget(self) -> None:
        """Whoever comes next must log in: what the terminal shows is not known."""
        self.slot = states.forgotten(self.slot)
        self.history = History()

    async def suffer(self, lease: Lease, fault: SlotFault, *, logging_in: bool) -> None:
        """Do to the slot what the fault's class says."""
        if fault.untouched or not self.holds(lease):
            return
        is_late = fault.code is not None and self.slot.state == "logging_in"
        match fate(fault.fault, fault.code, logging_in=logging_in):
            case Fate.KILL if is_late and fault.fault is BrokerFault.TIMEOUT:
                self.slot = states.late(self.slot, trio.current_time())
            case Fate.KILL:
                await self.kill()
            case Fate.DRAIN:
                self.trouble = fault.fault
                self.slot = states.draining(self.slot)
                if logging_in:
                    self.release(lease)
            case Fate.RELEASE:
                self.release(lease, forget=True)
            case Fate.KEEP:
                pass

    async def kill(self) -> None:
        """End the worker and its terminal; the slot comes back after its backoff."""
        worker, self._worker = self._worker, None
        self.history = History()
        before, self.slot = self.slot.state, states.died(self.slot, trio.current_time())
        number = self.slot.number
        _log.warning("slot killed", slot=number, was=before, bug=self.last_bug)
        with trio.CancelScope(shield=True):
            if worker is not None:
                await worker.kill()
        self._ended.set()

    async def tend(self) -> None:
        """Kill a terminal whose late login nobody came back for."""
        if states.is_overdue(self.slot, trio.current_time()):
            await self.kill()

    async def _start(self) -> None:
        given = {"path": self.terminal, "timeout_ms": int(self._limits.start_seconds * 1000)}
        try:
            self._worker = await self._launch()
            flags = await self._ask("start", given, self._limits.start_seconds + GRACE_SECONDS)
        except WorkerGone as gone:
            self.last_bug = str(gone)
            await self.kill()
        except SlotFault as fault:
            self.trouble = fault.fault
            if fate(fault.fault, fault.code) is Fate.DRAIN:
                self.slot = states.draining(self.slot)
            elif self._worker is not None:
                await self.kill()
        else:
            self.trouble = None
            self.build = str(flags.get("build", ""))
            self.slot = states.started(self.slot)

    async def _ask(
        self, operation: str, arguments: Mapping[str, Any], limit: float
    ) -> dict[str, Any]:
        """Ask the worker; its death or silence ends the slot here and now."""
        if self._worker is None:
            raise SlotFault(BrokerFault.TERMINAL_DEAD)
        try:
            return _checked(await self._worker.ask(operation, arguments, limit))
        except SlotFault as fault:
            if fault.code in OURS:  # a bug of ours: the operation, never its arguments
                _log.error("the package refused", operation=operation, code=fault.code)
            raise
        except WorkerLate:
            await self.kill()
            raise SlotFault(BrokerFault.TIMEOUT) from None
        except WorkerGone as gone:
            self.last_bug = str(gone)
            await self.kill()
            raise SlotFault(BrokerFault.TERMINAL_DEAD) from None


def _checked(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The result, or the SlotFault that the answer means."""
    if "ok" in answer:
        return dict(answer["ok"])
    if "failed" in answer:
        failure = Failure(**answer["failed"])
        raise SlotFault(classify(failure), failure.code)
    if "wrong_account" in answer:
        raise SlotFault(BrokerFault.WRONG_ACCOUNT)
    raise SlotFault(BrokerFault.TIMEOUT, untouched=True)  # incoherent: the asker asks again
