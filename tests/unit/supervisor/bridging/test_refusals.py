"""Refused passwords are not tried again until they change, each for itself."""

import pytest
from attrs import evolve

from actors.errors import BrokerError, BrokerFault
from actors.ports import Credentials
from supervisor.bridging.refusals import LASTING, TYPED_AGAIN_SECONDS, Refusals

WHO = Credentials("7001", "Simulated-1", "wrong")


def refusals() -> Refusals:
    """Refusals whose keyed hash is easy to read."""
    return Refusals(lambda who: f"{who.server}|{who.login}|{who.password}".encode())


@pytest.mark.parametrize("fault", sorted(BrokerFault))
def test_only_a_fault_of_the_password_is_remembered(fault: BrokerFault) -> None:
    """Bad credentials and a master password are; no other class says anything of the password."""
    known = refusals()
    known.learn(WHO, fault, 0.0)
    if fault not in LASTING:
        known.check(WHO, 1.0, typed=False)
        return
    with pytest.raises(BrokerError) as caught:
        known.check(WHO, 1e9, typed=False)
    assert caught.value.fault is fault


@pytest.mark.parametrize(
    "other",
    [evolve(WHO, password="right"), evolve(WHO, login="7002"), evolve(WHO, server="Simulated-2")],
)
def test_other_credentials_are_free(other: Credentials) -> None:
    """One refused password stops no other password, login or server."""
    known = refusals()
    known.learn(WHO, BrokerFault.BAD_CREDENTIALS, 0.0)
    known.check(other, 1.0, typed=False)


def test_success_forgiveness_and_time_end_it() -> None:
    """A login that worked, a human's word, and for a person who types it again an hour."""
    known = refusals()
    for end in ("success", "forgiven"):
        known.learn(WHO, BrokerFault.BAD_CREDENTIALS, 0.0)
        assert len(known) == 1
        known.learn(WHO, None, 1.0) if end == "success" else known.forgive("SIMULATED-1", "7001")
        assert len(known) == 0
    known.learn(WHO, BrokerFault.BAD_CREDENTIALS, 0.0)
    with pytest.raises(BrokerError):
        known.check(WHO, TYPED_AGAIN_SECONDS - 1, typed=True)
    known.check(WHO, TYPED_AGAIN_SECONDS, typed=True)
    with pytest.raises(BrokerError):
        known.check(WHO, TYPED_AGAIN_SECONDS, typed=False)
