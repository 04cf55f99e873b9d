"""The fake of the MetaTrader5 package against what was recorded of the real one."""

import inspect
import re

import pytest

from actors.mt5.simulator.broker import SimulatedBroker
from actors.mt5.simulator.scenarios import add_account
from tests.fakes.metatrader5 import module
from tests.fakes.metatrader5.structs import RECORDED, STRUCTS
from tests.fakes.metatrader5.terminal import FakeTerminal
from tests.fakes.metatrader5.trouble import NO_IPC
from tests.unit.actors.mt5.clocks import HandClock

PATH = "C:/slots/1/terminal64.exe"
OFFERED = [name for name in RECORDED["functions"] if hasattr(FakeTerminal, name)]


def parameters(told: str) -> list[tuple[str, bool]]:
    """Names and whether they are optional, of a recorded signature in the package's own style."""
    inside = told[told.index("(") + 1 : told.rindex(")")]
    found = []
    for bracketed, bare in re.findall(r"\[([^\[\]]*)\]|([a-z_]+)", inside):
        for name in re.findall(r"([a-z_]+)(?:=[A-Z\"]+)?", bracketed or bare):
            found.append((name, bool(bracketed)))
    return found


@pytest.mark.parametrize("name", OFFERED)
def test_each_function_has_the_recorded_parameters(name: str) -> None:
    """Every parameter of the fake is one of the package's, in its order, required alike."""
    told = RECORDED["functions"][name]
    if name.startswith("history_"):  # nested brackets; the bridge uses the window only
        told = f"{name}(date_from, date_to)"
    recorded = parameters(told)
    known = dict(recorded) | {"timeout": True, "portable": True}  # named in the binary only
    own = list(inspect.signature(getattr(FakeTerminal, name)).parameters.values())[1:]
    assert {p.name for p in own} <= set(known)
    for each in own:
        assert (each.default is not inspect.Parameter.empty) == known[each.name]
    order = [name for name, _ in recorded]
    positional = [p.name for p in own if p.name in order and p.kind is p.POSITIONAL_OR_KEYWORD]
    assert positional == sorted(positional, key=order.index) or name == "login"


def test_the_module_has_every_function_and_constant() -> None:
    """A worker finds all that the real package offers; the error codes are the real ones."""
    for name, value in RECORDED["constants"].items():
        assert getattr(module, name) == value
    for name in RECORDED["functions"]:
        assert callable(getattr(module, name))
    assert RECORDED["constants"]["RES_E_AUTH_FAILED"] == -6
    assert RECORDED["constants"]["RES_E_INTERNAL_FAIL_TIMEOUT"] == -10005


def test_without_a_terminal_it_says_what_the_package_says() -> None:
    """Before ``initialize`` readers are None with -10004, and a bad path is -10003 at once."""
    terminal = FakeTerminal(PATH, SimulatedBroker(1, HandClock()))
    assert terminal.call("last_error") == (0, "")
    assert terminal.call("version") == (0, 0, "")
    assert terminal.call("positions_get") is None
    assert terminal.call("last_error") == NO_IPC
    assert terminal.call("login", 1, password="x", server="y") is False
    assert terminal.call("initialize", "C:/nowhere.exe", portable=True) is False
    assert terminal.call("last_error")[0] == -10003


def test_it_shows_the_account_that_logged_in_last() -> None:
    """Figures are doubles in the struct's order, times are the broker's wall time."""
    broker = SimulatedBroker(7, HandClock())
    card = add_account(broker, "active", server="Simulated-3")
    terminal = FakeTerminal(PATH, broker)
    assert terminal.call("initialize", PATH, portable=True)
    assert terminal.call("login", int(card.login), password="wrong", server=card.server) is False
    assert terminal.call("last_error")[0] == -6
    assert terminal.call(
        "login", int(card.login), password=card.investor_password, server=card.server
    )
    info = terminal.call("account_info")
    assert info._fields == STRUCTS["AccountInfo"]._fields
    assert (info.login, info.server, info.trade_allowed) == (int(card.login), card.server, False)
    positions = terminal.call("positions_get")
    assert positions
    floating = sum(each.profit + each.swap for each in positions)
    assert info.equity == pytest.approx(info.balance + info.credit + floating, abs=0.005)
    tick = terminal.call("symbol_info_tick", "EURUSD")
    assert tick.time_msc - broker.now_ms() == pytest.approx(2 * 3_600_000, abs=60_000)
    terminal.detach()
    assert terminal.call("account_info") is None
    assert terminal.call("initialize", PATH, portable=True)
    assert terminal.call("account_info").login == int(card.login)
