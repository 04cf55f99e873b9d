"""Builds small MT5 history reports as a terminal would save them: HTML and XLSX, any language."""

from collections.abc import Mapping, Sequence
from html import escape
from io import BytesIO

import xlsxwriter
from attrs import field, frozen

Row = tuple[str, ...]

GERMAN = {"buy": "kaufen", "sell": "verkaufen", "in": "ein", "out": "aus", "balance": "Kontostand"}
RUSSIAN = {"buy": "купить", "sell": "продать", "in": "вход", "out": "выход", "balance": "баланс"}
PERSIAN = {"buy": "خرید", "sell": "فروش", "in": "ورود", "out": "خروج", "balance": "موجودی"}
INVENTED = {"buy": "koop!", "sell": "slaan", "in": "binne", "out": "uit", "balance": "geld"}


def deal(
    time: str, ticket: int, type_: str, entry: str = "", volume: str = "", price: str = "",
    order: str = "", *, symbol: str = "EURUSD", commission: str = "0.00", fee: str = "0.00",
    swap: str = "0.00", profit: str = "0.00", balance: str, comment: str = "",
) -> Row:  # fmt: skip
    """A deal row with 14 columns: time … order, commission, fee, swap, profit, balance, comment."""
    name = symbol if volume else ""
    return (
        time, str(ticket), name, type_, entry, volume, price, order,
        commission, fee, swap, profit, balance, comment,
    )  # fmt: skip


def position(
    opened: str, number: int, type_: str, volume: str, open_price: str, closed: str,
    close_price: str, *, symbol: str = "EURUSD", commission: str = "0.00", swap: str = "0.00",
    profit: str = "0.00",
) -> Row:  # fmt: skip
    """A row of the positions table, 13 columns."""
    return (
        opened, str(number), symbol, type_, volume, open_price, "", "", closed, close_price,
        commission, swap, profit,
    )  # fmt: skip


