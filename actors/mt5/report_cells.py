"""Reading single cells of a report: numbers and times as terminals print them in any locale."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DIGITS = {ord(c): str(i % 10) for i, c in enumerate("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩")}
_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u061c\ufeff\u202a\u202b\u202c"), "")
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u3000\t\r\n"), " ")
_SIGNS = {ord("\u2212"): "-", ord("\u2013"): "-", ord("٫"): ".", ord("٬"): " "}
_PLAIN = _DIGITS | _MARKS | _SPACES | _SIGNS
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,12})?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:(?:,[0-9]{3})+\.[0-9]+|(?:,[0-9]{3}){2,})")
_WHOLE = re.compile(r"[0-9]{1,19}")
_TIME = re.compile(
    r"((?:19|20)[0-9]{2})[.\-/]([0-9]{2})[.\-/]([0-9]{2})[ T]([0-9]{2}):([0-9]{2})"
    r"(?::([0-9]{2})(?:\.([0-9]{1,3}))?)?"
)


class ReportError(ValueError):
    """A file that cannot be used; the message says what, where, and what is allowed."""


def plain(text: str) -> str:
    """Return ``text`` with ASCII digits, plain spaces and signs, without direction marks."""
    return text.translate(_PLAIN).strip()


def number(text: str) -> Decimal | None:
    """Return the number in a cell, None when it is no number.

    Spaces of any width separate thousands (commas only where a decimal point follows or where
    they are several: "1,105" could be a decimal comma), a minus may stand apart, digits may be
    Persian or Arabic. Never through float.
    """
    packed = plain(text).replace(" ", "")
    if _GROUPED.fullmatch(packed):
        packed = packed.replace(",", "")
    return Decimal(packed) if _NUMBER.fullmatch(packed) else None


def decimals_of(value: Decimal) -> int:
    """Return the number of decimals a value is written with."""
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def whole(text: str) -> int | None:
    """Return a ticket-like number (no sign, no separators), None when the cell is none."""
    packed = plain(text)
    return int(packed) if _WHOLE.fullmatch(packed) else None


def broker_msc(text: str) -> int | None:
    """Return ``2026.04.02 11:28:38`` as broker milliseconds, None when it is no time."""
    match = _TIME.fullmatch(plain(text))
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction = match.groups()
    try:
        wall = datetime(
            int(year), int(month), int(day), int(hour), int(minute), int(second or 0), tzinfo=UTC
        )
    except ValueError:
        return None
    msc = (wall - _EPOCH) // timedelta(milliseconds=1)
    return msc + int((fraction or "0").ljust(3, "0"))


def clock_text(msc: int) -> str:
    """Return broker milliseconds as the report prints them."""
    return (_EPOCH + timedelta(milliseconds=msc)).strftime("%Y.%m.%d %H:%M:%S")


def need_number(text: str, row: int, column: str) -> Decimal:
    """Return the number in a cell, or raise ReportError naming row, column and the cell."""
    value = number(text)
    if value is None:
        raise ReportError(
            f"row {row}, {column}: {text[:40]!r} is no number; allowed: digits with spaces "
            "between thousands and a decimal point, such as -2 351.16"
        )
    return value


def number_or_zero(text: str, row: int, column: str) -> Decimal:
    """Return the number in a cell, 0 for an empty one."""
    return need_number(text, row, column) if plain(text) else Decimal(0)


def number_or_none(text: str, row: int, column: str) -> Decimal | None:
    """Return the number in a cell, None for an empty one."""
    return need_number(text, row, column) if plain(text) else None
