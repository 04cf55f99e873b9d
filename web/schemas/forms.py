"""Forms of MT5 fields: login, server, investor password, plan name, money (MT5 7)."""

import re
from decimal import Decimal

from web.problems import FieldCode, FieldError

MAX_LOGIN = 2**63 - 1
MAX_MONEY = Decimal("1e15")

_LOGIN = re.compile(r"[1-9][0-9]{0,18}")
_SERVER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._&()+'-]{1,63}")
_PLAN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,49}")
_CURRENCY = re.compile(r"[A-Z]{3,8}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")


class Refused(ValueError):
    """A field that does not have its form."""

    def __init__(self, name: str, detail: str, code: FieldCode = FieldCode.FORM) -> None:
        super().__init__(name)
        self.error = FieldError(name, code, detail)


def login(text: str) -> str:
    """The login as ASCII digits; Persian and Arabic-Indic digits and spaces are understood."""
    digits = text.translate(_DIGITS).strip()
    if _LOGIN.fullmatch(digits) is None or int(digits) > MAX_LOGIN:
        raise Refused("login", "Digits only, without a leading zero, at most 2^63-1.")
    return digits


def server(text: str) -> str:
    """The server's name as the terminal knows it; case is kept."""
    if _SERVER.fullmatch(text) is None or text.endswith(" ") or "  " in text:
        raise Refused("server", "The server's name as the terminal shows it, 2 to 64 characters.")
    return text


def investor_pass(text: str) -> str:
    """The password unchanged: never trimmed or normalised."""
    if not 1 <= len(text) <= 64 or _CONTROL.search(text):
        raise Refused("investor_pass", "1 to 64 characters without control characters.")
    return text


def plan_name(text: str) -> str:
    """An account type: the name of a plan."""
    if _PLAN.fullmatch(text) is None:
        raise Refused("account_type", "Letters, digits, dot, dash and underscore, at most 50.")
    return text


def currency(text: str) -> str:
    """A currency code in capitals."""
    if _CURRENCY.fullmatch(text) is None:
        raise Refused("currency", "3 to 8 capital letters.")
    return text


def money(name: str, amount: Decimal) -> Decimal:
    """A positive, finite amount with at most 8 decimals."""
    if not amount.is_finite() or not 0 < amount < MAX_MONEY:
        raise Refused(name, "A positive amount.", FieldCode.RANGE)
    if amount != amount.quantize(Decimal("1e-8")):
        raise Refused(name, "At most 8 decimals.", FieldCode.RANGE)
    return amount


def plain_text(name: str, text: str, longest: int = 200) -> str:
    """Free text of staff on one line, for the audit log."""
    if not text.strip() or len(text) > longest or _CONTROL.search(text):
        raise Refused(name, f"1 to {longest} characters on one line.")
    return text
