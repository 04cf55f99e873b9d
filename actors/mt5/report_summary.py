"""The summary a report prints: its figures read by their shapes and places, and compared.

No label is read: they are localized, and a locale may leave them empty. Three shapes tell the
block: a plain number, ``16 518.16 (7.62%)`` and ``7.62% (16 518.16)``. History reports, tester
reports and older testers order their rows differently; figures that need ticks are left out.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from enum import StrEnum

from attrs import frozen

from actors.domain.mt5_summary import Mt5Figures
from actors.mt5.report_cells import decimals_of, number, plain
from actors.mt5.report_rows import PrintedFigure

_PAIR = re.compile(r"([^()]+)\(([^()]+)\)")
_PARENTHESES = str.maketrans("（）", "()")
_PERCENT = re.compile("[%٪％]")
_NO_FIGURE = re.compile(r"[+-]?(?:inf|nan(?:\(ind\))?|1\.#[a-z]+|∞|[0-9]{19,}(?:\.[0-9]+)?)", re.I)

_TOP = (
    ("total_net_profit", "gross_profit", "gross_loss"),
    ("profit_factor", "expected_payoff"),
    ("recovery_factor", "sharpe_ratio"),
)
_DRAWDOWN = (
    ("balance_drawdown_absolute",),
    ("balance_drawdown_maximal", "balance_drawdown_maximal_pct"),
    ("balance_drawdown_relative_pct", "balance_drawdown_relative"),
)
_TRADES = (
    ("total_trades",),
    ("short_trades", "short_trades_won_pct"),
    ("long_trades", "long_trades_won_pct"),
)
_OUTCOMES = (
    (("profit_trades", "profit_trades_pct"), ("loss_trades", "loss_trades_pct")),
    (("largest_profit_trade",), ("largest_loss_trade",)),
    (("average_profit_trade",), ("average_loss_trade",)),
    (
        ("maximum_consecutive_wins", "maximum_consecutive_wins_amount"),
        ("maximum_consecutive_losses", "maximum_consecutive_losses_amount"),
    ),
    (
        ("maximal_consecutive_profit", "maximal_consecutive_profit_count"),
        ("maximal_consecutive_loss", "maximal_consecutive_loss_count"),
    ),
    (("average_consecutive_wins",), ("average_consecutive_losses",)),
)
_NEED_TICKS = ("recovery_factor", "sharpe_ratio")


class Shape(StrEnum):
    """Forms of a printed cell."""

    PLAIN = "number"
    PERCENT = "number%"
    WITH_PERCENT = "number (number%)"
    PERCENT_FIRST = "number% (number)"
    PAIR = "number (number)"


@frozen
class PrintedCell:
    """A cell with one or two numbers, with the decimals they are printed with.

    None for a number that is none (``inf``, or the largest a computer holds): it keeps its place.
    """

    shape: Shape
    numbers: tuple[Decimal, ...]


@frozen
class Difference:
    """A figure whose printed value is not the rounded computed one."""

    figure: str
    printed: Decimal
    computed: Decimal | None

    def __str__(self) -> str:
        """For a list of differences."""
        return f"{self.figure}: printed {self.printed}, computed {self.computed}"


@frozen
class SummaryCheck:
    """How many figures are printed, how many are equal to the printed digit, and the others."""

    printed: int
    equal: int
    differences: tuple[Difference, ...] = ()


def printed_cell(text: str) -> PrintedCell | None:
    """The numbers of a cell and their form; None for a label, a time or anything else."""
    cell = plain(text).translate(_PARENTHESES)
    if _NO_FIGURE.fullmatch(cell.replace(" ", "")):
        return PrintedCell(Shape.PLAIN, ())
    pair = _PAIR.fullmatch(cell)
    parts = pair.groups() if pair else (cell,)
    read = [number(_PERCENT.sub("", part)) for part in parts]
    numbers = tuple(value for value in read if value is not None)
    if len(numbers) < len(parts):
        return None
    percents = [bool(_PERCENT.search(part)) for part in parts]
    match percents:
        case [False]:
            shape = Shape.PLAIN
        case [True]:
            shape = Shape.PERCENT
        case [False, True]:
            shape = Shape.WITH_PERCENT
        case [True, False]:
            shape = Shape.PERCENT_FIRST
        case _:
            shape = Shape.PAIR
    return PrintedCell(shape, numbers)


def printed_summary(
    rows: Iterable[Sequence[str]], *, spreadsheet: bool, tester: bool
) -> tuple[PrintedFigure, ...]:
    """The figures of the summary block among ``rows``; none when there is no such block.

    HTML prints each figure rounded to its own decimals. A spreadsheet stores plain numbers
    rounded to one number of decimals and drops their trailing zeros.
    """
    cells = [_cells(row) for row in rows]
    found = [*_upper(cells), *_lower(cells)]
    plains = [cell.numbers for _, cell in found if cell.shape is Shape.PLAIN]
    stored = max((decimals_of(value) for numbers in plains for value in numbers), default=0)
    return tuple(
        figure
        for names, cell in found
        for figure in _figures(names, cell, stored if spreadsheet else 0)
        if not (tester and figure.name in _NEED_TICKS)
    )


def _cells(row: Sequence[str]) -> tuple[PrintedCell, ...]:
    return tuple(cell for cell in map(printed_cell, row) if cell is not None)


_Found = tuple[tuple[str, ...], PrintedCell]


def _upper(rows: Sequence[tuple[PrintedCell, ...]]) -> Iterator[_Found]:
    """Profits, ratios and balance drawdown, in either order of rows."""
    for at, row in enumerate(rows):
        below = rows[at + 1] if at + 1 < len(rows) else ()
        if _shapes(row) == (Shape.PLAIN, Shape.WITH_PERCENT, Shape.PERCENT_FIRST):
            above = [each for each in rows[:at] if len(each) > 1][-len(_TOP) :]
            for names, values in zip(_TOP, above, strict=False):
                yield from zip(((name,) for name in names), values, strict=False)
            yield from zip(_DRAWDOWN, row, strict=True)
            return
        maximal = _shapes(row)[:2] == (Shape.PLAIN, Shape.WITH_PERCENT)
        if at and maximal and _shapes(below)[:2] == (Shape.PLAIN, Shape.PERCENT_FIRST):
            for name, drawdown, values in zip(
                _TOP[0], _DRAWDOWN, (rows[at - 1], row, below), strict=True
            ):
                yield from zip(((name,), drawdown), values, strict=False)
            ratios = [each for each in rows[at + 2 :] if len(each) > 1]
            for names, values in zip(_TOP[1:], ratios, strict=False):
                yield from zip(((name,) for name in names), values, strict=False)
            return


def _lower(rows: Sequence[tuple[PrintedCell, ...]]) -> Iterator[_Found]:
    """Trades and runs: two lines of number and percentage, then pairs of profit and loss."""
    filled = [row for row in rows if len(row) > 1]
    for at, row in enumerate(filled[:-1]):
        trades = (Shape.PLAIN, Shape.WITH_PERCENT, Shape.WITH_PERCENT)
        if _shapes(row) == trades and _shapes(filled[at + 1])[-2:] == trades[1:]:
            yield from zip(_TRADES, row, strict=True)
            for names, values in zip(_OUTCOMES, filled[at + 1 :], strict=False):
                yield from zip(names, values[-2:], strict=False)
            return


def _shapes(row: Sequence[PrintedCell]) -> tuple[Shape, ...]:
    return tuple(cell.shape for cell in row)


def _figures(names: tuple[str, ...], cell: PrintedCell, stored: int) -> Iterator[PrintedFigure]:
    whole = stored if cell.shape is Shape.PLAIN else 0
    for name, value in zip(names, cell.numbers, strict=False):
        yield PrintedFigure(name, value, max(decimals_of(value), whole))


def compare(printed: Sequence[PrintedFigure], figures: Mt5Figures) -> SummaryCheck:
    """Hold each printed figure against the computed one, rounded to the printed decimals.

    A computed figure exactly between two roundings equals both: terminals round binary numbers.
    """
    differences = []
    for figure in printed:
        computed: Decimal | None = getattr(figures, figure.name)
        half = Decimal(5).scaleb(-figure.decimals - 1)
        if computed is None or abs(computed - figure.value) > half:
            differences.append(Difference(figure.name, figure.value, computed))
    return SummaryCheck(len(printed), len(printed) - len(differences), tuple(differences))
