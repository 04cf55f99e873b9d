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

    def add(self, deal: TrueDeal) -> None:
        """Grow; the mean open price of every position of the world is a whole number."""
        cost = self.open_price * self.lots + deal.price * deal.lots
        self.lots += deal.lots
        self.open_price, rest = divmod(cost, self.lots)
        if rest:
            raise ValueError(f"deal {deal.ticket}: no whole mean price")


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
        position = self.held.get(deal.position)
        if position is None:
            self.held[deal.position] = Held(deal.symbol, deal.sign, deal.lots, deal.price)
            return
        if position.sign == deal.sign:
            position.add(deal)
            return
        position.lots -= deal.lots
        position.swap -= deal.swap
        if position.lots <= 0:
            del self.held[deal.position]
        if position.lots < 0:
            self.held[deal.position] = Held(deal.symbol, deal.sign, -position.lots, deal.price)
