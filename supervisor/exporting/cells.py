"""Cells that no spreadsheet takes for a formula, and numbers with exactly their digits."""

import re
import unicodedata
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

_FORMULA_STARTS = frozenset("=+-@＝＋－＠﹢﹣﹦﹫−")
"""What begins a formula in some spreadsheet, in every width (OWASP, CSV injection)."""
_GUARD = "'"
_SEPARATOR = re.compile("([,;])")
_KEPT_DIGITS = 15


def clean(text: str) -> str:
    """The text in one line, without characters that no file or screen can show."""
    return "".join(" " if _is_unshown(letter) else letter for letter in text)


def _is_unshown(letter: str) -> bool:
    category = unicodedata.category(letter)
    return category in {"Cc", "Cs", "Zl", "Zp"} or letter in "\ufffe\uffff"


def guarded(text: str) -> str:
    """The text for a CSV cell; what could begin a formula gets an apostrophe before it.

    Spaces, quotes and invisible letters before a start do not hide it: some readers drop them.
    The text after a separator counts as a cell too: where lists are parted by semicolons, a
    spreadsheet cuts the line there.
    """
    return "".join(map(_guarded_part, _SEPARATOR.split(clean(text))))


def _guarded_part(part: str) -> str:
    first = next((letter for letter in part if not _is_dropped(letter)), "")
    return _GUARD + part if first in _FORMULA_STARTS and first else part


def _is_dropped(letter: str) -> bool:
    return letter.isspace() or letter == '"' or unicodedata.category(letter) in {"Cf", "Mn"}


def number(amount: Decimal) -> str:
    """The decimal as it is, without an exponent: never a text, so a minus is only a minus."""
    return format(amount, "f")


def is_exact(amount: Decimal) -> bool:
    """Whether a spreadsheet's number shows it exactly: a double keeps 15 significant digits."""
    digits = amount.as_tuple().digits
    if len(digits) <= _KEPT_DIGITS:
        return True
    return len("".join(map(str, digits)).strip("0")) <= _KEPT_DIGITS


def local(at: datetime, zone: ZoneInfo) -> datetime:
    """The wall time in the zone, without it: the heading names the zone."""
    return at.astimezone(zone).replace(tzinfo=None)


def told_time(at: datetime, zone: ZoneInfo) -> str:
    """The wall time as text; fractions of a second only where there are some."""
    return local(at, zone).isoformat(sep=" ")
