"""Writes the demo's sample report: a made-up account in the terminal's own HTML form.

``python -m tests.demo_report`` writes ``configs/demo/report.html`` anew; the numbers come from a
seeded random generator, so that the file is the same every time.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from attrs import define, field

TARGET = Path(__file__).resolve().parents[1] / "configs" / "demo" / "report.html"
START = Decimal("100000.00")
CENT = Decimal("0.01")
SYMBOLS = {
    "XAUUSD": (Decimal("2655.00"), Decimal("0.01"), Decimal("100")),
    "EURUSD": (Decimal("1.08500"), Decimal("0.00001"), Decimal("100000")),
    "GBPUSD": (Decimal("1.27000"), Decimal("0.00001"), Decimal("100000")),
}


@define
class Book:
    """The rows of the report as they come about."""

    balance: Decimal = START
    positions: list[list[str]] = field(factory=list)
    deals: list[list[str]] = field(factory=list)
    order: int = 50_000_100
    deal: int = 40_000_100
    last: datetime = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)

    def book(self, at: datetime, cells: list[str], costs: list[Decimal]) -> None:
        """Append a deal; ``costs`` are commission, fee, swap and profit."""
        self.balance += sum(costs, Decimal(0))
        self.deal += 7
        self.last = at
        numbers = [money(cost) for cost in costs]
        self.deals.append([stamp(at), str(self.deal), *cells, *numbers, money(self.balance), ""])


def money(value: Decimal) -> str:
    """Two decimals, a space for the thousands."""
    return f"{value:,.2f}".replace(",", " ")


def stamp(at: datetime) -> str:
    """The terminal's time form."""
    return at.strftime("%Y.%m.%d %H:%M:%S")


def trade(book: Book, random: Random, opened: datetime) -> None:
    """One position: an opening deal, one or two closing deals, and its row in the first table."""
    symbol = random.choice(list(SYMBOLS))
    base, tick, contract = SYMBOLS[symbol]
    side = random.choice(["buy", "sell"])
    volume = Decimal(random.choice(["0.20", "0.40", "0.60", "1.00"]))
    entry = base + tick * random.randint(-900, 900)
    book.order += 11
    position = str(book.order)
    fee = Decimal("-3.50") * volume
    commission = fee.quantize(CENT)
    book.book(opened, [symbol, side, "in", str(volume), str(entry), position], [commission, *ZEROS])
    parts = [volume / 2, volume / 2] if random.random() < 0.25 else [volume]
    total, costs, swaps, close = Decimal(0), commission, Decimal(0), entry
    closed = opened
    for part in parts:
        closed += timedelta(minutes=random.randint(5, 1500), seconds=random.randint(0, 59))
        close = entry + tick * random.randint(-420, 460) * (10 if symbol == "XAUUSD" else 1)
        sign = 1 if side == "buy" else -1
        profit = (sign * (close - entry) * part * contract).quantize(CENT)
        swap = Decimal("-1.15") * part if closed.date() != opened.date() else Decimal(0)
        book.order += 11
        back = "sell" if side == "buy" else "buy"
        costs_now = [(fee * part / volume).quantize(CENT), Decimal(0), swap.quantize(CENT), profit]
        cells = [symbol, back, "out", str(part.normalize()), str(close), str(book.order)]
        book.book(closed, cells, costs_now)
        total, costs, swaps = total + profit, costs + costs_now[0], swaps + costs_now[2]
    row = [stamp(opened), position, symbol, side, str(volume), str(entry), "", "", stamp(closed)]
    book.positions.append([*row, str(close), money(costs), money(swaps), money(total)])


ZEROS = [Decimal("0.00"), Decimal("0.00"), Decimal("0.00")]


def made_up_book() -> Book:
    """Four weeks of trading, one position after the other."""
    random, book = Random(20260901), Book()
    at = book.last
    deposit = [stamp(at), str(book.deal), "", "balance", *[""] * 4, *["0.00"] * 3]
    book.deals.append([*deposit, money(START), money(START), "Initial deposit"])
    for _ in range(46):
        at += timedelta(hours=random.randint(3, 16), minutes=random.randint(0, 59))
        while at.weekday() > 4:
            at += timedelta(days=1)
        at = max(at, book.last + timedelta(minutes=9))
        trade(book, random, at)
    return book


def row_html(cells: list[str], tag: str = "td") -> str:
    """One table row."""
    return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>\n"


def head_html(title: str, columns: list[str]) -> str:
    """A table's title row and its column names."""
    names = "".join(f"<td><b>{name}</b></td>" for name in columns)
    return f'<tr><th colspan="14"><div><b>{title}</b></div></th></tr>\n<tr>{names}</tr>\n'


POSITIONS = ["Time", "Position", "Symbol", "Type", "Volume", "Price", "S / L", "T / P", "Time"]
DEALS = ["Time", "Deal", "Symbol", "Type", "Direction", "Volume", "Price", "Order", "Commission"]


def report() -> str:
    """The whole report as HTML."""
    book = made_up_book()
    facts = {
        "Name:": "Sample Trader",
        "Account:": "700100200&nbsp;(USD,&nbsp;Simulated-2,&nbsp;demo,&nbsp;Hedge)",
        "Company:": "Sample Markets Ltd",
        "Date:": book.deals[-1][0][:16],
    }
    head = "".join(
        f'<tr><th colspan="4">{name}</th><th colspan="10"><b>{value}</b></th></tr>\n'
        for name, value in facts.items()
    )
    positions = head_html("Positions", [*POSITIONS, "Price", "Commission", "Swap", "Profit"])
    deals = head_html("Deals", [*DEALS, "Fee", "Swap", "Profit", "Balance", "Comment"])
    foot = f"<tr><td>Balance:</td><td><b>{money(book.balance)}</b></td><td></td>"
    foot += f"<td>Free Margin:</td><td><b>{money(book.balance)}</b></td></tr>\n"
    foot += "<tr><td>Credit Facility:</td><td><b>0.00</b></td><td></td>"
    foot += "<td>Margin:</td><td><b>0.00</b></td></tr>\n"
    foot += "<tr><td>Floating P/L:</td><td><b>0.00</b></td><td></td>"
    foot += "<td>Margin Level:</td><td><b>0.00%</b></td></tr>\n"
    foot += f"<tr><td>Equity:</td><td><b>{money(book.balance)}</b></td></tr>\n"
    body = head + positions + "".join(map(row_html, book.positions))
    body += deals + "".join(map(row_html, book.deals)) + foot
    title = "<title>700100200: Sample Trader - Trade History Report</title>"
    caption = '<tr><td colspan="14"><div><b>Trade History Report</b></div></td></tr>\n'
    return f"<html><head>{title}</head>\n<body><table>\n{caption}{body}</table></body></html>\n"


if __name__ == "__main__":
    TARGET.write_bytes(report().encode("utf-16"))
