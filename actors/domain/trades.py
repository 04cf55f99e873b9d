"""Trades: positions rebuilt from deals (RULES 1 and 8, MT5 6)."""

from datetime import datetime
from decimal import Decimal

from attrs import frozen

from actors.domain.snapshot import Side


@frozen
class Trade:
    """A position, open or closed. Amounts in minor units, signed as delivered.

    ``ticket`` is the position id as text; a netting reversal's successor is "<id>-<n>".
    Opening fields are None when the opening deal lies outside the known history; closing fields
    are None while the position is open. Prices are volume-weighted over the deals.
    """

    ticket: str
    position_id: int
    symbol: str
    side: Side
    volume: Decimal
    open_volume: Decimal
    opened_at: datetime | None
    closed_at: datetime | None
    open_price: Decimal | None
    close_price: Decimal | None
    profit: int
    commission: int
    swap: int
    fee: int
    deal_tickets: tuple[int, ...]

    @property
    def net(self) -> int:
        """profit + commission + swap + fee."""
        return self.profit + self.commission + self.swap + self.fee

    @property
    def is_closed(self) -> bool:
        """True when the net volume is 0."""
        return self.closed_at is not None
