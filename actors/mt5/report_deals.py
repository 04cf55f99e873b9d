"""A report's rows as the core's records: deals, the last observation, and the starting balance."""

from datetime import datetime
from decimal import Decimal

from actors.domain.deals import Deal, DealReason, DealType
from actors.domain.money import to_minor
from actors.domain.server_clock import ServerClock
from actors.domain.snapshot import Observation, OpenPosition
from actors.domain.trades import Trade
from actors.mt5.report_cells import ReportError
from actors.mt5.report_rows import DealRow, OpenRow, PositionRow, Report

_REASONS = {
    "[sl ": DealReason.STOP_LOSS,
    "[tp ": DealReason.TAKE_PROFIT,
    "[so ": DealReason.STOP_OUT,
}


def deals_of(report: Report, clock: ServerClock) -> tuple[Deal, ...]:
    """The report's deals in row order, amounts in minor units, times by the server's clock.

    Reasons are not printed: closings by stop, target and stop-out are told by their comments.
    """
    return tuple(_deal(row, report.currency_digits, clock) for row in report.deals)


def _deal(row: DealRow, digits: int, clock: ServerClock) -> Deal:
    return Deal(
        ticket=row.ticket,
        position_id=row.position_id,
        order=row.order,
        type=row.type,
        entry=row.entry,
        reason=_REASONS.get(row.comment[:4], DealReason.CLIENT),
        symbol=row.symbol,
        volume=row.volume,
        price=row.price,
        profit=to_minor(row.profit, digits),
        commission=to_minor(row.commission, digits),
        swap=to_minor(row.swap, digits),
        fee=to_minor(row.fee, digits),
        broker_msc=row.broker_msc,
        occurred_at=clock.to_utc(row.broker_msc),
        comment=row.comment,
    )


def trades_of_positions(report: Report, clock: ServerClock) -> tuple[Trade, ...]:
    """The printed positions as trades, for a file that has no deals to rebuild them from."""
    return tuple(_trade(row, report.currency_digits, clock) for row in report.positions)


def _trade(row: PositionRow, digits: int, clock: ServerClock) -> Trade:
    return Trade(
        ticket=str(row.position_id),
        position_id=row.position_id,
        symbol=row.symbol,
        side=row.side,
        volume=row.volume,
        open_volume=Decimal(0),
        opened_at=clock.to_utc(row.open_msc),
        closed_at=clock.to_utc(row.close_msc),
        open_price=row.open_price,
        close_price=row.close_price,
        profit=to_minor(row.profit, digits),
        commission=to_minor(row.commission, digits),
        swap=to_minor(row.swap, digits),
        fee=to_minor(row.fee, digits),
        deal_tickets=(),
    )


def opening_balance(report: Report) -> Decimal | None:
    """Balance before the first row when the window starts mid-life, else None.

    A report of a whole life begins at 0: its first row is the first deposit.
    """
    if not report.deals:
        return report.footer.balance if report.footer and report.footer.balance else None
    first = report.deals[0]
    before = first.balance - first.amount if first.moves_balance else first.balance
    return before or None


def opening_credit(report: Report) -> Decimal:
    """Credit from before the window that the balance column still holds; 0 when it holds none."""
    if not report.deals or report.footer is None:
        return Decimal(0)
    held = report.deals[-1].balance - report.footer.balance
    if held != report.footer.credit:
        return Decimal(0)
    booked = (row for row in report.deals if row.type is DealType.CREDIT and row.moves_balance)
    return held - sum((row.amount for row in booked), Decimal(0))


def end_of(report: Report, clock: ServerClock) -> datetime:
    """The instant the report describes: its date by the server's clock, or its last deal's."""
    known = [row.broker_msc for row in report.deals]
    known += [row.open_msc for row in report.open_positions]
    if report.header and report.header.date_msc is not None:
        known.append(report.header.date_msc)
    if not known:
        raise ReportError("the report has no date and no deal; allowed: a dated history report")
    return clock.to_utc(max(known))


def observation_at_end(report: Report, clock: ServerClock) -> Observation:
    """The account as the report's footer shows it; without one, the last balance and no credit.

    Raises ReportError when positions are open and no footer tells the equity.
    """
    digits = report.currency_digits
    footer = report.footer
    if footer is None and report.open_positions:
        raise ReportError("positions are open but no equity is printed; allowed: a whole report")
    last = report.deals[-1].balance if report.deals else Decimal(0)
    balance = footer.balance if footer else last
    return Observation(
        observed_at=end_of(report, clock),
        balance=to_minor(balance, digits),
        equity=to_minor(footer.equity if footer else balance, digits),
        credit=to_minor(footer.credit if footer else 0, digits),
        margin=to_minor(footer.margin if footer else 0, digits),
        free_margin=to_minor(footer.free_margin if footer else balance, digits),
        currency=report.header.currency if report.header else "",
        currency_digits=digits,
        positions=tuple(_open(row, digits, clock) for row in report.open_positions),
    )


def _open(row: OpenRow, digits: int, clock: ServerClock) -> OpenPosition:
    return OpenPosition(
        position_id=row.position_id,
        symbol=row.symbol,
        side=row.side,
        volume=row.volume,
        open_price=row.open_price,
        current_price=row.market_price,
        stop_loss=row.stop_loss,
        take_profit=row.take_profit,
        profit=to_minor(row.profit, digits),
        swap=to_minor(row.swap, digits),
        opened_broker_msc=row.open_msc,
        opened_at=clock.to_utc(row.open_msc),
    )
