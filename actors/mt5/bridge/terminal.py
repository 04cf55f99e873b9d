"""What a worker does with its terminal: fixed operations on the MetaTrader5 package.

Standard library and the package only; the package is handed in, so that a fake can take its place.
Each read proves before *and* after that the terminal shows the leased account: whatever was read
while it did not is thrown away. Nothing is interpreted here: what comes out is the package's own
figures, and times are the broker's wall time.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

ACCOUNT = (
    "login", "server", "name", "company", "currency", "currency_digits", "leverage",
    "margin_mode", "trade_allowed", "balance", "credit", "equity", "margin", "margin_free",
)  # fmt: skip
POSITION = (
    "ticket", "symbol", "type", "volume", "price_open", "price_current", "sl", "tp", "profit",
    "swap", "time_msc",
)  # fmt: skip
ORDER = (
    "ticket", "position_id", "symbol", "type", "volume_initial", "price_open", "time_setup_msc",
    "time_done_msc",
)  # fmt: skip
DEAL = (
    "ticket", "position_id", "order", "type", "entry", "reason", "symbol", "volume", "price",
    "profit", "commission", "swap", "fee", "time_msc", "comment",
)  # fmt: skip
SYMBOL = (
    "name", "digits", "trade_contract_size", "trade_tick_size", "trade_tick_value",
    "currency_base", "currency_profit", "currency_margin", "trade_calc_mode",
)  # fmt: skip
TERMINAL = ("connected", "tradeapi_disabled", "ping_last", "build")
CLOCK_SYMBOLS = "*BTCUSD*,*ETHUSD*,*EURUSD*,*XAUUSD*,*USDJPY*"
_MOST_CLOCK_SYMBOLS = 8
_COHERENT_TRIES = 8
_TIMED_OUT = -10005
_NOT_FOUND = -4
_LOOKBACKS_MS = (60_000, 3_600_000, *range(43_200_000, 5 * 86_400_000, 43_200_000))
_SIMPLE = (bool, int, float, str)


class CallFailed(Exception):
    """A function of the package failed: its name, ``last_error``, and the terminal's flags."""

    def __init__(self, call: str, code: int, text: str, flags: dict[str, Any]) -> None:
        super().__init__(f"{call}: {code}")
        self.call = call
        self.code = code
        self.text = text
        self.flags = flags


class WrongAccount(Exception):
    """The terminal shows another account than the leased one."""


class Incoherent(Exception):
    """Account and positions would not hold still together."""


