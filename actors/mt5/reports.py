"""Reading MT5 report files: history reports (HTML, XLSX), positions-only CSV, tester reports.

Files are untrusted: size, rows and unpacked size are limited, nothing in them is executed,
fetched or resolved. Whatever cannot be read raises ReportError, which says what, where and what
is allowed.
"""

import csv
from collections.abc import Iterable
from pathlib import Path

from actors.mt5 import report_build as build
from actors.mt5.report_cells import ReportError, plain
from actors.mt5.report_html import decode, html_rows
from actors.mt5.report_positions import with_positions
from actors.mt5.report_rows import Header, Report, ReportKind
from actors.mt5.report_summary import printed_summary
from actors.mt5.report_table import Tables, find_tables
from actors.mt5.report_vocabulary import learn
from actors.mt5.report_xlsx import xlsx_rows

__all__ = ["MAX_BYTES", "MAX_ROWS", "Report", "ReportError", "ReportKind", "read_report"]

MAX_BYTES = 64 * 1024 * 1024
MAX_ROWS = 1_000_000
_DELIMITERS = "\t;,"


def read_report(path: Path) -> Report:
    """Read the report at ``path``. Raises ReportError, also when there is no such file."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ReportError(f"{path.name}: {size} bytes; allowed: up to {MAX_BYTES}")
        raw = path.read_bytes()
    except OSError as error:
        raise ReportError(f"{path}: cannot be read ({error.strerror})") from error
    try:
        return parse_report(raw)
    except ReportError as error:
        raise ReportError(f"{path.name}: {error}") from error


def parse_report(raw: bytes) -> Report:
    """Read a report's bytes; the format goes by content, never by the file's name."""
    if not raw.strip(b"\x00 \r\n\t"):
        raise ReportError("the file is empty; allowed: a report saved by the terminal")
    if raw.startswith(b"PK\x03\x04"):
        return _report(find_tables(xlsx_rows(raw, MAX_ROWS)), spreadsheet=True)
    text = decode(raw)
    if "<" in text[:2000] and "<t" in text.lower():
        return _report(find_tables(html_rows(text, MAX_ROWS)), spreadsheet=False)
    return _report(find_tables(_csv_rows(text)), spreadsheet=False)


def _csv_rows(text: str) -> list[tuple[str, ...]]:
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    if not first.count(delimiter):
        raise ReportError(
            "this is neither a table nor a report; allowed: HTML or XLSX history reports, CSV"
        )
    try:
        rows = [tuple(row) for row in csv.reader(text.splitlines(), delimiter=delimiter) if row]
    except csv.Error as error:
        raise ReportError(f"the CSV is damaged: {error}") from error
    if len(rows) > MAX_ROWS:
        raise ReportError(f"{len(rows)} rows; allowed: up to {MAX_ROWS}")
    return rows


def _report(tables: Tables, *, spreadsheet: bool) -> Report:
    header = build.header(tables.head)
    kind = _kind(tables, header)
    words = learn(tables)
    positions = [build.position(row, words) for row in tables.positions]
    still_open = [build.open_position(row, words) for row in tables.open_positions]
    rows, notes = build.deals(tables.deals, words)
    mode = header.margin_mode if header else None
    deals, ties = with_positions(rows, positions, still_open, mode)
    return Report(
        kind=kind,
        header=header,
        currency_digits=build.currency_digits(
            header.currency if header else "", _printed_money(tables), spreadsheet=spreadsheet
        ),
        positions=tuple(positions),
        orders=tuple(build.order(row) for row in tables.orders),
        deals=deals,
        open_positions=tuple(still_open),
        footer=build.footer(tables.footer),
        printed=printed_summary(
            tables.others, spreadsheet=spreadsheet, tester=kind is ReportKind.TESTER
        ),
        notes=(*words.notes, *notes, *ties),
    )


def _kind(tables: Tables, header: Header | None) -> ReportKind:
    """History reports name an account; a tester has deals without one, a CSV positions only."""
    if header is not None:
        return ReportKind.HISTORY
    if tables.deals:
        return ReportKind.TESTER
    if tables.positions:
        return ReportKind.POSITIONS
    raise ReportError(
        "no account line, position or deal was found; allowed: a history report saved by the "
        "terminal (HTML or XLSX), or a CSV of positions"
    )


def _printed_money(tables: Tables) -> Iterable[str]:
    """Every printed amount: deals' costs, profit and balance, positions' profit, the footer's."""
    for _, row in tables.deals:
        yield from (plain(cell) for cell in row[-6:-1])
    for _, row in tables.positions:
        yield from (plain(cell) for cell in row[10:])
    for _, row in tables.open_positions:
        yield from (plain(cell) for cell in row[9:11])
    if tables.footer:
        yield from (*tables.footer[:5], tables.footer[6])  # all but the margin level, a ratio
