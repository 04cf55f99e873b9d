"""One fake terminal: the functions of the real package, on the accounts of a simulated broker.

Calls block as the real ones do, readers return None on error and keep ``last_error``, a login
outlives the process that asked for it. Only what the bridge may call is here.
"""

import fnmatch
import time
from datetime import datetime
from typing import Any

from attrs import frozen

from actors.errors import BrokerFault
from actors.mt5.simulator.account import SimulatedAccount
from actors.mt5.simulator.broker import SimulatedBroker
from actors.mt5.simulator.faults import Fault, Trouble
from actors.mt5.simulator.symbols import SYMBOLS
from actors.mt5.wire_answers import SnapshotResult
from tests.fakes.metatrader5 import rows
from tests.fakes.metatrader5.structs import struct
from tests.fakes.metatrader5.trouble import (
    FAILED,
    NO_IPC,
    NOT_FOUND,
    OPERATIONS,
    REFUSED,
    SUCCESS,
    TIMED_OUT,
    Act,
    RawFault,
    raw,
)

BUILD = 5000


class WorkerEnds(BaseException):
    """The calling process ends inside the call."""


class Hangs(BaseException):
    """The call never returns."""


@frozen
class _Met:
    """What a call returns that met trouble."""

    value: Any


class FakeTerminal:
    """A terminal folder. ``strangers``: accounts that a mix-up may show instead."""

    def __init__(self, path: str, broker: SimulatedBroker) -> None:
        self.path = path
        self.broker = broker
        self.raw: list[RawFault] = []
        self.login_now: str | None = None
        self.strangers: list[str] = []
        self.logins: list[str] = []
        self._error: tuple[int, str] = (0, "")
        self._attached = False
        self._online = True
        self._master = self._may_trade = False
        self._late: tuple[str, int] | None = None
        self._shown: SnapshotResult | None = None
        self._wanted: str | None = None
        self._alias = False

    def call(self, function: str, *args: Any, **kwargs: Any) -> Any:
        """Call a function of the package; faults that are due come first."""
        if function == "last_error":
            return self._error
        if function == "version":
            return self.version()
        if function == "initialize":
            self._error = SUCCESS
            met = self._meet(function)
            return self.initialize(*args, **kwargs) if met is None else met.value
        if not self._attached:
            self._error = NO_IPC
            return False if function in ("login", "symbol_select") else None
        self._error = SUCCESS
        if function == "login":
            self._wanted = str(args[0])
            self.logins.append(self._wanted)
        met = self._meet(function)
        return getattr(self, function)(*args, **kwargs) if met is None else met.value

    def detach(self) -> None:
        """The process that was attached has ended; the terminal goes on."""
        self._attached = False
        self._error = (0, "")

    def initialize(
        self,
        path: str | None = None,
        *,
        login: int | None = None,
        password: str | None = None,
        server: str | None = None,
        timeout: int = 60_000,
        portable: bool = False,
    ) -> bool:
        """Attach to the terminal of this folder."""
        if path != self.path or not portable:
            why = f"IPC initialize failed, Process create failed '{path}'"
            return self._refuse((-10003, why))
        self._attached = True
        return login is None or self.login(login, password, server, timeout)

    def shutdown(self) -> bool:
        """Detach; the terminal stays logged in."""
        self._attached = False
        return True

    def login(
        self,
        login: int,
        password: str | None = None,
        server: str | None = None,
        timeout: int = 60_000,
    ) -> bool:
        """Log in; a server that nobody knows fails without saying so."""
        account = self.broker.find(str(login))
        if account is None or server is None or account.recipe.server.name != server:
            return self._refuse(FAILED if account is None else REFUSED)
        recipe = account.recipe
        if password not in (recipe.investor_password, recipe.master_password):
            return self._refuse(REFUSED)
        self._master = self._may_trade or password == recipe.master_password
        self._may_trade = False
        self.login_now, self._late, self._online = recipe.login, None, True
        self._alias = False
        return True

    def version(self) -> tuple[int, int, str]:
        """(500, build, date), zeros before the terminal is there."""
        return (500, BUILD, "1 Nov 2026") if self._attached else (0, 0, "")

    def terminal_info(self) -> Any:
        """TerminalInfo."""
        online, self._online = self._online, True
        return struct(
            "TerminalInfo", connected=online, build=BUILD, ping_last=41_000, path=self.path
        )

    def account_info(self) -> Any:
        """AccountInfo of the account that is logged in now, None without one."""
        if self._late is not None:
            login, looks = self._late
            self._late = (login, looks - 1) if looks > 0 else None
            self.login_now = login if looks <= 0 else self.login_now
        account = self._account()
        if account is None:
            return self._fail(FAILED)
        shown = self._look(account)
        info = rows.account_info(account, shown, trade_allowed=self._master)
        return info._replace(login=info.login + 1) if self._alias else info

    def positions_get(self) -> Any:
        """Every TradePosition."""
        account = self._account()
        if account is None:
            return self._fail(FAILED)
        shown = self._look(account)
        return tuple(rows.position(each, shown.currency_digits) for each in shown.positions)

    def orders_get(self) -> Any:
        """No working orders: the simulator has none."""
        return () if self._account() is not None else self._fail(FAILED)

    def history_deals_get(self, date_from: datetime, date_to: datetime) -> Any:
        """TradeDeals stamped in the window, which is in the broker's wall time."""
        found = self._deals(date_from, date_to)
        if found is None:
            return self._fail(FAILED)
        account = self._account()
        digits = 0 if account is None else account.currency_digits
        return tuple(rows.deal(row, digits) for row in found)

    def history_deals_total(self, date_from: datetime, date_to: datetime) -> Any:
        """How many deals the window holds."""
        found = self._deals(date_from, date_to)
        return self._fail(FAILED) if found is None else len(found)

    def history_orders_get(self, date_from: datetime, date_to: datetime) -> Any:
        """TradeOrders of the window: those behind the trade deals."""
        found = self._deals(date_from, date_to)
        if found is None:
            return self._fail(FAILED)
        return tuple(rows.order(row) for row in found if row.order)

    def copy_ticks_range(
        self, symbol: str, date_from: datetime, date_to: datetime, flags: int
    ) -> Any:
        """Tick rows of the window; None where the terminal has no such symbol or market."""
        account = self._account()
        found = rows.ticks(account, symbol, _msc(date_from), _msc(date_to)) if account else None
        if found is None:
            return self._fail(NOT_FOUND)
        return [row for row in found if _msc(date_from) <= row["time_msc"] <= _msc(date_to)]

    def copy_rates_range(
        self, symbol: str, timeframe: int, date_from: datetime, date_to: datetime
    ) -> Any:
        """Minute rows that begin in the window."""
        account = self._account()
        found = account and rows.bars(account, symbol, _msc(date_from), _msc(date_to))
        return self._fail(NOT_FOUND) if found is None else found

    def symbol_info(self, symbol: str) -> Any:
        """SymbolInfo, None for no such symbol."""
        found = rows.symbol_info(symbol)
        return self._fail(NOT_FOUND) if found is None else found

    def symbol_info_tick(self, symbol: str) -> Any:
        """The symbol's last Tick."""
        account = self._account()
        found = rows.last_tick(account, symbol) if account else None
        return self._fail(NOT_FOUND) if found is None else found

    def symbol_select(self, symbol: str, enable: bool = True) -> bool:
        """Show a symbol in the market watch."""
        return symbol in SYMBOLS or self._refuse(NOT_FOUND)

    def symbols_get(self, group: str = "*") -> Any:
        """Every SymbolInfo that fits one of the group's patterns."""
        patterns = group.split(",")
        names = [n for n in SYMBOLS if any(fnmatch.fnmatchcase(n, p) for p in patterns)]
        return tuple(rows.symbol_info(name) for name in names)

    def _account(self) -> SimulatedAccount | None:
        if self.login_now is None or self.broker.find(self.login_now) is None:
            return None
        return self.broker.account(self.login_now)

    def _look(self, account: SimulatedAccount) -> SnapshotResult:
        fault = self.broker.take_fault(account.recipe.login, "look")
        if fault is None or fault.kind is not Trouble.FROZEN or self._shown is None:
            self._shown = rows.snapshot(account)
        return self._shown

    def _deals(self, date_from: datetime, date_to: datetime) -> Any:
        account = self._account()
        if account is None:
            return None
        shown, _ = account.shown()
        return [r for r in shown if _msc(date_from) <= r.broker_msc <= _msc(date_to)]

    def _fail(self, error: tuple[int, str]) -> None:
        self._error = error

    def _refuse(self, error: tuple[int, str]) -> bool:
        self._error = error
        return False

    def _meet(self, function: str) -> "_Met | None":
        """What the call does instead of its work; None when nothing is due."""
        due = next((each for each in self.raw if each.function == function), None)
        if due is not None:
            due.count -= 1
            self.raw = [each for each in self.raw if each.count > 0]
            return self._suffer(due)
        login = self._wanted if function == "login" else self.login_now
        for operation in OPERATIONS.get(function, ()):
            fault = self.broker.take_fault(login or "", operation)
            if fault is not None:
                return self._scheduled(function, fault)
        return None

    def _scheduled(self, function: str, fault: Fault) -> "_Met | None":
        """A fault of the simulator's schedule, as this call shows it."""
        match fault.kind:
            case Trouble.LATENCY:
                time.sleep(fault.seconds)
            case Trouble.SILENT:
                raise Hangs
            case Trouble.LATE_LOGIN:
                return self._suffer(RawFault(function, Act.LATE, TIMED_OUT))
            case BrokerFault():
                return self._suffer(raw(fault.kind, function))
        return None

    def _suffer(self, fault: RawFault) -> "_Met | None":
        """Do what the fault does; None when the call goes on with its work after it."""
        match fault.act:
            case Act.HANG:
                raise Hangs
            case Act.DIE:
                raise WorkerEnds
            case Act.MASTER:
                self._master = self._may_trade = True
                return None
            case Act.SWAP:
                return self._swap(fault.function)
            case Act.OFFLINE:
                self._online = False
            case Act.LATE:
                self._late = (self._wanted or "", 1)
        self._error = fault.code
        is_yes_or_no = fault.function in ("login", "initialize", "symbol_select")
        return _Met(False if is_yes_or_no else None)

    def _swap(self, function: str) -> "_Met | None":
        """From now on the terminal shows a stranger's account, and says nothing of it."""
        others = [each for each in self.strangers if each not in (self.login_now, self._wanted)]
        self._alias = not others
        if others:
            self.login_now = others[0]
        elif function == "login":
            self.login_now = self._wanted
        return _Met(True) if function == "login" else None


def _msc(at: datetime) -> int:
    return round(at.timestamp() * 1000)
