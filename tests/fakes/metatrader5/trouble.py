"""What goes wrong inside a terminal: single calls that fail, and the simulator's faults as such."""

from enum import StrEnum

from attrs import define

from actors.errors import BrokerFault

SUCCESS = (1, "Success")
NO_IPC = (-10004, "No IPC connection")
FAILED = (-1, "Terminal: Call failed")
NOT_FOUND = (-4, "Terminal: Not found")
REFUSED = (-6, "Terminal: Authorization failed")
TIMED_OUT = (-10005, "IPC timeout")

CODES: dict[BrokerFault, tuple[int, str]] = {
    BrokerFault.BAD_CREDENTIALS: REFUSED,
    BrokerFault.ACCOUNT_DISABLED: (-1, "Account disabled"),
    BrokerFault.OTP_REQUIRED: (
        -7,
        "Unsupported authorization mode, OTP or certificate password needed",
    ),
    BrokerFault.API_DISABLED: (-8, "Auto-Trading using Python API disabled in Terminal"),
    BrokerFault.NO_CONNECTION: FAILED,
    BrokerFault.TIMEOUT: TIMED_OUT,
    BrokerFault.TERMINAL_DEAD: NO_IPC,
    BrokerFault.VERSION_MISMATCH: (-5, "Invalid version"),
    BrokerFault.INTERNAL: (-3, "No memory"),
}
"""Fault classes that a call shows by its error code."""

SHOWN = frozenset(CODES) | {BrokerFault.MASTER_PASSWORD, BrokerFault.WRONG_ACCOUNT}
"""Fault classes that a terminal can show; the others are the bridge's own."""

OPERATIONS = {
    "login": ("open", "verify"),
    "positions_get": ("snapshot",),
    "history_deals_get": ("deals",),
    "history_orders_get": ("orders_history",),
    "copy_ticks_range": ("ticks",),
    "copy_rates_range": ("bars",),
    "symbol_info": ("symbol",),
    "account_info": ("account",),
}
"""Which call the operation of a scheduled fault meets."""


class Act(StrEnum):
    """What a call does instead: fails, never returns, or another account is shown from then on.

    ``offline``: the terminal has lost its broker for the next look. ``master``: the next account
    may trade. ``late``: a login times out and has happened two looks later. ``die``: the process
    that calls ends.
    """

    FAIL = "fail"
    HANG = "hang"
    SWAP = "swap"
    OFFLINE = "offline"
    MASTER = "master"
    LATE = "late"
    DIE = "die"


@define
class RawFault:
    """The next ``count`` calls of ``function`` meet ``act``; ``code`` is what a failure says."""

    function: str
    act: Act = Act.FAIL
    code: tuple[int, str] = FAILED
    count: int = 1


_ACTS = {
    BrokerFault.WRONG_ACCOUNT: Act.SWAP,
    BrokerFault.MASTER_PASSWORD: Act.MASTER,
    BrokerFault.NO_CONNECTION: Act.OFFLINE,
}


def raw(fault: BrokerFault, function: str) -> RawFault:
    """The trouble that shows as ``fault`` when it meets ``function``. KeyError: none does."""
    if fault not in SHOWN:
        raise KeyError(fault)
    return RawFault(function, _ACTS.get(fault, Act.FAIL), CODES.get(fault, FAILED))
