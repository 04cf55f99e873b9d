"""A replayed report keeps exact books at every instant and ends as the report ends."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.domain.money import to_minor
from actors.domain.server_clock import ServerClock
from actors.mt5.reports import Report, read_report
from actors.mt5.simulator.broker import AccountCard, SimulatedBroker
from actors.mt5.simulator.reads import deals, snapshot
from actors.mt5.simulator.replay import add_replay
from actors.mt5.simulator.service import SimulatedBridge
from actors.mt5.wire_answers import BarsResult, Opened, SnapshotResult, TicksResult
from actors.mt5.wire_requests import Bars, Deals, Open, Ticks
from tests.demo_report import TARGET
from tests.unit.actors.mt5.clocks import HandClock
from tests.unit.actors.mt5.simulator.report_lives import Life, Plot, lives, tell

START = datetime(2026, 3, 4, 12, tzinfo=UTC)
CLOCK = ServerClock.parse("America/New_York+7h")
LIVE_SECONDS = 900.0
seconds = st.lists(st.floats(0, LIVE_SECONDS * 1.2), min_size=1, max_size=6).map(sorted)


class Replayed:
    """A report as a live account, and a clock that tests move."""

    def __init__(self, report: Report, live_share: float = 0.4) -> None:
        self.clock = HandClock(START)
        self.broker = SimulatedBroker(3, self.clock)
        self.card: AccountCard = add_replay(
            self.broker, report, CLOCK, live_share=live_share, live_seconds=LIVE_SECONDS
        )

    def look(self, second: float) -> tuple[SnapshotResult, int]:
        """Return what a terminal shows ``second`` after the start, and how many deals it has."""
        self.clock.pass_seconds(second - self.clock.monotonic())
        account = self.broker.account(self.card.login)
        return snapshot(account), deals(account, Deals(1, 0, 0, 2000)).deals_total


@settings(max_examples=60, deadline=None)
@given(lives(), seconds, st.floats(0, 1))
def test_the_balance_is_the_printed_one_after_each_deal(
    life: Life, looks: list[float], live_share: float
) -> None:
    """Whenever somebody looks, the balance is what the report prints behind its last told deal."""
    replayed = Replayed(life.report(), live_share)
    before = 0 if life.deals[0][3] == "balance" else 1
    for second in looks:
        shown, told = replayed.look(second)
        chain = [life.opening, *life.chain] if before else life.chain
        assert shown.balance == chain[told - 1]
        floating = sum(row.profit + row.swap for row in shown.positions)
        assert shown.equity - shown.balance == floating


@settings(max_examples=60, deadline=None)
@given(lives())
def test_it_ends_as_the_report_prints(life: Life) -> None:
    """At the end balance, equity and each open position's profit and swap are the printed ones."""
    shown, _ = Replayed(life.report()).look(LIVE_SECONDS + 1)
    assert (shown.balance, shown.equity) == (life.balance, life.equity)
    found = {row.position_id: (row.profit, row.swap) for row in shown.positions}
    assert found == life.open_at_end
    assert {row.current_price for row in shown.positions} <= {"1.2"}


@settings(max_examples=60, deadline=None)
@given(lives())
def test_equity_does_not_jump_when_a_position_closes(life: Life) -> None:
    """Just before a deal equity is what it is after it, but for the deal's own commission.

    So a replay shows no loss that the report does not have. A deposit is a jump of its amount.
    """
    replayed = Replayed(life.report(), live_share=1.0)
    account = replayed.broker.account(replayed.card.login)
    story = account._story  # type: ignore[attr-defined]
    positions = {row.position_id for row in story.rows}
    for row, at in zip(story.rows[1:], story.instants[1:], strict=True):
        jump = account.equity_at(at) - account.equity_at(at - 1) - row.commission
        rounded = 3 + 2 * len(positions)  # each open position's profit and swap, half a unit each
        assert abs(jump) <= rounded + abs(row.profit) // 200 + abs(row.swap) // 200


