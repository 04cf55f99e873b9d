"""Every error code and text of the package against the classes of MT5 3."""

import pytest

from actors.errors import BrokerFault
from actors.mt5.bridge.faults import FATES, OURS, Failure, Fate, classify, fate
from tests.fakes.metatrader5.structs import CONSTANTS
from tests.fakes.metatrader5.trouble import CODES

ONLINE = {"connected": True, "tradeapi_disabled": False}
OFFLINE = {"connected": False, "tradeapi_disabled": False}
CALLS = (
    "initialize", "login", "account_info", "positions_get", "orders_get", "history_deals_get",
    "history_deals_total", "history_orders_get", "copy_ticks_range", "copy_rates_range",
    "symbol_info",
)  # fmt: skip
BY_NAME = {
    "RES_E_FAIL": BrokerFault.INTERNAL,
    "RES_E_INVALID_PARAMS": BrokerFault.INTERNAL,
    "RES_E_NO_MEMORY": BrokerFault.INTERNAL,
    "RES_E_NOT_FOUND": BrokerFault.INTERNAL,
    "RES_E_INVALID_VERSION": BrokerFault.VERSION_MISMATCH,
    "RES_E_AUTH_FAILED": BrokerFault.BAD_CREDENTIALS,
    "RES_E_UNSUPPORTED": BrokerFault.INTERNAL,
    "RES_E_AUTO_TRADING_DISABLED": BrokerFault.INTERNAL,
    "RES_E_INTERNAL_FAIL": BrokerFault.TERMINAL_DEAD,
    "RES_E_INTERNAL_FAIL_SEND": BrokerFault.TERMINAL_DEAD,
    "RES_E_INTERNAL_FAIL_RECEIVE": BrokerFault.TERMINAL_DEAD,
    "RES_E_INTERNAL_FAIL_INIT": BrokerFault.TERMINAL_DEAD,
    "RES_E_INTERNAL_FAIL_CONNECT": BrokerFault.TERMINAL_DEAD,
    "RES_E_INTERNAL_FAIL_TIMEOUT": BrokerFault.TIMEOUT,
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_each_code_has_one_class_at_every_call(name: str, call: str) -> None:
    """The class follows from the code alone where text and flags say nothing."""
    assert classify(Failure(call, CONSTANTS[name], "", ONLINE)) is BY_NAME[name]


def test_every_error_code_of_the_package_is_in_the_table() -> None:
    """A new code in the package makes this test fail, not a guess in the field."""
    assert {name for name in CONSTANTS if name.startswith("RES_E_")} == set(BY_NAME)


@pytest.mark.parametrize("fault", sorted(CODES))
def test_each_class_that_a_call_can_show_is_recognised(fault: BrokerFault) -> None:
    """Texts and flags tell apart what has one code."""
    flags = OFFLINE if fault is BrokerFault.NO_CONNECTION else ONLINE
    code, text = CODES[fault]
    assert classify(Failure("login", code, text, flags)) is fault


def test_a_refused_login_is_no_lost_connection() -> None:
    """A terminal whose password was refused is not connected; the password is what is wrong."""
    assert classify(Failure("login", -6, "", OFFLINE)) is BrokerFault.BAD_CREDENTIALS


def test_an_unknown_code_is_ours_to_look_at() -> None:
    """Any other code is internal; a terminal that forbids Python says so by its flag too."""
    assert classify(Failure("login", -77, "", {})) is BrokerFault.INTERNAL
    forbids = {"connected": True, "tradeapi_disabled": True}
    assert classify(Failure("login", -1, "", forbids)) is BrokerFault.API_DISABLED


@pytest.mark.parametrize("fault", sorted(BrokerFault))
def test_each_class_decides_over_its_slot(fault: BrokerFault) -> None:
    """A terminal that cannot be trusted is killed, one that an operator must see is drained."""
    killed = {
        BrokerFault.WRONG_ACCOUNT,
        BrokerFault.TIMEOUT,
        BrokerFault.TERMINAL_DEAD,
        BrokerFault.INTERNAL,
    }
    drained = {BrokerFault.API_DISABLED, BrokerFault.VERSION_MISMATCH}
    assert (fate(fault) is Fate.KILL) == (fault in killed)
    assert (fate(fault) is Fate.DRAIN) == (fault in drained)
    assert fate(fault, logging_in=True) is not Fate.KEEP
    assert set(FATES) == set(BrokerFault)


@pytest.mark.parametrize("code", sorted(OURS))
def test_a_question_of_ours_that_was_wrong_costs_no_slot(code: int) -> None:
    """A name that the broker does not have leaves the terminal as it is."""
    assert fate(BrokerFault.INTERNAL, code) is Fate.KEEP
