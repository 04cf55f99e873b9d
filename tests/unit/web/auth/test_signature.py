"""Signatures: the shared vectors, and no covered byte can change unnoticed."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.signature_vectors import KEYS, NOW, ORIGIN, TARGET, document, vector
from web.auth.signature import SignatureRefused, SignedRequest, key_ring, signed_text, verify
from web.ports import SiteKey

RING = key_ring(
    SiteKey(key_id, "shop", frozenset({"connect"}), secret.encode())
    for key_id, secret in KEYS.items()
)
VECTORS = json.loads(TARGET.read_text("utf-8"))["vectors"]


def request_of(case: dict[str, Any]) -> SignedRequest:
    """The request that a vector describes."""
    headers = (
        ("X-OneFunders-Signature", case["sent_signature"]),
        ("X-OneFunders-Timestamp", case["timestamp"]),
        ("X-OneFunders-Nonce", case["nonce"]),
        ("X-OneFunders-Key", case["key_id"]),
    )
    body = base64.b64decode(case["body_base64"])
    return SignedRequest(case["method"], case["target"].encode(), headers, body)


def passes(request: SignedRequest, now: int = NOW) -> bool:
    """Whether the server lets the request in."""
    try:
        verify(request, RING, [ORIGIN], datetime.fromtimestamp(now, UTC))
    except SignatureRefused:
        return False
    return True


def test_the_vectors_are_fresh_and_many() -> None:
    """The committed file is the generator's, with at least forty cases."""
    assert TARGET.read_text("utf-8") == document()
    assert len(VECTORS) >= 40


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["name"])
def test_vector(case: dict[str, Any]) -> None:
    """Each vector is accepted or refused as it says, and accepted ones have the same text."""
    assert passes(request_of(case), case["now"]) is case["accepted"]
    if case["accepted"]:
        text = signed_text(
            key_id=case["key_id"],
            audience=ORIGIN,
            method=case["method"],
            target=case["target"].encode(),
            timestamp=case["timestamp"],
            nonce=case["nonce"],
            body=base64.b64decode(case["body_base64"]),
        )
        assert text.decode() == case["signed_text"]


def flipped(raw: bytes, bit: int) -> bytes:
    """``raw`` with one bit changed."""
    place, shift = divmod(bit % (len(raw) * 8), 8)
    return raw[:place] + bytes([raw[place] ^ (1 << shift)]) + raw[place + 1 :]


@settings(max_examples=600, deadline=None)
@given(
    st.sampled_from(["method", "target", "body", "timestamp", "nonce", "signature"]), st.integers(0)
)
def test_any_flipped_bit_is_refused(part: str, bit: int) -> None:
    """Method, target, body, time, nonce and signature are covered to the bit."""
    case = vector("flip", accepted=True, target="/api/s2s/accounts?page=2")
    good = request_of(case)
    assert passes(good)
    headers = dict(good.headers)
    names = {"timestamp": "Timestamp", "nonce": "Nonce", "signature": "Signature"}
    if part in names:
        name = f"X-OneFunders-{names[part]}"
        headers[name] = flipped(headers[name].encode(), bit).decode("latin-1")
    changed = SignedRequest(
        flipped(good.method.encode(), bit).decode("latin-1") if part == "method" else good.method,
        flipped(good.target, bit) if part == "target" else good.target,
        tuple(headers.items()),
        flipped(good.body, bit) if part == "body" else good.body,
    )
    assert not passes(changed)


@pytest.mark.parametrize("name", ["Signature", "Timestamp", "Nonce", "Key"])
def test_doubled_headers_are_refused(name: str) -> None:
    """Two of a header could be read differently by two parties."""
    good = request_of(vector("double", accepted=True))
    twice = next(pair for pair in good.headers if pair[0].endswith(name))
    assert not passes(SignedRequest(good.method, good.target, (*good.headers, twice), good.body))


@pytest.mark.parametrize("name", ["Signature", "Timestamp", "Nonce"])
def test_missing_headers_are_refused(name: str) -> None:
    """All but the key's name are needed; without it the primary key is meant."""
    good = request_of(vector("missing", accepted=True))
    fewer = tuple(pair for pair in good.headers if not pair[0].endswith(name))
    assert not passes(SignedRequest(good.method, good.target, fewer, good.body))
    unnamed = tuple(pair for pair in good.headers if not pair[0].endswith("Key"))
    assert passes(SignedRequest(good.method, good.target, unnamed, good.body))
