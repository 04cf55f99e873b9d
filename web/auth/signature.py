"""Server-to-server signatures (CONTRACT 1): what is signed, and how a signature is checked.

Pure: bytes in, a verified key or a reason out. The reason is for the log; the client only ever
sees one uniform 401. The nonce is claimed by the caller afterwards, because only a request whose
signature holds may use up a nonce.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from attrs import frozen

from web.ports import SiteKey

SIGNATURE_HEADER = "x-onefunders-signature"
TIMESTAMP_HEADER = "x-onefunders-timestamp"
NONCE_HEADER = "x-onefunders-nonce"
KEY_HEADER = "x-onefunders-key"

PRIMARY_KEY_ID = "primary"
TOLERANCE_SECONDS = 300
# Longer than a request can stay valid (its stamp may lie 300 s ahead, and then live 300 s more).
NONCE_LIFE = timedelta(minutes=11)
MIN_SECRET_BYTES = 32

_VERSION = "v1"
_NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
_KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_TIMESTAMP = re.compile(r"[0-9]{10}")
_SIGNATURES = re.compile(r"v1=[0-9a-f]{64}(?:,v1=[0-9a-f]{64})?")
_ORIGIN = re.compile(r"https?://[a-z0-9.\[\]:-]+")
_METHOD = re.compile(r"[A-Z]{1,16}")
_TARGET = re.compile(rb"/[!-~]*")


class SignatureFault(StrEnum):
    """Why a signature was refused; written to the log, never sent."""

    MISSING = "missing_header"
    DUPLICATE = "duplicate_header"
    FORM = "header_form"
    REQUEST_FORM = "request_form"
    UNKNOWN_KEY = "unknown_key"
    TIMESTAMP = "timestamp_outside_window"
    SIGNATURE = "signature_mismatch"
    REPLAYED = "nonce_replayed"


class SignatureRefused(Exception):
    """The request is not signed by a key that we know. ``skew_seconds`` where it is known."""

    def __init__(self, fault: SignatureFault, skew_seconds: int | None = None) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.skew_seconds = skew_seconds


@frozen
class SignedRequest:
    """A request as it came over the wire: ``target`` is the path with its query, as sent."""

    method: str
    target: bytes
    headers: tuple[tuple[str, str], ...]
    body: bytes


@frozen
class SignatureHeaders:
    """The four headers, each in its strict form. ``timestamp`` is unix seconds as ten digits."""

    key_id: str
    timestamp: str
    nonce: str
    signatures: tuple[str, ...]


@frozen
class Verified:
    """A signature that holds: the key, and the nonce that is still to be claimed."""

    key: SiteKey
    nonce: str
    nonce_expires_at: datetime
    skew_seconds: int


def signed_text(
    *,
    key_id: str,
    audience: str,
    method: str,
    target: bytes,
    timestamp: str,
    nonce: str,
    body: bytes,
) -> bytes:
    """The text under the signature: eight lines, each ended by a newline (CONTRACT 1).

    Raises ValueError when a field has a character that could forge a line.
    """
    for form, value in ((_KEY_ID, key_id), (_ORIGIN, audience), (_METHOD, method)):
        _demand(form.fullmatch(value) is not None)
    _demand(_TIMESTAMP.fullmatch(timestamp) is not None)
    _demand(_NONCE.fullmatch(nonce) is not None)
    _demand(_TARGET.fullmatch(target) is not None)
    lines = (
        _VERSION,
        key_id,
        audience,
        method,
        target.decode("ascii"),
        timestamp,
        nonce,
        hashlib.sha256(body).hexdigest(),
    )
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def _demand(holds: bool) -> None:
    if not holds:
        raise ValueError("a signed field has a character outside its set")


def sign(secret: bytes, text: bytes) -> str:
    """HMAC-SHA256 of the text as 64 lower-case hex digits."""
    return hmac.new(secret, text, hashlib.sha256).hexdigest()


def read_headers(headers: Iterable[tuple[str, str]]) -> SignatureHeaders:
    """The signature's headers in strict form. Raises SignatureRefused."""
    found: dict[str, str] = {}
    for name, value in headers:
        lowered = name.lower()
        if lowered not in _FORMS:
            continue
        if lowered in found:
            raise SignatureRefused(SignatureFault.DUPLICATE)
        found[lowered] = value
    found.setdefault(KEY_HEADER, PRIMARY_KEY_ID)
    for name, form in _FORMS.items():
        if name not in found:
            raise SignatureRefused(SignatureFault.MISSING)
        if form.fullmatch(found[name]) is None:
            raise SignatureRefused(SignatureFault.FORM)
    return SignatureHeaders(
        key_id=found[KEY_HEADER],
        timestamp=found[TIMESTAMP_HEADER],
        nonce=found[NONCE_HEADER],
        signatures=tuple(part.removeprefix("v1=") for part in found[SIGNATURE_HEADER].split(",")),
    )


