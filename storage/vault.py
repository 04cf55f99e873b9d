"""The vault: investor passwords as AES-256-GCM envelopes, each bound to its own row.

Every record has a data key of its own, wrapped by the key-encryption key that the header names.
Both layers carry the same additional data (purpose, version, key id, instance id, login,
server), so an envelope copied to another row, column or account does not open. The key is
looked up by its exact id: there is no trial decryption, and every doubt is a VaultError.
"""

import base64
import binascii
import hashlib
import hmac
import os
import struct
from collections.abc import Callable, Mapping
from uuid import UUID

from attrs import frozen
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = 1
_KEY_BYTES = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16
_WRAPPED_BYTES = _KEY_BYTES + _TAG_BYTES
_DISTINCT_BYTES = 16  # 32 random bytes show about 30 distinct values; 16 never by chance
_SEALS_PER_KEY = 2**31  # half of what NIST SP 800-38D allows for random 96-bit nonces
_KID_BYTES = 32


class VaultError(Exception):
    """The vault refuses: unknown key, changed envelope, wrong row, or a weak key.

    The text never holds a secret, a key or a ciphertext.
    """


@frozen
class Context:
    """The row that an envelope belongs to. A different value in any field does not open it."""

    instance_id: UUID
    login: str
    server: str
    purpose: str = "investor_pass"


@frozen
class _Parts:
    kid: str
    wrap_nonce: bytes
    wrapped: bytes
    nonce: bytes
    sealed: bytes


class Vault:
    """Seals and opens envelopes with a keyring of key-encryption keys.

    ``keys`` maps key id (1-32 ASCII letters, digits, ``-_.``) to 32 random bytes; ``current``
    names the one that new envelopes use; ``pepper`` (32 bytes or more) keys the fingerprints.
    ``random_bytes`` is the operating system's generator, replaced only to prove that a broken
    one is refused. Raises VaultError on a weak or missing key.
    """

    def __init__(
        self,
        keys: Mapping[str, bytes],
        current: str,
        pepper: bytes,
        random_bytes: Callable[[int], bytes] = os.urandom,
    ) -> None:
        for kid, key in keys.items():
            _check_kid(kid)
            check_key(f"key {kid}", key, exact=True)
        check_key("pepper", pepper)
        if current not in keys:
            raise VaultError(f"the current key id {current!r} is not in the keyring")
        self._keys = dict(keys)
        self._current = current
        self._pepper = pepper
        self._random = random_bytes
        self._seals = dict.fromkeys(keys, 0)
        self._last_draw = b""

    def __repr__(self) -> str:
        """Name the key ids, never the keys."""
        return f"Vault(keys={sorted(self._keys)}, current={self._current!r})"

    @property
    def current(self) -> str:
        """Id of the key that new envelopes use."""
        return self._current

    def seal(self, secret: str, context: Context) -> str:
        """Return ``secret`` as a base64url envelope bound to ``context``."""
        return self._seal_under(self._current, secret, context)

    def open(self, envelope: str, context: Context) -> str:
        """Return the secret of ``envelope``. Raises VaultError unless everything fits."""
        parts = _parse(envelope)
        bound = _bound_to(parts.kid, context)
        try:
            data_key = AESGCM(self._key(parts.kid)).decrypt(parts.wrap_nonce, parts.wrapped, bound)
            return AESGCM(data_key).decrypt(parts.nonce, parts.sealed, bound).decode()
        except InvalidTag:
            raise VaultError("the envelope was changed or belongs to another row") from None

    def rewrap(self, envelope: str, context: Context, kid: str | None = None) -> str:
        """Return the same secret under ``kid`` (the current key unless one is named).

        The record is sealed anew with a fresh data key, because the key id is bound into both
        layers; so a rotation also proves that every stored envelope still opens.
        """
        return self._seal_under(kid or self._current, self.open(envelope, context), context)

    def fingerprint(self, login: str, server: str, password: str) -> bytes:
        """Return the keyed fingerprint (32 bytes) that only tells whether credentials changed."""
        message = _framed(b"fingerprint-v1", login, server, password)
        return hmac.new(self._pepper, message, hashlib.sha256).digest()

    def _seal_under(self, kid: str, secret: str, context: Context) -> str:
        key, bound = self._key(kid), _bound_to(kid, context)
        self._count(kid)
        data_key, wrap_nonce, nonce = self._draw()
        wrapped = AESGCM(key).encrypt(wrap_nonce, data_key, bound)
        sealed = AESGCM(data_key).encrypt(nonce, secret.encode(), bound)
        name = kid.encode()
        header = bytes([_VERSION, len(name)]) + name
        packed = header + wrap_nonce + wrapped + nonce + sealed
        return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()

    def _key(self, kid: str) -> bytes:
        try:
            return self._keys[kid]
        except KeyError:
            raise VaultError(f"key id {kid!r} is not in the keyring") from None

    def _count(self, kid: str) -> None:
        if self._seals[kid] >= _SEALS_PER_KEY:
            raise VaultError(f"key {kid!r} has sealed too much: rotate to a new key")
        self._seals[kid] += 1

    def _draw(self) -> tuple[bytes, bytes, bytes]:
        size = _KEY_BYTES + 2 * _NONCE_BYTES
        draw = self._random(size)
        if len(draw) != size or draw == self._last_draw:
            raise VaultError("the random generator repeats itself")
        self._last_draw = draw
        return draw[:_KEY_BYTES], draw[_KEY_BYTES:-_NONCE_BYTES], draw[-_NONCE_BYTES:]


