"""The stream's opening hello without I/O: both sides prove the shared secret (MT5 3).

    supervisor → bridge   SupervisorHello(nonce)
    bridge → supervisor   BridgeHello(nonce, proof as bridge)
    supervisor → bridge   SupervisorProof(proof as supervisor)
    bridge → supervisor   Welcome

A proof is HMAC-SHA256 over the role and both nonces, so that neither side can be made to answer
its own challenge, and a recorded hello is worth nothing. The bridge proves itself first: no
password leaves the supervisor before. The secret never goes over the wire.
"""

import hashlib
import hmac
from typing import Literal

from actors.errors import ProtocolViolation
from actors.mt5.wire import decode_as, encode_frame
from actors.mt5.wire_fields import VERSION
from actors.mt5.wire_requests import BridgeHello, SupervisorHello, SupervisorProof, Welcome

SECRET_MIN_BYTES = 32
NONCE_BYTES = 32
_CONTEXT = b"onefunders-analyze bridge hello v1"

Role = Literal["supervisor", "bridge"]


class HandshakeFailed(ProtocolViolation):
    """The peer did not prove that it knows the shared secret."""


def prove(secret: bytes, role: Role, supervisor_nonce: bytes, bridge_nonce: bytes) -> bytes:
    """Return the proof that ``role`` knows ``secret``, bound to both nonces."""
    text = b"\n".join((_CONTEXT, role.encode(), supervisor_nonce.hex().encode(), bridge_nonce))
    return hmac.digest(secret, text, hashlib.sha256)


def check_secret(secret: bytes) -> bytes:
    """Return ``secret``, or raise ValueError when it is shorter than 32 bytes."""
    if len(secret) < SECRET_MIN_BYTES:
        raise ValueError(f"the bridge secret must have at least {SECRET_MIN_BYTES} bytes")
    return secret


class SupervisorHandshake:
    """The supervisor's side. ``nonce`` is 32 fresh random bytes."""

    def __init__(self, secret: bytes, nonce: bytes) -> None:
        self._secret = check_secret(secret)
        self._nonce = nonce

    def hello(self) -> bytes:
        """Return the first frame."""
        return encode_frame(SupervisorHello(VERSION, self._nonce))

    def answer(self, payload: bytes) -> bytes:
        """Check the bridge's hello and return our proof. Raises ProtocolViolation."""
        hello = decode_as(BridgeHello, payload)
        expected = prove(self._secret, "bridge", self._nonce, hello.nonce)
        if not hmac.compare_digest(expected, hello.proof):
            raise HandshakeFailed("the bridge did not prove the shared secret")
        proof = prove(self._secret, "supervisor", self._nonce, hello.nonce)
        return encode_frame(SupervisorProof(VERSION, proof))

    def finish(self, payload: bytes) -> Welcome:
        """Read the bridge's welcome. Raises ProtocolViolation."""
        return decode_as(Welcome, payload)


class BridgeHandshake:
    """The bridge's side. ``nonce`` is 32 fresh random bytes."""

    def __init__(self, secret: bytes, nonce: bytes) -> None:
        self._secret = check_secret(secret)
        self._nonce = nonce
        self._peer_nonce = b""

    def answer(self, payload: bytes) -> bytes:
        """Read the supervisor's hello and return ours. Raises ProtocolViolation."""
        self._peer_nonce = decode_as(SupervisorHello, payload).nonce
        proof = prove(self._secret, "bridge", self._peer_nonce, self._nonce)
        return encode_frame(BridgeHello(VERSION, self._nonce, proof))

    def finish(self, payload: bytes, *, build: str, slots: int) -> bytes:
        """Check the supervisor's proof and return the welcome. Raises ProtocolViolation."""
        given = decode_as(SupervisorProof, payload).proof
        expected = prove(self._secret, "supervisor", self._peer_nonce, self._nonce)
        if not hmac.compare_digest(expected, given):
            raise HandshakeFailed("the supervisor did not prove the shared secret")
        return encode_frame(Welcome(VERSION, build, slots))
