"""Frames over a trio stream: what came whole before a violation is not lost with it."""

import pytest
from trio.testing import memory_stream_pair

from actors.errors import ProtocolViolation
from actors.mt5.framed_stream import FramedStream

GOOD = b"\x00\x00\x00\x04good"
OVERSIZE = b"\xff\xff\xff\xff"


@pytest.mark.parametrize("slices", [[GOOD + OVERSIZE], [GOOD, OVERSIZE]])
async def test_frames_before_a_violation_arrive(slices: list[bytes]) -> None:
    """In one slice or in two, the good frame comes first and then the violation, for good."""
    ours, theirs = memory_stream_pair()
    frames = FramedStream(ours)
    for each in slices:
        await theirs.send_all(each)
    assert await frames.receive() == [b"good"]
    for _ in range(2):
        with pytest.raises(ProtocolViolation):
            await frames.receive()


@pytest.mark.parametrize("cut", range(1, len(GOOD)))
async def test_an_end_inside_a_frame_is_a_violation(cut: int) -> None:
    """A stream ends cleanly between frames only."""
    ours, theirs = memory_stream_pair()
    frames = FramedStream(ours)
    await theirs.send_all(GOOD + GOOD[:cut])
    await theirs.send_eof()
    assert await frames.receive() == [b"good"]
    with pytest.raises(ProtocolViolation, match="inside a frame"):
        await frames.receive()


async def test_an_end_between_frames_is_clean() -> None:
    """Nothing more is an empty answer."""
    ours, theirs = memory_stream_pair()
    frames = FramedStream(ours)
    await theirs.send_eof()
    assert await frames.receive() == []


async def test_a_hello_waits_for_its_turn() -> None:
    """Two frames where one is due, or an end, is a violation."""
    for sent in (GOOD * 2, b""):
        ours, theirs = memory_stream_pair()
        await theirs.send_all(sent)
        await theirs.send_eof()
        with pytest.raises(ProtocolViolation, match="hello"):
            await FramedStream(ours).receive_one()
