"""Connecting a login that is known: its life, its password, and what is answered."""

import pytest
import trio
import trio.testing

from actors.domain.account import ConnectionState, LifeReason
from supervisor.first_login import FirstLogin
from tests.unit.supervisor.office import OTHER_PLAN, PASSWORD, Office, asked
from web.ports import Answer


@pytest.fixture
async def office(nursery: trio.Nursery) -> Office:
    """An open office on virtual time."""
    office = Office()
    await office.start(nursery)
    return office


@pytest.mark.parametrize("way", ["connect", "credentials"])
async def test_a_password_that_nobody_could_check_does_not_replace_one_that_works(
    office: Office, way: str, autojump_clock: trio.testing.MockClock
) -> None:
    """The terminal says nothing in time: the caller repeats, and the old password stays."""
    account_id = (await office.connect("job-0001")).account_id
    assert account_id is not None
    office.broker.right.add("second")
    office.broker.hold = trio.sleep_forever

    async def change() -> Answer:
        if way == "connect":
            return (await office.connect("job-0002", investor_pass="second")).answer
        told = await office.room.credentials(asked("job-0002"), account_id, "second")
        return told.answer

    assert await change() is Answer.UNAVAILABLE
    assert await office.password(account_id) == PASSWORD
    assert len(office.instances(account_id)) == 1

    async def at_once() -> None:
        await trio.lowlevel.checkpoint()

    office.broker.hold = at_once
    assert await change() is Answer.CONNECTED
    assert await office.password(account_id) == "second"


async def test_a_first_password_that_nobody_could_check_is_kept_and_tried(
    office: Office, autojump_clock: trio.testing.MockClock
) -> None:
    """A new account is stored without the terminal's word: its actor logs in when it can."""
    office.broker.hold = trio.sleep_forever
    office.first_login = FirstLogin()
    told = await office.connect("job-0001")
    assert told.answer is Answer.CONNECTING
    assert told.account_id is not None
    assert await office.password(told.account_id) == PASSWORD


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("bad_credentials", Answer.BAD_CREDENTIALS),
        ("master_password", Answer.MASTER_PASSWORD),
    ],
)
async def test_the_same_rejected_password_is_told_as_rejected(
    office: Office, code: str, answer: Answer, autojump_clock: trio.testing.MockClock
) -> None:
    """Connecting again with what the terminal refused never looks like still connecting."""
    await office.connect("job-0001")
    office.first_login = FirstLogin(ConnectionState.CREDENTIALS_REJECTED, code)
    assert (await office.connect("job-0002")).answer is answer


@pytest.mark.parametrize(
    ("ordered", "reason", "lives"),
    [
        ({}, LifeReason.CONNECT, 1),
        ({"phase": 0}, LifeReason.CONNECT, 1),
        ({"phase": 1}, LifeReason.PHASE, 2),
        ({"account_type": OTHER_PLAN.name}, LifeReason.RESET, 2),
    ],
)
async def test_an_order_for_another_plan_or_phase_begins_a_life(
    office: Office,
    ordered: dict[str, object],
    reason: LifeReason,
    lives: int,
    autojump_clock: trio.testing.MockClock,
) -> None:
    """The same order again changes nothing; the next phase and another plan start anew, once."""
    account_id = (await office.connect("job-0001")).account_id
    assert account_id is not None
    for job in ("job-0002", "job-0003"):
        assert (await office.connect(job, **ordered)).answer is Answer.CONNECTED
    live = await office.accounts.live(account_id)
    assert live is not None
    assert live.instance.reason is reason
    assert live.instance.phase == ordered.get("phase", 0)
    assert live.instance.plan_name == ordered.get("account_type", live.instance.plan_name)
    assert (
        len({office.world.instances[i].instance.life_id for i in office.world.instances}) == lives
    )


async def test_a_new_password_with_the_next_phase_is_one_change(
    office: Office, autojump_clock: trio.testing.MockClock
) -> None:
    """Both are ordered at once: one successor, in a new life, with the new password."""
    account_id = (await office.connect("job-0001")).account_id
    assert account_id is not None
    office.broker.right.add("second")
    told = await office.connect("job-0002", investor_pass="second", phase=1)
    assert told.answer is Answer.CONNECTED
    live = await office.accounts.live(account_id)
    assert live is not None
    assert (live.instance.reason, live.instance.phase) == (LifeReason.PHASE, 1)
    assert await office.password(account_id) == "second"
    assert len(office.instances(account_id)) == 2