def key_id_of(envelope: str) -> str:
    """Return the key id that ``envelope`` names, without opening it. Raises VaultError."""
    return _parse(envelope).kid


def check_key(name: str, key: bytes, *, exact: bool = False) -> None:
    """Raise VaultError unless ``key`` looks like 32 random bytes (``exact``), or more.

    Text is refused whole: random bytes are never all printable, a placeholder always is.
    """
    if len(key) < _KEY_BYTES or (exact and len(key) != _KEY_BYTES):
        raise VaultError(f"{name} must be {_KEY_BYTES} random bytes, got {len(key)}")
    if len(set(key)) < _DISTINCT_BYTES or all(32 <= byte < 127 for byte in key):
        raise VaultError(f"{name} is a placeholder or text, not random bytes")


def _check_kid(kid: str) -> None:
    allowed = all(mark.isalnum() or mark in "-_." for mark in kid)
    if not kid or not kid.isascii() or not allowed or len(kid) > _KID_BYTES:
        raise VaultError(f"key id {kid!r} must be 1-{_KID_BYTES} ASCII letters, digits or -_.")


def _framed(*fields: str | bytes) -> bytes:
    """Join fields with their lengths, so that no two different lists give the same bytes."""
    raw = [part if isinstance(part, bytes) else part.encode() for part in fields]
    return b"".join(struct.pack(">I", len(part)) + part for part in raw)


def _bound_to(kid: str, context: Context) -> bytes:
    version = bytes([_VERSION])
    row = context.instance_id.bytes
    return _framed(context.purpose, version, kid, row, context.login, context.server)


def _parse(envelope: str) -> _Parts:
    packed = _unpacked(envelope)
    if len(packed) < 2 or packed[0] != _VERSION:
        raise VaultError("the envelope is of an unknown version")
    wrap = 2 + packed[1]
    wrapped = wrap + _NONCE_BYTES
    nonce = wrapped + _WRAPPED_BYTES
    sealed = nonce + _NONCE_BYTES
    if len(packed) < sealed + _TAG_BYTES:
        raise VaultError("the envelope is cut short")
    return _Parts(
        kid=_ascii(packed[2:wrap]),
        wrap_nonce=packed[wrap:wrapped],
        wrapped=packed[wrapped:nonce],
        nonce=packed[nonce:sealed],
        sealed=packed[sealed:],
    )


def _ascii(name: bytes) -> str:
    try:
        return name.decode("ascii")
    except UnicodeDecodeError:
        raise VaultError("the envelope's key id is damaged") from None


def _unpacked(envelope: str) -> bytes:
    """Decode canonical base64url: one envelope has exactly one text form."""
    try:
        packed = base64.b64decode(envelope + "=" * (-len(envelope) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise VaultError("the envelope is no base64url text") from None
    if base64.urlsafe_b64encode(packed).rstrip(b"=").decode() != envelope:
        raise VaultError("the envelope is not in its canonical form")
    return packed
