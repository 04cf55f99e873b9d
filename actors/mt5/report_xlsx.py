"""XLSX reports to rows of cells, with limits against hostile archives.

Formulas are never evaluated and links never followed; numbers go from their shortest text to
Decimal, so that 4054.3 stays 4054.3.
"""

import warnings
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812 (an exception class under a lower-case name)

from defusedxml.common import DefusedXmlException
from openpyxl.reader.excel import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from actors.mt5.report_cells import ReportError

MAX_UNPACKED = 256 * 1024 * 1024
MAX_RATIO = 200
MAX_PARTS = 500
_SMALL = 1024 * 1024
_COLUMNS = 40
_DECIMALS = 8


def xlsx_rows(raw: bytes, most: int) -> list[tuple[str, ...]]:
    """Return the cells of the first sheet as text; at most ``most`` rows.

    Raises ReportError for a damaged archive, one that unpacks too far, or too many rows.
    """
    try:
        _check_archive(raw)
        return _rows(raw, most)
    except DefusedXmlException as error:
        raise ReportError("the workbook declares XML entities; allowed: none") from error
    except (
        BadZipFile, InvalidFileException, ParseError, ZlibError, KeyError, ValueError,
        IndexError, TypeError, AttributeError, EOFError, NotImplementedError,
    ) as error:  # fmt: skip
        if isinstance(error, ReportError):
            raise
        raise ReportError(
            f"the XLSX file is damaged ({type(error).__name__}); save the whole report again"
        ) from error


def _check_archive(raw: bytes) -> None:
    with ZipFile(BytesIO(raw)) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_PARTS:
            raise ReportError(f"the workbook has {len(parts)} parts; allowed: up to {MAX_PARTS}")
        unpacked = sum(part.file_size for part in parts)
        if unpacked > MAX_UNPACKED:
            raise ReportError(
                f"the workbook unpacks to {unpacked} bytes; allowed: up to {MAX_UNPACKED}"
            )
        for part in parts:
            if part.file_size > _SMALL and part.file_size > MAX_RATIO * part.compress_size:
                raise ReportError(
                    f"part {part.filename[:60]!r} unpacks more than {MAX_RATIO} times its size; "
                    f"allowed: up to {MAX_RATIO}"
                )
            if part.filename.endswith((".xml", ".rels")):
                _refuse_doctype(archive.read(part), part.filename)


def _refuse_doctype(content: bytes, name: str) -> None:
    flat = content.replace(b"\x00", b"")  # the same words in UTF-16
    if b"<!DOCTYPE" in flat or b"<!ENTITY" in flat:
        raise ReportError(f"part {name[:60]!r} declares XML entities; allowed: none")


def _rows(raw: bytes, most: int) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # reports carry no default style; nothing hangs on it
        book: Any = _load(BytesIO(raw))
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for index, row in enumerate(sheet.iter_rows(max_col=_COLUMNS, values_only=True)):
            if index > most:
                raise ReportError(f"more than {most} rows; allowed: up to {most}")
            rows.append(tuple(_text(value) for value in row))
        book.close()
    return rows


def _load(content: BytesIO) -> Any:
    read: Any = load_workbook  # openpyxl has no types
    return read(content, read_only=True, data_only=False, keep_links=False)


def _text(value: Any) -> str:
    if value is None or (isinstance(value, str) and value.startswith("=")):
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y.%m.%d %H:%M:%S")
    if isinstance(value, float):
        exact = Decimal(repr(value))
        tail = exact.as_tuple().exponent
        if isinstance(tail, int) and tail < -_DECIMALS:  # binary noise of a sum, not a figure
            exact = exact.quantize(Decimal(1).scaleb(-_DECIMALS)).normalize()
        return format(exact, "f")
    return " ".join(str(value).split())
