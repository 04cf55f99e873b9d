"""The oracle's books: balance, credit, flows and open positions after the deals so far."""

from attrs import define, field

from tests.simulation.oracle.truth import FLOWS, SwapBooking, TrueDeal


@define
class Held:
    """An open position. ``swap`` is what it has gathered and not yet paid."""

    symbol: str
    sign: int
    lots: int
    open_price: int
    swap: int = 0


@define
class Book:
    """Amounts in minor units."""

    balance: int = 0
    credit: int = 0
    flows: int = 0
    held: dict[int, Held] = field(factory=dict)

    def take(self, event: TrueDeal | SwapBooking) -> None:
        """Book one deal or one night's swap."""
        if isinstance(event, SwapBooking):
            self.held[event.position].swap += event.amount
            return
        if event.kind == "credit":
            self.credit += event.amount
            return
        self.balance += event.amount
        if event.kind in FLOWS:
            self.flows += event.amount
        if event.kind == "trade":
            self._trade(event)

    def _trade(self, deal: TrueDeal) -> None:
        if deal.opens:
            self.held[deal.position] = Held(deal.symbol, deal.sign, deal.lots, deal.price)
            return
        position = self.held[deal.position]
        position.lots -= deal.lots
        position.swap -= deal.swap
        if position.lots == 0:
            del self.held[deal.position]
