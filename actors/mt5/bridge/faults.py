"""Which error class a failed call is, and what becomes of its slot (MT5 3): pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from attrs import frozen

from actors.errors import BrokerFault

OURS = frozenset({-2, -4, -7})
"""Codes that mean a bug of ours, or a name that the broker does not have: the slot is fine."""


class Fate(StrEnum):
    """What becomes of a slot: its session goes on, it is given back, killed, or left unused."""

    KEEP = "keep"
    RELEASE = "release"
    KILL = "kill"
    DRAIN = "drain"


@frozen
class Failure:
    """A failed call of the package: its name, ``last_error``, the terminal's flags."""

    call: str
    code: int
    text: str
    flags: Mapping[str, Any]


FATES: Mapping[BrokerFault, Fate] = {
    BrokerFault.BAD_CREDENTIALS: Fate.RELEASE,
    BrokerFault.MASTER_PASSWORD: Fate.RELEASE,
    BrokerFault.UNKNOWN_SERVER: Fate.RELEASE,
    BrokerFault.ACCOUNT_DISABLED: Fate.RELEASE,
    BrokerFault.OTP_REQUIRED: Fate.RELEASE,
    BrokerFault.API_DISABLED: Fate.DRAIN,
    BrokerFault.WRONG_ACCOUNT: Fate.KILL,
    BrokerFault.NO_CONNECTION: Fate.KEEP,
    BrokerFault.TIMEOUT: Fate.KILL,
    BrokerFault.TERMINAL_DEAD: Fate.KILL,
    BrokerFault.VERSION_MISMATCH: Fate.DRAIN,
    BrokerFault.HISTORY_LOADING: Fate.KEEP,
    BrokerFault.BUSY: Fate.KEEP,
    BrokerFault.INTERNAL: Fate.KILL,
}

REMEMBERED = frozenset({BrokerFault.BAD_CREDENTIALS, BrokerFault.MASTER_PASSWORD})
"""Faults of a password itself: the same one is not tried again."""

_BY_CODE: Mapping[int, BrokerFault] = {
    -5: BrokerFault.VERSION_MISMATCH,
    -6: BrokerFault.BAD_CREDENTIALS,
    -10000: BrokerFault.TERMINAL_DEAD,
    -10001: BrokerFault.TERMINAL_DEAD,
    -10002: BrokerFault.TERMINAL_DEAD,
    -10003: BrokerFault.TERMINAL_DEAD,
    -10004: BrokerFault.TERMINAL_DEAD,
    -10005: BrokerFault.TIMEOUT,
}

_BY_TEXT = (
    ("otp", BrokerFault.OTP_REQUIRED),
    ("certificate password", BrokerFault.OTP_REQUIRED),
    ("python api disabled", BrokerFault.API_DISABLED),
    ("account disabled", BrokerFault.ACCOUNT_DISABLED),
)


def classify(failure: Failure) -> BrokerFault:
    """Return the class. The text tells more than the code, the code more than the flags.

    -6 without a connection stays ``bad_credentials``: a refused terminal is not connected either.
    """
    text = failure.text.casefold()
    for words, fault in _BY_TEXT:
        if words in text:
            return fault
    if failure.flags.get("tradeapi_disabled"):
        return BrokerFault.API_DISABLED
    fault_of_code = _BY_CODE.get(failure.code)
    if fault_of_code is not None:
        return fault_of_code
    if failure.flags.get("connected") is False:
        return BrokerFault.NO_CONNECTION
    return BrokerFault.INTERNAL


def fate(fault: BrokerFault, code: int | None = None, *, logging_in: bool = False) -> Fate:
    """Return what becomes of the slot. A login that failed holds none, whatever the class."""
    usual = Fate.KEEP if fault is BrokerFault.INTERNAL and code in OURS else FATES[fault]
    return Fate.RELEASE if logging_in and usual is Fate.KEEP else usual
