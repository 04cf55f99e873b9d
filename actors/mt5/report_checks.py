"""A report against itself: its balance chain, its positions and its summary (MT5 9)."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from attrs import frozen

from actors.domain.deals import Deal
from actors.domain.money import to_minor
from actors.domain.mt5_summary import Mt5Figures, Mt5Summary
from actors.domain.trades import Trade
from actors.mt5.report_cells import decimals_of
from actors.mt5.report_deals import opening_balance
from actors.mt5.report_rows import PositionRow, Report, ReportKind


@frozen
class Check:
    """How many rows were checked, how many agree exactly, and where the others differ."""

    rows: int
    exact: int
    differences: tuple[str, ...] = ()


def balance_chain(report: Report) -> Check:
    """Each row's balance = the row before + profit + swap + commission + fee, in row order.

    The first row starts the chain. The footer's balance holds no credit, the last row's may.
    """
    differences = []
    for before, row in zip(report.deals, report.deals[1:], strict=False):
        expected = before.balance + (row.amount if row.moves_balance else 0)
        if row.balance != expected:
            differences.append(f"row {row.row}: balance {row.balance}, expected {expected}")
    rows = len(report.deals)
    if report.footer and rows:
        last, footer = report.deals[-1].balance, report.footer
        if last not in (footer.balance, footer.balance + footer.credit):
            differences.append(f"footer: balance {footer.balance}, last row {last}")
    broken = sum(text.startswith("row") for text in differences)
    return Check(rows, rows - broken, tuple(differences))


def summary_figures(report: Report, deals: Sequence[Deal]) -> Mt5Figures:
    """The terminal's or tester's summary figures from the report's deals, in row order.

    A credit that the printed balance leaves out is left out here too.
    """
    opening = to_minor(opening_balance(report) or 0, report.currency_digits)
    summary = Mt5Summary.opened(opening)
    for row, deal in zip(report.deals, deals, strict=True):
        if row.moves_balance:
            summary = summary.add(deal)
    if report.kind is ReportKind.TESTER:
        return summary.tester_figures(report.currency_digits)
    return summary.figures(report.currency_digits)


@frozen
class PositionsCheck(Check):
    """``whole`` rows were rebuilt from open to close; the others' opening is out of the window."""

    whole: int = 0


def positions_check(
    report: Report, deals: Sequence[Deal], trades: Sequence[Trade]
) -> PositionsCheck:
    """Compare each row of the positions table with the trade rebuilt from its deals.

    Rows whose opening deal lies before the window are compared by their closing part.
    """
    orders = {deal.ticket: deal.order for deal in deals}
    by_opening = {
        orders[trade.deal_tickets[0]] if trade.opened_at else trade.position_id: trade
        for trade in trades
    }
    times = {deal.ticket: deal.broker_msc for deal in deals}
    digits = _price_digits(report)
    differences = []
    whole = 0
    for row in report.positions:
        trade = by_opening.get(row.position_id)
        if trade is None:
            differences.append(f"row {row.row}: position {row.position_id} has no deals")
            continue
        wrong = _differs(row, trade, times, digits[row.symbol], report.currency_digits)
        whole += trade.opened_at is not None
        if wrong:
            names = ", ".join(wrong)
            differences.append(f"row {row.row}: position {row.position_id} differs in {names}")
    rows = len(report.positions)
    return PositionsCheck(rows, rows - len(differences), tuple(differences), whole)


def _price_digits(report: Report) -> dict[str, int]:
    """Most decimals of each symbol's deals: spreadsheets drop trailing zeros."""
    digits: dict[str, int] = defaultdict(int)
    for row in report.deals:
        digits[row.symbol] = max(digits[row.symbol], decimals_of(row.price))
    return digits


def _differs(
    row: PositionRow, trade: Trade, times: dict[int, int], price_digits: int, digits: int
) -> list[str]:
    """Names of the figures in which a printed position and its rebuilt trade disagree."""
    equal = {
        "symbol": row.symbol == trade.symbol,
        "side": row.side is trade.side,
        "volume": row.volume == trade.volume,
        "close time": trade.is_closed and times[trade.deal_tickets[-1]] == row.close_msc,
        "close price": _near(row.close_price, trade.close_price, price_digits),
        "swap": to_minor(row.swap, digits) == trade.swap,
        "profit": to_minor(row.profit, digits) == trade.profit,
    }
    if trade.opened_at is not None:
        costs = to_minor(row.commission + row.fee, digits)
        equal["open time"] = times[trade.deal_tickets[0]] == row.open_msc
        equal["open price"] = _near(row.open_price, trade.open_price, price_digits)
        equal["commission"] = costs in (trade.commission, trade.commission + trade.fee)
    return [name for name, same in equal.items() if not same]


def _near(printed: Decimal, exact: Decimal | None, price_digits: int) -> bool:
    """Equal to the printed digit; mean open prices may be printed finer than deals are."""
    half = Decimal(5).scaleb(-max(price_digits, decimals_of(printed)) - 1)
    return exact is not None and abs(printed - exact) <= half
