"""Files of hostile rows, read again by other libraries than those that wrote them."""

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.reader.excel import load_workbook
from openpyxl.utils.escape import unescape

from actors.domain.export import ExportFormat, ExportOrder
from actors.domain.history import DealRow, TradeFilter
from storage.export_reading import Reading
from supervisor.exporting.cells import clean, guarded, is_exact, number
from supervisor.exporting.csv_table import csv_table
from supervisor.exporting.xlsx_table import Scene, xlsx_table

NOW = datetime(2026, 3, 1, 12, 0, 0, 123_000, tzinfo=UTC)
TEHRAN = ZoneInfo("Asia/Tehran")
ORDER = ExportOrder(ExportFormat.CSV, "deals", TradeFilter(), "en", "Asia/Tehran")
STARTS = "=+-@\t\r\n\0 \u200b\ufeff＝＋－＠'"
hostile = st.text(st.one_of(st.sampled_from(STARTS + ',;"'), st.characters(codec="utf-8")))
money = st.decimals(
    allow_nan=False, allow_infinity=False, places=2, min_value=-(10**15), max_value=10**15
)


def deal(number: int = 7, **changes: Any) -> DealRow:
    """A closing deal."""
    fields: dict[str, Any] = {
        "ticket": number,
        "position_id": 9,
        "order_ticket": 11,
        "time": NOW,
        "symbol": "EURUSD",
        "type": "BUY",
        "entry": "OUT",
        "reason": "CLIENT",
        "lots": Decimal("0.1"),
        "price": Decimal("1.08005"),
        "profit": Decimal("-10.50"),
        "commission": Decimal("-0.35"),
        "swap": Decimal("0.00"),
        "fee": Decimal("0.00"),
        "net": Decimal("-10.85"),
        "comment": "",
    }
    return DealRow(**(fields | changes))


def as_csv(*deals: DealRow) -> list[list[str]]:
    """The lines of the file, headings first."""
    raw = b"".join(csv_table(ORDER, Reading(len(deals), iter(deals))))
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.endswith(b"\r\n")
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True))


def as_xlsx(*deals: DealRow, sheet_rows: int = 1_048_576) -> Any:
    """The workbook."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        reading = Reading(len(deals), iter(deals))
        xlsx_table(ORDER, 2, reading, Scene(path, Path(folder), NOW, sheet_rows), lambda _: None)
        return load_workbook(io.BytesIO(path.read_bytes()))  # type: ignore[no-untyped-call]


@given(hostile)
def test_no_text_begins_a_formula(text: str) -> None:
    """Whatever a broker writes: no reader of the cell finds a formula's start or a control."""
    cell = guarded(text)
    visible = cell.strip(" \u200b\ufeff").lstrip()
    assert not visible.startswith(tuple("=+-@＝＋－＠"))
    assert not set(cell) & set("\t\r\n\0")
    assert cell.replace("'", "") == clean(text).replace("'", "")


@pytest.mark.parametrize("separator", [",", ";"])
@given(hostile)
def test_no_part_of_a_cell_begins_a_formula_where_it_is_cut(separator: str, text: str) -> None:
    """A spreadsheet that cuts lines at the other separator finds no formula's start either."""
    for part in guarded(text).split(separator):
        visible = part.strip(' "\u200b\ufeff').lstrip()
        assert not visible.startswith(tuple("=+-@＝＋－＠"))


def test_a_formula_between_separators_is_guarded() -> None:
    """What would be a cell of its own under a locale with semicolons."""
    assert guarded("a;=cmd|x!A1;b") == "a;'=cmd|x!A1;b"
    assert guarded('a;"=1+1"') == 'a;\'"=1+1"'
    assert guarded("well; a-b, c") == "well; a-b, c"


@given(hostile, hostile)
def test_csv_keeps_its_columns_and_its_numbers(symbol: str, comment: str) -> None:
    """Hostile text stays in its own cell; a negative number is a number and nothing else."""
    head, line = as_csv(deal(symbol=symbol, comment=comment))
    assert len(head) == len(line) == 16
    assert (line[4], line[15]) == (guarded(symbol), guarded(comment))
    assert line[8:15] == ["0.1", "1.08005", "-10.50", "-0.35", "0.00", "0.00", "-10.85"]
    assert line[3] == "2026-03-01 15:30:00.123000"


@given(money)
def test_csv_tells_each_amount_digit_by_digit(amount: Decimal) -> None:
    """What is written reads back as the same decimal with the same digits."""
    written = as_csv(deal(profit=amount))[1][10]
    assert Decimal(written).as_tuple() == amount.as_tuple()
    assert "E" not in written


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "＝1", "_x0041_", "<b>&"]
)
def test_xlsx_text_is_a_string_and_unchanged(text: str) -> None:
    """A formula in a comment is a string cell that says just that."""
    sheet = as_xlsx(deal(comment=text)).worksheets[0]
    assert sheet["P2"].data_type in {"s", "inlineStr"}
    assert unescape(sheet["P2"].value) == clean(text)  # type: ignore[no-untyped-call]


@settings(deadline=None, max_examples=30)
@given(st.lists(money, min_size=1, max_size=20))
def test_xlsx_amounts_read_back_exactly(amounts: list[Decimal]) -> None:
    """As numbers in the currency's digits; as text where a double would tell another number."""
    sheet = as_xlsx(*(deal(profit=amount) for amount in amounts)).worksheets[0]
    cells = [row[10] for row in sheet.iter_rows(min_row=2)]
    assert [Decimal(str(cell.value)) for cell in cells] == amounts
    for cell, amount in zip(cells, amounts, strict=True):
        is_number = (cell.data_type, cell.number_format) == ("n", "#,##0.00")
        assert is_number == is_exact(amount)
        assert is_number or abs(amount) > 10**12


def test_xlsx_amount_beyond_a_double_is_text() -> None:
    """Rather a text with all digits than a number with other ones."""
    long = Decimal("12345678901234567.89")
    assert not is_exact(long)
    cell = as_xlsx(deal(profit=long)).worksheets[0]["K2"]
    assert cell.value == number(long) == "12345678901234567.89"


def test_xlsx_times_are_dates_of_the_zone() -> None:
    """To the millisecond, with the zone in the heading."""
    sheet = as_xlsx(deal(time=NOW + timedelta(days=120))).worksheets[0]
    assert sheet["D1"].value == "Time (Asia/Tehran)"
    assert sheet["D2"].is_date
    assert sheet["D2"].value.replace(tzinfo=TEHRAN) == NOW + timedelta(days=120)


def test_a_full_sheet_is_followed_by_another() -> None:
    """Each has the heading, its own filter and its part of the rows; none is lost."""
    book = as_xlsx(*(deal(number=n) for n in range(25)), sheet_rows=11)
    assert book.sheetnames == ["Deals", "Deals 2", "Deals 3"]
    assert [sheet.auto_filter.ref for sheet in book] == ["A1:P11", "A1:P11", "A1:P6"]
    assert {sheet.freeze_panes for sheet in book} == {"A2"}
    told = [row[0].value for sheet in book for row in sheet.iter_rows(min_row=2)]
    assert told == [str(n) for n in range(25)]
