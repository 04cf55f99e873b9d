"""A report replayed as a live account: its deals with new stamps, its money as delivered.

The first part of the deals is the account's past, the rest happens live at a steady pace. A report
does not know what a position was worth while it was open; here its floating result goes on a
smooth, slightly swinging path from nothing to what it was closed at. Deals, balances and results
are the report's own, only the path between them is made up.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from math import pi, sin

from attrs import define, frozen

from actors.domain.deals import Deal, DealEntry, DealReason, DealType
from actors.domain.money import to_minor
from actors.domain.server_clock import ServerClock
from actors.domain.snapshot import Side
from actors.mt5.report_deals import deals_of, opening_balance
from actors.mt5.reports import Report
from actors.mt5.simulator.account import NEVER, Recipe, SimulatedAccount
from actors.mt5.simulator.broker import SERVERS, AccountCard, SimulatedBroker
from actors.mt5.simulator.dice import seed_of
from actors.mt5.simulator.prices import DAY_MS, wall_msc
from actors.mt5.wire_answers import DealRow, PositionRow

_PAST_ENDS_MS = 30 * 60 * 1000
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

    def __init__(self) -> None:
        self.balance = 0
        self.credit = 0
        self.positions: dict[int, OpenReplay] = {}

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
class Story:
    """The deals with their instants (UTC ms, never decreasing), and each position's closes."""

    rows: tuple[DealRow, ...]
    instants: tuple[int, ...]
    closes: dict[int, list[tuple[int, DealRow]]]

    @classmethod
    def of(cls, rows: Sequence[DealRow], instants: Sequence[int]) -> "Story":
        """Gather the closes of each position."""
        closes: dict[int, list[tuple[int, DealRow]]] = defaultdict(list)
        for row, at in zip(rows, instants, strict=True):
            if row.entry is not DealEntry.IN and row.type in (DealType.BUY, DealType.SELL):
                closes[row.position_id].append((at, row))
        return cls(tuple(rows), tuple(instants), dict(closes))

    def book_at(self, at: int) -> ReplayBook:
        """The books after every deal at or before ``at``."""
        book = ReplayBook()
        for number in range(bisect_right(self.instants, at)):
            book.apply(self.rows[number], self.instants[number])
        return book


class ReplayValuation:
    """What the open positions of a replayed account are worth at ``at``."""

    def __init__(self, story: Story, book: ReplayBook, at: int) -> None:
        self._story = story
        self._book = book
        self._at = at

    def row(self, position: OpenReplay) -> PositionRow:
        """The position as the terminal shows it; its swap is booked when it closes."""
        profit, price = self._floating(position)
        return PositionRow(
            position_id=position.position_id,
            symbol=position.symbol,
            side=Side.BUY if position.sign > 0 else Side.SELL,
            volume=_text(position.volume),
            open_price=_text(position.open_price),
            current_price=_text(price),
            stop_loss=None,
            take_profit=None,
            profit=profit,
            swap=0,
            opened_broker_msc=position.opened_msc,
        )

    def equity(self) -> int:
        """Balance + credit + floating results, in minor units."""
        floating = sum(self._floating(each)[0] for each in self._book.positions.values())
        return self._book.balance + self._book.credit + floating

    def margin(self, leverage: int) -> int:
        """A rough margin: the report does not say contract sizes."""
        return len(self._book.positions) * max(0, self._book.balance) // (leverage * 10)

    def _floating(self, position: OpenReplay) -> tuple[int, Decimal]:
        """Profit in minor units and the price now, on the way to each close still ahead."""
        closes = self._story.closes.get(position.position_id, [])
        ahead = closes[bisect_right([at for at, _ in closes], self._at) :]
        if not ahead:
            return 0, position.open_price
        profit = sum(_on_the_way(row.profit, self._share(position, at)) for at, row in ahead)
        at, row = ahead[0]
        move = (Decimal(row.price) - position.open_price) * Decimal(str(self._share(position, at)))
        exponent = Decimal(row.price).as_tuple().exponent
        return profit, (position.open_price + move).quantize(Decimal((0, (1,), int(exponent))))

    def _share(self, position: OpenReplay, closes_at: int) -> float:
        """How much of the time from opening to close has passed, 0 to 1."""
        whole = closes_at - position.opened_at
        return round((self._at - position.opened_at) / whole, 6) if whole > 0 else 1.0


