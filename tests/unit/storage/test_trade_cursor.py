"""A cursor comes back as written, and nothing else is taken for one."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.trade_cursor import Cursor, Place, read_cursor, write_cursor

INSTANTS = st.none() | st.datetimes(timezones=st.just(UTC))
AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False, places=2)


@given(value=INSTANTS, row_id=st.uuids())
@settings(max_examples=50)
def test_time_cursor_roundtrip(value: datetime | None, row_id: UUID) -> None:
    """Instants keep their microseconds."""
    cursor = Cursor("-open_time", value, row_id)
    assert read_cursor(write_cursor(cursor), "-open_time") == cursor


@given(value=AMOUNTS, row_id=st.uuids())
@settings(max_examples=50)
def test_amount_cursor_roundtrip(value: Decimal, row_id: UUID) -> None:
    """Amounts stay exact."""
    cursor = Cursor("net", value, row_id)
    assert read_cursor(write_cursor(cursor), "net") == cursor


@given(text=st.text(max_size=80) | st.from_regex(r"[A-Za-z0-9_-]{0,120}", fullmatch=True))
@settings(max_examples=200)
def test_garbage_is_a_value_error(text: str) -> None:
    """Whatever a client sends, the only fault is ValueError."""
    with pytest.raises(ValueError):  # noqa: PT011  (any text of a ValueError will do)
        read_cursor(text, "net")


@pytest.mark.parametrize(
    ("sort", "value"),
    [("net", Decimal("NaN")), ("net", Decimal("Infinity")), ("open_time", datetime(2026, 1, 1))],  # noqa: DTZ001
)
def test_impossible_places_are_refused(sort: str, value: Place) -> None:
    """A value that no row can have, or an instant without a zone, is refused."""
    with pytest.raises(ValueError, match="damaged"):
        read_cursor(write_cursor(Cursor(sort, value, UUID(int=1))), sort)