@frozen
class ReportFile:
    """A report's contents; ``words`` translates type and direction cells, labels are made up.

    ``results`` are the values of the summary's rows; a tester prints them above its tables.
    """

    deals: Sequence[Row] = ()
    positions: Sequence[Row] = ()
    orders: Sequence[Row] = ()
    open_positions: Sequence[Row] = ()
    working_orders: Sequence[Row] = ()
    account: str = "700001 (USD, Simulated-1, demo, Hedge)"
    footer: Row = ("0.00", "0.00", "0.00", "0.00", "0.00", "0.00%", "0.00")
    date: str = "2026.03.09 12:00"
    words: Mapping[str, str] = field(factory=dict)
    results: Sequence[Row] = ()
    results_first: bool = False
    has_fee: bool = True
    label: str = "Spalte"

    def html(self, encoding: str = "utf-16", *, odd_byte: bool = False) -> bytes:
        """The report as HTML in ``encoding`` (a BOM first, as terminals write)."""
        body = "".join(
            [
                _head("Trade History Report", self.account, self.date),
                _lines(self._results()) if self.results_first else "",
                self._table(self.positions, 13, hidden_after=4),
                self._table(self.orders, 11),
                self._table(self._deal_rows(), 14 if self.has_fee else 13, hidden_after=8),
                self._table(self.open_positions, 12),
                self._table(self.working_orders, 11),
                _footer(self.footer),
                "" if self.results_first else _lines(self._results()),
            ]
        )
        text = f"<html><head><title>x</title></head><body><table>{body}</table></body>\n</html>"
        raw = text.encode("utf-8-sig" if encoding == "utf-8" else encoding)
        return raw + (b"\n" if odd_byte else b"")

    def xlsx(self) -> bytes:
        """The report as XLSX: numbers as floats, sums as formulas, volumes as text."""
        out = BytesIO()
        book = xlsxwriter.Workbook(out, {"in_memory": True})
        sheet = book.add_worksheet()
        rows: list[Row] = [("Trade History Report",), ("N:", "", "", "Ada Quill")]
        rows += [("A:", "", "", self.account), ("D:", "", "", self.date)]
        rows += self._results() if self.results_first else []
        for table, width, spread in (
            (self.positions, 13, {}), (self.orders, 11, {10: 11}),
            (self._deal_rows(), 14 if self.has_fee else 13, {}),
            (self.open_positions, 12, {10: 11, 11: 12}),
        ):  # fmt: skip
            rows.append(("Titel",))
            rows.append(_spread([f"{self.label} {i}" for i in range(width)], spread))
            rows += [_spread([self._word(cell) for cell in row], spread) for row in table]
        rows.append(("", "", "", "", "", "", "", "", "=SUM(Sheet1!I1:I2)", "", "", "5", "5"))
        rows += _footer_rows(self.footer)
        rows += [] if self.results_first else self._results()
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                _write(sheet, y, x, cell, as_text=x == 4)
        book.close()
        return out.getvalue()

    def _deal_rows(self) -> list[Row]:
        return [row if self.has_fee else (*row[:9], *row[10:]) for row in self.deals]

    def _results(self) -> list[Row]:
        """Rows of label and value, under a title; an empty row becomes a heading."""
        rows: list[Row] = [("Titel",)]
        for values in self.results:
            cells = [cell for value in values for cell in (f"{self.label} ($):", "", "", value)]
            rows.append(tuple(cells) or (self.label,))
        return rows

    def _word(self, cell: str) -> str:
        return self.words.get(cell, cell)

    def _table(self, rows: Sequence[Row], width: int, hidden_after: int | None = None) -> str:
        titles = "".join(f"<td nowrap><b>{self.label} {i}</b></td>" for i in range(width))
        lines = [f"<tr><th colspan=14><b>Titel</b></th></tr><tr>{titles}</tr>"]
        for row in rows:
            cells = [f"<td>{escape(self._word(cell))}</td>" for cell in row]
            if hidden_after is not None:
                cells.insert(hidden_after, '<td class="hidden" colspan="8"></td>')
            lines.append(f'<tr align="right">{"".join(cells)}</tr>')
        return "\n".join(lines)


def _head(title: str, account: str, date: str) -> str:
    pairs = (("N:", "Ada Quill"), ("A:", account.replace(" ", "\u00a0")), ("C:", "Firm Ltd"))
    rows = [f"<tr><td colspan=14><b>{title}</b></td></tr>"]
    for label, value in (*pairs, ("D:", date)):
        rows.append(f"<tr><th colspan=4>{label}</th><th colspan=10><b>{value}</b></th></tr>")
    return "".join(rows)


def _footer_rows(footer: Row) -> list[Row]:
    balance, free_margin, credit, margin, floating, level, equity = footer
    return [
        ("B:", "", "", balance, "", "", "F:", "", "", free_margin),
        ("C:", "", "", credit, "", "", "M:", "", "", margin),
        ("P:", "", "", floating, "", "", "L:", "", "", level.rstrip("%")),
        ("E:", "", "", equity),
    ]


def _footer(footer: Row) -> str:
    return _lines(_footer_rows((*footer[:5], footer[5] + "%", footer[6])))


def _lines(rows: Sequence[Row]) -> str:
    return "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)


def _spread(cells: Sequence[str], spread: Mapping[int, int]) -> Row:
    wide = [""] * 14
    for i, cell in enumerate(cells):
        wide[spread.get(i, i)] = cell
    return tuple(wide)


def _write(
    sheet: xlsxwriter.worksheet.Worksheet, y: int, x: int, cell: str, *, as_text: bool
) -> None:
    plain = cell.replace(" ", "")
    if cell.startswith("=SUM"):
        sheet.write_formula(y, x, cell)
    elif not as_text and plain.lstrip("-").replace(".", "", 1).isdigit():
        sheet.write_number(y, x, float(plain))
    elif cell:
        sheet.write_string(y, x, cell)
