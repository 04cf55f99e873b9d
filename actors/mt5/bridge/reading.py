"""Reads of a held slot: what each request asks of the worker, and the answer made of it."""

from typing import Any

import trio

from actors.errors import BrokerFault
from actors.mt5.bridge import rows
from actors.mt5.bridge.history import page, read_on
from actors.mt5.bridge.keeper import SlotFault
from actors.mt5.bridge.server_times import ServerTimes
from actors.mt5.bridge.sessions import Held
from actors.mt5.wire_answers import (
    BalanceCheck,
    BarsResult,
    DealsResult,
    Done,
    OrderRow,
    OrdersResult,
    ResponseBody,
    SnapshotResult,
    SymbolResult,
    TicksResult,
)
from actors.mt5.wire_requests import (
    Bars,
    Deals,
    OrdersHistory,
    Refresh,
    Snapshot,
    Symbol,
    Ticks,
)
from actors.ports import Clock

MOST_TICKS = 10_000
MOST_BARS = 5_000
_AHEAD_SECONDS = 3 * 86_400
"""Windows end later than any broker's wall clock can be: up to 14 h ahead, and two days more."""

Read = Snapshot | Deals | OrdersHistory | Ticks | Bars | Symbol | Refresh


async def read(
    held: Held, body: Read, deadline: float, times: ServerTimes, clock: Clock
) -> ResponseBody:
    """Answer a read. Raises SlotFault or BadFigure."""
    match body:
        case Snapshot():
            if times.is_due(held.server):
                await read_clock(held, deadline, times)
            return await _snapshot(held, deadline)
        case Deals():
            await read_history(held, deadline, clock)
            return _deals(held, body)
        case OrdersHistory():
            return await _orders(held, body, deadline, clock)
        case Ticks():
            return await _ticks(held, body, deadline)
        case Bars():
            return await _bars(held, body, deadline)
        case Symbol():
            return await _symbol(held, body, deadline)
        case Refresh():
            await _ask(held, "look", deadline)
            return Done()


async def read_clock(held: Held, deadline: float, times: ServerTimes) -> None:
    """Look at the server's newest tick."""
    found = await _ask(held, "clock", deadline)
    times.read(held.server, int(found["stamp"]))


async def read_history(held: Held, deadline: float, clock: Clock) -> None:
    """Read the newest deals again, and all of them where the proof does not hold."""
    since = held.keeper.history.since_seconds
    await _read_deals(held, since, deadline, clock)
    if since > 0 and not held.keeper.history.is_stable:
        await _read_deals(held, 0, deadline, clock)
    held.keeper.proved(held.lease)


async def _read_deals(held: Held, since: int, deadline: float, clock: Clock) -> None:
    window = {"since": since, "until": _until(clock)}
    found = await _ask(held, "deals", deadline, **window)
    digits = rows.digits_of(found["account"])
    held.keeper.history = read_on(
        held.keeper.history,
        since,
        [rows.deal(raw, digits) for raw in found["deals"]],
        (found["totals"][0], found["totals"][1]),
        rows.balance_of(found["account"]),
    )


async def _snapshot(held: Held, deadline: float) -> SnapshotResult:
    found = await _ask(held, "snapshot", deadline)
    received = trio.current_time()
    if rows.is_master(found["account"]):
        raise SlotFault(BrokerFault.MASTER_PASSWORD)
    held.keeper.reads += 1
    age = found["age"] + trio.current_time() - received
    return rows.snapshot(found, max(0, round(age * 1000)), held.keeper.reads)


def _deals(held: Held, asked: Deals) -> DealsResult:
    history = held.keeper.history
    items, more = page(history, asked.since_msc, asked.after_ticket, asked.limit)
    return DealsResult(
        items=items,
        deals_total=history.total,
        history_state="stable" if history.is_stable else "loading",
        next_since_msc=items[-1].broker_msc if more else None,
        next_after_ticket=items[-1].ticket if more else None,
        balance_check=BalanceCheck(history.sum, history.balance, history.sum == history.balance),
    )


async def _orders(held: Held, asked: OrdersHistory, deadline: float, clock: Clock) -> OrdersResult:
    window = {"since": max(0, asked.since_msc // 1000 - 1), "until": _until(clock)}
    found = await _ask(held, "orders", deadline, **window)
    cursor = (asked.since_msc, asked.after_ticket)
    ordered = sorted(rows.orders(found["orders"]), key=_order_key)
    after = [row for row in ordered if _order_key(row) > cursor]
    items, more = tuple(after[: asked.limit]), len(after) > asked.limit
    last = _order_key(items[-1]) if more else (None, None)
    return OrdersResult(items, *last)


async def _ticks(held: Held, asked: Ticks, deadline: float) -> TicksResult:
    found = await _ask(
        held, "ticks", deadline,
        symbol=asked.symbol, since=asked.from_msc, until=asked.to_msc, most=MOST_TICKS,
    )  # fmt: skip
    return TicksResult(tuple(rows.tick(raw) for raw in found["ticks"]), bool(found["complete"]))


async def _bars(held: Held, asked: Bars, deadline: float) -> BarsResult:
    found = await _ask(
        held, "bars", deadline,
        symbol=asked.symbol, since=asked.from_msc, until=asked.to_msc, most=MOST_BARS,
    )  # fmt: skip
    return BarsResult(tuple(rows.bar(raw) for raw in found["bars"]), bool(found["complete"]))


async def _symbol(held: Held, asked: Symbol, deadline: float) -> SymbolResult:
    found = await _ask(held, "symbol", deadline, name=asked.name)
    return rows.symbol(found["symbol"], found["currency"])


async def _ask(held: Held, operation: str, deadline: float, **more: Any) -> dict[str, Any]:
    given = {"server": held.server, **more}
    return await held.keeper.do(held.lease, operation, given, deadline_seconds=deadline)


def _order_key(row: OrderRow) -> tuple[int, int]:
    done = row.done_broker_msc
    return (row.setup_broker_msc if done is None else done, row.ticket)


def _until(clock: Clock) -> int:
    return int(clock.now().timestamp()) + _AHEAD_SECONDS
