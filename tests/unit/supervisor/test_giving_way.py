"""A login whose first password was never right does not block the one who has the right one."""

from uuid import UUID

import pytest
import trio
import trio.testing

from supervisor.first_login import FirstLogin
from tests.store_builders import standing, unit
from tests.unit.supervisor.office import PASSWORD, Office
from web.ports import Answer

BOB = 2


@pytest.fixture
async def office(nursery: trio.Nursery) -> Office:
    """An open office on virtual time."""
    office = Office()
    await office.start(nursery)
    return office


async def refused_later(office: Office, *, read: bool = False) -> UUID:
    """Alice's account: stored while the terminal said nothing, then its password was refused."""
    hold, office.broker.hold = office.broker.hold, trio.sleep_forever
    first_login, office.first_login = office.first_login, FirstLogin()
    told = await office.connect("job-0001", investor_pass="a guess")
    office.broker.hold, office.first_login = hold, first_login
    assert told.answer is Answer.CONNECTING
    assert told.account_id is not None
    (stored,) = office.world.instances.values()
    if read:
        office.world.lives[stored.instance.life_id].sync_seq = 1
    stored.last = standing(stored.instance, stored.fence)
    return told.account_id


async def test_the_right_password_takes_a_refused_login_over(
    office: Office, autojump_clock: trio.testing.MockClock
) -> None:
    """The former instance ends without its password, and the change is on record."""
    alices = await refused_later(office)
    told = await office.connect("job-0002", wp_user_id=BOB)
    assert told.answer is Answer.CONNECTED
    assert told.account_id not in (None, alices)
    assert await office.accounts.live(alices) is None
    assert [each.envelope for each in office.world.instances.values()].count(None) == 1
    rows = [(row.action, row.actor, row.subject) for row in office.audit.rows]
    assert rows == [("give_way", "staff-7", str(alices))] * 2, "asked, and done"
    assert '"gave_way":true' in str(office.audit.rows[-1].payload)
    assert PASSWORD not in repr(office.audit.rows)


async def test_a_wrong_or_unheard_password_takes_nothing_over(
    office: Office, autojump_clock: trio.testing.MockClock
) -> None:
    """Only a login that held at the broker ends another's claim; else the former one stays."""
    alices = await refused_later(office)
    wrong = await office.connect("job-0002", wp_user_id=BOB, investor_pass="wrong")
    office.broker.hold = trio.sleep_forever
    unheard = await office.connect("job-0003", wp_user_id=BOB)
    assert (wrong.answer, unheard.answer) == (Answer.BAD_CREDENTIALS, Answer.OWNED_BY_OTHER)
    assert await office.password(alices) == "a guess"
    assert not office.audit.rows


async def test_a_login_that_was_read_is_not_taken_over(
    office: Office, autojump_clock: trio.testing.MockClock
) -> None:
    """A password that went bad later leaves the account with its owner, without a try."""
    alices = await refused_later(office, read=True)
    tried = len(office.broker.asked)
    told = await office.connect("job-0002", wp_user_id=BOB)
    assert told.answer is Answer.OWNED_BY_OTHER
    assert len(office.broker.asked) == tried
    assert await office.password(alices) == "a guess"


async def test_a_login_read_while_the_other_proves_his_password_stays(
    office: Office, autojump_clock: trio.testing.MockClock
) -> None:
    """Its owner reconnected in the meantime and was read: the claim is checked where it ends."""
    alices = await refused_later(office)
    (stored,) = office.world.instances.values()

    async def read() -> None:
        stored.last = unit(stored.instance, stored.fence, 1)
        office.world.lives[stored.instance.life_id].sync_seq = 1
        await trio.lowlevel.checkpoint()

    office.before_dismiss = read
    told = await office.connect("job-0002", wp_user_id=BOB)
    assert told.answer is Answer.OWNED_BY_OTHER
    assert await office.password(alices) == "a guess"
