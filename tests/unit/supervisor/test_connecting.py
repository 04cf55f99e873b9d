"""Connect and the staff's changes when they meet: races, lost answers, guesses, hang-ups."""

from typing import Any

import pytest
import trio
import trio.testing

from actors.domain.account import LifeReason
from actors.ports import StoreUnavailable
from storage.claims import Claimed
from storage.memory_services import MemoryIdempotency
from tests.unit.supervisor.office import OTHER_PLAN, PASSWORD, Office, asked
from web.ports import Answer, CommandResult


@pytest.fixture
async def office(nursery: trio.Nursery) -> Office:
    """An open office on virtual time."""
    office = Office()
    await office.start(nursery)
    return office


async def together(*calls: Any) -> list[CommandResult]:
    """Run the calls at once."""
    results: list[CommandResult] = []

    async def one(call: Any) -> None:
        results.append(await call)

    async with trio.open_nursery() as nursery:
        for call in calls:
            nursery.start_soon(one, call)
    return results


async def brief_hold() -> None:
    """One second, so that all that start together are under way together."""
    await trio.sleep(1)


async def test_two_owners_at_once_get_one_account(
    office: Office, autojump_clock: trio.testing.MockClock
) -> None:
    """Both prove the password; one owns the login, the other is told so."""
    office.broker.hold = brief_hold
    results = await together(
        *(office.connect(f"job-{user:04}", wp_user_id=user) for user in range(1, 6))
    )
    answers = sorted(result.answer for result in results)
    assert answers == [Answer.CONNECTED] + [Answer.OWNED_BY_OTHER] * 4
    assert len(office.world.accounts) == len(office.world.instances) == 1


async def test_one_owner_twice_at_once_gets_one_instance(
    office: Office, autojump_clock: trio.testing.MockClock
) -> None:
    """Two jobs for the same login and password end in the same account."""
    office.broker.hold = brief_hold
    first, second = await together(office.connect("job-0001"), office.connect("job-0002"))
    assert first == second
    assert first.answer is Answer.CONNECTED
    assert len(office.world.instances) == 1


async def test_a_deactivation_while_a_new_password_is_checked(
    office: Office, autojump_clock: trio.testing.MockClock
) -> None:
    """The connect opens the account again, with a life of its own."""
    first = await office.connect("job-0001")
    assert first.account_id is not None
    account_id = first.account_id
    office.broker.right = {"second"}

    async def deactivate() -> None:
        office.broker.hold = brief_hold
        await office.room.deactivate(asked("job-0002"), account_id)

    office.broker.hold = deactivate
    again = await office.connect("job-0003", investor_pass="second")
    assert again == CommandResult(Answer.CONNECTED, account_id)
    live = await office.accounts.live(account_id)
    assert live is not None
    assert live.instance.reason is LifeReason.CONNECT
    assert await office.password(account_id) == "second"


async def test_a_deactivation_between_check_and_store_asks_for_a_repeat(
    office: Office, autojump_clock: trio.testing.MockClock
) -> None:
    """The account went away under the connect: nothing is stored, and a repeat opens it anew."""
    account_id = (await office.connect("job-0001")).account_id
    assert account_id is not None
    office.broker.right = {"second"}

    async def deactivate() -> None:
        await office.accounts.deactivate(account_id, office.clock.now())

    office.before_dismiss = deactivate
    first = await office.connect("job-0002", investor_pass="second")
    assert first.answer is Answer.UNAVAILABLE
    assert len(office.instances(account_id)) == 1
    again = await office.connect("job-0002", investor_pass="second")
    assert again == CommandResult(Answer.CONNECTED, account_id)


async def test_a_reset_beside_a_new_password_does_not_bring_the_old_one_back(
    office: Office, autojump_clock: trio.testing.MockClock
) -> None:
    """The reset that read the old password asks for a repeat, which carries the new one on."""
    account_id = (await office.connect("job-0001")).account_id
    assert account_id is not None
    office.broker.right.add("second")

    async def change_first() -> None:
        office.before_dismiss = brief_hold
        await office.room.credentials(asked("job-0002"), account_id, "second")

    office.before_dismiss = change_first
    reset = {"account_type": None, "phase": None}
    first = await office.room.reset(asked("job-0003"), account_id, **reset)
    assert first.answer is Answer.UNAVAILABLE
    assert await office.password(account_id) == "second"
    again = await office.room.reset(asked("job-0003"), account_id, **reset)
    assert again.answer is Answer.CONNECTED
    assert await office.password(account_id) == "second"


@pytest.mark.parametrize("action", ["reset", "credentials"])
async def test_changes_of_an_account_that_went_away_are_not_found(
    office: Office, action: str, autojump_clock: trio.testing.MockClock
) -> None:
    """A deactivation that comes first wins: a repeat is asked for, and finds nothing."""
    account_id = (await office.connect("job-0001")).account_id
    assert account_id is not None

    async def deactivate() -> None:
        await office.accounts.deactivate(account_id, office.clock.now())

    office.before_dismiss = deactivate

    async def change() -> Answer:
        if action == "credentials":
            told = await office.room.credentials(asked("job-2"), account_id, PASSWORD)
        else:
            wanted = {"account_type": None, "phase": None}
            told = await office.room.reset(asked("job-2"), account_id, **wanted)
        return told.answer

    assert [await change(), await change()] == [Answer.UNAVAILABLE, Answer.NOT_FOUND]
    assert len(office.instances(account_id)) == 1


class LosesAnswers(MemoryIdempotency):
    """Fails to store the first answer, as when the process dies right before."""

    def lose_next(self) -> None:
        """The next answer is lost."""
        self.lost = False

    lost = True

    async def finish(self, scope: str, key: str, claimed: Claimed, answer: Any) -> bool:
        """Store the answer, but not the first one."""
        if not self.lost:
            self.lost = True
            raise StoreUnavailable("gone")
        return await super().finish(scope, key, claimed, answer)


