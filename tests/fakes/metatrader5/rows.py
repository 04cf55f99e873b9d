"""A simulated account as the real package shows it: doubles, struct order, broker wall time."""

from typing import Any

from actors.domain.snapshot import Side
from actors.mt5.simulator import price_reads, reads
from actors.mt5.simulator.account import SimulatedAccount
from actors.mt5.simulator.symbols import SYMBOLS
from actors.mt5.wire_answers import DealRow, PositionRow, SnapshotResult, TickRow
from actors.mt5.wire_requests import Bars, Ticks
from tests.fakes.metatrader5.structs import struct

_MODES = {"netting": 0, "exchange": 1, "hedging": 2}


def account_info(
    account: SimulatedAccount, shown: SnapshotResult, *, trade_allowed: bool = False
) -> Any:
    """AccountInfo; the figures are those of ``shown``."""
    recipe = account.recipe
    scale = 10**account.currency_digits
    return struct(
        "AccountInfo",
        login=int(recipe.login),
        leverage=recipe.leverage,
        trade_allowed=trade_allowed,
        trade_expert=True,
        margin_mode=_MODES[recipe.margin_mode],
        currency_digits=account.currency_digits,
        balance=shown.balance / scale,
        credit=shown.credit / scale,
        profit=(shown.equity - shown.balance - shown.credit) / scale,
        equity=shown.equity / scale,
        margin=shown.margin / scale,
        margin_free=shown.free_margin / scale,
        name=f"Simulated {recipe.scenario}",
        server=recipe.server.name,
        currency=recipe.currency,
        company=recipe.server.company,
    )


def position(row: PositionRow, digits: int) -> Any:
    """TradePosition."""
    scale = 10**digits
    return struct(
        "TradePosition",
        ticket=row.position_id,
        identifier=row.position_id,
        time=row.opened_broker_msc // 1000,
        time_msc=row.opened_broker_msc,
        type=0 if row.side is Side.BUY else 1,
        volume=float(row.volume),
        price_open=float(row.open_price),
        price_current=float(row.current_price),
        sl=float(row.stop_loss or 0),
        tp=float(row.take_profit or 0),
        swap=row.swap / scale,
        profit=row.profit / scale,
        symbol=row.symbol,
    )


def deal(row: DealRow, digits: int) -> Any:
    """TradeDeal."""
    scale = 10**digits
    return struct(
        "TradeDeal",
        ticket=row.ticket,
        order=row.order,
        time=row.broker_msc // 1000,
        time_msc=row.broker_msc,
        type=int(row.type),
        entry=int(row.entry),
        position_id=row.position_id,
        reason=int(row.reason),
        volume=float(row.volume),
        price=float(row.price),
        commission=row.commission / scale,
        swap=row.swap / scale,
        profit=row.profit / scale,
        fee=row.fee / scale,
        symbol=row.symbol,
        comment=row.comment,
    )


def order(row: DealRow) -> Any:
    """TradeOrder of a filled order: the one behind a trade deal."""
    return struct(
        "TradeOrder",
        ticket=row.order,
        time_setup=row.broker_msc // 1000,
        time_setup_msc=row.broker_msc,
        time_done=row.broker_msc // 1000,
        time_done_msc=row.broker_msc,
        type=int(row.type),
        state=4,
        position_id=row.position_id,
        volume_initial=float(row.volume),
        price_open=float(row.price),
        symbol=row.symbol,
    )


def snapshot(account: SimulatedAccount) -> SnapshotResult:
    """The figures of one instant, for account and positions alike."""
    return reads.snapshot(account)


def ticks(account: SimulatedAccount, symbol: str, first: int, last: int) -> list[Any] | None:
    """Rows of a tick array in broker milliseconds [first, last]; None where there is no market."""
    if symbol not in account.paths or symbol not in SYMBOLS:
        return None
    rows: list[TickRow] = []
    while True:
        page = price_reads.ticks(account, Ticks(1, symbol, max(0, first), max(0, last)))
        rows += [row for row in page.items if not rows or row.broker_msc > rows[-1].broker_msc]
        if page.complete or not page.items:
            break
        first = page.items[-1].broker_msc
    return [_tick(row) for row in rows]


def _tick(row: TickRow) -> Any:
    return {
        "time": row.broker_msc // 1000,
        "bid": float(row.bid),
        "ask": float(row.ask),
        "last": 0.0,
        "volume": 0,
        "time_msc": row.broker_msc,
        "flags": 6,
        "volume_real": 0.0,
    }


def bars(account: SimulatedAccount, symbol: str, first: int, last: int) -> list[Any] | None:
    """Rows of a rate array: minutes that begin in broker milliseconds [first, last]."""
    if symbol not in account.paths or symbol not in SYMBOLS:
        return None
    page = price_reads.bars(account, Bars(1, symbol, max(0, first), max(0, last)))
    return [
        {
            "time": row.broker_msc // 1000,
            "open": float(row.open),
            "high": float(row.high),
            "low": float(row.low),
            "close": float(row.close),
            "tick_volume": 1,
            "spread": row.spread,
            "real_volume": 0,
        }
        for row in page.items
        if row.broker_msc >= first // 1000 * 1000
    ]


def last_tick(account: SimulatedAccount, symbol: str) -> Any:
    """Tick: the quote in force, stamped in the broker's wall time. None for no such symbol."""
    now = account.wall_msc()
    rows = ticks(account, symbol, now, now)
    return None if not rows else struct("Tick", **rows[0])


def symbol_info(name: str) -> Any:
    """SymbolInfo, None when the broker has no such symbol."""
    spec = price_reads.symbol(name)
    if spec is None:
        return None
    return struct(
        "SymbolInfo",
        name=spec.name,
        digits=spec.digits,
        visible=True,
        select=True,
        trade_calc_mode=int(spec.calc_mode),
        point=float(spec.tick_size),
        trade_tick_size=float(spec.tick_size),
        trade_tick_value=float(spec.tick_value),
        trade_contract_size=float(spec.contract_size),
        currency_base=spec.currency_base,
        currency_profit=spec.currency_profit,
        currency_margin=spec.currency_margin,
    )
