"""Ticks, minute bars and symbol specifications as answers of the bridge protocol."""

from collections.abc import Iterator

from actors.domain.prices import CalcMode
from actors.mt5.simulator.account import SimulatedAccount
from actors.mt5.simulator.prices import TICK_MS, Path, is_open, last_open, spread_at, utc_ms
from actors.mt5.simulator.symbols import SYMBOLS, SymbolSpec, price_text
from actors.mt5.wire_answers import BarRow, BarsResult, SymbolResult, TickRow, TicksResult
from actors.mt5.wire_requests import Bars, Ticks

_MAX_TICKS = 10_000
_MAX_BARS = 5_000
_MINUTE_MS = 60_000


def ticks(account: SimulatedAccount, asked: Ticks) -> TicksResult:
    """Return the quote in force and those that changed in a range, up to now; cut when too many.

    A replayed report has no market: its ranges are not known.
    """
    spec, path = SYMBOLS.get(asked.symbol), account.paths.get(asked.symbol)
    if spec is None or path is None:
        return TicksResult((), complete=False)
    first, last = _range(account, asked)
    cut = (last - first) // TICK_MS > _MAX_TICKS
    last = min(last, first + _MAX_TICKS * TICK_MS)
    rows = tuple(_changes(account, spec, path, first, last))
    return TicksResult(rows, complete=not cut)


def bars(account: SimulatedAccount, asked: Bars) -> BarsResult:
    """Return M1 bars of the bid for the minutes that touch a range, up to now."""
    spec, path = SYMBOLS.get(asked.symbol), account.paths.get(asked.symbol)
    if spec is None or path is None:
        return BarsResult((), complete=False)
    first, last = _range(account, asked)
    minutes = range(first // _MINUTE_MS * _MINUTE_MS, last + 1, _MINUTE_MS)
    rows = (_bar(account, spec, path, at) for at in minutes[:_MAX_BARS] if is_open(spec, at))
    return BarsResult(tuple(rows), complete=len(minutes) <= _MAX_BARS)


def symbol(name: str) -> SymbolResult | None:
    """Return a symbol's specification, None when the broker has no such symbol."""
    spec = SYMBOLS.get(name)
    if spec is None:
        return None
    tick = price_text(1, spec.digits)
    return SymbolResult(
        name=spec.name,
        digits=spec.digits,
        contract_size=str(spec.contract_size),
        tick_size=tick,
        tick_value=price_text(spec.contract_size, spec.digits),
        currency_base=spec.base,
        currency_profit=spec.quote,
        currency_margin=spec.base,
        calc_mode=CalcMode.FOREX if spec.base != spec.quote else CalcMode.CFD,
    )


def _range(account: SimulatedAccount, asked: Ticks | Bars) -> tuple[int, int]:
    """Return the asked range in UTC milliseconds, ended at now."""
    to_utc = account.recipe.server.clock.to_utc
    first, last = (
        utc_ms(to_utc(msc - account.clock_jump_ms)) for msc in (asked.from_msc, asked.to_msc)
    )
    return first, min(last, account.now)


def _changes(
    account: SimulatedAccount, spec: SymbolSpec, path: Path, first: int, last: int
) -> Iterator[TickRow]:
    in_force = first if spec.always_open else last_open(first)
    in_force, before = in_force // TICK_MS * TICK_MS, (-1, -1)
    if in_force <= last:
        before = _quote(spec, path, in_force)
        yield _tick(account, spec, in_force, before)
    for at in range((first // TICK_MS + 1) * TICK_MS, last + 1, TICK_MS):
        quote = _quote(spec, path, at)
        if quote != before and is_open(spec, at):
            before = quote
            yield _tick(account, spec, at, quote)


def _quote(spec: SymbolSpec, path: Path, at: int) -> tuple[int, int]:
    bid = path.points(at)
    return bid, bid + spread_at(spec, at)


def _tick(account: SimulatedAccount, spec: SymbolSpec, at: int, quote: tuple[int, int]) -> TickRow:
    bid, ask = (price_text(points, spec.digits) for points in quote)
    return TickRow(account.wall_msc(at), bid, ask)


def _bar(account: SimulatedAccount, spec: SymbolSpec, path: Path, at: int) -> BarRow:
    ended = min(at + _MINUTE_MS, account.now + 1)
    bids = [path.points(each) for each in range(at, ended, TICK_MS)]
    return BarRow(
        broker_msc=account.wall_msc(at),
        open=price_text(bids[0], spec.digits),
        high=price_text(max(bids), spec.digits),
        low=price_text(min(bids), spec.digits),
        close=price_text(bids[-1], spec.digits),
        spread=spread_at(spec, at),
    )
