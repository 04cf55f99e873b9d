"""The hello: both sides prove the shared secret, and nothing recorded is worth anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.errors import ProtocolViolation
from actors.mt5 import wire
from actors.mt5.wire_fields import VERSION
from actors.mt5.wire_handshake import (
    BridgeHandshake,
    HandshakeFailed,
    SupervisorHandshake,
    check_secret,
)
from actors.mt5.wire_requests import SupervisorProof

SECRET, OTHER = b"s" * 32, b"o" * 32
NONCES = [bytes([number]) * 32 for number in range(4)]


def payload(frame: bytes) -> bytes:
    """Return a frame's payload."""
    return frame[4:]


def test_two_that_know_the_secret_agree() -> None:
    """Each side accepts the other, and the welcome says who answers."""
    supervisor, bridge = SupervisorHandshake(SECRET, NONCES[0]), BridgeHandshake(SECRET, NONCES[1])
    proof = supervisor.answer(payload(bridge.answer(payload(supervisor.hello()))))
    welcome = bridge.finish(payload(proof), build="b", slots=3)
    assert supervisor.finish(payload(welcome)).slots == 3
    for frame in (supervisor.hello(), proof, welcome):
        assert SECRET not in frame


def test_a_bridge_without_the_secret_is_refused() -> None:
    """The supervisor stops before it has proved, or sent, anything of worth."""
    supervisor, bridge = SupervisorHandshake(SECRET, NONCES[0]), BridgeHandshake(OTHER, NONCES[1])
    with pytest.raises(HandshakeFailed):
        supervisor.answer(payload(bridge.answer(payload(supervisor.hello()))))


def test_a_recorded_bridge_hello_is_refused() -> None:
    """A true bridge's hello to one supervisor nonce proves nothing to another."""
    first, bridge = SupervisorHandshake(SECRET, NONCES[0]), BridgeHandshake(SECRET, NONCES[1])
    recorded = payload(bridge.answer(payload(first.hello())))
    with pytest.raises(HandshakeFailed):
        SupervisorHandshake(SECRET, NONCES[2]).answer(recorded)


def test_a_recorded_supervisor_is_refused() -> None:
    """Hello and proof of a true supervisor, played again, fail on the bridge's fresh nonce."""
    supervisor, bridge = SupervisorHandshake(SECRET, NONCES[0]), BridgeHandshake(SECRET, NONCES[1])
    hello = payload(supervisor.hello())
    proof = payload(supervisor.answer(payload(bridge.answer(hello))))
    again = BridgeHandshake(SECRET, NONCES[2])
    again.answer(hello)
    with pytest.raises(HandshakeFailed):
        again.finish(proof, build="b", slots=1)


def test_a_proof_is_of_its_role() -> None:
    """A bridge's own proof, sent back to it, is no supervisor's: nonces mirrored or not."""
    for nonce in NONCES[:2]:
        bridge = BridgeHandshake(SECRET, NONCES[1])
        hello = payload(bridge.answer(payload(SupervisorHandshake(OTHER, nonce).hello())))
        reflected = wire.encode_frame(SupervisorProof(VERSION, hello[-32:]))
        with pytest.raises(HandshakeFailed):
            bridge.finish(payload(reflected), build="b", slots=1)


@given(st.binary(max_size=120))
def test_any_other_bytes_are_a_violation(received: bytes) -> None:
    """Whatever comes instead of a hello, a proof or a welcome, both sides refuse it."""
    supervisor, bridge = SupervisorHandshake(SECRET, NONCES[0]), BridgeHandshake(SECRET, NONCES[1])
    for read in (supervisor.answer, supervisor.finish, bridge.answer):
        with pytest.raises(ProtocolViolation):
            read(received)
    bridge.answer(payload(supervisor.hello()))
    with pytest.raises(ProtocolViolation):
        bridge.finish(received, build="b", slots=1)


def test_a_short_secret_is_refused() -> None:
    """A secret under 32 bytes is a configuration error that says so."""
    with pytest.raises(ValueError, match="at least 32 bytes"):
        check_secret(b"s" * 31)
