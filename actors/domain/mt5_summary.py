"""The terminal's own "Trade History Report" figures, folded from deals (RULES 8, MT5 summary).

A second, labelled set beside the statistics by position: here a trade is a closing deal.
Everything is exact: money is integers of minor units, a division happens once, when a figure is
asked for. Feed the deals in the order in which they moved the balance: a report's row order, or
broker time then ticket. How the terminal counts was found by reproducing its reports; ADR 0005
tells where it differs from what one would expect.
"""

from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Self

from attrs import evolve, frozen

from actors.domain.deals import Deal, DealEntry, DealType
from actors.domain.money import to_decimal

_DIGITS = Context(prec=34, rounding=ROUND_HALF_EVEN)
_WIDE = Context(prec=80, rounding=ROUND_HALF_EVEN)
_RETURN_UNITS = 10**30
_DEPOSITS = (DealType.BALANCE, DealType.CREDIT)


@frozen
class Fall:
    """How far the balance stood below ``peak``, in minor units."""

    amount: int = 0
    peak: int = 0

    def steeper_than(self, other: "Fall") -> bool:
        """True when this fall is the larger share of its peak; a peak below 0 has no share."""
        if self.peak <= 0:
            return False
        return other.peak <= 0 or self.amount * other.peak > other.amount * self.peak


@frozen
class Curve:
    """The balance without deposits, withdrawals and credit booked while trading.

    ``start`` is what trading began with: deposits and credit before the first trade shift the
    whole curve, later ones leave it alone. Bonus, dividends and charges stay in the curve.
    ``deepest`` is the largest fall in money, ``steepest`` the largest share of its peak; of
    equals the first.
    """

    start: int = 0
    balance: int = 0
    low: int = 0
    peak: int = 0
    deepest: Fall = Fall()
    steepest: Fall = Fall()

    @classmethod
    def opened(cls, balance: int) -> Self:
        """A curve that begins at ``balance`` (0 for a new account, else a window's start)."""
        return cls(start=balance, balance=balance, low=balance, peak=balance)

    def shifted(self, amount: int) -> Self:
        """The curve as if ``amount`` had been there from the start."""
        return evolve(
            self,
            start=self.start + amount,
            balance=self.balance + amount,
            low=self.low + amount,
            peak=self.peak + amount,
        )

    def moved(self, amount: int) -> Self:
        """The curve after ``amount`` was earned or lost."""
        balance = self.balance + amount
        peak = max(self.peak, balance)
        fall = Fall(peak - balance, peak)
        return evolve(
            self,
            balance=balance,
            low=min(self.low, balance),
            peak=peak,
            deepest=fall if fall.amount > self.deepest.amount else self.deepest,
            steepest=fall if fall.steeper_than(self.steepest) else self.steepest,
        )


@frozen
class Streak:
    """Trades of one outcome in a row and their sum; the sum of losses is negative."""

    count: int = 0
    amount: int = 0


@frozen
class Streaks:
    """The trades of one outcome: their number, sum, largest, and the runs they came in.

    Of runs equally long the larger sum is the longest; of equal sums the longer is the largest.
    """

    count: int = 0
    amount: int = 0
    largest_trade: int = 0
    runs: int = 0
    current: Streak = Streak()
    longest: Streak = Streak()
    largest: Streak = Streak()

    def extended(self, amount: int, *, goes_on: bool) -> Self:
        """With one more trade, which continues the current run or begins the next."""
        before = self.current if goes_on else Streak()
        current = Streak(before.count + 1, before.amount + amount)
        first = self.count == 0
        larger = first or abs(amount) > abs(self.largest_trade)
        return evolve(
            self,
            count=self.count + 1,
            amount=self.amount + amount,
            largest_trade=amount if larger else self.largest_trade,
            runs=self.runs + (not goes_on),
            current=current,
            longest=max(self.longest, current, key=lambda run: (run.count, abs(run.amount))),
            largest=max(self.largest, current, key=lambda run: (abs(run.amount), run.count)),
        )

    @property
    def mean_run(self) -> int:
        """Mean length of a run, rounded half up; 0 without one."""
        return (2 * self.count + self.runs) // (2 * self.runs) if self.runs else 0


