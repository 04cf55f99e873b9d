"""The stretches of a path: floating after each quote, or the least that it can have been (RULES 4).

A stretch is a time in which nothing but prices changes. Quotes of one millisecond are one point.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from actors.domain.holdings import Held, Holding
from actors.domain.prices import Bars, Prices, SymbolSpec, Ticks
from actors.domain.valuation import Conversion, Leg, Quote, leg_of, profit_of
from actors.domain.violation import Grade

SKEW_MS = 3000
"""How far the broker's stamps may be off our clock."""

_Moment = tuple[int, dict[str, Quote]]


@frozen
class Stretch:
    """A time in which nothing but prices changes: from ``since`` until the next stretch (UTC ms).

    ``times`` and ``floatings`` (minor units, profit + swap of all positions) are of one length;
    the first stands for the quotes in force at ``since``. Of a bounded path only ``lowest`` is
    told.
    """

    since: int
    times: tuple[int, ...] = ()
    floatings: tuple[int, ...] = ()
    lowest: int | None = None


@frozen
class Path:
    """What lies between two sights. ``quotes`` are the series it was made of, by symbol."""

    grade: Grade
    stretches: tuple[Stretch, ...]
    quotes: Mapping[str, Ticks]

    def floating_before(self, msc: int) -> int | None:
        """Floating just before an instant: a quote or a deal stamped exactly then is later."""
        for stretch in reversed(self.stretches):
            if stretch.since < msc and stretch.times:
                index = bisect_left(stretch.times, msc) - 1
                return stretch.floatings[max(0, index)]
        return None

    def quotes_at(self, msc: int) -> dict[str, tuple[int, int, int]]:
        """Each symbol's quote in force at an instant: stamp, bid and ask."""
        found = {}
        for name, ticks in self.quotes.items():
            index = bisect_right(ticks.times, msc) - 1
            if index >= 0:
                found[name] = (ticks.times[index], ticks.bids[index], ticks.asks[index])
        return found


@frozen
class Terms:
    """What stays the same: the account's currency and digits, the instants at which the server
    books swap, and those at which the path is to be cut (day boundaries). UTC milliseconds.
    """

    currency: str
    digits: int
    rollovers: tuple[int, ...] = ()
    cuts: tuple[int, ...] = ()


@frozen
class Valued:
    """The symbols held at some time, how their profit converts, and what is needed for it."""

    terms: Terms
    specs: Mapping[str, SymbolSpec]
    conversions: Mapping[str, Conversion | None]

    @property
    def names(self) -> frozenset[str]:
        """Every symbol whose price is needed."""
        by = {each.symbol for each in self.conversions.values() if each is not None}
        return frozenset(self.conversions) | by

    def leg(self, held: Held) -> Leg:
        """A position's profit as a line of its price."""
        return leg_of(
            self.specs[held.symbol],
            is_long=held.is_long,
            volume=held.volume,
            price=held.price,
            digits=self.terms.digits,
        )


def rebuilt(
    holdings: Sequence[Holding], valued: Valued, quotes: Mapping[str, Ticks]
) -> tuple[Stretch, ...] | None:
    """The floating after each quote, and at each cut with the quotes then in force.

    Quotes of one millisecond are one point, several of one symbol in turn. None when a position
    is held while its symbol has no quote yet.
    """
    moments = _moments(quotes)
    now: dict[str, Quote] = {}
    stretches: list[Stretch] = []
    position = 0
    for number, holding in enumerate(holdings):
        ends = holdings[number + 1].since if number + 1 < len(holdings) else None
        if number == 0 and position < len(moments) and moments[position][0] == holding.since:
            now |= moments[position][1]  # what the first sight shows is where the path starts
            position += 1
        first, position = position, _until(moments, position, ends)
        stretch = _walked(holding, valued, now, moments[first:position], shares=number > 0)
        if stretch is None:
            return None
        stretches.append(stretch)
    return tuple(stretches)


def _moments(quotes: Mapping[str, Ticks]) -> list[_Moment]:
    """All symbols' quotes in order of time; one moment holds at most one quote of a symbol."""
    merged: dict[tuple[int, int], dict[str, Quote]] = {}
    for name, ticks in quotes.items():
        before, turn = -1, 0
        for at, bid, ask in zip(ticks.times, ticks.bids, ticks.asks, strict=True):
            turn = turn + 1 if at == before else 0
            before = at
            merged.setdefault((at, turn), {})[name] = (bid, ask)
    return [(at, merged[at, turn]) for at, turn in sorted(merged)]


def _until(moments: Sequence[_Moment], position: int, ends: int | None) -> int:
    if ends is None:
        return len(moments)
    while position < len(moments) and moments[position][0] < ends:
        position += 1
    return position