@pytest.mark.parametrize("action", ["reset", "credentials"])
async def test_a_lost_answer_does_not_double_the_change(
    office: Office, action: str, autojump_clock: trio.testing.MockClock
) -> None:
    """Died after the change and before its answer was kept: the retry finds the change done."""
    account_id = (await office.connect("job-0001")).account_id
    assert account_id is not None
    losing = office.desk._idempotency = LosesAnswers()

    async def change() -> CommandResult:
        request = asked("job-0002")
        if action == "credentials":
            return await office.room.credentials(request, account_id, PASSWORD)
        plan = OTHER_PLAN.name
        return await office.room.reset(request, account_id, account_type=plan, phase=None)

    losing.lose_next()
    assert (await change()).answer is Answer.UNAVAILABLE
    assert len(office.instances(account_id)) == 2
    assert (await change()).answer is Answer.IDEMPOTENCY_RUNNING
    await trio.sleep(31)
    assert (await change()) == CommandResult(Answer.CONNECTED, account_id)
    assert len(office.instances(account_id)) == 2
    await office.room.reset(asked("job-0003"), account_id, account_type=None, phase=None)
    assert len(office.instances(account_id)) == 3


async def test_guesses_at_once_do_not_pass_the_lock(
    office: Office, autojump_clock: trio.testing.MockClock
) -> None:
    """Of 50 guesses of one login under way together five reach the broker, whoever sends them."""
    office.broker.hold = brief_hold
    results = await together(
        *(
            office.connect(f"job-{n:04}", wp_user_id=n + 1, investor_pass=f"guess-{n}")
            for n in range(50)
        )
    )
    answers = [result.answer for result in results]
    assert answers.count(Answer.BAD_CREDENTIALS) == len(office.broker.asked) == 5
    assert answers.count(Answer.LOCKED) == 45
    assert (await office.connect("job-9000")).answer is Answer.LOCKED
    await trio.sleep(901)
    assert (await office.connect("job-9000")).answer is Answer.CONNECTED


async def test_one_user_cannot_try_login_after_login(
    office: Office, autojump_clock: trio.testing.MockClock
) -> None:
    """A user with twenty refused passwords waits, also for other logins; others do not."""
    for number in range(20):
        guess = await office.connect(
            f"job-{number:04}", login=f"6{number:03}", investor_pass="guess"
        )
        assert guess.answer is Answer.BAD_CREDENTIALS
    assert (await office.connect("job-9000")).answer is Answer.LOCKED
    assert (await office.connect("job-9001", wp_user_id=2)).answer is Answer.CONNECTED


async def test_a_right_password_counts_for_nothing(
    office: Office, autojump_clock: trio.testing.MockClock
) -> None:
    """After four typing mistakes the right one connects, and the count begins anew."""
    for number in range(4):
        await office.connect(f"job-{number:04}", investor_pass=f"typo-{number}")
    assert (await office.connect("job-0010")).answer is Answer.CONNECTED
    account_id = next(iter(office.world.accounts))
    for number in range(5):
        told = await office.room.credentials(asked(f"job-2{number:03}"), account_id, "typo")
        assert told.answer is Answer.BAD_CREDENTIALS
    told = await office.room.credentials(asked("job-3000"), account_id, PASSWORD)
    assert told.answer is Answer.LOCKED


@pytest.mark.parametrize("phase", ["check", "dismiss", "adopt"])
async def test_a_client_that_hangs_up_cuts_nothing_off(
    office: Office, phase: str, autojump_clock: trio.testing.MockClock
) -> None:
    """Wherever the handler is cancelled, the change is carried out whole, audited and answered."""
    account_id = (await office.connect("job-0001")).account_id
    assert account_id is not None
    office.broker.right.add("second")
    if phase == "check":
        office.broker.hold = brief_hold
    elif phase == "dismiss":
        office.before_dismiss = brief_hold
    else:
        office.before_adopt = brief_hold
    with trio.move_on_after(0.5) as scope:
        await office.room.credentials(asked("job-0002"), account_id, "second")
    assert scope.cancelled_caught
    await office.desk.drain()
    assert await office.password(account_id) == "second"
    assert [row.action for row in office.audit.rows] == ["credentials", "credentials"]
    told = await office.room.credentials(asked("job-0002"), account_id, "second")
    assert told == CommandResult(Answer.CONNECTED, account_id)
    assert len(office.instances(account_id)) == 2


async def test_what_is_asked_is_on_record_before_it_is_done(
    office: Office, autojump_clock: trio.testing.MockClock
) -> None:
    """A change that dies half-way has its audit row; a refused one has one with the answer."""
    account_id = (await office.connect("job-0001")).account_id
    assert account_id is not None

    async def die() -> None:
        raise RuntimeError("power cut")

    office.before_dismiss = die
    with pytest.raises(RuntimeError):
        await office.room.deactivate(asked("job-0002"), account_id)
    (row,) = office.audit.rows
    assert (row.action, row.actor, row.subject) == ("deactivate", "staff-7", str(account_id))
    assert '"reason":"asked"' in (row.payload or "")


async def test_accounts_of_another_site_do_not_exist(
    office: Office, autojump_clock: trio.testing.MockClock
) -> None:
    """A key of another site changes nothing and learns nothing."""
    account_id = (await office.connect("job-0001")).account_id
    assert account_id is not None
    stranger = asked("job-0002", site_id="other-shop")
    assert (await office.room.deactivate(stranger, account_id)).answer is Answer.NOT_FOUND
    assert (await office.accounts.live(account_id)) is not None
