"""A terminal: what the product can see of an account at one instant, as MT5 would show it."""

from collections.abc import Iterable, Iterator
from datetime import UTC, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

import numpy as np

from actors.domain.deals import Deal, DealEntry, DealReason, DealType, History
from actors.domain.prices import CalcMode, Prices, SymbolSpec, Ticks
from actors.domain.server_clock import ServerClock
from actors.domain.snapshot import Observation, OpenPosition, Side
from tests.simulation.oracle.amendments import Amendment
from tests.simulation.oracle.book import Book, Held
from tests.simulation.oracle.truth import StopSet, SwapBooking, TrueDeal, Truth
from tests.simulation.world.market import Market, instant_of
from tests.simulation.world.pen import Server

_Event = TrueDeal | SwapBooking | StopSet | Amendment
_Entry = tuple[int, int, Deal | None]
"""When the history tells it, a ticket, and its deal from then on; None: it is taken back."""

LONGEST_DELAY_MS = 110_000
"""No deal is longer on its way to the history, unless the broker amends its books."""

_NEVER = 1 << 60
_TYPES = {
    "balance": DealType.BALANCE,
    "credit": DealType.CREDIT,
    "bonus": DealType.BONUS,
    "correction": DealType.CORRECTION,
    "commission": DealType.COMMISSION,
}
_ENTRIES = {
    "in": DealEntry.IN,
    "out": DealEntry.OUT,
    "inout": DealEntry.INOUT,
    "out_by": DealEntry.OUT_BY,
}


