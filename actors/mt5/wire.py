"""The bridge protocol without I/O (MT5 3): frames in, messages out, or ProtocolViolation.

A frame is a 4-byte big-endian length and that many bytes of msgpack, at most 1 MiB. Whoever owns
the socket feeds received bytes to a ``FrameReader`` in slices of any size and sends what the
``encode_*`` functions return. Nothing here waits, reads a clock or opens anything.
"""

from collections.abc import Iterator
from typing import TypeVar

import msgspec

from actors.errors import ProtocolViolation
from actors.mt5.wire_answers import Response, ResponseBody, ResponseHead
from actors.mt5.wire_fields import VERSION, Message
from actors.mt5.wire_requests import Request, RequestBody

MAX_FRAME_BYTES = 1 << 20
_HEADER_BYTES = 4

M = TypeVar("M")

_encoder = msgspec.msgpack.Encoder()
_requests = msgspec.msgpack.Decoder(Request)
_heads = msgspec.msgpack.Decoder(ResponseHead)
_bodies: msgspec.msgpack.Decoder[ResponseBody] = msgspec.msgpack.Decoder(ResponseBody)


class FrameReader:
    """Cuts a stream of bytes into payloads; keeps at most one unfinished frame."""

    def __init__(self, max_frame_bytes: int = MAX_FRAME_BYTES) -> None:
        self._max = max_frame_bytes
        self._buffer = bytearray()

    def feed(self, received: bytes | bytearray | memoryview) -> Iterator[bytes]:
        """Yield each payload that ``received`` completes. Raises ProtocolViolation.

        A length of 0 or above the limit is refused from the header alone, so that a peer cannot
        make us hold more than one frame.
        """
        self._buffer += received
        start = 0
        try:
            while len(self._buffer) - start >= _HEADER_BYTES:
                head = start + _HEADER_BYTES
                length = int.from_bytes(self._buffer[start:head], "big")
                if not 0 < length <= self._max:
                    raise ProtocolViolation(f"a frame says it has {length} bytes")
                if len(self._buffer) < head + length:
                    return
                payload = bytes(self._buffer[head : head + length])
                start = head + length
                yield payload
        finally:
            del self._buffer[:start]

    @property
    def is_between_frames(self) -> bool:
        """True when no frame has been begun: the only place where a stream may end cleanly."""
        return not self._buffer


def encode_frame(message: Message) -> bytes:
    """Return ``message`` as a frame. Raises ProtocolViolation when it is too long to send."""
    frame = bytearray(_HEADER_BYTES)
    _encoder.encode_into(message, frame, _HEADER_BYTES)
    length = len(frame) - _HEADER_BYTES
    if length > MAX_FRAME_BYTES:
        raise ProtocolViolation(f"a frame of {length} bytes is too long to send")
    frame[:_HEADER_BYTES] = length.to_bytes(_HEADER_BYTES, "big")
    return bytes(frame)


def encode_request(request_id: int, deadline_ms: int, body: RequestBody) -> bytes:
    """Return a request's frame."""
    return encode_frame(Request(VERSION, request_id, deadline_ms, body))


def encode_response(request_id: int, body: ResponseBody) -> bytes:
    """Return an answer's frame."""
    return encode_frame(Response(VERSION, request_id, body))


def decode_request(payload: bytes) -> Request:
    """Read a request. Raises ProtocolViolation."""
    return _strict(_requests, payload)


def decode_head(payload: bytes) -> ResponseHead:
    """Read an answer's version and request id, leaving its body. Raises ProtocolViolation."""
    return _strict(_heads, payload)


def decode_body(raw: msgspec.Raw) -> ResponseBody:
    """Read an answer's body. Raises ProtocolViolation."""
    return _strict(_bodies, raw)


def decode_as(kind: type[M], payload: bytes) -> M:
    """Read a message of one kind (the hello's frames). Raises ProtocolViolation."""
    return _strict(msgspec.msgpack.Decoder(kind), payload)


def _strict(decoder: msgspec.msgpack.Decoder[M], payload: bytes | msgspec.Raw) -> M:
    try:
        return decoder.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ProtocolViolation(f"not a valid message: {_without_value(str(error))}") from None


def _without_value(reason: str) -> str:
    """Keep the place and the type expected; msgspec quotes an unknown tag or enum value.

    A password that slipped into such a place must not come out in a log.
    """
    if not reason.startswith("Invalid"):
        return reason
    return "unknown value" + reason[reason.rfind(" - at ") :] if " - at " in reason else "unknown"