def _walked(
    holding: Holding,
    valued: Valued,
    now: dict[str, Quote],
    moments: Sequence[_Moment],
    *,
    shares: bool,
) -> Stretch | None:
    """One stretch; ``now`` is carried on. ``shares``: a quote of its first millisecond belongs to
    the first point, since a deal is stamped like the quote that it was made at.
    """
    groups = groups_of(holding, valued)
    touched = _touched(groups.values())
    shares = shares and bool(moments) and moments[0][0] == holding.since
    if shares:
        now |= moments[0][1]
    if not all(name in now for group in groups.values() for name in group.needs):
        return None
    parts = {name: group.floating(now) for name, group in groups.items()}
    total = sum(parts.values())
    times, floatings = [holding.since], [total]
    for at, quoted in moments[1:] if shares else moments:
        now |= quoted
        for symbol in quoted:
            for group in touched.get(symbol, ()):
                part = group.floating(now)
                total += part - parts[group.symbol]
                parts[group.symbol] = part
        times.append(at)
        floatings.append(total)
    return Stretch(holding.since, tuple(times), tuple(floatings))


@frozen
class Group:
    """A symbol's positions: their lines, their swap, and the symbol that converts.

    ``exact``: (of the bid, of the ask, base), one line for all of them where nothing is rounded.
    """

    symbol: str
    legs: tuple[Leg, ...]
    swap: int
    by: Conversion | None
    exact: tuple[int, int, int] | None

    @property
    def needs(self) -> tuple[str, ...]:
        """The symbols whose quotes tell its worth."""
        return (self.symbol,) if self.by is None else (self.symbol, self.by.symbol)

    def floating(self, now: Mapping[str, Quote]) -> int:
        """Profit and swap of all its positions at the quotes given, in minor units."""
        quote, rate = now[self.symbol], None if self.by is None else now[self.by.symbol]
        if self.exact is not None:
            of_bid, of_ask, base = self.exact
            return of_bid * quote[0] + of_ask * quote[1] + base
        return self.swap + sum(profit_of(leg, quote, self.by, rate) for leg in self.legs)


def groups_of(holding: Holding, valued: Valued) -> dict[str, Group]:
    """The positions of a holding by symbol."""
    by_symbol: dict[str, list[Held]] = {}
    for held in holding.held:
        by_symbol.setdefault(held.symbol, []).append(held)
    return {name: _group(name, held, valued) for name, held in by_symbol.items()}


def _group(symbol: str, held: Sequence[Held], valued: Valued) -> Group:
    legs, by = tuple(valued.leg(each) for each in held), valued.conversions[symbol]
    swap, exact = sum(each.swap for each in held), None
    if by is None and all(leg.scale == 1 for leg in legs):
        exact = (
            sum(leg.slope for leg in legs if leg.is_long),
            sum(leg.slope for leg in legs if not leg.is_long),
            sum(leg.base for leg in legs) + swap,
        )
    return Group(symbol, legs, swap, by, exact)


def _touched(groups: Iterable[Group]) -> dict[str, list[Group]]:
    """Whose worth a symbol's quote changes."""
    touched: dict[str, list[Group]] = {}
    for group in groups:
        for symbol in set(group.needs):
            touched.setdefault(symbol, []).append(group)
    return touched


def bounded(holdings: Sequence[Holding], valued: Valued, prices: Prices, end: int) -> Path | None:
    """Each symbol's worst price of each stretch, summed; None where a symbol has none."""
    stretches: list[Stretch] = []
    for number, holding in enumerate(holdings):
        ends = holdings[number + 1].since if number + 1 < len(holdings) else end
        lowest = 0
        for group in groups_of(holding, valued).values():
            ranges = [_range_of(name, prices, holding.since, ends) for name in group.needs]
            if any(not found for found in ranges):
                return None
            lowest += min(
                group.floating(dict(zip(group.needs, pair, strict=True))) for pair in _pairs(ranges)
            )
        stretches.append(Stretch(holding.since, lowest=lowest))
    return Path(Grade.BOUNDED, tuple(stretches), {})


def _pairs(ranges: list[tuple[Quote, ...]]) -> list[tuple[Quote, ...]]:
    if len(ranges) == 1:
        return [(quote,) for quote in ranges[0]]
    return [(quote, rate) for quote in ranges[0] for rate in ranges[1]]


def _range_of(name: str, prices: Prices, since: int, until: int) -> tuple[Quote, ...]:
    """Lowest and highest quotes of a symbol in [since, until], by ticks or else by bars."""
    ticks, bars = prices.ticks.get(name, Ticks()), prices.bars.get(name, Bars())
    if ticks.complete and ticks.times:
        first = max(0, bisect_right(ticks.times, since - SKEW_MS) - 1)
        last = max(first + 1, bisect_right(ticks.times, until + SKEW_MS))
        bids, asks = ticks.bids[first:last], ticks.asks[first:last]
        return (min(bids), min(asks)), (max(bids), max(asks))
    if not bars.complete or not bars.times:
        return ()
    first = max(0, bisect_right(bars.times, since - SKEW_MS) - 1)
    last = max(first + 1, bisect_right(bars.times, until + SKEW_MS))
    low, high = min(bars.lows[first:last]), max(bars.highs[first:last])
    spread = max(bars.spreads[first:last])
    return (low, low + spread), (high, high + spread)
