"""The columns of an export and their headings in both languages."""

from enum import Enum
from typing import Literal

from attrs import frozen


class Kind(Enum):
    """What a column holds. MONEY is in the account's currency, NUMBER any exact decimal."""

    TEXT = "text"
    TIME = "time"
    MONEY = "money"
    NUMBER = "number"
    COUNT = "count"


@frozen
class Column:
    """A field of a row, what it holds, its headings and its width in letters."""

    field: str
    kind: Kind
    english: str
    persian: str
    width: int = 12

    def heading(self, language: Literal["en", "fa"], time_zone: str) -> str:
        """The heading; a time's names its zone."""
        word = self.english if language == "en" else self.persian
        return f"{word} ({time_zone})" if self.kind is Kind.TIME else word


_PROFIT = (
    Column("profit", Kind.MONEY, "Profit", "سود"),
    Column("commission", Kind.MONEY, "Commission", "کمیسیون"),
    Column("swap", Kind.MONEY, "Swap", "سواپ"),
    Column("fee", Kind.MONEY, "Fee", "کارمزد"),
    Column("net", Kind.MONEY, "Net", "خالص"),
)
TRADES = (
    Column("ticket", Kind.TEXT, "Ticket", "شماره"),
    Column("symbol", Kind.TEXT, "Symbol", "نماد"),
    Column("type", Kind.TEXT, "Side", "جهت", 8),
    Column("open_time", Kind.TIME, "Opened", "زمان باز شدن", 26),
    Column("close_time", Kind.TIME, "Closed", "زمان بسته شدن", 26),
    Column("open_price", Kind.NUMBER, "Open price", "قیمت باز شدن"),
    Column("close_price", Kind.NUMBER, "Close price", "قیمت بسته شدن"),
    Column("lots", Kind.NUMBER, "Lots", "حجم", 8),
    Column("open_lots", Kind.NUMBER, "Open lots", "حجم باز", 10),
    *_PROFIT,
    Column("deals", Kind.COUNT, "Deals", "تعداد معامله", 8),
)
DEALS = (
    Column("ticket", Kind.TEXT, "Deal", "شماره"),
    Column("position_id", Kind.TEXT, "Position", "شماره پوزیشن"),
    Column("order_ticket", Kind.TEXT, "Order", "شماره سفارش"),
    Column("time", Kind.TIME, "Time", "زمان", 26),
    Column("symbol", Kind.TEXT, "Symbol", "نماد"),
    Column("type", Kind.TEXT, "Type", "نوع"),
    Column("entry", Kind.TEXT, "Entry", "ورود یا خروج", 10),
    Column("reason", Kind.TEXT, "Reason", "علت"),
    Column("lots", Kind.NUMBER, "Lots", "حجم", 8),
    Column("price", Kind.NUMBER, "Price", "قیمت"),
    *_PROFIT,
    Column("comment", Kind.TEXT, "Comment", "توضیح", 24),
)
TITLES = {
    ("trades", "en"): "Trades",
    ("trades", "fa"): "پوزیشن‌ها",
    ("deals", "en"): "Deals",
    ("deals", "fa"): "معاملات",
}
"""What the file and its sheets are called."""


def columns_of(what: Literal["trades", "deals"]) -> tuple[Column, ...]:
    """The columns of an export of this kind."""
    return TRADES if what == "trades" else DEALS