class Terminal:
    """Played forward only. Deals show in the balance at once, in the history after a delay."""

    def __init__(
        self,
        truth: Truth,
        market: Market,
        server: Server,
        digits: int,
        faults: Random,
        amendments: Iterable[Amendment] = (),
    ) -> None:
        self._market, self._server, self._digits = market, server, digits
        self._clock = ServerClock.parse(server.clock)
        self._faults = faults
        self._book = Book()
        amended = tuple(amendments)
        events: list[_Event] = [*truth.swaps, *truth.deals, *truth.stops, *amended]
        self._events = sorted(events, key=lambda event: event.at)
        self._next = 0
        shown: list[_Entry] = [
            (deal.at + delay, deal.ticket, self._deal(deal))
            for deal, delay in _delayed(truth.deals, faults)
        ]
        shown += [
            (
                one.at + faults.randint(1_000, 40_000),
                one.deal.ticket,
                None if one.now is None else self._deal(one.now),
            )
            for one in amended
        ]
        self._hidden = sorted(shown, key=lambda entry: entry[:2], reverse=True)
        self._shown: dict[int, Deal] = {}
        self._opened: dict[int, int] = {}
        self._stopped: set[int] = set()
        self._total = -1

    def observe(self, at: int) -> Observation:
        """The account at ``at``."""
        self._advance(at)
        book, positions = self._book, []
        floating = 0
        for number, held in book.held.items():
            position = self._position(number, held, at)
            floating += position.profit + position.swap
            positions.append(position)
        equity = book.balance + book.credit + floating
        return Observation(
            instant_of(at), book.balance, equity, book.credit, 0, equity, "USD", self._digits,
            tuple(positions),
        )  # fmt: skip

    def deals(self, at: int, since_msc: int) -> tuple[tuple[Deal, ...], History]:
        """Deals in the history at ``at``, stamped at or after ``since_msc``: often shuffled,
        sometimes twice. The count is stable when the last read had it too.
        """
        self._reveal(at)
        wanted = [deal for deal in self._shown.values() if deal.broker_msc >= since_msc]
        if wanted and self._faults.random() < 0.2:
            wanted += self._faults.sample(wanted, 1 + len(wanted) // 4)
            self._faults.shuffle(wanted)
        stable = self._total == len(self._shown) or self._faults.random() < 0.5
        self._total = len(self._shown)
        return tuple(wanted), History(self._total, stable)

    def prices(self, since: int, until: int, symbols: Iterable[str]) -> Prices:
        """Every quote of these symbols from the one in force at ``since`` to ``until``."""
        names = sorted(set(symbols))
        return Prices(
            {name: self.spec(name) for name in names},
            {name: self.quotes(name, since, until) for name in names},
        )

    def quiet_until(self, at: int) -> int:
        """Until when no figure that a reader could see will change."""
        self._advance(at)
        following = self._events[self._next].at if self._next < len(self._events) else _NEVER
        arriving = self._hidden[-1][0] if self._hidden else _NEVER
        opening = min(
            (self._market.opens_at(held.symbol, at) for held in self._book.held.values()),
            default=_NEVER,
        )
        return min(following, arriving, opening)

    @property
    def exposed(self) -> bool:
        """True while a position is open."""
        return bool(self._book.held)

    def _advance(self, at: int) -> None:
        while self._next < len(self._events) and self._events[self._next].at <= at:
            event = self._events[self._next]
            if isinstance(event, Amendment):
                self._book.balance += event.gain
            elif isinstance(event, StopSet):
                self._stopped |= {event.position} & self._book.held.keys()
            else:
                self._take(event)
            self._next += 1

    def _take(self, event: TrueDeal | SwapBooking) -> None:
        """Book it; a position that is opened or turned is as old as the deal, without a stop."""
        before = self._book.held.get(event.position)
        self._book.take(event)
        after = self._book.held.get(event.position)
        if after is not before:
            self._opened[event.position] = event.at
            self._stopped.discard(event.position)

    def _reveal(self, at: int) -> None:
        while self._hidden and self._hidden[-1][0] <= at:
            _, ticket, deal = self._hidden.pop()
            self._shown.pop(ticket, None)
            if deal is not None:
                self._shown[ticket] = deal

    def spec(self, name: str) -> SymbolSpec:
        """One point of one hundredth of a lot is one minor unit."""
        size = Decimal(10) ** (7 - self._digits)
        tick = Decimal(1).scaleb(-5)
        return SymbolSpec(name, 5, size, tick, size * tick, name[:3], "USD", "USD", CalcMode.FOREX)

    def quotes(self, name: str, since: int, until: int) -> Ticks:
        """Quotes that tell something new; a shut market sends none."""
        known = self._market.ticks[name]
        first, last = known.row(since), known.row(until)
        bids, asks = known.bid[first : last + 1], known.ask[first : last + 1]
        told = np.flatnonzero((bids[1:] != bids[:-1]) | (asks[1:] != asks[:-1])) + 1
        rows = np.concatenate([np.zeros(1, np.int64), told])
        times = known.start + (rows + first) * known.step
        return Ticks(
            tuple(times.tolist()), tuple(bids[rows].tolist()), tuple(asks[rows].tolist()),
            complete=True,
        )  # fmt: skip

    def _position(self, number: int, held: Held, at: int) -> OpenPosition:
        price = self._market.ticks[held.symbol].closing(at, held.sign)
        opened = self._opened[number]
        far = held.open_price // 2 if held.sign > 0 else held.open_price * 2
        stop = _price(far) if number in self._stopped else None
        return OpenPosition(
            number, held.symbol, Side.BUY if held.sign > 0 else Side.SELL,
            _volume(held.lots), _price(held.open_price), _price(price), stop, None,
            (price - held.open_price) * held.sign * held.lots, held.swap,
            self._wall(opened), instant_of(opened),
        )  # fmt: skip

    def _deal(self, deal: TrueDeal) -> Deal:
        wall = self._wall(deal.at)
        kind = _TYPES.get(deal.kind) or (DealType.BUY if deal.sign > 0 else DealType.SELL)
        reason = DealReason.STOP_OUT if deal.forced else DealReason.CLIENT
        return Deal(
            deal.ticket, deal.position, deal.ticket, kind, _ENTRIES[deal.entry], reason,
            deal.symbol,
            _volume(deal.lots), _price(deal.price), deal.profit, deal.commission, deal.swap,
            deal.fee, wall, self._clock.to_utc(wall),
        )  # fmt: skip

    def _wall(self, at: int) -> int:
        """The server's wall clock, told by its zone alone."""
        local = instant_of(at).astimezone(ZoneInfo(self._server.zone)).replace(tzinfo=UTC)
        shift = timedelta(hours=7 if "+7h" in self._server.clock else 0)
        return (local + shift - instant_of(0)) // timedelta(milliseconds=1)


def _delayed(deals: Iterable[TrueDeal], faults: Random) -> Iterator[tuple[TrueDeal, int]]:
    """Each deal with its delay; both halves of a close-by come together."""
    at, delay = -1, 0
    for deal in deals:
        delay = delay if deal.entry == "out_by" and deal.at == at else _delay(faults)
        at = deal.at
        yield deal, delay


def _delay(faults: Random) -> int:
    """Most deals are in the history at once, some within a minute, a few later."""
    luck = faults.random()
    if luck < 0.85:
        return 0
    return faults.randint(200, 50_000) if luck < 0.97 else faults.randint(60_000, LONGEST_DELAY_MS)


def _volume(lots: int) -> Decimal:
    return Decimal(lots).scaleb(-2)


def _price(points: int) -> Decimal:
    return Decimal(points).scaleb(-5)
