"""Deals: immutable broker records, and what their types and entries mean (MT5 1, RULES 1)."""

from datetime import datetime
from decimal import Decimal
from enum import IntEnum

from attrs import frozen


class DealType(IntEnum):
    """MT5 deal types. Only BUY and SELL are trades; filter by type before reading the entry."""

    BUY = 0
    SELL = 1
    BALANCE = 2
    CREDIT = 3
    CHARGE = 4
    CORRECTION = 5
    BONUS = 6
    COMMISSION = 7
    COMMISSION_DAILY = 8
    COMMISSION_MONTHLY = 9
    AGENT_DAILY = 10
    AGENT_MONTHLY = 11
    INTEREST = 12
    BUY_CANCELED = 13
    SELL_CANCELED = 14
    DIVIDEND = 15
    DIVIDEND_FRANKED = 16
    TAX = 17


class DealEntry(IntEnum):
    """MT5 deal entries: opening, closing, reversal (netting), close by an opposite position."""

    IN = 0
    OUT = 1
    INOUT = 2
    OUT_BY = 3


class DealReason(IntEnum):
    """MT5 deal reasons: who or what caused the deal."""

    CLIENT = 0
    MOBILE = 1
    WEB = 2
    EXPERT = 3
    STOP_LOSS = 4
    TAKE_PROFIT = 5
    STOP_OUT = 6
    ROLLOVER = 7
    VARIATION_MARGIN = 8
    SPLIT = 9


TRADE_TYPES = frozenset({DealType.BUY, DealType.SELL})
FLOW_TYPES = frozenset({DealType.BALANCE, DealType.CORRECTION, DealType.BONUS})


@frozen
class Deal:
    """One deal. Amounts in minor units, signed as delivered; prices and volumes exact decimals.

    ``broker_msc`` is the broker's wall time in milliseconds written as if it were UTC (raw, kept);
    ``occurred_at`` is the derived aware UTC instant. ``position_id`` is 0 on account-level deals.
    """

    ticket: int
    position_id: int
    order: int
    type: DealType
    entry: DealEntry
    reason: DealReason
    symbol: str
    volume: Decimal
    price: Decimal
    profit: int
    commission: int
    swap: int
    fee: int
    broker_msc: int
    occurred_at: datetime
    comment: str = ""

    @property
    def amount(self) -> int:
        """What the deal adds to the balance: profit + commission + swap + fee."""
        return self.profit + self.commission + self.swap + self.fee

    @property
    def is_trade(self) -> bool:
        """True for buy and sell deals only (a dividend row may say entry "in" and is none)."""
        return self.type in TRADE_TYPES


@frozen
class History:
    """What a read of the deal history says about itself.

    ``total`` counts all deals the terminal knows; ``stable`` is True when that count was equal
    over two reads. Completeness also needs the balance sum (RULES 4) and is decided by the core.
    """

    total: int
    stable: bool
