"""Seals: what the library signs, the stand-alone checker verifies, and nothing else."""

import json
import os
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.seals import Sealer, SealError, canonical, holds
from supervisor import check_evidence
from tests.store_builders import violation

LEAVES = st.none() | st.booleans() | st.integers() | st.text()
DOCUMENTS = st.dictionaries(
    st.text(),
    st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)),
)


@given(document=DOCUMENTS)
@settings(max_examples=40, deadline=None)
def test_both_sides_have_one_byte_form(document: dict[str, Any]) -> None:
    """Whatever evidence holds, also after a journey as JSON, the checker signs the same bytes."""
    travelled = json.loads(json.dumps(document))
    assert check_evidence.canonical(travelled) == canonical(document)


@given(document=DOCUMENTS, seed=st.binary(min_size=32, max_size=32), flip=st.integers(0, 511))
@settings(max_examples=25, deadline=None)
def test_the_checker_believes_the_library_and_no_changed_signature(
    document: dict[str, Any], seed: bytes, flip: int
) -> None:
    """The plain Python verification agrees with the library; one flipped bit is refused."""
    sealer = Sealer(seed.hex().encode())
    sealed = sealer.sealed(evolve(violation(), evidence=document))
    assert sealed.seal is not None
    assert holds(sealed.seal, document)
    key, message, signature = sealer.public_key, canonical(document), sealed.seal.signature
    assert check_evidence.signature_holds(key, message, signature)
    assert not check_evidence.signature_holds(key, message + b" ", signature)
    changed = bytearray(signature)
    changed[flip // 8] ^= 1 << flip % 8
    assert not check_evidence.signature_holds(key, message, bytes(changed))
    assert not check_evidence.signature_holds(os.urandom(32), message, signature)


def test_a_seal_fits_its_own_evidence_only() -> None:
    """Evidence changed by one unit no longer fits the seal made of it."""
    sealed = Sealer(b"5a" * 32).sealed(evolve(violation(), evidence={"floor": 1}))
    assert sealed.seal is not None
    assert holds(sealed.seal, {"floor": 1})
    assert not holds(sealed.seal, {"floor": 2})


@pytest.mark.parametrize("value", [1.5, Decimal(1)])
def test_evidence_without_an_exact_byte_form_is_refused(value: object) -> None:
    """A float or a decimal number anywhere in the evidence is named by its place."""
    with pytest.raises(SealError, match=r"evidence\.rule\[0\]"):
        canonical({"rule": [value]})


@pytest.mark.parametrize("key", [b"", b"zz" * 32, b"5a" * 31, b"\xff" * 64])
def test_what_is_no_key_is_refused(key: bytes) -> None:
    """A key is 64 hexadecimal digits."""
    with pytest.raises(SealError):
        Sealer(key)