_FORMS = {
    SIGNATURE_HEADER: _SIGNATURES,
    TIMESTAMP_HEADER: _TIMESTAMP,
    NONCE_HEADER: _NONCE,
    KEY_HEADER: _KEY_ID,
}


def verify(
    request: SignedRequest,
    ring: Mapping[str, SiteKey],
    audiences: Iterable[str],
    now: datetime,
) -> Verified:
    """The key that signed the request for one of our origins. Raises SignatureRefused.

    Order: headers' form, key, timestamp (±300 s), signature.
    """
    headers = read_headers(request.headers)
    if _METHOD.fullmatch(request.method) is None or _TARGET.fullmatch(request.target) is None:
        raise SignatureRefused(SignatureFault.REQUEST_FORM)
    key = ring.get(headers.key_id)
    if key is None:
        raise SignatureRefused(SignatureFault.UNKNOWN_KEY)
    skew = int(headers.timestamp) - int(now.timestamp())
    if abs(skew) > TOLERANCE_SECONDS:
        raise SignatureRefused(SignatureFault.TIMESTAMP, skew)
    if not _signed_for_us(request, headers, key.secret, audiences):
        raise SignatureRefused(SignatureFault.SIGNATURE, skew)
    return Verified(key, headers.nonce, now + NONCE_LIFE, skew)


def _signed_for_us(
    request: SignedRequest, headers: SignatureHeaders, secret: bytes, audiences: Iterable[str]
) -> bool:
    """Compare every candidate, so that the time says nothing about which one came close."""
    holds = False
    for audience in audiences:
        text = signed_text(
            key_id=headers.key_id,
            audience=audience,
            method=request.method,
            target=request.target,
            timestamp=headers.timestamp,
            nonce=headers.nonce,
            body=request.body,
        )
        expected = sign(secret, text)
        for signature in headers.signatures:
            holds |= hmac.compare_digest(expected, signature)
    return holds


_PLACEHOLDERS = (b"changeme", b"change-me", b"placeholder", b"secret", b"example", b"password")


def key_ring(keys: Iterable[SiteKey]) -> Mapping[str, SiteKey]:
    """Keys by id. Raises ValueError on a doubled id, a short secret or a placeholder."""
    ring: dict[str, SiteKey] = {}
    for key in keys:
        if _KEY_ID.fullmatch(key.key_id) is None or key.key_id in ring:
            raise ValueError(f"key id {key.key_id!r} is malformed or doubled")
        if len(key.secret) < MIN_SECRET_BYTES or len(set(key.secret)) < 8:
            raise ValueError(f"secret of key {key.key_id!r} is not 32 random bytes")
        if any(word in key.secret.lower() for word in _PLACEHOLDERS):
            raise ValueError(f"secret of key {key.key_id!r} is a placeholder")
        ring[key.key_id] = key
    return ring


def origins(configured: Iterable[str]) -> frozenset[str]:
    """The server's own origins, ``scheme://host[:port]`` in lower case. Raises ValueError."""
    checked = frozenset(configured)
    if not checked or not all(_ORIGIN.fullmatch(origin) for origin in checked):
        raise ValueError("audiences must be origins such as https://api.example.com")
    return checked
