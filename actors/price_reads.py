"""Reading the prices that a reading wishes, over a session: pages of ticks, else minute bars."""

from datetime import datetime

from attrs import frozen

from actors.domain.price_wish import PriceWish
from actors.domain.prices import Prices, SymbolSpec, Ticks, instant_of
from actors.domain.valuation import conversion_names
from actors.errors import BrokerError, BrokerFault
from actors.ports import Session, Specs

MOST_PAGES = 12
"""Pages of ticks of one symbol; a range that needs more is told by its bars."""


@frozen
class PriceReads:
    """Prices, and every specification known by now."""

    prices: Prices
    specs: Specs


async def read_prices(session: Session, wish: PriceWish, known: Specs) -> PriceReads:
    """Read what is wished. Raises BrokerError: INTERNAL where the bridge has no ticks at all."""
    specs = dict(known)
    for name in wish.symbols:
        spec = await _spec(session, name, specs)
        if spec is not None and spec.profit_currency != wish.currency:
            await _conversion(session, spec, wish.currency, specs)
    needed = {n: s for n, s in specs.items() if s is not None and _is_needed(n, wish, specs)}
    ticks, bars = {}, {}
    for name, spec in needed.items():
        if wish.by_ticks:
            ticks[name] = await _ticks(session, spec, wish.since, wish.until)
        if name not in ticks or not ticks[name].complete:
            bars[name] = await session.bars(spec, wish.since, wish.until)
    return PriceReads(Prices(needed, ticks, bars), specs)


async def _spec(
    session: Session, name: str, specs: dict[str, SymbolSpec | None]
) -> SymbolSpec | None:
    """A symbol's specification, asked once; the bridge answers INTERNAL for an unknown name."""
    if name not in specs:
        try:
            specs[name] = await session.symbol(name)
        except BrokerError as error:
            if error.fault is not BrokerFault.INTERNAL:
                raise
            specs[name] = None
    return specs[name]


async def _conversion(
    session: Session, spec: SymbolSpec, currency: str, specs: dict[str, SymbolSpec | None]
) -> None:
    for name, _ in conversion_names(spec, currency):
        if await _spec(session, name, specs) is not None:
            return


def _is_needed(name: str, wish: PriceWish, specs: Specs) -> bool:
    """True for a wished symbol and for those that may convert its profit."""
    if name in wish.symbols:
        return True
    wished = (specs.get(symbol) for symbol in wish.symbols)
    return any(
        name == candidate
        for spec in wished
        if spec is not None and spec.profit_currency != wish.currency
        for candidate, _ in conversion_names(spec, wish.currency)
    )


async def _ticks(session: Session, spec: SymbolSpec, since: datetime, until: datetime) -> Ticks:
    """Every quote of the range, page after page; not complete when there are too many."""
    page = whole = await session.ticks(spec, since, until)
    for _ in range(MOST_PAGES - 1):
        if page.complete or not page.times:
            break
        cut = page.times[-1]
        page = await session.ticks(spec, instant_of(cut), until)
        if page.times and page.times[-1] <= cut and not page.complete:
            break
        whole = _joined(whole, page, cut)
    return whole


def _joined(whole: Ticks, page: Ticks, cut: int) -> Ticks:
    """Two pages: the second begins at the first's last stamp and tells all of it again."""
    kept = next((n for n, at in enumerate(whole.times) if at >= cut), len(whole.times))
    if not page.times:
        return Ticks(whole.times, whole.bids, whole.asks, complete=False)
    return Ticks(
        whole.times[:kept] + page.times,
        whole.bids[:kept] + page.bids,
        whole.asks[:kept] + page.asks,
        page.complete,
    )
