"""Fields that messages of the bridge protocol share, and the messages' base (MT5 3).

A frame's payload is ``[version, request_id, …, [tag, fields…]]``. Every field is required and an
extra array member is refused, so that both sides agree on one version or do not talk at all.
Money is an integer in minor units, prices and volumes are decimal strings, and a time is the
broker's wall milliseconds; the supervisor derives UTC, because its server zones are the authority.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

Version = Literal[1]
VERSION: Version = 1
RequestId = Annotated[int, Meta(ge=1, le=2**53)]
SessionId = Annotated[int, Meta(ge=1, le=2**53)]
Ticket = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Minor = Annotated[int, Meta(ge=-(10**17), le=10**17)]
Count = Annotated[int, Meta(ge=0, le=2**31)]
Milliseconds = Annotated[int, Meta(ge=0, le=2**40)]
BrokerMsc = Annotated[int, Meta(ge=0, le=7_258_118_400_000)]
Digits = Annotated[int, Meta(ge=0, le=8)]
Price = Annotated[str, Meta(pattern=r"\A-?[0-9]{1,12}(\.[0-9]{1,10})?\Z")]
Volume = Annotated[str, Meta(pattern=r"\A[0-9]{1,12}(\.[0-9]{1,8})?\Z")]
LoginText = Annotated[str, Meta(pattern=r"\A[1-9][0-9]{0,18}\Z")]
SymbolName = Annotated[str, Meta(max_length=32)]
Text = Annotated[str, Meta(max_length=128)]
Secret = Annotated[str, Meta(min_length=1, max_length=64)]
Bytes32 = Annotated[bytes, Meta(min_length=32, max_length=32)]
OffsetSeconds = Annotated[int, Meta(ge=-50400, le=50400)]
OffsetSource = Literal["configured", "detected", "unknown"]
SlotState = Literal[
    "cold", "starting", "idle", "logging_in", "history_loading", "ready", "draining", "dead"
]
PageLimit = Annotated[int, Meta(ge=1, le=2000)]


class Message(
    Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False, cache_hash=False
):
    """Base of every message: immutable, an array on the wire, nothing missing, nothing extra."""