@frozen
class Returns:
    """Returns of single trades (result ÷ balance before), exact sums in units of 10⁻³⁰."""

    count: int = 0
    total: int = 0
    squares: int = 0

    def with_trade(self, result: int, balance: int) -> Self:
        """With one more trade; on a balance of 0 a trade has the return 0."""
        scaled = 2 * result * _RETURN_UNITS
        value = (scaled + balance) // (2 * balance) if balance else 0
        return evolve(
            self,
            count=self.count + 1,
            total=self.total + value,
            squares=self.squares + value * value,
        )

    @property
    def sharpe(self) -> Decimal:
        """Mean ÷ population standard deviation; 0 when the returns do not vary."""
        spread = self.count * self.squares - self.total * self.total
        if spread <= 0:
            return Decimal(0)
        return _DIGITS.divide(Decimal(self.total), _WIDE.sqrt(Decimal(spread)))


@frozen
class Direction:
    """Trades of one direction, and how many of them won."""

    count: int = 0
    won: int = 0

    def with_trade(self, *, won: bool) -> Self:
        """With one more trade."""
        return evolve(self, count=self.count + 1, won=self.won + won)


@frozen
class Mt5Figures:
    """The printed figures, unrounded: money in whole units, percentages 0-100.

    Where nothing can be divided a figure is 0, as the terminal prints. None is for figures that
    need ticks (``Mt5Summary.tester_figures``).
    """

    total_net_profit: Decimal
    gross_profit: Decimal
    gross_loss: Decimal
    profit_factor: Decimal
    expected_payoff: Decimal
    recovery_factor: Decimal | None
    sharpe_ratio: Decimal | None
    balance_drawdown_absolute: Decimal
    balance_drawdown_maximal: Decimal
    balance_drawdown_maximal_pct: Decimal
    balance_drawdown_relative: Decimal
    balance_drawdown_relative_pct: Decimal
    total_trades: Decimal
    short_trades: Decimal
    short_trades_won_pct: Decimal
    long_trades: Decimal
    long_trades_won_pct: Decimal
    profit_trades: Decimal
    profit_trades_pct: Decimal
    loss_trades: Decimal
    loss_trades_pct: Decimal
    largest_profit_trade: Decimal
    largest_loss_trade: Decimal
    average_profit_trade: Decimal
    average_loss_trade: Decimal
    maximum_consecutive_wins: Decimal
    maximum_consecutive_wins_amount: Decimal
    maximum_consecutive_losses: Decimal
    maximum_consecutive_losses_amount: Decimal
    maximal_consecutive_profit: Decimal
    maximal_consecutive_profit_count: Decimal
    maximal_consecutive_loss: Decimal
    maximal_consecutive_loss_count: Decimal
    average_consecutive_wins: Decimal
    average_consecutive_losses: Decimal


