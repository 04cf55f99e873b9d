"""A replayed report keeps exact books at every instant and ends as the report ends."""

from datetime import UTC, datetime, timedelta
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from actors.domain.deals import DealType
from actors.domain.server_clock import ServerClock
from actors.mt5.reports import Report, read_report
from actors.mt5.simulator.broker import SimulatedBroker
from actors.mt5.simulator.reads import deals, snapshot
from actors.mt5.simulator.replay import add_replay
from actors.mt5.wire_requests import Deals
from tests.demo_report import TARGET

START = datetime(2026, 3, 4, 12, tzinfo=UTC)
CLOCK = ServerClock.parse("America/New_York+7h")
LIVE_SECONDS = 900.0


class Settable:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        """The instant it was put to."""
        return self.at

    def monotonic(self) -> float:
        """Seconds since the start."""
        return (self.at - START).total_seconds()


@cache
def sample() -> Report:
    """The demo's report."""
    return read_report(TARGET)


def replayed() -> tuple[SimulatedBroker, Settable, str]:
    """A broker with the report's account."""
    clock = Settable()
    broker = SimulatedBroker(3, clock)
    return broker, clock, add_replay(broker, sample(), CLOCK, live_seconds=LIVE_SECONDS).login


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, LIVE_SECONDS * 1.2), min_size=1, max_size=6))
def test_the_books_are_exact_whenever_somebody_looks(seconds: list[float]) -> None:
    """Deals sum to the balance, and equity is balance + credit + the rows shown."""
    broker, clock, login = replayed()
    for second in sorted(seconds):
        clock.at = START + timedelta(seconds=second)
        account = broker.account(login)
        shown, page = snapshot(account), deals(account, Deals(1, 0, 0, 5000))
        booked = sum(
            row.profit + row.commission + row.swap + row.fee
            for row in page.items
            if row.type is not DealType.CREDIT
        )
        assert booked == shown.balance
        floating = sum(row.profit + row.swap for row in shown.positions)
        assert shown.equity == shown.balance + shown.credit + floating


def test_it_ends_as_the_report_ends() -> None:
    """After the live part every deal is told and the balance is the report's last."""
    broker, clock, login = replayed()
    clock.at = START + timedelta(seconds=LIVE_SECONDS + 1)
    account = broker.account(login)
    page = deals(account, Deals(1, 0, 0, 5000))
    assert page.deals_total == len(sample().deals)
    assert snapshot(account).balance == sum(
        row.profit + row.commission + row.swap + row.fee for row in page.items
    )


def test_the_account_moves_while_it_is_live() -> None:
    """Some deals are past at the start, more come live, and an open position's worth changes."""
    broker, clock, login = replayed()
    told, equities = [], set()
    for second in range(0, int(LIVE_SECONDS), 30):
        clock.at = START + timedelta(seconds=second)
        account = broker.account(login)
        told.append(deals(account, Deals(1, 0, 0, 5000)).deals_total)
        equities.add(snapshot(account).equity)
    assert 0 < told[0] < told[-1]
    assert told == sorted(told)
    assert len(equities) > 10


def test_the_true_equity_is_known_at_any_instant() -> None:
    """The path between two looks is the same whether or not somebody looked."""
    broker, clock, login = replayed()
    wanted = START + timedelta(seconds=333)
    before = broker.true_equity(login, wanted)
    clock.at = wanted
    assert snapshot(broker.account(login)).equity == before
