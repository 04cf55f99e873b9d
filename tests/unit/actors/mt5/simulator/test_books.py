"""The simulator's books are exact at every instant, whatever happens on the account."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.domain.deals import DealEntry, DealReason, DealType
from actors.mt5.simulator.account import SimulatedAccount
from actors.mt5.simulator.broker import SERVERS, SimulatedBroker
from actors.mt5.simulator.prices import instant, spread_at
from actors.mt5.simulator.reads import deals, snapshot
from actors.mt5.simulator.scenarios import NETTING, SCENARIOS, add_account
from actors.mt5.simulator.symbols import SYMBOLS
from actors.mt5.wire_answers import DealRow, PositionRow, SnapshotResult
from actors.mt5.wire_requests import Deals
from tests.unit.actors.mt5.clocks import HandClock

DOLLARS = {"USD": Fraction(1), "EUR": Fraction("1.1"), "GBP": Fraction("1.27"),
           "JPY": Fraction("0.0067")}  # fmt: skip
DECIMALS = {"USD": 2, "EUR": 2, "GBP": 2, "JPY": 0}
RATES = {
    ("JPY", "USD"): ("USDJPY", True),
    ("USD", "JPY"): ("USDJPY", False),
    ("USD", "EUR"): ("EURUSD", True),
    ("USD", "GBP"): ("GBPUSD.a", True),
}
NIGHTS = (1, 1, 3, 1, 1, 0, 0)  # swap nights of the midnight that ends Monday, Tuesday, …

LATE_WINTER = datetime(2026, 2, 25, tzinfo=UTC)

worlds = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 10_000),
        "scenario": st.sampled_from(sorted(SCENARIOS)),
        "server": st.sampled_from(sorted(SERVERS)),
        "currency": st.sampled_from(sorted(DOLLARS)),
        "nets": st.booleans(),
        "start": st.integers(0, 36 * 86_400).map(
            lambda late: LATE_WINTER + timedelta(seconds=late)
        ),
    }
)
leaps = st.lists(st.floats(0, 200) | st.floats(0, 86_400 * 2), min_size=1, max_size=6)


def money(row: DealRow) -> int:
    """What a deal adds."""
    return row.profit + row.commission + row.swap + row.fee


def minor(value: Fraction, currency: str) -> int:
    """An amount of a currency in minor units, rounded half to even."""
    return round(value * Fraction(10 ** DECIMALS[currency]))


def rates(account: SimulatedAccount, quote: str) -> list[Fraction]:
    """What one unit of the quote currency may be worth: at the bid, at the ask, or fixed."""
    currency = account.recipe.currency
    name, divides = RATES.get((quote, currency), ("", False))
    if not name:
        return [DOLLARS[quote] / DOLLARS[currency]]
    bid, spec = account.paths[name].points(account.now), SYMBOLS[name]
    prices = [
        Fraction(points, 10**spec.digits) for points in (bid, bid + spread_at(spec, account.now))
    ]
    return [1 / price if divides else price for price in prices]


def worth(row: PositionRow, account: SimulatedAccount) -> int:
    """A position's result from its printed prices, in exact fractions, at the worse rate."""
    spec = SYMBOLS[row.symbol]
    sign = 1 if row.side == "buy" else -1
    move = (Fraction(row.current_price) - Fraction(row.open_price)) * sign
    quoted = move * Fraction(row.volume) * spec.contract_size
    found = rates(account, spec.quote)
    return min(minor(quoted * rate, account.recipe.currency) for rate in found)


def gathered(row: PositionRow, currency: str, wall: datetime) -> int:
    """A position's swap, midnight by broker midnight since it was opened."""
    spec = SYMBOLS[row.symbol]
    day = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=row.opened_broker_msc)
    nights = 0
    while day.date() < wall.date():
        nights += NIGHTS[day.weekday()]
        day += timedelta(days=1)
    cents = spec.swap_long if row.side == "buy" else spec.swap_short
    dollars = Fraction(cents * nights, 100) * Fraction(row.volume)
    return minor(dollars / DOLLARS[currency], currency)


def check_books(account: SimulatedAccount, shown: SnapshotResult) -> None:
    """Deals make the balance; prices, volumes and midnights make the rest of equity."""
    rows = account.journal.in_force()
    assert sum(money(row) for row in rows if row.type is not DealType.CREDIT) == shown.balance
    assert sum(money(row) for row in rows if row.type is DealType.CREDIT) == shown.credit
    clock, floating = account.recipe.server.clock, 0
    wall = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(
        milliseconds=clock.to_broker_msc(instant(account.now))
    )
    for row in shown.positions:
        assert row.profit == worth(row, account)
        assert row.swap == gathered(row, account.recipe.currency, wall)
        assert Fraction(row.volume) > 0
        floating += row.profit + row.swap
    assert shown.equity == shown.balance + shown.credit + floating


@settings(max_examples=100, deadline=None)
@given(worlds, leaps)
def test_books_are_exact_whenever_somebody_looks(
    wanted: dict[str, object], seconds: list[float]
) -> None:
    """All deals sum to the balance, equity is balance, credit, results and swaps, to the unit."""
    nets = wanted.pop("nets") and wanted["scenario"] in NETTING
    wanted["margin_mode"] = "netting" if nets else "hedging"
    clock = HandClock(wanted.pop("start"))  # type: ignore[arg-type]
    broker = SimulatedBroker(wanted.pop("seed"), clock)  # type: ignore[arg-type]
    login = add_account(broker, **wanted, login="5000000001").login  # type: ignore[arg-type]
    for leap in seconds:
        clock.pass_seconds(leap)
        account = broker.account(login)
        shown = snapshot(account)
        check_books(account, shown)
        assert broker.true_equity(login, clock.now()) == shown.equity
        rebuilt = account.journal.book_at(account.recipe.currency, account.now)
        assert rebuilt.positions == account.book.positions
        if nets:
            assert max(Counter(row.symbol for row in shown.positions).values(), default=0) <= 1


