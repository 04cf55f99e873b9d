"""The vault opens only what it sealed, for the row it sealed it for."""

import base64
from uuid import UUID

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.vault import Context, Vault, VaultError, key_id_of

OLD, NEW, PEPPER = bytes(range(32)), bytes(range(100, 132)), bytes(range(200, 232))
ROW = Context(UUID(int=7), "5012345", "Broker-Demo")
LINES = st.text(max_size=40)
CONTEXTS = st.builds(Context, st.uuids(), LINES, LINES, LINES)


def vault(current: str = "k1") -> Vault:
    """A vault with two keys."""
    return Vault({"k1": OLD, "k2": NEW}, current, PEPPER)


@given(secret=st.text(max_size=200), context=CONTEXTS)
@settings(max_examples=60)
def test_roundtrip(secret: str, context: Context) -> None:
    """Whatever is sealed opens unchanged in its own row."""
    assert vault().open(vault().seal(secret, context), context) == secret


@given(sealed_for=CONTEXTS, opened_as=CONTEXTS)
@settings(max_examples=60)
def test_foreign_row_is_refused(sealed_for: Context, opened_as: Context) -> None:
    """An envelope copied to any other row does not open there."""
    envelope = vault().seal("secret", sealed_for)
    if sealed_for == opened_as:
        assert vault().open(envelope, opened_as) == "secret"
    else:
        with pytest.raises(VaultError):
            vault().open(envelope, opened_as)


@pytest.mark.parametrize(
    "other",
    [
        evolve(ROW, instance_id=UUID(int=8)),
        evolve(ROW, login="501234", server="5Broker-Demo"),
        evolve(ROW, server="Broker-Live"),
        evolve(ROW, purpose="webhook_secret"),
    ],
)
def test_each_field_is_bound(other: Context) -> None:
    """Changing one field of the row, or shifting text between two, is noticed."""
    with pytest.raises(VaultError, match="another row"):
        vault().open(vault().seal("secret", ROW), other)


def test_every_flipped_bit_is_refused() -> None:
    """Whichever bit of version, key id, nonces, wrapped key or text is flipped, it is refused."""
    envelope = vault().seal("secret", ROW)
    packed = base64.urlsafe_b64decode(envelope + "=" * (-len(envelope) % 4))
    for place in range(len(packed) * 8):
        damaged = bytearray(packed)
        damaged[place // 8] ^= 1 << place % 8
        text = base64.urlsafe_b64encode(bytes(damaged)).rstrip(b"=").decode()
        with pytest.raises(VaultError):
            vault().open(text, ROW)


@given(garbage=st.one_of(st.text(max_size=300), st.binary(max_size=300)))
@settings(max_examples=150)
def test_garbage_is_refused(garbage: str | bytes) -> None:
    """Any text that is no envelope raises VaultError and nothing else."""
    if isinstance(garbage, bytes):
        garbage = base64.urlsafe_b64encode(b"\x01" + garbage).rstrip(b"=").decode()
    with pytest.raises(VaultError):
        vault().open(garbage, ROW)


def test_cut_envelope_is_refused() -> None:
    """No prefix of an envelope opens."""
    envelope = vault().seal("secret", ROW)
    for length in range(len(envelope)):
        with pytest.raises(VaultError):
            vault().open(envelope[:length], ROW)


def test_second_text_form_is_refused() -> None:
    """Padding, white space or the other alphabet are no second form of the same envelope."""
    envelope = vault().seal("secret!", ROW)
    for variant in (envelope + "=", envelope + "\n", " " + envelope):
        with pytest.raises(VaultError):
            vault().open(variant, ROW)


def test_unknown_key_is_named_not_tried() -> None:
    """An envelope of a retired key is refused by its id even if the same key has another id."""
    envelope = vault("k1").seal("secret", ROW)
    with pytest.raises(VaultError, match="'k1' is not in the keyring"):
        Vault({"k2": OLD}, "k2", PEPPER).open(envelope, ROW)


def test_wrong_key_under_the_same_id() -> None:
    """Another key under the same id does not open the envelope."""
    with pytest.raises(VaultError):
        Vault({"k1": NEW}, "k1", PEPPER).open(vault("k1").seal("secret", ROW), ROW)


def test_relabelled_key_id() -> None:
    """An envelope whose header is rewritten to another known key does not open."""
    envelope = vault("k1").seal("secret", ROW)
    packed = base64.urlsafe_b64decode(envelope + "=" * (-len(envelope) % 4))
    changed = base64.urlsafe_b64encode(packed.replace(b"k1", b"k2", 1)).rstrip(b"=").decode()
    assert key_id_of(changed) == "k2"
    with pytest.raises(VaultError):
        Vault({"k1": OLD, "k2": OLD}, "k1", PEPPER).open(changed, ROW)


def test_rewrap_moves_to_the_new_key() -> None:
    """After a rewrap the old key can go and the secret still opens."""
    envelope = vault("k1").seal("secret", ROW)
    moved = vault("k2").rewrap(envelope, ROW)
    assert key_id_of(moved) == "k2"
    assert Vault({"k2": NEW}, "k2", PEPPER).open(moved, ROW) == "secret"


def test_two_seals_share_nothing() -> None:
    """The same secret for the same row gives unlike envelopes."""
    one = vault()
    assert len({one.seal("secret", ROW) for _ in range(500)}) == 500


def test_stuck_generator_is_refused() -> None:
    """A random generator that repeats itself stops the sealing."""
    stuck = Vault({"k1": OLD}, "k1", PEPPER, random_bytes=bytes)
    stuck.seal("secret", ROW)
    with pytest.raises(VaultError, match="repeats"):
        stuck.seal("secret", ROW)


@pytest.mark.parametrize(
    "key",
    [
        b"",
        bytes(range(31)),
        bytes(range(33)),
        bytes(32),
        b"\x01\x02" * 16,
        b"please-change-me-please-change-m",
        b"0123456789abcdefghijklmnopqrstuv",
    ],
)
def test_weak_keys_are_refused(key: bytes) -> None:
    """Short, long, repeated and textual keys do not make a vault."""
    with pytest.raises(VaultError):
        Vault({"k1": key}, "k1", PEPPER)


def test_weak_pepper_and_unknown_current_are_refused() -> None:
    """A placeholder pepper, a missing current key and an odd key id do not make a vault."""
    with pytest.raises(VaultError):
        Vault({"k1": OLD}, "k1", b"pepper")
    with pytest.raises(VaultError):
        Vault({"k1": OLD}, "k2", PEPPER)
    with pytest.raises(VaultError):
        Vault({"k 1": OLD}, "k 1", PEPPER)


def test_fingerprint_tells_changes_only() -> None:
    """Equal credentials under one pepper agree; any change, or another pepper, does not."""
    one = vault()
    same = one.fingerprint("1", "Demo", "pass")
    assert same == vault().fingerprint("1", "Demo", "pass")
    others = [("2", "Demo", "pass"), ("1", "Demo2", "pass"), ("1", "Dem", "opass")]
    assert all(one.fingerprint(*other) != same for other in others)
    assert Vault({"k1": OLD}, "k1", NEW).fingerprint("1", "Demo", "pass") != same


def test_nothing_secret_is_shown() -> None:
    """Neither the representation nor a refusal shows a key or a secret."""
    one = vault()
    assert OLD.hex() not in repr(one)
    assert repr(OLD) not in repr(one)
    with pytest.raises(VaultError) as refused:
        one.open(one.seal("my-secret", ROW), evolve(ROW, login="9"))
    assert "my-secret" not in str(refused.value)
