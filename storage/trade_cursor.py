"""The opaque cursor of a trades page: where the page ended, and in which order it was read.

It grants nothing (the owner is in every query), so it is validated but not signed.
"""

import base64
import binascii
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TypeAlias
from uuid import UUID

import msgspec
from attrs import frozen

Place: TypeAlias = datetime | Decimal | None
_LONGEST = 300


@frozen
class Cursor:
    """The last row read: its sorted value (None = not known yet) and its id, under ``sort``."""

    sort: str
    value: Place
    row_id: UUID


def write_cursor(cursor: Cursor) -> str:
    """Return the cursor as url-safe text."""
    value = None if cursor.value is None else str(cursor.value)
    packed = msgspec.json.encode([cursor.sort, value, str(cursor.row_id)])
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def read_cursor(text: str, sort: str) -> Cursor:
    """Return the cursor. Raises ValueError when it is damaged or of another order."""
    try:
        named, value, row_id = _fields(text)
        if named != sort:
            raise ValueError("the cursor belongs to another order")
        return Cursor(sort, _place(sort, value), UUID(row_id))
    except (binascii.Error, msgspec.DecodeError, InvalidOperation, OverflowError) as error:
        raise ValueError("the cursor is damaged") from error


def _fields(text: str) -> tuple[str, str | None, str]:
    if len(text) > _LONGEST or not text.isascii():
        raise ValueError("the cursor is damaged")
    packed = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    return msgspec.json.decode(packed, type=tuple[str, str | None, str])


def _place(sort: str, value: str | None) -> Place:
    if value is None:
        return None
    if sort.endswith("net"):
        number = Decimal(value)
        if not number.is_finite():
            raise ValueError("the cursor is damaged")
        return number
    at = datetime.fromisoformat(value)
    if at.tzinfo is None:
        raise ValueError("the cursor is damaged")
    return at
