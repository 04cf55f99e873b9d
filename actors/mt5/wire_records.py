"""Messages turned into the core's records: decimals, UTC instants, the supervisor's own time."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from actors.domain.deals import Deal
from actors.domain.prices import Bars, PriceError, SymbolSpec, Ticks, to_points, utc_msc
from actors.domain.server_clock import ServerClock
from actors.domain.snapshot import Observation, OpenPosition
from actors.errors import ProtocolViolation
from actors.mt5.wire_answers import (
    AccountRow,
    BarsResult,
    DealRow,
    DealsResult,
    PositionRow,
    SnapshotResult,
    SymbolResult,
    TicksResult,
)
from actors.ports import BrokerAccount, DealsPage

DETECTION_VALID = timedelta(hours=6)
"""How long a bridge holds on to an offset that it detected (MT5 4)."""


def broker_account(row: AccountRow, clock: ServerClock, now: datetime) -> BrokerAccount:
    """Return the account as named at login; its offset is the configured zone's at ``now``."""
    offset = _offset_seconds(clock, now)
    return BrokerAccount(
        login=row.login,
        server=row.server,
        name=row.name,
        company=row.company,
        currency=row.currency,
        currency_digits=row.currency_digits,
        leverage=row.leverage,
        margin_mode=row.margin_mode,
        server_offset_seconds=offset,
        offset_source="configured",
        offset_differs_seconds=offset_differs(
            row.server_offset_seconds, row.offset_source, clock, now
        ),
    )


def offset_differs(told: int | None, source: str, clock: ServerClock, now: datetime) -> int:
    """The bridge's offset less the configured one; it may be as old as a detection is valid."""
    valid = {_offset_seconds(clock, at) for at in (now, now - DETECTION_VALID)}
    if source == "unknown" or told is None or told in valid:
        return 0
    return told - _offset_seconds(clock, now)


def _offset_seconds(clock: ServerClock, at: datetime) -> int:
    return (clock.to_broker_msc(at) - _UTC.to_broker_msc(at)) // 1000


def observation(row: SnapshotResult, clock: ServerClock, received_at: datetime) -> Observation:
    """Return a snapshot as observed at ``received_at`` less the bridge's measured age."""
    return Observation(
        observed_at=received_at - timedelta(milliseconds=row.age_ms),
        balance=row.balance,
        equity=row.equity,
        credit=row.credit,
        margin=row.margin,
        free_margin=row.free_margin,
        currency=row.currency,
        currency_digits=row.currency_digits,
        positions=tuple(open_position(each, clock) for each in row.positions),
    )


def open_position(row: PositionRow, clock: ServerClock) -> OpenPosition:
    """Return an open position with exact decimals and its UTC opening instant."""
    return OpenPosition(
        position_id=row.position_id,
        symbol=row.symbol,
        side=row.side,
        volume=Decimal(row.volume),
        open_price=Decimal(row.open_price),
        current_price=Decimal(row.current_price),
        stop_loss=None if row.stop_loss is None else Decimal(row.stop_loss),
        take_profit=None if row.take_profit is None else Decimal(row.take_profit),
        profit=row.profit,
        swap=row.swap,
        opened_broker_msc=row.opened_broker_msc,
        opened_at=clock.to_utc(row.opened_broker_msc),
    )


def deal(row: DealRow, clock: ServerClock) -> Deal:
    """Return a deal with exact decimals and the instant that its own stamp means."""
    return Deal(
        ticket=row.ticket,
        position_id=row.position_id,
        order=row.order,
        type=row.type,
        entry=row.entry,
        reason=row.reason,
        symbol=row.symbol,
        volume=Decimal(row.volume),
        price=Decimal(row.price),
        profit=row.profit,
        commission=row.commission,
        swap=row.swap,
        fee=row.fee,
        broker_msc=row.broker_msc,
        occurred_at=clock.to_utc(row.broker_msc),
        comment=row.comment,
    )


def deals_page(row: DealsResult, clock: ServerClock) -> DealsPage:
    """Return a page of deals; stable when the terminal says that its history is."""
    return DealsPage(
        deals=tuple(deal(each, clock) for each in row.items),
        total=row.deals_total,
        stable=row.history_state == "stable",
        next_since_msc=row.next_since_msc,
        next_after_ticket=row.next_after_ticket,
    )


def symbol_spec(row: SymbolResult) -> SymbolSpec:
    """Return a symbol's specification with exact decimals. A size of 0 is a violation."""
    spec = SymbolSpec(
        name=row.name,
        digits=row.digits,
        contract_size=Decimal(row.contract_size),
        tick_size=Decimal(row.tick_size),
        tick_value=Decimal(row.tick_value),
        base_currency=row.currency_base,
        profit_currency=row.currency_profit,
        margin_currency=row.currency_margin,
        calc_mode=row.calc_mode,
    )
    if spec.contract_size <= 0 or spec.tick_size <= 0:
        raise ProtocolViolation(f"a symbol without a contract or tick size: {row.name!r}")
    return spec


def ticks(row: TicksResult, digits: int, clock: ServerClock) -> Ticks:
    """Return quotes as columns. A price finer than ``digits`` is a violation.

    Stamps that go back (an hour that a server's clock repeats) make the range unknown.
    """
    times = _instants([each.broker_msc for each in row.items], clock)
    if times is None:
        return Ticks()
    bids = _points((each.bid for each in row.items), digits)
    asks = _points((each.ask for each in row.items), digits)
    return Ticks(times, bids, asks, row.complete)


def bars(row: BarsResult, digits: int, clock: ServerClock) -> Bars:
    """Return M1 bars as columns, with the same conditions as ``ticks``."""
    times = _instants([each.broker_msc for each in row.items], clock)
    if times is None:
        return Bars()
    highs = _points((each.high for each in row.items), digits)
    lows = _points((each.low for each in row.items), digits)
    return Bars(times, highs, lows, tuple(each.spread for each in row.items), row.complete)


def _points(prices: Iterable[str], digits: int) -> tuple[int, ...]:
    try:
        return tuple(to_points(price, digits) for price in prices)
    except PriceError as error:
        raise ProtocolViolation(str(error)) from None


def _instants(stamps: list[int], clock: ServerClock) -> tuple[int, ...] | None:
    """UTC milliseconds of broker stamps: one conversion where the offset is the same throughout.

    None when they go back.
    """
    if not stamps:
        return ()
    offsets = {utc_msc(clock.to_utc(end)) - end for end in (stamps[0], stamps[-1])}
    if len(offsets) == 1:
        offset = offsets.pop()
        instants = tuple(stamp + offset for stamp in stamps)
    else:
        instants = tuple(utc_msc(clock.to_utc(stamp)) for stamp in stamps)
    return None if any(later < earlier for earlier, later in pairwise(instants)) else instants


_UTC = ServerClock.parse("UTC")
