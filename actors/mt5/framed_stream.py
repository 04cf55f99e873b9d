"""A trio stream that carries the bridge protocol's frames; both ends use it."""

import trio

from actors.errors import ProtocolViolation
from actors.mt5.wire import FrameReader

_CHUNK_BYTES = 65_536


class FramedStream:
    """Frames over a byte stream. Loss shows as trio.BrokenResourceError or ClosedResourceError.

    ``bytes_received`` tells a peer that is slow from one that is silent.
    """

    def __init__(self, stream: trio.abc.Stream) -> None:
        self._stream = stream
        self._reader = FrameReader()
        self._violation: ProtocolViolation | None = None
        self.bytes_received = 0

    async def send(self, frames: bytes) -> None:
        """Send one or more encoded frames; one task at a time."""
        await self._stream.send_all(frames)

    async def receive(self) -> list[bytes]:
        """Return the next complete payloads, empty at a clean end. Raises ProtocolViolation.

        Payloads before a violation are returned first, however the bytes were sliced.
        """
        while self._violation is None:
            received = await self._stream.receive_some(_CHUNK_BYTES)
            if not received:
                if self._reader.is_between_frames:
                    return []
                raise ProtocolViolation("the stream ended inside a frame")
            self.bytes_received += len(received)
            payloads: list[bytes] = []
            try:
                payloads.extend(self._reader.feed(received))
            except ProtocolViolation as violation:
                self._violation = violation
            if payloads:
                return payloads
        raise self._violation

    async def receive_one(self) -> bytes:
        """Return the one payload of a hello's turn. Raises ProtocolViolation."""
        payloads = await self.receive()
        if len(payloads) != 1:
            raise ProtocolViolation("the hello ended, or did not wait for its turn")
        return payloads[0]

    async def abort(self) -> None:
        """Close without ceremony."""
        await trio.aclose_forcefully(self._stream)
