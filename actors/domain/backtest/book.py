"""A life's deals as a book: what the balance and the open positions were at any instant."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import accumulate
from typing import TypeAlias

from actors.domain.deals import FLOW_TYPES, Deal, DealType
from actors.domain.exposure import moved
from actors.domain.ledger import Sums, order
from actors.domain.snapshot import OpenPosition, Side

_Held: TypeAlias = tuple[tuple[Decimal, Deal], ...]

SHIFTING = FLOW_TYPES | {DealType.CREDIT}
"""Deals that move a floor: cash flows, and credit where the plan includes it."""


class Book:
    """All deals of the account in order."""

    def __init__(self, deals: Sequence[Deal]) -> None:
        self.deals = tuple(sorted(deals, key=order))
        self._at = [deal.occurred_at for deal in self.deals]
        self._sums = list(accumulate(self.deals, lambda s, d: s.plus((d,)), initial=Sums()))
        self._open = list(_opened(self.deals))

    def sums(self, instant: datetime) -> Sums:
        """Sums of the deals stamped at or before ``instant``."""
        return self._sums[bisect_right(self._at, instant)]

    def between(self, after: datetime | None, until: datetime) -> tuple[Deal, ...]:
        """Deals in (after, until]; from the first when ``after`` is None."""
        first = 0 if after is None else bisect_right(self._at, after)
        return self.deals[first : bisect_right(self._at, until)]

    def trades_before(self, after: datetime, before: datetime) -> bool:
        """True when a trade deal lies in (after, before)."""
        inside = self.deals[bisect_right(self._at, after) : bisect_left(self._at, before)]
        return any(deal.is_trade for deal in inside)

    def positions(self, instant: datetime, floating: int) -> tuple[OpenPosition, ...]:
        """Positions open at ``instant``; how the floating is split is unknown: the first has it."""
        held = self._open[bisect_right(self._at, instant)]
        return tuple(
            _position(volume, deal, 0 if rank else floating)
            for rank, (volume, deal) in enumerate(held)
        )


def _opened(deals: Sequence[Deal]) -> Iterator[_Held]:
    """What is open before the first deal and after each: net volume and the last deal of it."""
    volumes: dict[int, Decimal] = {}
    last: dict[int, Deal] = {}
    held: _Held = ()
    yield held
    for deal in deals:
        if deal.is_trade:
            moved(volumes, deal)
            last[deal.position_id] = deal
            last = {position_id: last[position_id] for position_id in volumes}
            held = tuple((volume, last[position_id]) for position_id, volume in volumes.items())
        yield held


def _position(volume: Decimal, deal: Deal, floating: int) -> OpenPosition:
    """An open position by its last deal; price and stop-loss are not stored."""
    return OpenPosition(
        position_id=deal.position_id,
        symbol=deal.symbol,
        side=Side.BUY if volume > 0 else Side.SELL,
        volume=abs(volume),
        open_price=deal.price,
        current_price=deal.price,
        stop_loss=None,
        take_profit=None,
        profit=floating,
        swap=0,
        opened_broker_msc=deal.broker_msc,
        opened_at=deal.occurred_at,
    )
