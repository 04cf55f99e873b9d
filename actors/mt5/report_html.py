"""HTML reports and text files to rows of cells: encoding, hidden cells, entities.

Only table rows and cells are looked at: no script, link or style has any meaning here.
"""

import re
from html import unescape

from actors.mt5.report_cells import ReportError

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)>|<[^<>]*>")
_HIDDEN = re.compile(r"""class\s*=\s*["']?[^"'>]*\bhidden\b|display\s*:\s*none""", re.IGNORECASE)
_BOMS = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8"))


def decode(raw: bytes) -> str:
    """Return the text of a report by its byte order mark; UTF-8 or UTF-16LE without one.

    One stray odd byte at the end is dropped. Raises ReportError for any other encoding.
    """
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            return _decoded(raw[len(mark) :], encoding)
    wide = len(raw) > 3 and raw[1] == 0 and raw[3] == 0
    return _decoded(raw, "utf-16-le" if wide else "utf-8")


def _decoded(raw: bytes, encoding: str) -> str:
    if encoding != "utf-8" and len(raw) % 2:
        raw = raw[:-1]
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-8" and error.start == len(raw) - 1:
            return raw[:-1].decode(encoding)
        raise ReportError(
            f"byte {error.start}: the text is not {encoding.upper()}; allowed: UTF-16LE or "
            "UTF-8 as the terminal saves it"
        ) from error


def html_rows(text: str, most: int) -> list[tuple[str, ...]]:
    """Return the visible cells of every table row; at most ``most`` rows.

    Raises ReportError when there are more, or when the file ends before its closing tag.
    """
    if not re.search(r"</(html|body)>[\s\x00]*\Z", text[-200:], re.IGNORECASE):
        raise ReportError(
            f"the file ends after {len(text)} characters without </html>: it is cut off; "
            "save the whole report again"
        )
    rows: list[tuple[str, ...]] = []
    row: list[str] = []
    cell: list[str] | None = None
    end = 0
    for match in _TAG.finditer(text):
        if cell is not None:
            cell.append(text[end : match.start()])
        end = match.end()
        closing, name = match[1], (match[2] or "").lower()
        if name in ("td", "th", "tr") and cell is not None:
            row.append(" ".join(unescape("".join(cell)).split()))
            cell = None
        if name in ("td", "th") and not closing and not _HIDDEN.search(match[3]):
            cell = []
        elif name == "tr":
            if row:
                rows.append(tuple(row))
            row = []
            if len(rows) > most:
                raise ReportError(f"more than {most} rows; allowed: up to {most}")
    return rows