@frozen
class Mt5Summary:
    """The fold's state: ``add`` each deal once, in order, and ask for ``figures`` at any time.

    A trade is a closing deal (out, in/out, out by) with its own profit, swap, commission and fee;
    a result of 0 wins. What opening deals cost belongs to the gross loss, not to a trade.
    """

    curve: Curve = Curve()
    wins: Streaks = Streaks()
    losses: Streaks = Streaks()
    shorts: Direction = Direction()
    longs: Direction = Direction()
    returns: Returns = Returns()
    opening_costs: int = 0
    last_won: bool | None = None
    trading: bool = False

    @classmethod
    def opened(cls, balance: int = 0) -> Self:
        """The state before the first known deal, at a balance in minor units."""
        return cls(curve=Curve.opened(balance))

    def add(self, deal: Deal) -> Self:
        """The state after one more deal."""
        if deal.type in _DEPOSITS:
            return self if self.trading else evolve(self, curve=self.curve.shifted(deal.amount))
        curve = self.curve.moved(deal.amount)
        if not deal.is_trade:
            return evolve(self, curve=curve)
        if deal.entry is DealEntry.IN:
            costs = self.opening_costs + deal.amount
            return evolve(self, curve=curve, opening_costs=costs, trading=True)
        return evolve(self._with_trade(deal), curve=curve)

    def _with_trade(self, deal: Deal) -> Self:
        """With a closing deal's result; the curve still stands before it."""
        won = deal.amount >= 0
        short = deal.type is DealType.BUY
        goes_on = self.last_won is won
        wins, losses = self.wins, self.losses
        if won:
            wins = wins.extended(deal.amount, goes_on=goes_on)
        else:
            losses = losses.extended(deal.amount, goes_on=goes_on)
        return evolve(
            self,
            wins=wins,
            losses=losses,
            shorts=self.shorts.with_trade(won=won) if short else self.shorts,
            longs=self.longs if short else self.longs.with_trade(won=won),
            returns=self.returns.with_trade(deal.amount, self.curve.balance),
            last_won=won,
            trading=True,
        )

    def tester_figures(self, digits: int) -> Mt5Figures:
        """The figures as a strategy tester counts them.

        Its average loss is of the closing deals alone, and recovery factor and Sharpe ratio are
        of its equity at each tick: unknown.
        """
        average = _ratio(to_decimal(self.losses.amount, digits), self.losses.count)
        figures = self.figures(digits)
        return evolve(figures, average_loss_trade=average, recovery_factor=None, sharpe_ratio=None)

    def figures(self, digits: int) -> Mt5Figures:
        """The figures so far, of a currency with ``digits`` decimals."""

        def money(minor: int) -> Decimal:
            return to_decimal(minor, digits)

        curve, wins, losses = self.curve, self.wins, self.losses
        gross_loss = losses.amount + self.opening_costs
        net, trades = wins.amount + gross_loss, wins.count + losses.count
        deepest, steepest = curve.deepest, curve.steepest
        return Mt5Figures(
            total_net_profit=money(net),
            gross_profit=money(wins.amount),
            gross_loss=money(gross_loss),
            profit_factor=_ratio(wins.amount, -gross_loss),
            expected_payoff=_ratio(money(net), trades),
            recovery_factor=_ratio(net, deepest.amount),
            sharpe_ratio=self.returns.sharpe,
            balance_drawdown_absolute=money(curve.start - curve.low),
            balance_drawdown_maximal=money(deepest.amount),
            balance_drawdown_maximal_pct=_percent(deepest.amount, max(0, deepest.peak)),
            balance_drawdown_relative=money(steepest.amount),
            balance_drawdown_relative_pct=_percent(steepest.amount, steepest.peak),
            total_trades=Decimal(trades),
            short_trades=Decimal(self.shorts.count),
            short_trades_won_pct=_percent(self.shorts.won, self.shorts.count),
            long_trades=Decimal(self.longs.count),
            long_trades_won_pct=_percent(self.longs.won, self.longs.count),
            profit_trades=Decimal(wins.count),
            profit_trades_pct=_percent(wins.count, trades),
            loss_trades=Decimal(losses.count),
            loss_trades_pct=_percent(losses.count, trades),
            largest_profit_trade=money(wins.largest_trade),
            largest_loss_trade=money(losses.largest_trade),
            average_profit_trade=_ratio(money(wins.amount), wins.count),
            average_loss_trade=_ratio(money(gross_loss), losses.count),
            maximum_consecutive_wins=Decimal(wins.longest.count),
            maximum_consecutive_wins_amount=money(wins.longest.amount),
            maximum_consecutive_losses=Decimal(losses.longest.count),
            maximum_consecutive_losses_amount=money(losses.longest.amount),
            maximal_consecutive_profit=money(wins.largest.amount),
            maximal_consecutive_profit_count=Decimal(wins.largest.count),
            maximal_consecutive_loss=money(losses.largest.amount),
            maximal_consecutive_loss_count=Decimal(losses.largest.count),
            average_consecutive_wins=Decimal(wins.mean_run),
            average_consecutive_losses=Decimal(losses.mean_run),
        )


def _ratio(part: Decimal | int, whole: int) -> Decimal:
    """part ÷ whole to 34 digits; 0 when ``whole`` is 0, as the terminal prints."""
    return _DIGITS.divide(Decimal(part), Decimal(whole)) if whole else Decimal(0)


def _percent(part: int, whole: int) -> Decimal:
    return _ratio(100 * part, whole)
