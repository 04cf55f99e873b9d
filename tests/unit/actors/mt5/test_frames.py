"""Cutting a byte stream into frames: the same payloads however the bytes are sliced."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.errors import ProtocolViolation
from actors.mt5 import wire
from actors.mt5.wire_answers import Response
from actors.mt5.wire_requests import Health
from tests.unit.actors.mt5.wire_messages import any_message, packed

payloads = st.lists(st.binary(min_size=1, max_size=40), max_size=6)


def framed(payload: bytes) -> bytes:
    """Return a payload behind its length."""
    return len(payload).to_bytes(4, "big") + payload


@settings(max_examples=300, deadline=None)
@given(payloads, st.data())
def test_any_slicing_gives_the_same_payloads(parts: list[bytes], data: st.DataObject) -> None:
    """Whole, cut at any places, or one byte at a time: the payloads are those that were sent."""
    stream = b"".join(map(framed, parts))
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=8).map(sorted))
    slices = [stream[a:b] for a, b in pairwise([0, *cuts, len(stream)])]
    for way in (slices, [stream[at : at + 1] for at in range(len(stream))]):
        reader = wire.FrameReader()
        assert [each for slice_ in way for each in reader.feed(slice_)] == parts
        assert reader.is_between_frames


@settings(max_examples=100, deadline=None)
@given(payloads, st.binary(min_size=1, max_size=40), st.data())
def test_a_truncated_stream_gives_what_was_whole(
    parts: list[bytes], last: bytes, data: st.DataObject
) -> None:
    """A stream cut inside its last frame gives the frames before it, and says it is unfinished."""
    kept = data.draw(st.integers(1, len(last) + 3))
    reader = wire.FrameReader()
    stream = b"".join(map(framed, parts)) + framed(last)[:kept]
    assert list(reader.feed(stream)) == parts
    assert not reader.is_between_frames


@pytest.mark.parametrize("length", [0, wire.MAX_FRAME_BYTES + 1, 2**31, 2**32 - 1])
def test_a_length_out_of_bounds_is_refused_for_good(length: int) -> None:
    """An empty or oversize frame is refused by its header, and so is all that follows."""
    reader = wire.FrameReader()
    good = framed(b"good")
    received = reader.feed(good + length.to_bytes(4, "big"))
    assert next(received) == b"good"
    with pytest.raises(ProtocolViolation):
        next(received)
    for more in (b"", good, good * 100):
        with pytest.raises(ProtocolViolation):
            list(reader.feed(more))


def test_the_greatest_frame_passes_and_is_not_kept() -> None:
    """1 MiB comes through in slices; the reader never holds more than it and one slice."""
    payload = b"x" * wire.MAX_FRAME_BYTES
    stream, reader, found = framed(payload) * 3, wire.FrameReader(), 0
    for at in range(0, len(stream), 65_536):
        found += len(list(reader.feed(stream[at : at + 65_536])))
        assert len(reader._buffer) <= wire.MAX_FRAME_BYTES + 65_536 + 4
    assert found == 3
    assert reader.is_between_frames


def read_all(stream: bytes, slice_bytes: int) -> tuple[list[Response], str]:
    """Read answers until the stream ends or a violation does; its text, or how the end was."""
    reader, found = wire.FrameReader(), []
    try:
        for at in range(0, len(stream), slice_bytes):
            for payload in reader.feed(stream[at : at + slice_bytes]):
                head = wire.decode_head(payload)
                body = wire.decode_body(head.body)
                found.append(Response(head.version, head.request_id, body))
    except ProtocolViolation as violation:
        return found, str(violation)
    return found, "clean" if reader.is_between_frames else "unfinished"


@settings(max_examples=200, deadline=None)
@given(st.lists(any_message(), min_size=1, max_size=4), st.data())
def test_a_spoilt_stream_ends_the_same_however_it_is_sliced(
    messages: list[tuple[type, list[object]]], data: st.DataObject
) -> None:
    """After random bytes are put into a stream, whole and byte by byte see the same and stop."""
    stream = bytearray(b"".join(framed(packed(value)) for _, value in messages))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(stream) - 1))
        stream[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    whole = read_all(bytes(stream), len(stream) or 1)
    assert read_all(bytes(stream), 1) == whole


def test_thousands_of_mutated_answers(faults: bool) -> None:
    """Mutated frames are answers or violations, nothing else; 100,000 of them with --faults."""
    random = Random(20)
    rows = [[n, n, n, 0, 0, 0, "EURUSD", "1.00", "1.1", 5, 0, 0, 0, n, "c"] for n in range(1, 4)]
    good = framed(packed([1, 1, ["deals", rows, 3, "stable", None, None, [15, 15, True]]]))
    refused = 0
    for _ in range(100_000 if faults else 5_000):
        frame = bytearray(good)
        for _ in range(random.randint(1, 6)):
            frame[random.randrange(len(frame))] = random.randrange(256)
        if random.random() < 0.2:
            del frame[random.randrange(len(frame)) :]
        refused += read_all(bytes(frame), 1 + random.randrange(len(good)))[1] != "clean"
    assert refused


def test_a_request_goes_out_as_it_comes_in() -> None:
    """A request's frame is its length and its message."""
    (payload,) = wire.FrameReader().feed(wire.encode_request(7, 500, Health()))
    request = wire.decode_request(payload)
    assert (request.request_id, request.deadline_ms, request.body) == (7, 500, Health())
