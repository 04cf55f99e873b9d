"""The story of a replayed report: its deals in time, its books, and what open positions are worth.

A report does not know what a position was worth while it was open; here its floating result goes
on a smooth, slightly swinging path from nothing to what it was closed at, or to what the report
prints for a position that is still open at its end. Swap gathers evenly on the way.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from math import pi, sin

from attrs import define, evolve, frozen

from actors.domain.deals import DealEntry, DealType
from actors.domain.snapshot import Side
from actors.mt5.wire_answers import DealRow, PositionRow

_SWINGS = 3


@define
class OpenReplay:
    """An open position of a replayed account; volume in lots, ``opened_at`` in UTC ms."""

    position_id: int
    symbol: str
    sign: int
    volume: Decimal
    open_price: Decimal
    opened_at: int
    opened_msc: int


class ReplayBook:
    """Balance, credit and positions after the deals applied so far."""

    def __init__(self, carried: Sequence[OpenReplay] = ()) -> None:
        self.balance = 0
        self.credit = 0
        self.positions = {each.position_id: evolve(each) for each in carried}

    def apply(self, row: DealRow, at: int) -> None:
        """Book one deal that takes effect at ``at``."""
        amount = row.profit + row.commission + row.swap + row.fee
        if row.type is DealType.CREDIT:
            self.credit += amount
        else:
            self.balance += amount
        if row.type in (DealType.BUY, DealType.SELL):
            self._trade(row, at)

    def _trade(self, row: DealRow, at: int) -> None:
        volume, sign = Decimal(row.volume), 1 if row.type is DealType.BUY else -1
        held = self.positions.get(row.position_id)
        if row.entry is DealEntry.IN and held is not None:
            both = held.volume + volume
            held.open_price = (held.open_price * held.volume + Decimal(row.price) * volume) / both
            held.volume = both
        elif row.entry is DealEntry.IN:
            self._enter(row, sign, volume, at)
        elif held is not None:
            held.volume -= volume
            if held.volume <= 0:
                del self.positions[row.position_id]
            if held.volume < 0 and row.entry is DealEntry.INOUT:
                self._enter(row, sign, -held.volume, at)

    def _enter(self, row: DealRow, sign: int, volume: Decimal, at: int) -> None:
        self.positions[row.position_id] = OpenReplay(
            row.position_id, row.symbol, sign, volume, Decimal(row.price), at, row.broker_msc
        )


@frozen
class Target:
    """Where a position's floating result goes: a close, or the report's end.

    ``turns``: the position goes on in the other direction. ``stays``: it is still open there.
    """

    at: int
    profit: int
    swap: int
    price: Decimal
    turns: bool = False
    stays: bool = False


@frozen
class Story:
    """The deals with their instants (UTC ms, never decreasing), and each position's targets.

    ``carried`` were open before the first deal.
    """

    rows: tuple[DealRow, ...]
    instants: tuple[int, ...]
    targets: Mapping[int, Sequence[Target]]
    carried: tuple[OpenReplay, ...]

    @classmethod
    def of(
        cls,
        rows: Sequence[DealRow],
        instants: Sequence[int],
        carried: Sequence[OpenReplay],
        still_open: Mapping[int, Target],
    ) -> "Story":
        """Gather each position's closes, and its end where it is ``still_open``."""
        targets: dict[int, list[Target]] = defaultdict(list)
        for row, at in zip(rows, instants, strict=True):
            if row.entry is not DealEntry.IN and row.type in (DealType.BUY, DealType.SELL):
                turns = row.entry is DealEntry.INOUT
                target = Target(at, row.profit, row.swap, Decimal(row.price), turns)
                targets[row.position_id].append(target)
        for position_id, target in still_open.items():
            targets[position_id].append(target)
        return cls(tuple(rows), tuple(instants), dict(targets), tuple(carried))

    def first_book(self) -> ReplayBook:
        """The books before any deal."""
        return ReplayBook(self.carried)

    def book_at(self, at: int) -> ReplayBook:
        """The books after every deal at or before ``at``."""
        book = self.first_book()
        for number in range(bisect_right(self.instants, at)):
            book.apply(self.rows[number], self.instants[number])
        return book

    def ahead(self, position_id: int, at: int) -> Iterator[Target]:
        """The targets that a position is on its way to, up to the next turn."""
        for target in self.targets.get(position_id, ()):
            if target.at > at or target.stays:
                yield target
                if target.turns:
                    return


@frozen
class Worth:
    """What an open position shows: profit and swap in minor units, and its price."""

    profit: int
    swap: int
    price: Decimal


class ReplayValuation:
    """What the open positions of a replayed account are worth at ``at``."""

    def __init__(self, story: Story, book: ReplayBook, at: int) -> None:
        self._story = story
        self._book = book
        self._at = at

    def row(self, position: OpenReplay) -> PositionRow:
        """The position as the terminal shows it."""
        worth = self._worth(position)
        return PositionRow(
            position_id=position.position_id,
            symbol=position.symbol,
            side=Side.BUY if position.sign > 0 else Side.SELL,
            volume=decimal_text(position.volume),
            open_price=decimal_text(position.open_price),
            current_price=decimal_text(worth.price),
            stop_loss=None,
            take_profit=None,
            profit=worth.profit,
            swap=worth.swap,
            opened_broker_msc=position.opened_msc,
        )

    def equity(self) -> int:
        """Balance + credit + floating results and swaps, in minor units."""
        worths = [self._worth(each) for each in self._book.positions.values()]
        floating = sum(worth.profit + worth.swap for worth in worths)
        return self._book.balance + self._book.credit + floating

    def margin(self, leverage: int) -> int:
        """A rough margin: the report does not say contract sizes."""
        return len(self._book.positions) * max(0, self._book.balance) // (leverage * 10)

    def _worth(self, position: OpenReplay) -> Worth:
        """On the way to every target ahead; the price goes to the next one's."""
        ahead = tuple(self._story.ahead(position.position_id, self._at))
        if not ahead:
            return Worth(0, 0, position.open_price)
        shares = [self._share(position, target.at) for target in ahead]
        ways = list(zip(ahead, shares, strict=True))
        profit = sum(_on_the_way(target.profit, share) for target, share in ways)
        swap = sum(int(target.swap * share) for target, share in ways)
        move = (ahead[0].price - position.open_price) * Decimal(str(shares[0]))
        exponent = int(ahead[0].price.as_tuple().exponent)
        price = (position.open_price + move).quantize(Decimal((0, (1,), exponent)))
        return Worth(profit, swap, price)

    def _share(self, position: OpenReplay, ends_at: int) -> float:
        """How much of the time from opening to a target has passed, 0 to 1."""
        whole = ends_at - position.opened_at
        if whole <= 0:
            return 1.0
        return min(1.0, round((self._at - position.opened_at) / whole, 6))


def _on_the_way(result: int, share: float) -> int:
    """The floating result after ``share`` of the way: straight, with three small swings."""
    swing = 0.2 * sin(2 * pi * _SWINGS * share) * (1 - share)
    return round(result * (share + swing))


def decimal_text(value: Decimal) -> str:
    """A decimal as the wire words it: plain digits, no trailing zeros."""
    return format(value.quantize(Decimal("1e-8")).normalize(), "f")
