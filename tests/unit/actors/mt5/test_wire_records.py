"""Every answer that the protocol lets through becomes a record of the core, exactly."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.domain.server_clock import ServerClock
from actors.mt5 import wire, wire_answers
from actors.mt5.wire_answers import AccountRow, DealsResult, Response, SnapshotResult
from actors.mt5.wire_records import broker_account, deals_page, observation
from tests.unit.actors.mt5.clocks import MONDAY
from tests.unit.actors.mt5.wire_messages import packed, plain_message

clocks = st.sampled_from(["UTC", "America/New_York+7h", "Europe/Athens", "Asia/Tehran"]).map(
    ServerClock.parse
)


def answer(value: list[object]) -> wire_answers.ResponseBody:
    """Return the body of a plain answer."""
    return wire.decode_body(wire.decode_head(packed(value)).body)


@settings(max_examples=100, deadline=None)
@given(plain_message(Response, SnapshotResult), clocks)
def test_any_valid_snapshot_becomes_an_observation(value: list[object], clock: ServerClock) -> None:
    """Amounts stay whole, decimals exact, the time is ours less the bridge's age."""
    row = answer(value)
    assert isinstance(row, SnapshotResult)
    seen = observation(row, clock, MONDAY)
    assert MONDAY - seen.observed_at == timedelta(milliseconds=row.age_ms)
    assert (seen.balance, seen.equity, seen.credit) == (row.balance, row.equity, row.credit)
    for shown, position in zip(row.positions, seen.positions, strict=True):
        assert position.open_price == Decimal(shown.open_price)
        assert position.open_price.is_finite()
        assert position.opened_at.utcoffset() == timedelta()


@settings(max_examples=100, deadline=None)
@given(plain_message(Response, DealsResult), clocks)
def test_any_valid_page_becomes_deals(value: list[object], clock: ServerClock) -> None:
    """Each deal keeps its raw stamp and its money."""
    row = answer(value)
    assert isinstance(row, DealsResult)
    page = deals_page(row, clock)
    for shown, deal in zip(row.items, page.deals, strict=True):
        assert deal.broker_msc == shown.broker_msc
        assert deal.amount == shown.profit + shown.commission + shown.swap + shown.fee
        assert deal.volume.is_finite()
    assert page.stable == (row.history_state == "stable")


@pytest.mark.parametrize(("zone", "hours"), [("UTC", 0), ("America/New_York+7h", 2)])
def test_the_offset_is_the_configured_zones(zone: str, hours: int) -> None:
    """What the bridge says of its offset decides nothing; the table's zone does."""
    row = AccountRow("1", "S-1", "n", "c", "USD", 2, 100, "hedging", False, -39_600, "detected")
    account = broker_account(row, ServerClock.parse(zone), MONDAY)
    assert (account.server_offset_seconds, account.offset_source) == (hours * 3600, "configured")


@pytest.mark.parametrize(
    ("told", "source", "hours_later", "differs"),
    [
        (7200, "detected", 0, 0),
        (10800, "detected", 0, 3600),
        (3600, "detected", 0, -3600),
        (3600, "configured", 0, -3600),
        (None, "detected", 0, 0),
        (0, "unknown", 0, 0),
        (7200, "detected", 5, 0),  # detected before the American change, still held on to
        (7200, "detected", 7, -3600),
    ],
)
def test_the_bridges_offset_is_held_against_the_table(
    told: int | None, source: str, hours_later: int, differs: int
) -> None:
    """A difference is told, but for six hours after a daylight saving change."""
    row = AccountRow("1", "S-1", "n", "c", "USD", 2, 100, "hedging", False, told, source)  # type: ignore[arg-type]
    change = datetime(2026, 3, 8, 7, tzinfo=UTC)
    at = change + timedelta(hours=hours_later) - timedelta(days=0 if hours_later else 2)
    account = broker_account(row, ServerClock.parse("America/New_York+7h"), at)
    assert account.offset_differs_seconds == differs
