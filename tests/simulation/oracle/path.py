"""Paths: an account's values point by point, either at every tick or as a sampler saw them."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

import numpy as np
from attrs import frozen

from tests.simulation.oracle.book import Book, Held
from tests.simulation.oracle.truth import Ints, SwapBooking, TrueDeal, Truth

Event = TrueDeal | SwapBooking
OBSERVED_MS = 120_000


@frozen(eq=False)
class Path:
    """Values from the start of a life on, in order of time; equity is without credit.

    ``known`` is False where equity was not seen (a deal while positions are open).
    """

    at: Ints
    balance: Ints
    equity: Ints
    credit: Ints
    flows: Ints
    known: "np.typing.NDArray[np.bool_]"


@frozen
class Edge:
    """An account at a reset, by what came before it. ``sure`` is the least equity it can have
    had, None when that is unknown; ``value`` the equity to reckon with.
    """

    at: int
    balance: int
    credit: int
    flows: int
    value: int
    sure: int | None


@frozen(eq=False)
class Life:
    """A path and the edges of the rule days on it; ``start`` is the initial balance's instant."""

    path: Path
    edges: tuple[Edge, ...]
    initial: int
    start: int
    base: Edge


def every_tick(truth: Truth, resets: Sequence[int], also: Sequence[int] = ()) -> Life:
    """The life with each tick of each open position as a point, and ``also`` these instants.

    The balance at a reset is a point of the new day, and the equity too on a flat account.
    """
    initial, base = _initial(truth)
    rows = _Rows()
    edges: list[Edge] = []
    days, looks = frozenset(resets), frozenset(also)
    book = Book()
    for start, end, events in _spans(truth, [*resets, *also]):
        if start in days and start > base.at:
            value = book.balance + _floating(book, truth, start - 1)
            edges.append(Edge(start, book.balance, book.credit, book.flows, value, value))
            rows.reset(book, start)
        for event in events:
            book.take(event)
        if start >= base.at and (events or book.held or start in looks):
            rows.add(book, *_equity(book, truth, start, end))
    return Life(rows.path(), tuple(edges), initial, base.at, base)


def as_sampled(truth: Truth, resets: Sequence[int], samples: Sequence[int]) -> Life:
    """The life as someone knows it who has all deals, and equity at ``samples`` only."""
    initial, base = _initial(truth)
    rows = _Rows()
    edges: list[Edge] = []
    book = Book()
    sampler = _Sampler(truth)
    days, looks = frozenset(resets), frozenset(samples)
    for start, _end, events in _spans(truth, [*resets, *samples]):
        if start in days and start > base.at:
            edges.append(sampler.edge(book, start))
            rows.reset(book, start)
        deals = [event for event in events if isinstance(event, TrueDeal)]
        for event in events:
            book.take(event)
        sampler.touched |= {deal.position for deal in deals}
        if deals and start >= base.at:
            flat = not book.held
            rows.add(book, np.array([start]), np.array([book.balance]), known=flat)
        if start in looks:
            sampler.look(book, start)
            if start >= base.at:
                equity = book.balance + _floating(book, truth, start)
                rows.add(book, np.array([start]), np.array([equity]))
    return Life(rows.path(), tuple(edges), initial, base.at, base)


def as_rebuilt(truth: Truth, resets: Sequence[int], samples: Sequence[int], until: int) -> Life:
    """The life as someone knows it who has all deals, and each tick from the first sample until
    ``until``, but only the samples before and after.

    A reset's equity is that of a young, undisturbed sample (RULES 3), else that of the ticks.
    """
    since = samples[0]
    seen, ticks = as_sampled(truth, resets, samples), every_tick(truth, resets, samples)
    before, after = seen.path.at < since, seen.path.at > until
    between = (ticks.path.at >= since) & (ticks.path.at <= until)
    columns = [
        np.concatenate([kept[before], rebuilt[between], kept[after]])
        for kept, rebuilt in (
            (getattr(seen.path, name), getattr(ticks.path, name))
            for name in ("at", "balance", "equity", "credit", "flows", "known")
        )
    ]
    edges = tuple(
        by_tick if by_sample.sure is None and since < by_sample.at <= until else by_sample
        for by_sample, by_tick in zip(seen.edges, ticks.edges, strict=True)
    )
    return Life(Path(*columns), edges, seen.initial, seen.start, seen.base)