class ReplayAccount(SimulatedAccount):
    """A simulated account whose story is a report's."""

    __slots__ = ("_digits", "_story", "_told")

    book: ReplayBook  # type: ignore[assignment]  # the same face, other positions

    def __init__(self, recipe: Recipe, story: Story, digits: int) -> None:
        super().__init__(recipe, {})
        self._story = story
        self._digits = digits
        self._told = 0
        self.book = ReplayBook()

    def advance(self, at: int) -> None:
        """Tell every deal due at or before ``at``; going back does nothing."""
        until = bisect_right(self._story.instants, at)
        for number in range(self._told, until):
            row, effective = self._story.rows[number], self._story.instants[number]
            self.now = max(self.now, effective)
            self.book.apply(row, effective)
            self.journal.write(row, self.now, self.now)
        self._told = max(self._told, until)
        self.now = max(self.now, at)

    def value(self) -> ReplayValuation:  # type: ignore[override]
        """What the books are worth now."""
        return ReplayValuation(self._story, self.book, self.now)

    def equity_at(self, at: int) -> int:
        """Equity in minor units at any instant."""
        return ReplayValuation(self._story, self._story.book_at(at), at).equity()

    def twin(self) -> "ReplayAccount":
        """The same account, not yet begun."""
        return ReplayAccount(self.recipe, self._story, self._digits)

    @property
    def currency_digits(self) -> int:
        """Decimals of the report's currency."""
        return self._digits


def add_replay(
    broker: SimulatedBroker,
    report: Report,
    clock: ServerClock,
    *,
    server: str = "Simulated-2",
    live_share: float = 0.4,
    live_seconds: float = 900.0,
) -> AccountCard:
    """Add the report's account to the broker; ``clock`` is the report's own server's.

    The last ``live_share`` of the deals happen within ``live_seconds`` from the broker's start.
    ValueError for a report without deals.
    """
    header, deals = report.header, _whole(report, clock)
    if header is None or not deals:
        raise ValueError("the report has no deals to replay")
    chosen = SERVERS[server.casefold()]
    login, seed = header.login, seed_of(broker.seed, header.login)
    recipe = Recipe(
        login=login,
        server=chosen,
        scenario="replay",
        script=lambda _account: iter((NEVER,)),
        initial_balance=deals[0].amount,
        start=broker.start,
        seed=seed,
        currency=header.currency,
        investor_password=f"investor-{seed_of(seed, 'i'):016x}",
        master_password=f"master-{seed_of(seed, 'm'):016x}",
    )
    instants = _instants(deals, broker.start, live_share, live_seconds)
    rows = [
        _row(deal, wall_msc(chosen.clock, at)) for deal, at in zip(deals, instants, strict=True)
    ]
    return broker.adopt(ReplayAccount(recipe, Story.of(rows, instants), report.currency_digits))


def _whole(report: Report, clock: ServerClock) -> list[Deal]:
    """The deals by time; a window that starts mid-life gets its opening balance as a deposit."""
    deals = sorted(deals_of(report, clock), key=lambda deal: (deal.broker_msc, deal.ticket))
    opening = to_minor(opening_balance(report) or 0, report.currency_digits)
    if not deals or not opening:
        return deals
    first = deals[0]
    deposit = Deal(
        ticket=max(1, min(deal.ticket for deal in deals) - 1),
        position_id=0,
        order=0,
        type=DealType.BALANCE,
        entry=DealEntry.IN,
        reason=DealReason.CLIENT,
        symbol="",
        volume=Decimal(0),
        price=Decimal(0),
        profit=opening,
        commission=0,
        swap=0,
        fee=0,
        broker_msc=first.broker_msc - DAY_MS,
        occurred_at=first.occurred_at,
        comment="balance before the report",
    )
    return [deposit, *deals]


def _instants(
    deals: Sequence[Deal], start: int, live_share: float, live_seconds: float
) -> list[int]:
    """New UTC milliseconds: the past keeps its spacing, the rest comes at a steady pace."""
    past = len(deals) - round((len(deals) - 1) * live_share)
    last = deals[past - 1].broker_msc
    before = [start - _PAST_ENDS_MS - (last - deal.broker_msc) for deal in deals[:past]]
    live = len(deals) - past
    step = int(live_seconds * 1000) // max(1, live)
    return [*before, *(start + (number + 1) * step for number in range(live))]


def _row(deal: Deal, broker_msc: int) -> DealRow:
    return DealRow(
        ticket=deal.ticket,
        position_id=deal.position_id,
        order=deal.order,
        type=deal.type,
        entry=deal.entry,
        reason=deal.reason,
        symbol=deal.symbol,
        volume=_text(deal.volume),
        price=_text(deal.price),
        profit=deal.profit,
        commission=deal.commission,
        swap=deal.swap,
        fee=deal.fee,
        broker_msc=broker_msc,
        comment=deal.comment[:31],
    )


def _on_the_way(result: int, share: float) -> int:
    """The floating result after ``share`` of the way: straight, with three small swings."""
    swing = 0.2 * sin(2 * pi * _SWINGS * share) * (1 - share)
    return round(result * (share + swing))


def _text(value: Decimal) -> str:
    return format(value.quantize(Decimal("1e-8")).normalize(), "f")
