"""Seals: the firm's signature (Ed25519) under the evidence of a violation.

Made in the moment of storing, so that evidence changed later no longer fits its seal. The
stand-alone checker (``supervisor/check_evidence.py``) reads the same byte form.
"""

import json
from collections.abc import Mapping
from typing import Any

from attrs import evolve
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from actors.domain.violation import Seal, Violation


class SealError(ValueError):
    """A key that is none, or evidence that has no exact byte form."""


class Sealer:
    """Signs with one key: 64 hexadecimal digits, the 32 bytes of an Ed25519 seed."""

    def __init__(self, key: bytes) -> None:
        try:
            self._key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(key.decode().strip()))
        except ValueError as error:
            raise SealError("an evidence key is 64 hexadecimal digits") from error

    @property
    def public_key(self) -> bytes:
        """The 32 bytes that everybody may know."""
        return self._key.public_key().public_bytes_raw()

    def sealed(self, violation: Violation) -> Violation:
        """The violation with the seal of its evidence. Raises SealError."""
        signature = self._key.sign(canonical(violation.evidence))
        return evolve(violation, seal=Seal(self.public_key, signature))


def canonical(evidence: Mapping[str, Any]) -> bytes:
    """The byte form that is signed: sorted keys, no spaces, UTF-8. Raises SealError on a float."""
    _refuse_floats(evidence, "evidence")
    text = json.dumps(evidence, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def holds(seal: Seal, evidence: Mapping[str, Any]) -> bool:
    """True when the seal was made of this evidence."""
    try:
        key = Ed25519PublicKey.from_public_bytes(seal.public_key)
        key.verify(seal.signature, canonical(evidence))
    except InvalidSignature:
        return False
    return True


def _refuse_floats(value: Any, path: str) -> None:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _refuse_floats(inner, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            _refuse_floats(inner, f"{path}[{number}]")
    elif value is not None and not isinstance(value, bool | int | str):
        allowed = "text, integers, true, false and null"
        raise SealError(f"{path} is a {type(value).__name__}; allowed: {allowed}")
