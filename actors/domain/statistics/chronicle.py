"""A life's chronicle: what its deals up to some instant add up to, for the statistics.

It is what a full count over the same deals gives, and grows by what came after it, so that a
reader's question costs the deals in memory and never the whole life.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import groupby

from attrs import evolve, field, frozen

from actors.domain.deals import FLOW_TYPES, Deal, DealType
from actors.domain.mt5_summary import Mt5Summary
from actors.domain.statistics.balance_index import BalanceIndex, Cut
from actors.domain.statistics.groups import Groups
from actors.domain.statistics.holds import Holds
from actors.domain.statistics.results import Results, hold_us
from actors.domain.statistics.runs import Runs, in_order
from actors.domain.trades import Trade
from actors.domain.trading_day import RuleClock

IsFlat = Callable[[datetime], bool]
"""Tells whether no position was open just before an instant."""


@frozen
class Chronicle:
    """Everything stamped before ``until`` (None: from the beginning on nothing yet).

    ``balance`` begins at the initial balance, None while that is unknown. ``costs`` sums what
    belongs to no position: charges, account commissions, interest, dividends, taxes.
    """

    until: datetime | None = None
    results: Results = field(factory=Results)
    groups: Groups = field(factory=Groups)
    runs: Runs = field(factory=Runs)
    holds: Holds = field(factory=Holds)
    costs: int = 0
    mt5: Mt5Summary = field(factory=Mt5Summary)
    balance: BalanceIndex | None = None
    cuts: tuple[Cut, ...] = ()

    def with_trades(self, trades: Iterable[Trade], clock: RuleClock) -> "Chronicle":
        """With trades that closed at or after ``until``, in any order."""
        closed = in_order(trades)
        if not closed:
            return self
        runs = self.runs
        for trade in closed:
            runs = runs.after(trade.net)
        holds = Holds.of(hold for trade in closed if (hold := hold_us(trade)) is not None)
        return evolve(
            self,
            results=self.results.plus(Results.of(closed)),
            groups=self.groups.plus(Groups.of(closed, clock)),
            runs=runs,
            holds=self.holds.plus(holds),
        )

    def with_earlier(self, deals: Iterable[Deal]) -> "Chronicle":
        """With deals of earlier lives: they are what the MT5 summary's balance begins with."""
        curve = self.mt5.curve.shifted(sum(deal.amount for deal in deals))
        return evolve(self, mt5=evolve(self.mt5, curve=curve))

    def with_deals(self, deals: Sequence[Deal]) -> "Chronicle":
        """With the life's deals stamped at or after ``until``, in order: costs and MT5 summary."""
        mt5 = self.mt5
        for deal in deals:
            mt5 = mt5.add(deal)
        costs = sum(deal.amount for deal in deals if _is_cost(deal))
        return evolve(self, mt5=mt5, costs=self.costs + costs)

    def with_path(self, deals: Iterable[Deal], is_flat: IsFlat) -> "Chronicle":
        """With the path's deals (those after the initial balance) in order: balance and cuts."""
        index, cuts = self.balance, list(self.cuts)
        if index is None:
            return self
        for at, group in groupby(deals, key=lambda deal: deal.occurred_at):
            for deal in group:
                if deal.type in FLOW_TYPES:
                    cuts.append(Cut(at, index.balance, deal.amount, flat=is_flat(at)))
                index = index.after(deal)
            index = index.measured()
        return evolve(self, balance=index, cuts=tuple(cuts))


def _is_cost(deal: Deal) -> bool:
    return not (deal.is_trade or deal.type in FLOW_TYPES or deal.type is DealType.CREDIT)
