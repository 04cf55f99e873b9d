"""An account's books: balance, credit and open positions, as its deals make them.

The same deals always give the same books, so a book rebuilt from the journal proves the live one.
"""

from attrs import define

from actors.domain.deals import DealEntry, DealType
from actors.domain.server_clock import ServerClock
from actors.domain.snapshot import Side
from actors.mt5.simulator.prices import DAY_MS, Path, spread_at, wall_msc
from actors.mt5.simulator.symbols import (
    SYMBOLS,
    SymbolSpec,
    converted_minor,
    margin_minor,
    price_text,
    swap_minor,
    to_milli,
    to_points,
    volume_text,
)
from actors.mt5.wire_answers import DealRow, PositionRow

# Rollovers from Monday: Wednesday's counts three nights, the weekend's none.
_NIGHTS_BEFORE = (0, 1, 2, 5, 6, 7, 7)


def nights_between(opened_msc: int, wall: int) -> int:
    """Return the swap nights from one broker wall time to another."""
    return _nights_until(wall // DAY_MS) - _nights_until(opened_msc // DAY_MS)


def _nights_until(day: int) -> int:
    weeks, weekday = divmod(day + 3, 7)
    return weeks * 7 + _NIGHTS_BEFORE[weekday]


@define
class Position:
    """An open position. ``sign`` is +1 for buy; prices in points, volume in thousandth lots."""

    position_id: int
    spec: SymbolSpec
    sign: int
    milli: int
    open_points: int
    opened_msc: int


class Book:
    """Balance, credit and positions after the deals applied so far."""

    __slots__ = ("balance", "credit", "currency", "positions")

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self.balance = 0
        self.credit = 0
        self.positions: dict[int, Position] = {}

    def apply(self, row: DealRow) -> None:
        """Book one deal: its money, and what it does to its position."""
        amount = row.profit + row.commission + row.swap + row.fee
        if row.type is DealType.CREDIT:
            self.credit += amount
        else:
            self.balance += amount
        if row.type in (DealType.BUY, DealType.SELL):
            self._trade(row)

    def _trade(self, row: DealRow) -> None:
        milli = to_milli(row.volume)
        sign = 1 if row.type is DealType.BUY else -1
        held = self.positions.get(row.position_id)
        if row.entry is DealEntry.IN:
            self._enter(row, sign, milli)
        elif held is None:
            return  # a replayed window may close what was opened before it began
        elif row.entry is DealEntry.INOUT:
            held.sign, held.milli = sign, milli - held.milli
            held.open_points = to_points(row.price, held.spec.digits)
            held.opened_msc = row.broker_msc
        elif held.milli > milli:
            held.milli -= milli
        else:
            del self.positions[row.position_id]

    def _enter(self, row: DealRow, sign: int, milli: int) -> None:
        spec = SYMBOLS[row.symbol]
        points = to_points(row.price, spec.digits)
        held = self.positions.get(row.position_id)
        if held is None:
            held = Position(row.position_id, spec, sign, milli, points, row.broker_msc)
            self.positions[row.position_id] = held
            return
        both = held.milli + milli
        held.open_points = (held.open_points * held.milli + points * milli + both // 2) // both
        held.milli = both


class Valuation:
    """What a book is worth at one instant: prices, floating results and swaps."""

    __slots__ = ("_book", "_paths", "_wall", "at")

    def __init__(self, book: Book, paths: dict[str, Path], clock: ServerClock, at: int) -> None:
        self._book = book
        self._paths = paths
        self._wall = wall_msc(clock, at)
        self.at = at

    def close_points(self, position: Position) -> int:
        """Return the price that closing would get: bid for a buy, ask for a sell."""
        bid = self._paths[position.spec.name].points(self.at)
        return bid if position.sign > 0 else bid + spread_at(position.spec, self.at)

    def profit(self, position: Position, milli: int, close_points: int) -> int:
        """Return the result in minor units of closing ``milli`` at ``close_points``."""
        points = (close_points - position.open_points) * position.sign
        return converted_minor(position.spec, points, milli, self._book.currency, self._quote)

    def _quote(self, spec: SymbolSpec) -> tuple[int, int]:
        bid = self._paths[spec.name].points(self.at)
        return bid, bid + spread_at(spec, self.at)

    def swap(self, position: Position, milli: int) -> int:
        """Return the swap in minor units that ``milli`` of the position has gathered."""
        nights = nights_between(position.opened_msc, self._wall)
        if nights == 0:
            return 0
        return swap_minor(position.spec, position.sign, milli, nights, self._book.currency)

    def row(self, position: Position) -> PositionRow:
        """Return the position as the terminal shows it."""
        digits, close = position.spec.digits, self.close_points(position)
        return PositionRow(
            position_id=position.position_id,
            symbol=position.spec.name,
            side=Side.BUY if position.sign > 0 else Side.SELL,
            volume=volume_text(position.milli),
            open_price=price_text(position.open_points, digits),
            current_price=price_text(close, digits),
            stop_loss=None,
            take_profit=None,
            profit=self.profit(position, position.milli, close),
            swap=self.swap(position, position.milli),
            opened_broker_msc=position.opened_msc,
        )

    def equity(self) -> int:
        """Return balance + credit + the sum of every position's profit and swap."""
        floating = sum(
            self.profit(each, each.milli, self.close_points(each)) + self.swap(each, each.milli)
            for each in self._book.positions.values()
        )
        return self._book.balance + self._book.credit + floating

    def margin(self, leverage: int) -> int:
        """Return the margin in minor units that open positions need."""
        currency = self._book.currency
        return sum(
            margin_minor(each.spec, each.open_points, each.milli, currency, leverage)
            for each in self._book.positions.values()
        )
