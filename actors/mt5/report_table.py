"""Finding a report's tables by the shape of their rows, and columns by their position.

No label is ever read: they are localized, and one locale prints the same for two columns.
"""

from collections.abc import Sequence

from attrs import field, mutable

from actors.mt5.report_cells import ReportError, broker_msc, number, plain, whole

_HEADING_CELLS = 10
_FOOTER_SHAPE = (4, 4, 4, 2)

RawRow = tuple[int, tuple[str, ...]]


@mutable
class Tables:
    """Raw rows of each table with their row numbers in the file.

    ``head`` stands above the first table; ``others`` are all rows that belong to none.
    """

    head: list[RawRow] = field(factory=list)
    positions: list[RawRow] = field(factory=list)
    orders: list[RawRow] = field(factory=list)
    deals: list[RawRow] = field(factory=list)
    open_positions: list[RawRow] = field(factory=list)
    working_orders: list[RawRow] = field(factory=list)
    footer: tuple[str, ...] | None = None
    others: list[tuple[str, ...]] = field(factory=list)
    headings: int = 0


def find_tables(rows: Sequence[tuple[str, ...]]) -> Tables:
    """Sort rows into tables. Raises ReportError for a timed row of no known shape."""
    tables = Tables()
    columns: list[int] | None = None
    filled = [(i, row) for i, row in enumerate(rows, start=1) if any(map(plain, row))]
    skip_to = 0
    for at, (line, row) in enumerate(filled):
        if at < skip_to:
            continue
        if _is_heading(row):
            columns = [i for i, cell in enumerate(row) if plain(cell)]
            tables.headings += 1
        elif broker_msc(row[0]) is not None and len(row) > 1 and whole(row[1]) is not None:
            _sort(tables, line, _aligned(row, columns))
        elif _is_record(row):
            raise ReportError(
                f"row {line}: {row[0][:40]!r} is no time; allowed: 2026.04.02 11:28:38"
            )
        elif tables.footer is None and _is_footer(filled[at : at + 4]):
            tables.footer = tuple(c for _, r in filled[at : at + 4] for c in _values(r))
            skip_to = at + 4
        else:
            cells = tuple(cell for cell in row if plain(cell))
            tables.others.append(cells)
            if tables.headings == 0:
                tables.head.append((line, cells))
    return tables


def _is_heading(row: Sequence[str]) -> bool:
    """A row of column titles: many cells, all of them words."""
    cells = [cell for cell in row if plain(cell)]
    return len(cells) >= _HEADING_CELLS and all(
        number(cell) is None and broker_msc(cell) is None for cell in cells
    )


def _is_record(row: Sequence[str]) -> bool:
    """As full as a position, order or deal, with a ticket in the second cell."""
    filled = sum(bool(plain(cell)) for cell in row)
    return filled >= _HEADING_CELLS - 2 and whole(row[1]) is not None


def _aligned(row: tuple[str, ...], columns: list[int] | None) -> tuple[str, ...]:
    """The row's cells under the titles, so that spreadsheet cells spanning two count once."""
    if columns is None:
        return row
    return tuple(row[i] if i < len(row) else "" for i in columns)


def _sort(tables: Tables, line: int, row: tuple[str, ...]) -> None:
    """Put a timed row where its shape belongs."""
    width = len(row)
    if width >= 13 and number(row[4]) is not None and broker_msc(row[8]) is not None:
        has_fee = width > 13 and number(row[13]) is not None  # else a comment beside the table
        tables.positions.append((line, row[: 14 if has_fee else 13]))
    elif 13 <= width <= 15 and number(row[4]) is None and "/" not in plain(row[5]):
        tables.deals.append((line, row))
    elif width == 12 and number(row[4]) is not None and number(row[8]) is not None:
        tables.open_positions.append((line, row))
    elif width == 11 and "/" in row[4]:
        closed = broker_msc(row[8]) is not None
        (tables.orders if closed else tables.working_orders).append((line, row))
    else:
        raise ReportError(
            f"row {line}: {width} cells beginning {row[0]!r}, {row[1]!r} are no position, order "
            "or deal; allowed: the tables of a terminal's history report"
        )


def _values(row: Sequence[str]) -> tuple[str, ...]:
    """The second, fourth … filled cell: what stands beside each label."""
    return tuple(cell for cell in row if plain(cell))[1::2]


def _is_footer(window: Sequence[RawRow]) -> bool:
    """Four rows of label and number: 2, 2, 2 and 1 pair."""
    if len(window) < len(_FOOTER_SHAPE):
        return False
    for (_, row), width in zip(window, _FOOTER_SHAPE, strict=True):
        cells = [cell for cell in row if plain(cell)]
        if len(cells) != width:
            return False
        values = [cell.replace("%", "") for cell in cells[1::2]]
        if any(number(value) is None for value in values):
            return False
        if any(number(label) is not None for label in cells[0::2]):
            return False
    return True