class _Sampler:
    """What the last look at the terminal showed, for the next reset's equity."""

    def __init__(self, truth: Truth) -> None:
        self._truth = truth
        self._at: int | None = None
        self._seen: dict[int, int] = {}
        self.touched: set[int] = set()

    def look(self, book: Book, at: int) -> None:
        """Remember each position's floating result."""
        self._at = at
        self._seen = {number: _result(held, self._truth, at) for number, held in book.held.items()}
        self.touched = set()

    def edge(self, book: Book, at: int) -> Edge:
        """Equity at the reset: exact when flat, as last seen when young and undisturbed."""
        known = [number for number in book.held if number in self._seen]
        value = book.balance + sum(self._seen[number] for number in known)
        sure: int | None = value
        if book.held:
            young = self._at is not None and at - self._at <= OBSERVED_MS
            whole = len(known) == len(book.held) and not self.touched & set(known)
            sure = value if young and whole else None
        return Edge(at, book.balance, book.credit, book.flows, value, sure)


class _Rows:
    """Collects the columns of a path."""

    def __init__(self) -> None:
        self._columns: tuple[list[Ints], ...] = ([], [], [], [], [])
        self._known: list[np.typing.NDArray[np.bool_]] = []

    def add(self, book: Book, at: Ints, equity: Ints, *, known: bool = True) -> None:
        """Add points during which nothing but the prices changed."""
        size = len(at)
        constants = (book.balance, book.credit, book.flows)
        filled = [np.full(size, value, dtype=np.int64) for value in constants]
        for column, values in zip(self._columns, (at, equity, *filled), strict=True):
            column.append(values)
        self._known.append(np.full(size, known))

    def reset(self, book: Book, at: int) -> None:
        """Add the point of a reset, before what happens in that instant."""
        self.add(book, np.array([at]), np.array([book.balance]), known=not book.held)

    def path(self) -> Path:
        """The path of all points added."""
        at, equity, balance, credit, flows = map(np.concatenate, self._columns)
        return Path(at, balance, equity, credit, flows, np.concatenate(self._known))


def _initial(truth: Truth) -> tuple[int, Edge]:
    """The initial balance: all deals up to the last deposit before the first trade."""
    trades = [deal.at for deal in truth.deals if deal.kind == "trade"]
    first = min(trades, default=truth.until)
    last = max(d.at for d in truth.deals if d.kind == "balance" and d.at < first)
    book = Book()
    for deal in truth.deals:
        if deal.at <= last:
            book.take(deal)
    return book.balance, Edge(last, book.balance, book.credit, book.flows, book.balance, None)


def _spans(truth: Truth, cuts: Sequence[int]) -> Iterator[tuple[int, int, list[Event]]]:
    """Stretches without an event inside: (start, end, events at the start), from the first deal."""
    events: list[Event] = sorted([*truth.swaps, *truth.deals], key=lambda event: event.at)
    grouped = {at: list(group) for at, group in groupby(events, key=lambda event: event.at)}
    instants = sorted({*grouped, *(cut for cut in cuts if events[0].at <= cut <= truth.until)})
    for start, end in zip(instants, [*instants[1:], truth.until], strict=True):
        yield start, end, grouped.get(start, [])


def _equity(book: Book, truth: Truth, start: int, end: int) -> tuple[Ints, Ints]:
    """Equity at ``start`` and at each tick inside the stretch."""
    if not book.held:
        return np.array([start]), np.array([book.balance])
    at = _tick_instants(truth, start, end)
    equity = np.full(len(at), book.balance, dtype=np.int64)
    for held in book.held.values():
        ticks = truth.ticks[held.symbol]
        first = ticks.row(start)
        side = ticks.bid if held.sign > 0 else ticks.ask
        prices = side[first : first + len(at)].astype(np.int64)
        if len(prices) < len(at):  # after the last tick its price holds
            prices = np.pad(prices, (0, len(at) - len(prices)), mode="edge")
        equity += (prices - held.open_price) * held.sign * held.lots + held.swap
    return at, equity


def _tick_instants(truth: Truth, start: int, end: int) -> Ints:
    ticks = next(iter(truth.ticks.values()))
    later = ticks.start + (ticks.row(start) + 1) * ticks.step
    return np.concatenate([np.array([start]), np.arange(later, end, ticks.step)])


def _result(held: Held, truth: Truth, at: int) -> int:
    price = truth.ticks[held.symbol].closing(at, held.sign)
    return (price - held.open_price) * held.sign * held.lots + held.swap


def _floating(book: Book, truth: Truth, at: int) -> int:
    return sum(_result(held, truth, at) for held in book.held.values())


def equity_reader(truth: Truth) -> Callable[[int], int]:
    """Equity without credit at any one instant, by booking all deals anew: slow and plain."""

    def read(at: int) -> int:
        book = Book()
        for _start, _end, events in _spans(truth, []):
            for event in events:
                if event.at <= at:
                    book.take(event)
        return book.balance + _floating(book, truth, at)

    return read
