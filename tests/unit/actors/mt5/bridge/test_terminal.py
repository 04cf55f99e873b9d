"""A worker's operations on the fake terminal."""

from typing import Any

import pytest

from actors.mt5.bridge.lines import decode, encode
from actors.mt5.bridge.terminal import CallFailed, Incoherent, Terminal, WrongAccount
from actors.mt5.simulator.broker import AccountCard, SimulatedBroker
from actors.mt5.simulator.prices import TICK_MS
from actors.mt5.simulator.scenarios import add_account
from tests.fakes.metatrader5.package import Package
from tests.fakes.metatrader5.terminal import FakeTerminal
from tests.fakes.metatrader5.trouble import TIMED_OUT, Act, RawFault
from tests.unit.actors.mt5.clocks import HandClock

PATH = "C:/slots/1/terminal64.exe"


class Desk:
    """A worker's terminal that is logged in to an account."""

    def __init__(self, scenario: str = "active") -> None:
        self.clock = HandClock()
        self.broker = SimulatedBroker(7, self.clock)
        self.card = add_account(self.broker, scenario, server="Simulated-3")
        self.other = add_account(self.broker, "calm", server="Simulated-3")
        self.fake = FakeTerminal(PATH, self.broker)
        self.terminal = Terminal(Package(self.fake))
        self.terminal.do("start", {"path": PATH, "timeout_ms": 1000})

    def log_in(self, card: AccountCard | None = None) -> dict[str, Any]:
        """Log in with the right password."""
        return self.do("log_in", card, password=(card or self.card).investor_password,
                       timeout_ms=1000)  # fmt: skip

    def do(self, operation: str, card: AccountCard | None = None, **more: Any) -> dict[str, Any]:
        """Do an operation for a leased account."""
        lease = {"login": int((card or self.card).login), "server": self.card.server}
        return self.terminal.do(operation, lease | more)


def test_a_read_of_another_account_is_thrown_away() -> None:
    """Before the first byte and after the last the terminal must show the lease's account."""
    desk = Desk()
    desk.log_in()
    with pytest.raises(WrongAccount):
        desk.do("snapshot", desk.other)
    for call, operation, more in (
        ("positions_get", "snapshot", {}),
        ("history_deals_get", "deals", {"since": 0, "until": 2**31}),
        ("history_orders_get", "orders", {"since": 0, "until": 2**31}),
        ("copy_ticks_range", "ticks", {"symbol": "EURUSD", "since": 0, "until": 1, "most": 9}),
        ("copy_rates_range", "bars", {"symbol": "EURUSD", "since": 0, "until": 1, "most": 9}),
        ("symbol_info", "symbol", {"name": "EURUSD"}),
    ):
        desk.log_in()
        desk.fake.strangers = [desk.other.login]
        desk.fake.raw.append(RawFault(call, Act.SWAP))
        with pytest.raises(WrongAccount):
            desk.do(operation, **more)


def test_a_failed_reader_is_not_an_empty_account() -> None:
    """None carries its call, its code and its text; an empty tuple is an answer."""
    desk = Desk("calm")
    desk.log_in()
    desk.fake.raw.append(RawFault("positions_get", code=(-10001, "IPC send failed")))
    with pytest.raises(CallFailed) as caught:
        desk.do("snapshot")
    told = (caught.value.call, caught.value.code, caught.value.text)
    assert told == ("positions_get", -10001, "IPC send failed")
    assert desk.do("snapshot")["orders"] == []


def test_a_login_that_timed_out_may_have_happened() -> None:
    """The account is looked at before a time-out is believed."""
    desk = Desk()
    desk.log_in()
    desk.fake.raw.append(RawFault("login", code=TIMED_OUT))
    assert desk.log_in()["account"][0] == int(desk.card.login)
    desk.fake.raw.append(RawFault("login", code=TIMED_OUT))
    with pytest.raises(CallFailed) as caught:
        desk.log_in(desk.other)
    assert caught.value.code == -10005


def test_an_account_that_will_not_hold_still_is_not_shown() -> None:
    """A balance that moves between the two looks is read again, and given up in the end."""
    desk = Desk()
    desk.log_in()
    moved = iter(range(100))
    plain = desk.fake.account_info
    desk.fake.account_info = lambda: plain()._replace(balance=next(moved))  # type: ignore[method-assign]
    with pytest.raises(Incoherent):
        desk.do("snapshot")
    still = iter([5, 6, 6])
    desk.fake.account_info = lambda: plain()._replace(balance=next(still))  # type: ignore[method-assign]
    assert 6 in desk.do("snapshot")["account"]


def test_ticks_begin_with_the_quote_in_force_and_are_cut_between_stamps() -> None:
    """The lead is found however far back; a cut range ends with a whole stamp."""
    desk = Desk()
    desk.log_in()
    wall = desk.broker.account(desk.card.login).wall_msc()
    found = desk.do("ticks", symbol="EURUSD", since=wall - 30_077, until=wall, most=10_000)
    stamps = [quote[0] for quote in found["ticks"]]
    assert found["complete"]
    assert stamps[0] <= wall - 30_077 < stamps[1]
    assert stamps == sorted(set(stamps))
    cut = desk.do("ticks", symbol="EURUSD", since=wall - 30_077, until=wall, most=5)
    assert not cut["complete"]
    assert cut["ticks"] == found["ticks"][:5]
    assert not desk.do("ticks", symbol="NOPE", since=0, until=wall, most=5)["complete"]


def test_bars_touch_the_range() -> None:
    """The first minute is the one in which the range begins."""
    desk = Desk()
    desk.log_in()
    wall = desk.broker.account(desk.card.login).wall_msc()
    found = desk.do("bars", symbol="EURUSD", since=wall - 200_000, until=wall, most=100)
    assert found["bars"][0][0] <= wall - 200_000 < found["bars"][0][0] + 60_000
    assert found["complete"]
    assert not desk.do("bars", symbol="EURUSD", since=wall - 600_000, until=wall, most=2)[
        "complete"
    ]


def test_the_servers_clock_is_the_newest_stamp_of_several_symbols() -> None:
    """A symbol that trades at the weekend tells it then."""
    desk = Desk()
    desk.log_in()
    wall = desk.broker.account(desk.card.login).wall_msc()
    assert 0 <= wall - desk.do("clock")["stamp"] < 2 * TICK_MS
    desk.clock.pass_seconds(5 * 86_400)
    wall = desk.broker.account(desk.card.login).wall_msc()
    assert 0 <= wall - desk.do("clock")["stamp"] < 2 * TICK_MS


def test_deals_come_with_two_counts_and_the_account() -> None:
    """Both counts and the balance are of the same moment as the rows."""
    desk = Desk("random")
    desk.log_in()
    found = desk.do("deals", since=0, until=2**31)
    assert found["totals"] == [len(found["deals"])] * 2
    assert found["account"][0] == int(desk.card.login)


def test_a_line_says_nothing_of_what_it_cannot_read() -> None:
    """A broken line may hold a password; its error does not."""
    assert decode(encode({"id": 1, "with": {"price": 1.1}})) == {"id": 1, "with": {"price": 1.1}}
    for line in (b'{"password": "tops3cret"', b'"tops3cret"'):
        with pytest.raises(ValueError, match="JSON") as caught:
            decode(line)
        assert "tops3cret" not in str(caught.value)