class Terminal:
    """One terminal behind the package ``mt5``."""

    def __init__(self, mt5: Any) -> None:
        self._mt5 = mt5
        self._operations: dict[str, Callable[..., dict[str, Any]]] = {
            "start": self.start,
            "log_in": self.log_in,
            "look": self.look,
            "snapshot": self.snapshot,
            "deals": self.deals,
            "orders": self.orders,
            "ticks": self.ticks,
            "bars": self.bars,
            "symbol": self.symbol,
            "clock": self.clock,
        }

    def do(self, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Do one of the fixed operations. Raises CallFailed, WrongAccount, Incoherent."""
        return self._operations[operation](**arguments)

    def start(self, path: str, timeout_ms: int) -> dict[str, Any]:
        """Attach to the terminal of a portable folder, which starts when it does not run."""
        if not self._mt5.initialize(path, timeout=timeout_ms, portable=True):
            raise self._failed("initialize")
        return self._flags()

    def log_in(self, login: int, server: str, password: str, timeout_ms: int) -> dict[str, Any]:
        """Log in and prove it. A time-out is none when the account is there after all."""
        if not self._mt5.login(login, password=password, server=server, timeout=timeout_ms):
            failed = self._failed("login")
            if failed.code != _TIMED_OUT or not self._shows(login, server):
                raise failed
        return self.look(login, server)

    def look(self, login: int, server: str) -> dict[str, Any]:
        """The account as it is now, and the terminal's flags."""
        return {"account": _row(self._leased(login, server), ACCOUNT), "terminal": self._flags()}

    def snapshot(self, login: int, server: str) -> dict[str, Any]:
        """Account and positions of one instant: the account is the same before and after."""
        before = _row(self._leased(login, server), ACCOUNT)
        for _ in range(_COHERENT_TRIES):
            positions = self._read("positions_get")
            orders = self._read("orders_get")
            after = _row(self._leased(login, server), ACCOUNT)
            if after == before:
                finished = time.monotonic()
                terminal = self._flags()
                return {
                    "account": after,
                    "positions": [_row(each, POSITION) for each in positions],
                    "orders": [_row(each, ORDER) for each in orders],
                    "terminal": terminal,
                    "age": time.monotonic() - finished,
                }
            before = after
        raise Incoherent

    def deals(self, login: int, server: str, since: int, until: int) -> dict[str, Any]:
        """Deals of a window (broker seconds), how many there are in all before it ends, account.

        The count is taken twice, once before and once after the rows.
        """
        self._leased(login, server)
        begin, end = _instant(0), _instant(until)
        first = self._read("history_deals_total", begin, end)
        found = self._read("history_deals_get", _instant(since), end)
        total = self._read("history_deals_total", begin, end)
        account = self._leased(login, server)
        return {
            "deals": [_row(each, DEAL) for each in found],
            "totals": [first, total],
            "account": _row(account, ACCOUNT),
        }

    def orders(self, login: int, server: str, since: int, until: int) -> dict[str, Any]:
        """Closed orders of a window (broker seconds)."""
        self._leased(login, server)
        found = self._read("history_orders_get", _instant(since), _instant(until))
        self._leased(login, server)
        return {"orders": [_row(each, ORDER) for each in found]}

    def ticks(
        self, login: int, server: str, symbol: str, since: int, until: int, most: int
    ) -> dict[str, Any]:
        """Quotes of a range (broker ms), led by the one in force; at most ``most``, then cut.

        No rows and not complete where the terminal knows nothing of the range.
        """
        self._leased(login, server)
        self._mt5.symbol_select(symbol)
        found = self._ticks_between(symbol, since, until)
        if found is None:
            return {"ticks": [], "complete": False}
        lead = self._in_force(symbol, since)
        quotes = [] if lead is None else [lead]
        complete = True
        for row in found:
            quote = _quote(row)
            if not since <= quote[0] <= until or (quotes and quote[1:] == quotes[-1][1:]):
                continue
            if len(quotes) >= most and quote[0] > quotes[-1][0]:
                complete = False
                break
            quotes.append(quote)
        self._leased(login, server)
        return {"ticks": quotes, "complete": complete}

    def bars(
        self, login: int, server: str, symbol: str, since: int, until: int, most: int
    ) -> dict[str, Any]:
        """M1 bars of the minutes that touch a range (broker ms); at most ``most``, then cut."""
        self._leased(login, server)
        self._mt5.symbol_select(symbol)
        first = since // 60_000 * 60_000
        found = self._bars_between(symbol, first, until)
        if found is None:
            return {"bars": [], "complete": False}
        kept = [_bar(row) for row in found[:most]]
        self._leased(login, server)
        return {"bars": kept, "complete": len(found) <= most}

    def symbol(self, login: int, server: str, name: str) -> dict[str, Any]:
        """A symbol's specification."""
        self._leased(login, server)
        found = self._read("symbol_info", name)
        account = self._leased(login, server)
        return {"symbol": _row(found, SYMBOL), "currency": account.currency}

    def clock(self, login: int, server: str) -> dict[str, Any]:
        """The newest stamp (broker ms) of a few symbols, round-the-clock ones among them."""
        stamps = []
        for info in (self._mt5.symbols_get(group=CLOCK_SYMBOLS) or ())[:_MOST_CLOCK_SYMBOLS]:
            self._mt5.symbol_select(info.name)
            tick = self._mt5.symbol_info_tick(info.name)
            if tick is not None:
                stamps.append(int(tick.time_msc))
        self._leased(login, server)
        return {"stamp": max(stamps, default=0)}

    def _leased(self, login: int, server: str) -> Any:
        """AccountInfo of the leased account, else WrongAccount."""
        account = self._read("account_info")
        if account.login != login or account.server.casefold() != server.casefold():
            raise WrongAccount
        return account

    def _shows(self, login: int, server: str) -> bool:
        account = self._mt5.account_info()
        return (
            account is not None
            and account.login == login
            and account.server.casefold() == server.casefold()
        )

    def _read(self, call: str, *arguments: Any) -> Any:
        """A reader's answer; None means that it failed, never that there is nothing."""
        found = getattr(self._mt5, call)(*arguments)
        if found is None:
            raise self._failed(call)
        return found

    def _ticks_between(self, symbol: str, since: int, until: int) -> Any:
        window = _window(since, until)
        return self._history("copy_ticks_range", symbol, *window, self._mt5.COPY_TICKS_INFO)

    def _bars_between(self, symbol: str, since: int, until: int) -> Any:
        minute = self._mt5.TIMEFRAME_M1
        return self._history("copy_rates_range", symbol, minute, *_window(since, until))

    def _history(self, call: str, *arguments: Any) -> Any:
        """Rows of a price range, None where the terminal has no history of it."""
        found = getattr(self._mt5, call)(*arguments)
        if found is not None:
            return found
        failed = self._failed(call)
        if failed.code == _NOT_FOUND:
            return None
        raise failed

    def _in_force(self, symbol: str, at: int) -> list[Any] | None:
        """The last quote at or before ``at``: the newest of all, or looked for further back."""
        newest = self._mt5.symbol_info_tick(symbol)
        if newest is not None and 0 < newest.time_msc <= at:
            return [int(newest.time_msc), float(newest.bid), float(newest.ask)]
        until = at
        for back in _LOOKBACKS_MS:
            found = self._ticks_between(symbol, at - back, until)
            for row in reversed(() if found is None else found):
                if row["time_msc"] <= at:
                    return _quote(row)
            until = at - back
        return None

    def _flags(self) -> dict[str, Any]:
        info = self._mt5.terminal_info()
        return {} if info is None else _row_as_dict(info, TERMINAL)

    def _failed(self, call: str) -> CallFailed:
        code, text = self._mt5.last_error()
        return CallFailed(call, int(code), str(text), self._flags())


def _row(struct: Any, fields: tuple[str, ...]) -> list[Any]:
    return [_plain(getattr(struct, name)) for name in fields]


def _row_as_dict(struct: Any, fields: tuple[str, ...]) -> dict[str, Any]:
    return dict(zip(fields, _row(struct, fields), strict=True))


def _plain(value: Any) -> Any:
    if isinstance(value, _SIMPLE):
        return value
    raise TypeError(f"a field of type {type(value).__name__}")


def _quote(row: Any) -> list[Any]:
    return [int(row["time_msc"]), float(row["bid"]), float(row["ask"])]


def _bar(row: Any) -> list[Any]:
    prices = [float(row[name]) for name in ("open", "high", "low", "close")]
    return [int(row["time"]) * 1000, *prices, int(row["spread"])]


def _instant(seconds: int) -> datetime:
    """An aware instant: a naive one would be shifted by the host's zone."""
    return datetime.fromtimestamp(max(0, seconds), UTC)


def _window(since: int, until: int) -> tuple[datetime, datetime]:
    """Whole seconds around broker milliseconds; the rows outside are left out afterwards."""
    return _instant(since // 1000), _instant(-(-until // 1000))
