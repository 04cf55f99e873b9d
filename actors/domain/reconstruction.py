"""The path of an account between two readings, rebuilt from deals and quotes (RULES 4). Pure.

``reconstruct`` takes the last sight, the deals in between, the new sight and the prices of that
time, and gives the floating result after each quote, cut where balance, positions or swap change.
``reconstructed``: quotes are complete and every position meets the terminal's own figure at both
ends within one minor unit. ``bounded``: they do not, or only minute bars are known; then only the
lowest that floating can have been is told. None: not even that is known.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

from actors.domain.deals import Deal
from actors.domain.holdings import Course, Held, Holding, follow
from actors.domain.prices import Prices, Ticks, to_points, utc_msc
from actors.domain.progress import Sight
from actors.domain.snapshot import Side
from actors.domain.stretches import SKEW_MS, Path, Stretch, Terms, Valued, bounded, rebuilt
from actors.domain.valuation import Conversion, Quote, conversion_of, is_valued, profit_of
from actors.domain.violation import Grade

_MEETS = 1
"""Minor units by which a position may differ from the terminal's own figure."""


def reconstruct(
    before: Sight, deals: Sequence[Deal], after: Sight, prices: Prices, terms: Terms
) -> Path | None:
    """The path from ``before`` to ``after`` through ``deals``, those in between in order."""
    course = follow(before, deals, after, terms.rollovers)
    if course is None:
        return None
    valued = _valued(course, prices, terms)
    if valued is None:
        return None
    holdings = _cut(course.holdings, terms.cuts, utc_msc(after.at))
    quotes = _aligned(before, after, valued, prices) if course.firm else None
    if quotes is not None:
        stretches = rebuilt(holdings, valued, quotes)
        if stretches is not None and _meets(before, after, stretches, holdings, valued, quotes):
            return Path(Grade.RECONSTRUCTED, stretches, quotes)
    return bounded(holdings, valued, prices, utc_msc(after.at))


def _valued(course: Course, prices: Prices, terms: Terms) -> Valued | None:
    conversions: dict[str, Conversion | None] = {}
    for name in {held.symbol for holding in course.holdings for held in holding.held}:
        spec = prices.specs.get(name)
        if spec is None or not is_valued(spec):
            return None
        conversions[name] = None
        if spec.profit_currency != terms.currency:
            conversions[name] = by = conversion_of(spec, terms.currency, prices.specs)
            if by is None or not _is_rate(by.symbol, prices):
                return None
    return Valued(terms, prices.specs, conversions)


def _is_rate(symbol: str, prices: Prices) -> bool:
    """A rate is a price above 0."""
    ticks, bars = prices.ticks.get(symbol), prices.bars.get(symbol)
    return min((*(ticks.bids if ticks else ()), *(bars.lows if bars else ())), default=0) > 0


def _cut(holdings: Sequence[Holding], cuts: Sequence[int], until: int) -> tuple[Holding, ...]:
    """The holdings cut at day boundaries too, none beyond the end."""
    result = list(holdings)
    for at in cuts:
        place = bisect_right([holding.since for holding in result], at)
        if place > 0 and result[place - 1].since < at <= until:
            result.insert(place, Holding(at, result[place - 1].held))
    return tuple(result)


def _aligned(
    before: Sight, after: Sight, valued: Valued, prices: Prices
) -> Mapping[str, Ticks] | None:
    """Each symbol's quotes from the one that ``before`` shows to the one that ``after`` shows.

    The broker stamps quotes by its own clock, and a terminal lags: where a sight's price is not
    the quote in force by the stamps, the nearest one that is within the skew is taken. None when
    quotes are missing, not complete, or a sight's price is not among them.
    """
    found: dict[str, Ticks] = {}
    start, end = utc_msc(before.at), utc_msc(after.at)
    for name in sorted(valued.names):
        ticks = prices.ticks.get(name)
        if ticks is None or not ticks.complete or not ticks.times:
            return None
        digits = valued.specs[name].digits
        first = _place(ticks, start, _shown(before, name, digits))
        last = _place(ticks, end, _shown(after, name, digits))
        if first is None or last is None or last < first:
            return None
        found[name] = Ticks(
            _within(ticks.times[first : last + 1], start, end),
            ticks.bids[first : last + 1],
            ticks.asks[first : last + 1],
            complete=True,
        )
    return found


def _within(times: tuple[int, ...], start: int, end: int) -> tuple[int, ...]:
    """Stamps outside [start, end], put there by a clock that is off, moved to its ends."""
    first, last = bisect_left(times, start), bisect_right(times, end)
    return (start,) * first + times[first:last] + (end,) * (len(times) - last)


def _shown(sight: Sight, symbol: str, digits: int) -> list[tuple[Side, int]]:
    return [
        (p.side, to_points(f"{p.price:f}", digits)) for p in sight.positions if p.symbol == symbol
    ]


def _place(ticks: Ticks, at: int, shown: list[tuple[Side, int]]) -> int | None:
    """The index of the quote in force at ``at`` that shows these closing prices."""
    in_force = max(0, bisect_right(ticks.times, at) - 1)
    if _shows(ticks, in_force, shown):
        return in_force
    low, high = bisect_left(ticks.times, at - SKEW_MS), bisect_right(ticks.times, at + SKEW_MS)
    near = [index for index in range(low, high) if _shows(ticks, index, shown)]
    return min(near, key=lambda index: abs(ticks.times[index] - at), default=None)


def _shows(ticks: Ticks, index: int, shown: list[tuple[Side, int]]) -> bool:
    return all(
        price == (ticks.bids[index] if side is Side.BUY else ticks.asks[index])
        for side, price in shown
    )


def _meets(
    before: Sight,
    after: Sight,
    stretches: Sequence[Stretch],
    holdings: Sequence[Holding],
    valued: Valued,
    quotes: Mapping[str, Ticks],
) -> bool:
    """Every position's figure at both ends is the terminal's, and so is their sum."""
    first = {name: (ticks.bids[0], ticks.asks[0]) for name, ticks in quotes.items()}
    last = {name: (ticks.bids[-1], ticks.asks[-1]) for name, ticks in quotes.items()}
    return _agrees(before, stretches[0].floatings[0], holdings[0], valued, first) and _agrees(
        after, stretches[-1].floatings[-1], holdings[-1], valued, last
    )


def _agrees(
    sight: Sight, floating: int, holding: Holding, valued: Valued, now: Mapping[str, Quote]
) -> bool:
    shown = {p.position_id: p for p in sight.positions}
    return abs(floating - sight.floating) <= _MEETS * len(shown) and all(
        abs(_worth(held, valued, now) - shown[held.position_id].floating) <= _MEETS
        for held in holding.held
    )


def _worth(held: Held, valued: Valued, now: Mapping[str, Quote]) -> int:
    by = valued.conversions[held.symbol]
    rate = None if by is None else now[by.symbol]
    return held.swap + profit_of(valued.leg(held), now[held.symbol], by, rate)