def test_a_story_that_hedges_cannot_net() -> None:
    """A story with opposite positions is refused on a netting account, at once and by name."""
    broker = SimulatedBroker(5, HandClock())
    with pytest.raises(ValueError, match="calm holds positions side by side"):
        add_account(broker, "calm", margin_mode="netting")


def test_the_random_story_holds_everything() -> None:
    """Over a few seeds every entry, operation and kind of closing of MT5 8 occurs."""
    broker = SimulatedBroker(5, HandClock())
    rows: list[DealRow] = []
    for number in range(24):
        mode = "netting" if number % 2 else "hedging"
        login = add_account(broker, "random", margin_mode=mode).login
        rows += broker.account(login).journal.in_force()
    assert {row.entry for row in rows} == set(DealEntry)
    assert {
        DealType.BALANCE, DealType.CREDIT, DealType.CHARGE, DealType.CORRECTION, DealType.BONUS,
        DealType.DIVIDEND, DealType.INTEREST, DealType.COMMISSION_DAILY,
    } <= {row.type for row in rows}  # fmt: skip
    assert {DealReason.STOP_OUT, DealReason.STOP_LOSS, DealReason.TAKE_PROFIT} <= {
        row.reason for row in rows
    }
    assert any(row.swap for row in rows)
    assert any(row.fee for row in rows)
    flows = [row.profit for row in rows if row.type is DealType.BALANCE]
    assert min(flows) < 0 < max(flows)
    volumes = Counter(row.position_id for row in rows if row.entry is DealEntry.OUT)
    assert max(volumes.values()) > 1  # partial closes


def test_a_revised_deal_holds_from_its_revision_on() -> None:
    """Before the broker changed or deleted a deal, the true equity stays what it was."""
    clock = HandClock()
    broker = SimulatedBroker(5, clock)
    login = add_account(broker, "calm").login
    account = broker.account(login)
    before = clock.now()
    equity = broker.true_equity(login, before)
    row = account.journal.in_force()[-1]
    clock.pass_seconds(60)
    account = broker.account(login)
    account.amend(row.ticket, None)
    assert broker.true_equity(login, clock.now()) == equity - money(row) + _reopened(account)
    assert broker.true_equity(login, before) == equity
    assert row.ticket not in {each.ticket for each in deals(account, Deals(1, 0, 0, 2000)).items}
    with pytest.raises(KeyError):
        account.amend(row.ticket, None)


def _reopened(account: SimulatedAccount) -> int:
    """What the position is worth that the deleted deal had closed."""
    return sum(row.profit + row.swap for row in snapshot(account).positions)


def test_revisions_happen() -> None:
    """The revised story changes deals and deletes some, and the totals follow."""
    clock = HandClock()
    broker = SimulatedBroker(5, clock)
    logins = [add_account(broker, "revised").login for _ in range(6)]
    told, seen = set(), set()
    for _ in range(30):
        clock.pass_seconds(200)
        for login in logins:
            page = deals(broker.account(login), Deals(1, 0, 0, 2000))
            assert page.deals_total == len(page.items)
            tickets = {(login, row.ticket) for row in page.items}
            told |= {(login, row.ticket) for row in page.items if row.comment == "revised"}
            seen |= tickets
    now = {
        (login, row.ticket) for login in logins for row in broker.account(login).journal.in_force()
    }
    assert told
    assert seen - now  # deleted


@pytest.mark.parametrize(
    ("server", "change", "before", "after"),
    [
        ("Simulated-1", datetime(2026, 3, 29, 1, tzinfo=UTC), 0, 0),
        ("Simulated-2", datetime(2026, 3, 8, 7, tzinfo=UTC), 2, 3),
        ("Simulated-3", datetime(2026, 3, 29, 1, tzinfo=UTC), 2, 3),
        ("Simulated-3", datetime(2026, 10, 25, 1, tzinfo=UTC), 3, 2),
    ],
)
def test_servers_keep_their_clocks_over_a_daylight_saving_change(
    server: str, change: datetime, before: int, after: int
) -> None:
    """A server's stamps move with its zone's change, each deal stamped by the hour it happened."""
    clock = HandClock(change - timedelta(hours=4))
    broker = SimulatedBroker(5, clock)
    login = add_account(broker, "active", server=server).login
    for _ in range(48):
        clock.pass_seconds(600)
        broker.account(login)
    journal = broker.account(login).journal
    offsets = {True: set[int](), False: set[int]()}
    live = change - timedelta(hours=4)
    for row, at in zip(journal._written, journal._effective, strict=True):
        if instant(at) >= live:
            offsets[instant(at) < change].add(row.broker_msc - at)
    assert offsets == {True: {before * 3_600_000}, False: {after * 3_600_000}}


def test_half_past_one_in_tehran_is_the_rollover() -> None:
    """In winter the New York + 7 h midnight, 01:30 in Tehran, books the night's swap."""
    clock = HandClock(datetime(2026, 2, 3, 21, 59, 50, tzinfo=UTC))  # a Tuesday
    broker = SimulatedBroker(5, clock)
    login = add_account(broker, "near_floor", server="Simulated-2").login
    account = broker.account(login)
    assert [row.swap for row in snapshot(account).positions] == [0]
    (row,) = snapshot(account).positions
    clock.pass_seconds(10)
    account = broker.account(login)
    (rolled,) = snapshot(account).positions
    assert rolled.swap == round(Fraction(-2_100) * Fraction(row.volume))
