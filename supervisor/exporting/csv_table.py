"""CSV (RFC 4180): UTF-8 with a byte order mark for Excel, lines ended by CR LF."""

from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from actors.domain.export import ExportOrder
from storage.export_reading import Reading
from supervisor.exporting.cells import guarded, number, told_time
from supervisor.exporting.columns import Column, Kind, columns_of

_MARK = "\ufeff"
_LINES_AT_ONCE = 500

Tell = Callable[[Any], str]


def csv_table(order: ExportOrder, reading: Reading) -> Iterator[bytes]:
    """The file in parts of some hundred lines."""
    columns = columns_of(order.what)
    zone = ZoneInfo(order.time_zone)
    headings = (column.heading(order.language, order.time_zone) for column in columns)
    lines = [_MARK + _line(guarded(heading) for heading in headings)]
    tellers = [(column.field, _teller(column, zone)) for column in columns]
    for row in reading.rows:
        values = ((tell, getattr(row, name)) for name, tell in tellers)
        lines.append(_line("" if value is None else tell(value) for tell, value in values))
        if len(lines) >= _LINES_AT_ONCE:
            yield "".join(lines).encode()
            lines.clear()
    yield "".join(lines).encode()


def _teller(column: Column, zone: ZoneInfo) -> Tell:
    match column.kind:
        case Kind.TIME:
            return lambda value: told_time(value, zone)
        case Kind.MONEY | Kind.NUMBER:
            return number
        case Kind.TEXT | Kind.COUNT:
            return lambda value: guarded(str(value))


def _line(cells: Iterator[str]) -> str:
    return ",".join(map(_quoted, cells)) + "\r\n"


def _quoted(cell: str) -> str:
    if any(letter in cell for letter in ',;"\r\n'):
        return '"' + cell.replace('"', '""') + '"'
    return cell