def test_half_way_half_the_result_is_shown() -> None:
    """A position that earns 1,000.00 and costs 30.00 swap shows half of both half-way."""
    life = tell([Plot(1, ((30, 100_000, -3_000),), None, 1, 0)], 2, 1_000_000, 0)
    shown, told = Replayed(life.report(), live_share=1.0).look(675)
    (row,) = shown.positions
    assert told == 2
    assert (row.profit, row.swap, shown.equity) == (50_000, -1_500, 1_048_500)


def test_positions_from_before_the_window_are_shown() -> None:
    """What was opened before the report begins is open from the start, at its printed price."""
    plots = [
        Plot(1, ((130, 700, -20),), None, -1, 0),
        Plot(2, (), (-900, -40), 1, 0),
        Plot(125, ((140, 5, 0),), None, 1, -7),
    ]
    life = tell(plots, 2, 500_000, window=120)
    assert life.carried == [5_000, 5_001]
    replayed = Replayed(life.report(), live_share=1.0)
    shown, _ = replayed.look(0)
    rows = {row.position_id: row for row in shown.positions}
    assert [(rows[each].side, rows[each].open_price) for each in life.carried] == [
        ("sell", "1.1"),
        ("buy", "1.1"),
    ]
    assert replayed.look(LIVE_SECONDS)[0].equity == 500_000 + 700 - 20 - 900 - 40 + 5 - 7


def test_a_replay_has_no_quotes_and_says_so() -> None:
    """Ticks and bars of any symbol are an empty range that is not complete."""
    replayed = Replayed(read_report(TARGET))
    bridge = SimulatedBridge(replayed.broker)
    card, far = replayed.card, 2 * 10**12
    opened = bridge.answer(Open(card.login, card.server, card.investor_password, "visit"))
    assert isinstance(opened, Opened)
    for symbol in ("EURUSD", "NOSUCH"):
        ticks = bridge.answer(Ticks(opened.session_id, symbol, 0, far))
        bars = bridge.answer(Bars(opened.session_id, symbol, 0, far))
        assert (ticks, bars) == (TicksResult((), complete=False), BarsResult((), complete=False))


def test_the_account_moves_while_it_is_live() -> None:
    """Some deals are past at the start, more come live, and an open position's worth changes."""
    replayed = Replayed(read_report(TARGET))
    seen = [replayed.look(second) for second in range(0, int(LIVE_SECONDS), 30)]
    told = [count for _, count in seen]
    assert 0 < told[0] < told[-1]
    assert told == sorted(told)
    assert len({shown.equity for shown, _ in seen}) > 10


def test_the_true_equity_is_known_at_any_instant() -> None:
    """The path between two looks is the same whether or not somebody looked."""
    replayed = Replayed(read_report(TARGET))
    before = replayed.broker.true_equity(replayed.card.login, START + timedelta(seconds=333))
    assert replayed.look(333)[0].equity == before


def test_given_reports_end_as_they_print(request: pytest.FixtureRequest) -> None:
    """With --reports DIR, each replay ends in the printed balance, equity and open positions."""
    folder: Path | None = request.config.getoption("--reports")
    if folder is None:
        pytest.skip("give --reports DIR to check a folder of real reports")
    files = sorted(path for path in folder.iterdir() if path.suffix in (".html", ".xlsx"))
    assert files
    for path in files:
        report = read_report(path)
        assert report.footer is not None
        shown, _ = Replayed(report).look(LIVE_SECONDS + 1)
        printed = (report.footer.balance, report.footer.equity)
        digits = report.currency_digits
        assert (shown.balance, shown.equity) == tuple(to_minor(each, digits) for each in printed)
        rows = {row.position_id: row for row in shown.positions}
        assert set(rows) == {row.position_id for row in report.open_positions}
        for row in report.open_positions:
            assert rows[row.position_id].profit == to_minor(row.profit, digits)
            assert Decimal(rows[row.position_id].current_price) == row.market_price
            assert Decimal(rows[row.position_id].volume) == row.volume
