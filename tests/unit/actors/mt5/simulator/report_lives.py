"""Made-up account lives, printed as a terminal prints them, with the figures kept beside.

The figures are added up here, from what was drawn, so that nothing of the product checks itself.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from attrs import define, field, frozen
from hypothesis import strategies as st

from actors.mt5.reports import Report, parse_report
from tests.unit.actors.mt5.report_files import ReportFile, Row, deal, position

ORIGIN = datetime(2026, 3, 2, tzinfo=UTC)


@frozen
class Plot:
    """One position: hours of its opening and closings, and what each closing books.

    ``rest`` is what is still open at the end: profit and swap, or None.
    """

    opens: int
    closes: tuple[tuple[int, int, int], ...]
    rest: tuple[int, int] | None
    sign: int
    commission: int


@define
class Life:
    """A printed report, and its figures in minor units."""

    digits: int
    opening: int
    balance: int = 0
    chain: list[int] = field(factory=list)
    open_at_end: dict[int, tuple[int, int]] = field(factory=dict)
    carried: list[int] = field(factory=list)
    deals: list[Row] = field(factory=list)
    positions: list[Row] = field(factory=list)
    open_positions: list[Row] = field(factory=list)

    @property
    def equity(self) -> int:
        """Balance and what is open at the end."""
        return self.balance + sum(profit + swap for profit, swap in self.open_at_end.values())

    def money(self, minor: int) -> str:
        """An amount as it is printed."""
        return f"{Decimal(minor).scaleb(-self.digits):,.{self.digits}f}".replace(",", " ")

    def book(self, time: str, ticket: int, cells: list[str], symbol: str, *amounts: int) -> None:
        """Print a deal; ``amounts`` are commission, swap and profit."""
        self.balance += sum(amounts)
        self.chain.append(self.balance)
        commission, swap, profit = map(self.money, amounts)
        self.deals.append(
            deal(
                time, ticket, *cells, symbol=symbol, commission=commission, fee=self.money(0),
                swap=swap, profit=profit, balance=self.money(self.balance),
            )
        )  # fmt: skip

    def report(self) -> Report:
        """The report as read back."""
        floating = self.equity - self.balance
        file = ReportFile(
            deals=self.deals,
            positions=self.positions,
            open_positions=self.open_positions,
            account=f"700001 ({'USD' if self.digits else 'JPY'}, Simulated-1, demo, Hedge)",
            footer=(
                *map(self.money, (self.balance, self.balance, 0, 0, floating)),
                "0.00",
                self.money(self.equity),
            ),
            date=stamp(900),
        )
        return parse_report(file.html())


def stamp(hour: int, second: int = 0) -> str:
    """A printed time."""
    return (ORIGIN + timedelta(hours=hour, seconds=second)).strftime("%Y.%m.%d %H:%M:%S")


def tell(plots: list[Plot], digits: int, opening: int, window: int) -> Life:
    """Print the part of a life from hour ``window`` on; 0 is a whole life with its deposit."""
    life = Life(digits, opening)
    if window:
        life.balance = opening
    else:
        life.book(stamp(0), 1, ["balance"], "", 0, 0, opening)
    events = [(plot.opens, number, -1) for number, plot in enumerate(plots)]
    for number, plot in enumerate(plots):
        events += [(hour, number, part) for part, (hour, _, _) in enumerate(plot.closes)]
    for place, (hour, number, part) in enumerate(sorted(events)):
        if hour >= window:
            _print_deal(life, plots[number], number, part, 100 + place)
    for number, plot in enumerate(plots):
        _print_position(life, plot, number, window)
    return life


def _names(number: int) -> tuple[str, int]:
    return f"SYM{number}", 5_000 + number


def _print_deal(life: Life, plot: Plot, number: int, part: int, ticket: int) -> None:
    hour = plot.opens if part < 0 else plot.closes[part][0]
    time = stamp(hour, number)
    symbol, order = _names(number)
    sides = ("buy", "sell") if plot.sign > 0 else ("sell", "buy")
    lots = len(plot.closes) + (plot.rest is not None)
    if part < 0:
        cells = [sides[0], "in", f"{lots}.00", "1.10000", str(order)]
        life.book(time, ticket, cells, symbol, plot.commission, 0, 0)
        return
    _, profit, swap = plot.closes[part]
    cells = [sides[1], "out", "1.00", f"1.1{number}000", str(ticket + 9_000)]
    life.book(time, ticket, cells, symbol, 0, swap, profit)


def _print_position(life: Life, plot: Plot, number: int, window: int) -> None:
    symbol, order = _names(number)
    side = "buy" if plot.sign > 0 else "sell"
    seen = [close for close in plot.closes if close[0] >= window]
    if plot.opens < window and (seen or plot.rest is not None):
        life.carried.append(order)
    if plot.rest is not None:
        profit, swap = plot.rest
        life.open_at_end[order] = plot.rest
        life.open_positions.append(
            (
                stamp(plot.opens, number), str(order), symbol, side, "1.00", "1.10000", "", "",
                "1.20000", life.money(swap), life.money(profit), "",
            )
        )  # fmt: skip
    elif seen:
        life.positions.append(
            position(
                stamp(plot.opens, number), order, side, f"{len(plot.closes)}.00", "1.10000",
                stamp(plot.closes[-1][0], number), f"1.1{number % 10}000", symbol=symbol,
                commission=life.money(plot.commission),
                swap=life.money(sum(swap for _, _, swap in plot.closes)),
                profit=life.money(sum(profit for _, profit, _ in plot.closes)),
            )
        )  # fmt: skip


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """Whole lives and mid-life windows, in dollars and yen, some with positions left open.

    A position from before the window has one ending, as the tables cannot tell of more.
    """
    window = draw(st.sampled_from((0, 40, 120)))
    plots = []
    for _ in range(draw(st.integers(1, 7))):
        opens = draw(st.integers(1, 200))
        hours = sorted(draw(st.sets(st.integers(opens + 1, opens + 90), max_size=2)))
        money = st.integers(-90_000, 90_000)
        if opens < window:
            hours = hours[:1]
        closes = tuple((hour, draw(money), draw(st.integers(-500, 200))) for hour in hours)
        whole = opens < window and closes
        left = st.none() if whole else st.none() | st.tuples(money, st.integers(-500, 200))
        rest = draw(left) if closes else (7, -3)
        sign, commission = draw(st.sampled_from((1, -1))), draw(st.integers(-700, 0))
        plots.append(Plot(opens, closes, rest, sign, commission))
    digits, opening = draw(st.sampled_from((0, 2))), draw(st.integers(1, 10**9))
    life = tell(plots, digits, opening, window)
    return life if life.deals else tell(plots[:1], digits, opening, 0)
