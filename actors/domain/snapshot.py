"""What one read of an account shows: the observation and its open positions."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from attrs import frozen


class Side(StrEnum):
    """Direction of a position or of a trade deal."""

    BUY = "buy"
    SELL = "sell"


@frozen
class OpenPosition:
    """An open position as the terminal shows it. ``profit`` and ``swap`` in minor units."""

    position_id: int
    symbol: str
    side: Side
    volume: Decimal
    open_price: Decimal
    current_price: Decimal
    stop_loss: Decimal | None
    take_profit: Decimal | None
    profit: int
    swap: int
    opened_broker_msc: int
    opened_at: datetime


@frozen
class Observation:
    """One coherent read of an account (RULES 1). All amounts in minor units.

    ``equity`` is the terminal's own figure, never recomputed. ``observed_at`` is aware UTC by
    the supervisor's clock at receipt less the bridge's measured age, so that the bridge's wall
    clock decides nothing.
    """

    observed_at: datetime
    balance: int
    equity: int
    credit: int
    margin: int
    free_margin: int
    currency: str
    currency_digits: int
    positions: tuple[OpenPosition, ...] = ()

    @property
    def floating(self) -> int:
        """Unrealised result: equity - balance - credit."""
        return self.equity - self.balance - self.credit
