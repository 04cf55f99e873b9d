"""What can happen to an account: each act writes the deals that a real broker would write."""

from msgspec import structs

from actors.domain.deals import DealEntry, DealReason, DealType
from actors.mt5.simulator.account import SimulatedAccount
from actors.mt5.simulator.book import Position
from actors.mt5.simulator.prices import spread_at
from actors.mt5.simulator.symbols import SYMBOLS, SymbolSpec, price_text, volume_text
from actors.mt5.wire_answers import DealRow


def cash(
    account: SimulatedAccount,
    kind: DealType,
    amount: int,
    comment: str = "",
    *,
    delay_ms: int = 0,
    stamped_ms_ago: int = 0,
) -> int:
    """Book an account-level deal of ``amount`` minor units and return its ticket.

    ``delay_ms``: the balance moves now, the deal shows later. ``stamped_ms_ago``: a late
    correction, booked now under an earlier stamp.
    """
    ticket = account.ticket()
    row = _row(account, ticket, kind, profit=amount, comment=comment)
    if stamped_ms_ago:
        row = _stamped(row, row.broker_msc - stamped_ms_ago)
    account.write(row, account.now + delay_ms)
    return ticket


def fee(account: SimulatedAccount, amount: int) -> None:
    """Book a charge in the deal's own fee column."""
    account.write(_row(account, account.ticket(), DealType.CHARGE, fee=amount, comment="fee"))


def open_position(
    account: SimulatedAccount,
    symbol: str,
    sign: int,
    milli: int,
    *,
    points: int | None = None,
    commission: int = 0,
) -> int:
    """Open (or, netting, add to) a position at the market or at ``points``; return its id."""
    spec = SYMBOLS[symbol]
    held = _netted(account, spec)
    if points is None:
        bid = account.paths[symbol].points(account.now)
        points = bid + spread_at(spec, account.now) if sign > 0 else bid
    ticket = account.ticket()
    position_id = ticket if held is None else held.position_id
    account.write(
        _trade(
            account, ticket, position_id, spec, sign, milli, points, DealEntry.IN, -abs(commission)
        )
    )
    return position_id


def close_position(
    account: SimulatedAccount,
    position: Position,
    milli: int | None = None,
    *,
    points: int | None = None,
    reason: DealReason = DealReason.CLIENT,
    comment: str = "",
) -> None:
    """Close ``milli`` of a position (all of it when None) at the market or at ``points``."""
    value = account.value()
    milli = position.milli if milli is None else min(milli, position.milli)
    points = value.close_points(position) if points is None else points
    account.write(
        _trade(
            account,
            account.ticket(),
            position.position_id,
            position.spec,
            -position.sign,
            milli,
            points,
            DealEntry.OUT,
            0,
            profit=value.profit(position, milli, points),
            swap=value.swap(position, milli),
            reason=reason,
            comment=comment,
        )
    )


def close_by(account: SimulatedAccount, first: Position, second: Position) -> None:
    """Close two opposite positions of one symbol against each other (MT5 6, OUT_BY).

    Each deal is priced at the other position's open; the whole result is on the first.
    """
    value = account.value()
    milli = min(first.milli, second.milli)
    comment = f"#{first.position_id} by #{second.position_id}"
    profit = value.profit(first, milli, second.open_points)
    pairs = ((first, second.open_points, profit), (second, first.open_points, 0))
    rows = [
        _trade(
            account,
            account.ticket(),
            each.position_id,
            each.spec,
            -each.sign,
            milli,
            points,
            DealEntry.OUT_BY,
            0,
            profit=result,
            swap=value.swap(each, milli),
            comment=comment[:31],
        )
        for each, points, result in pairs
    ]
    for row in rows:
        account.write(row)


def reverse(account: SimulatedAccount, position: Position, milli: int) -> None:
    """Turn a netting position: close it all, and open ``milli`` on the other side (INOUT)."""
    value = account.value()
    points = value.close_points(position)
    account.write(
        _trade(
            account,
            account.ticket(),
            position.position_id,
            position.spec,
            -position.sign,
            position.milli + milli,
            points,
            DealEntry.INOUT,
            0,
            profit=value.profit(position, position.milli, points),
            swap=value.swap(position, position.milli),
        )
    )


def stop_out(account: SimulatedAccount) -> None:
    """Close every position by force, as a margin stop-out does."""
    for position in list(account.book.positions.values()):
        close_position(account, position, reason=DealReason.STOP_OUT, comment="so 20.0%")


def _netted(account: SimulatedAccount, spec: SymbolSpec) -> Position | None:
    if account.recipe.margin_mode != "netting":
        return None
    held = (each for each in account.book.positions.values() if each.spec is spec)
    return next(held, None)


def _trade(
    account: SimulatedAccount,
    ticket: int,
    position_id: int,
    spec: SymbolSpec,
    sign: int,
    milli: int,
    points: int,
    entry: DealEntry,
    commission: int,
    *,
    profit: int = 0,
    swap: int = 0,
    reason: DealReason = DealReason.CLIENT,
    comment: str = "",
) -> DealRow:
    return DealRow(
        ticket=ticket,
        position_id=position_id,
        order=ticket,
        type=DealType.BUY if sign > 0 else DealType.SELL,
        entry=entry,
        reason=reason,
        symbol=spec.name,
        volume=volume_text(milli),
        price=price_text(points, spec.digits),
        profit=profit,
        commission=commission,
        swap=swap,
        fee=0,
        broker_msc=account.wall_msc(),
        comment=comment,
    )


def _row(
    account: SimulatedAccount,
    ticket: int,
    kind: DealType,
    *,
    profit: int = 0,
    fee: int = 0,
    comment: str = "",
) -> DealRow:
    return DealRow(
        ticket=ticket,
        position_id=0,
        order=0,
        type=kind,
        entry=DealEntry.IN,
        reason=DealReason.CLIENT,
        symbol="",
        volume="0",
        price="0",
        profit=profit,
        commission=0,
        swap=0,
        fee=fee,
        broker_msc=account.wall_msc(),
        comment=comment,
    )


def _stamped(row: DealRow, broker_msc: int) -> DealRow:
    return structs.replace(row, broker_msc=broker_msc)
