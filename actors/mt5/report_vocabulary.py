"""The meaning of the words one report uses, decided once for the whole file."""

import re
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from attrs import frozen

from actors.domain.deals import DealEntry, DealType
from actors.domain.snapshot import Side
from actors.mt5.report_cells import ReportError, number, plain, whole
from actors.mt5.report_table import RawRow, Tables
from actors.mt5.report_words import ENTRIES, OPERATIONS, SIDES, fold

_BY = re.compile(r"#\d+ .+ #\d+")
_OPPOSITE = {Side.BUY: Side.SELL, Side.SELL: Side.BUY}


@frozen
class Vocabulary:
    """This report's words (folded) for sides and entries, and notes on what was inferred."""

    sides: dict[str, Side]
    entries: dict[str, DealEntry]
    notes: tuple[str, ...]

    def side(self, word: str, row: int) -> Side:
        """Side of a type word. Raises ReportError when neither words nor figures tell it."""
        try:
            return self.sides[fold(word)]
        except KeyError as error:
            raise ReportError(
                f"row {row}: type {word[:40]!r} is an unknown word and no figure shows whether "
                "it means buy or sell; allowed: a report in a language whose words are known, "
                "or one with a position that made a profit or loss"
            ) from error


def learn(tables: Tables) -> Vocabulary:
    """Decide what the report's words mean: known words, then what the figures prove."""
    sides, side_notes = _sides(tables)
    entries, entry_notes = _entries(tables)
    return Vocabulary(sides, entries, (*side_notes, *entry_notes))


def is_trade_row(row: Sequence[str]) -> bool:
    """A deal row that trades: symbol, volume, price, and no word for an account operation."""
    volume = number(row[5])
    has_figures = bool(plain(row[2])) and volume is not None and volume > 0
    return has_figures and number(row[6]) is not None and fold(row[3]) not in OPERATIONS


def operation(word: str, *, directed: bool, moved: bool) -> tuple[DealType, bool]:
    """Type of an account operation and whether its word was known.

    An unknown word is a credit when the balance did not move, a dividend when the row says a
    direction (dividends say "in"), else a balance operation.
    """
    known = OPERATIONS.get(fold(word))
    if known is not None:
        return known, True
    if not moved:
        return DealType.CREDIT, False
    return (DealType.DIVIDEND if directed else DealType.BALANCE), False


def _sides(tables: Tables) -> tuple[dict[str, Side], list[str]]:
    votes = _position_votes(tables.positions) or _deal_votes(tables.deals)
    words = set(votes) | {fold(row[3]) for _, row in tables.open_positions}
    words |= {fold(row[3]) for _, row in tables.deals if is_trade_row(row)}
    sides: dict[str, Side] = {}
    notes = []
    for word in sorted(words):
        if word in SIDES:
            sides[word] = SIDES[word]
        elif votes.get(word):
            sides[word] = Side.BUY if votes[word] > 0 else Side.SELL
            notes.append(f"word {word!r} was read as {sides[word]} from prices and profits")
    missing = words - set(sides)
    if len(missing) == 1 and len(set(sides.values())) == 1:
        word = missing.pop()
        sides[word] = _OPPOSITE[next(iter(sides.values()))]
        notes.append(f"word {word!r} was read as {sides[word]}: the other side's word is known")
    return sides, notes


def _position_votes(rows: Sequence[RawRow]) -> dict[str, Decimal]:
    """For each type word, how often a rising price made a profit less how often a loss."""
    votes: dict[str, Decimal] = defaultdict(Decimal)
    for _, row in rows:
        opened, closed, profit = (number(cell) for cell in (row[5], row[9], row[-1]))
        if opened is not None and closed is not None and profit is not None:
            votes[fold(row[3])] += ((closed - opened) * profit).compare(Decimal(0))
    return votes


def _deal_votes(rows: Sequence[RawRow]) -> dict[str, Decimal]:
    """The same from deals, where no position is printed: two in a row of one symbol and volume.

    The first opens with no profit, the second closes with one and has the other side's word.
    Interleaved positions may pair wrongly; the many decide.
    """
    votes: dict[str, Decimal] = defaultdict(Decimal)
    before: dict[str, tuple[str, ...]] = {}
    for _, row in rows:
        if not is_trade_row(row):
            continue
        first = before.get(row[2])
        before[row[2]] = row
        if first is None or number(first[5]) != number(row[5]) or fold(first[3]) == fold(row[3]):
            continue
        opened, closed, profit = number(first[6]), number(row[6]), number(row[-3])
        if opened is not None and closed is not None and profit and number(first[-3]) == 0:
            rise = ((closed - opened) * profit).compare(Decimal(0))
            votes[fold(first[3])] += rise
            votes[fold(row[3])] -= rise
    return votes


def _entries(tables: Tables) -> tuple[dict[str, DealEntry], list[str]]:
    openings = {whole(row[1]) for _, row in (*tables.positions, *tables.open_positions)}
    rows: dict[str, list[RawRow]] = defaultdict(list)
    for line, row in tables.deals:
        if is_trade_row(row):
            rows[fold(row[4])].append((line, row))
    entries: dict[str, DealEntry] = {}
    notes = []
    for word, group in sorted(rows.items()):
        if word in ENTRIES:
            entries[word] = ENTRIES[word]
            continue
        entries[word] = _entry([row for _, row in group], word, openings)
        meaning = entries[word].name.lower()
        notes.append(f"word {word!r} was read as {meaning} from the position numbers")
    return entries, notes


def _entry(group: list[tuple[str, ...]], word: str, openings: set[int | None]) -> DealEntry:
    if "/" in word:
        return DealEntry.INOUT
    if all(_BY.search(plain(row[-1])) for row in group):
        return DealEntry.OUT_BY
    opening = sum(whole(row[7]) in openings for row in group)
    flat = sum(number(row[-3]) == 0 for row in group)
    return DealEntry.IN if 2 * (opening if openings else flat) > len(group) else DealEntry.OUT
