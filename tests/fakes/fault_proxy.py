"""A TCP proxy that does to a stream what networks do: slow, cut, swallow, spoil and repeat it."""

import socket
import struct
from enum import StrEnum
from random import Random

import trio
from attrs import define, field

from actors.mt5.wire import FrameReader

_CHUNK = 65_536


class Harm(StrEnum):
    """What befalls a lane once ``after_bytes`` have passed. BLACKHOLE and DUPLICATE go on."""

    RESET = "reset"
    TRUNCATE = "truncate"
    HALF_CLOSE = "half_close"
    BLACKHOLE = "blackhole"
    GARBAGE = "garbage"
    DUPLICATE = "duplicate"


@define
class Lane:
    """One direction of every connection; tests set its fields while bytes flow.

    ``latency`` and ``jitter`` in seconds a slice, ``slice_bytes`` the greatest slice passed on,
    ``bytes_per_second`` the bandwidth. ``harm`` strikes ``after_bytes`` more bytes, and GARBAGE
    puts ``garbage`` into the stream there.
    """

    latency: float = 0.0
    jitter: float = 0.0
    slice_bytes: int = _CHUNK
    bytes_per_second: float = float("inf")
    harm: Harm | None = None
    after_bytes: int = 0
    garbage: bytes = b"\xc1" * 4096
    record: bytearray = field(factory=bytearray)
    _random: Random = field(factory=lambda: Random(21))

    def strike(self, harm: Harm, after_bytes: int = 0) -> None:
        """Let ``harm`` befall the stream after that many more bytes."""
        self.harm, self.after_bytes = harm, after_bytes

    def heal(self) -> None:
        """Pass everything on at once, as it is."""
        self.latency, self.jitter, self.harm, self.after_bytes = 0.0, 0.0, None, 0
        self.slice_bytes, self.bytes_per_second = _CHUNK, float("inf")

    def seconds(self, length: int) -> float:
        """Return how long a slice takes."""
        return self.latency + self.jitter * self._random.random() + length / self.bytes_per_second


class FaultProxy:
    """Stands between a client and the server at ``port`` on loopback."""

    def __init__(self, port: int) -> None:
        self._target = port
        self.up = Lane()
        self.down = Lane()
        self.connections = 0

    async def serve(self, *, task_status: trio.TaskStatus[int] = trio.TASK_STATUS_IGNORED) -> None:
        """Accept until cancelled; reports the port by ``task_status``."""
        listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
        task_status.started(listeners[0].socket.getsockname()[1])
        await trio.serve_listeners(self._relay, listeners)

    def heal(self) -> None:
        """Be a plain wire again; streams already harmed stay harmed."""
        self.up.heal()
        self.down.heal()

    async def _relay(self, client: trio.SocketStream) -> None:
        self.connections += 1
        server = await trio.open_tcp_stream("127.0.0.1", self._target)
        async with client, server, trio.open_nursery() as nursery:
            nursery.start_soon(_pump, client, server, self.up, nursery.cancel_scope)
            nursery.start_soon(_pump, server, client, self.down, nursery.cancel_scope)


async def _pump(
    source: trio.SocketStream, target: trio.SocketStream, lane: Lane, both: trio.CancelScope
) -> None:
    """Carry one direction; its end, but for a half-close, is the end of the connection."""
    try:
        half = await _carry(source, target, lane)
    except (trio.BrokenResourceError, trio.ClosedResourceError):
        half = False  # one side is gone, so the other goes too
    if not half:
        both.cancel()


async def _carry(source: trio.SocketStream, target: trio.SocketStream, lane: Lane) -> bool:
    """Pass bytes on until the source ends or a harm strikes; True when it was a half-close."""
    frames = FrameReader()
    while chunk := await source.receive_some(_CHUNK):
        for at in range(0, len(chunk), lane.slice_bytes):
            piece = chunk[at : at + lane.slice_bytes]
            await trio.sleep(lane.seconds(len(piece)))
            lane.record += piece
            await _pass_on(piece, target, lane, frames)
            if _has_struck(lane, piece):
                return await _strike(source, target, lane)
    return False


async def _pass_on(
    piece: bytes, target: trio.SocketStream, lane: Lane, frames: FrameReader
) -> None:
    if lane.harm is Harm.DUPLICATE:
        for payload in frames.feed(piece):
            await target.send_all((len(payload).to_bytes(4, "big") + payload) * 2)
        return
    whole = lane.harm is None or len(piece) < lane.after_bytes
    await target.send_all(piece if whole else piece[: lane.after_bytes])


def _has_struck(lane: Lane, piece: bytes) -> bool:
    """Count a slice towards the harm; True when the stream's fate is due now."""
    if lane.harm is None or lane.harm is Harm.DUPLICATE:
        return False
    reached = len(piece) >= lane.after_bytes
    lane.after_bytes = max(0, lane.after_bytes - len(piece))
    return reached and lane.harm is not Harm.BLACKHOLE


async def _strike(source: trio.SocketStream, target: trio.SocketStream, lane: Lane) -> bool:
    """Do the harm once; True when the other direction goes on."""
    harm, lane.harm = lane.harm, None
    if harm is Harm.GARBAGE:
        await target.send_all(lane.garbage)
        await trio.sleep_forever()  # what follows belongs to nobody
    if harm is Harm.RESET:
        for stream in (source, target):
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    if harm is Harm.HALF_CLOSE:
        await target.send_eof()
    return harm is Harm.HALF_CLOSE
