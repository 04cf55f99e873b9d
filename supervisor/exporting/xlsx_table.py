"""XLSX in constant memory: one row at a time, a further sheet when one is full.

Text cells are strings and never formulas. An amount that a double cannot hold exactly is written
as text: a file may never show another number than the account.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter
from attrs import frozen
from xlsxwriter.exceptions import FileCreateError

from actors.domain.export import ExportOrder
from storage.export_reading import Reading
from supervisor.exporting.cells import clean, is_exact, local, number
from supervisor.exporting.columns import TITLES, Column, Kind, columns_of

SHEET_ROWS = 1_048_576
"""Rows of one sheet, the heading included."""
_ROWS_PER_TELLING = 1_000
_TIME_FORM = "yyyy-mm-dd hh:mm:ss.000"

Write = Callable[[Any, int, int, Any], object]


@frozen
class Scene:
    """Where and when a workbook is made: the file, a folder for its parts, the instant."""

    path: Path
    parts: Path
    now: datetime
    sheet_rows: int = SHEET_ROWS


def xlsx_table(
    order: ExportOrder,
    digits: int | None,
    reading: Reading,
    scene: Scene,
    progress: Callable[[int], None],
) -> int:
    """Write the workbook; the number of rows. ``progress`` hears of every thousand. OSError."""
    book = xlsxwriter.Workbook(
        str(scene.path),
        {
            "constant_memory": True,
            "tmpdir": str(scene.parts),
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"created": scene.now.replace(tzinfo=None)})
    book.use_zip64()
    table = _Table(book, order, digits, scene.sheet_rows)
    done = 0
    for row in reading.rows:
        table.add(row)
        done += 1
        if done % _ROWS_PER_TELLING == 0:
            progress(done)
    table.end()
    progress(done)
    try:
        book.close()
    except FileCreateError as error:
        raise error.args[0] from error  # the OSError that it hides
    return done


class _Table:
    """The sheets of one workbook, filled one after the other."""

    def __init__(self, book: Any, order: ExportOrder, digits: int | None, sheet_rows: int) -> None:
        self._book, self._order, self._sheet_rows = book, order, sheet_rows
        self._columns = columns_of(order.what)
        writers = _Writers(book, digits, ZoneInfo(order.time_zone))
        self._fields = [(column.field, writers.of(column)) for column in self._columns]
        self._bold = book.add_format({"bold": True})
        self._sheets = 0
        self._begin()

    def add(self, row: object) -> None:
        """Write one row."""
        if self._next == self._sheet_rows:
            self.end()
            self._begin()
        for place, (name, write) in enumerate(self._fields):
            value = getattr(row, name)
            if value is not None:
                write(self._sheet, self._next, place, value)
        self._next += 1

    def end(self) -> None:
        """Put the filter over what the sheet holds."""
        self._sheet.autofilter(0, 0, self._next - 1, len(self._columns) - 1)

    def _begin(self) -> None:
        self._sheets += 1
        title = TITLES[self._order.what, self._order.language]
        sheet = self._book.add_worksheet(title if self._sheets == 1 else f"{title} {self._sheets}")
        sheet.freeze_panes(1, 0)
        if self._order.language == "fa":
            sheet.right_to_left()
        for place, column in enumerate(self._columns):
            sheet.set_column(place, place, column.width)
            heading = column.heading(self._order.language, self._order.time_zone)
            sheet.write_string(0, place, heading, self._bold)
        self._sheet, self._next = sheet, 1


class _Writers:
    """How each kind of cell is written."""

    def __init__(self, book: Any, digits: int | None, zone: ZoneInfo) -> None:
        self._zone = zone
        self._time = book.add_format({"num_format": _TIME_FORM})
        places = "" if not digits else "." + "0" * digits
        form = "General" if digits is None else f"#,##0{places}"
        self._money = book.add_format({"num_format": form})
        self._number = book.add_format({"num_format": "General"})

    def of(self, column: Column) -> Write:
        """The writer of a column's cells."""
        match column.kind:
            case Kind.TEXT:
                return lambda sheet, row, place, value: sheet.write_string(
                    row, place, clean(str(value))
                )
            case Kind.TIME:
                return lambda sheet, row, place, value: sheet.write_datetime(
                    row, place, local(value, self._zone), self._time
                )
            case Kind.MONEY:
                return self._exact(self._money)
            case Kind.NUMBER:
                return self._exact(self._number)
            case Kind.COUNT:
                return lambda sheet, row, place, value: sheet.write_number(row, place, value)

    def _exact(self, form: Any) -> Write:
        def write(sheet: Any, row: int, place: int, value: Any) -> None:
            if is_exact(value):
                # The decimal itself: a float would be written with digits of its own.
                sheet.write_number(row, place, value, form)
            else:
                sheet.write_string(row, place, number(value))

        return write
