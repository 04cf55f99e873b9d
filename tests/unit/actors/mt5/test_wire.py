"""The wire protocol: what is valid comes back as it was, all else is a ProtocolViolation."""

import math
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.errors import ProtocolViolation
from actors.mt5 import wire
from actors.mt5.wire_answers import Response, TickRow, TicksResult
from actors.mt5.wire_fields import LoginText, Message, Price, Volume
from actors.mt5.wire_requests import Request
from tests.unit.actors.mt5.wire_messages import (
    EVERY_KIND,
    EVERY_NAME,
    any_message,
    leaves,
    lists,
    packed,
    part,
    plain_message,
    replaced,
)

every_kind = pytest.mark.parametrize(("frame", "kind"), EVERY_KIND, ids=EVERY_NAME)
plain_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(max_size=8)
    | st.binary(max_size=8),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=12,
)  # fmt: skip


def read(frame: type[Message], payload: bytes) -> Message:
    """Read a payload as the product does: an answer in two steps, all else in one."""
    if frame is Request:
        return wire.decode_request(payload)
    if frame is Response:
        head = wire.decode_head(payload)
        return Response(head.version, head.request_id, wire.decode_body(head.body))
    return wire.decode_as(frame, payload)


def reason(frame: type[Message], value: Any) -> str:
    """Return why a plain value is refused, nothing when it is not."""
    try:
        read(frame, packed(value))
    except ProtocolViolation as violation:
        return str(violation)
    return ""


def refused(frame: type[Message], value: Any) -> None:
    """Check that a plain value ends in a violation."""
    assert reason(frame, value)


@every_kind
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_every_valid_message_comes_back(
    frame: type[Message], kind: type, data: st.DataObject
) -> None:
    """A message of each kind is read, and encodes to the very frame it came in."""
    value = data.draw(plain_message(frame, kind))
    message = read(frame, packed(value))
    encoded = wire.encode_frame(message)
    assert msgspec.msgpack.decode(encoded[4:]) == value
    assert list(wire.FrameReader().feed(encoded)) == [encoded[4:]]


@every_kind
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_no_place_takes_a_float(frame: type[Message], kind: type, data: st.DataObject) -> None:
    """NaN, infinities and even whole floats are refused wherever they stand."""
    value = data.draw(plain_message(frame, kind))
    for at, _ in leaves(value):
        for number in (math.nan, math.inf, -math.inf, 1.0, -0.0):
            refused(frame, replaced(value, at, number))


@pytest.mark.parametrize("kind", [Price, Volume, LoginText])
@pytest.mark.parametrize(
    "spelling", ["NaN", "inf", "-Infinity", "1e5", "+1", " 1", "1\n", "۱۲", "1_0", "0x1", ".5", ""]
)
def test_a_number_in_text_has_one_spelling(kind: Any, spelling: str) -> None:
    """A price, volume or login is plain ASCII digits: no NaN, exponent, sign, space or Persian."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(spelling, kind)


@every_kind
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_nothing_may_be_missing_or_added(
    frame: type[Message], kind: type, data: st.DataObject
) -> None:
    """A record with one field less, or one more, is refused at every depth."""
    value = data.draw(plain_message(frame, kind))
    for at in lists(value):
        record = part(value, at)
        rows = not record or isinstance(record[0], list)  # a list of rows may be of any length
        if rows and at:
            refused(frame, replaced(value, at, [*record, None]))
            continue
        refused(frame, replaced(value, at, record[:-1]))
        refused(frame, replaced(value, at, [*record, None]))
        refused(frame, replaced(value, at, {str(n): each for n, each in enumerate(record)}))


@every_kind
@settings(max_examples=10, deadline=None)
@given(data=st.data(), version=st.integers(-(2**63), 2**64 - 1).filter(lambda number: number != 1))
def test_another_version_is_refused(
    frame: type[Message], kind: type, data: st.DataObject, version: int
) -> None:
    """Both sides speak one version, or do not talk."""
    value = data.draw(plain_message(frame, kind))
    refused(frame, [version, *value[1:]])


@settings(max_examples=400, deadline=None)
@given(any_message(), plain_values, st.data())
def test_anything_in_any_place_is_read_or_refused(
    message: tuple[type[Message], list[Any]], other: Any, data: st.DataObject
) -> None:
    """Whatever stands in a place, reading gives that very message or a violation."""
    frame, value = message
    places = [at for at, _ in leaves(value)] + list(lists(value))
    changed = replaced(value, data.draw(st.sampled_from(places)), other)
    try:
        seen = read(frame, packed(changed))
    except ProtocolViolation:
        return
    assert msgspec.msgpack.decode(wire.encode_frame(seen)[4:]) == changed


@settings(max_examples=200, deadline=None)
@given(any_message(), st.data())
def test_a_violation_never_tells_a_value(
    message: tuple[type[Message], list[Any]], data: st.DataObject
) -> None:
    """A password that slipped into a wrong place does not come out in the error's text."""
    frame, value = message
    at, _ = data.draw(st.sampled_from(list(leaves(value))))
    changed = replaced(value, at, "hunter2-canary")
    assert "hunter2" not in reason(frame, changed)


@pytest.mark.parametrize("code", [-1, 18, 99, 2**40])
def test_an_unknown_deal_type_is_refused(code: int) -> None:
    """A deal type, entry or reason that MT5 1 does not list is refused, never guessed."""
    row = [1, 1, 1, 0, 0, 0, "EURUSD", "1", "1.1", 0, 0, 0, 0, 0, ""]
    page = [1, 1, ["deals", [row], 1, "stable", None, None, [0, 0, True]]]
    read(Response, packed(page))
    for field in (3, 4, 5):
        refused(Response, replaced(page, (2, 1, 0, field), code))


@pytest.mark.parametrize("opening", [b"\x91", b"\xdc\x00\x01", b"\x81\xa1a", b"\x93\x01\x01\x91"])
def test_deep_nesting_is_refused(opening: bytes) -> None:
    """Arrays or maps within each other to any depth end in a violation, not in a crash."""
    payload = opening * ((wire.MAX_FRAME_BYTES - 1) // len(opening))
    for frame, _ in EVERY_KIND:
        for ending in (b"", b"\xc0"):
            with pytest.raises(ProtocolViolation):
                read(frame, payload + ending)


@every_kind
@settings(max_examples=10, deadline=None)
@given(data=st.data(), broken=st.sampled_from([b"\xff\xfe", b"\xc3\x28", b"\xed\xa0\x80", b"\x80"]))
def test_invalid_utf8_is_refused(
    frame: type[Message], kind: type, data: st.DataObject, broken: bytes
) -> None:
    """Text that is not UTF-8 is refused in every place."""
    value = data.draw(plain_message(frame, kind))
    mark = "\u20ac-here-"
    for at, _ in leaves(value):
        payload = packed(replaced(value, at, mark))
        wrong = broken.ljust(len(mark.encode()), b"x")
        with pytest.raises(ProtocolViolation):
            read(frame, payload.replace(mark.encode(), wrong))


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=200))
def test_random_payloads_are_refused(payload: bytes) -> None:
    """Random bytes are no message of any kind."""
    for frame in {frame for frame, _ in EVERY_KIND}:
        with pytest.raises(ProtocolViolation):
            read(frame, payload)


def test_a_frame_too_long_is_not_sent() -> None:
    """An answer above 1 MiB is refused where it is made, not by the peer."""
    rows = tuple(TickRow(number, "1" * 12, "1" * 12) for number in range(60_000))
    with pytest.raises(ProtocolViolation, match="too long to send"):
        wire.encode_response(1, TicksResult(rows, complete=True))
