"""Two nodes: every command works on the node that does not run the account, also when the one
that does is killed."""

import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
import trio
from attrs import evolve, frozen

from actors.mt5.simulator.scenarios import add_account
from tests.integration.checks import connect, is_in, rows, running, until
from tests.integration.test_two_nodes import actors, lease
from tests.stage import Stage

SAID = {"actor": "staff-7", "reason": "asked by phone"}
STEPS = ("command_taken", "command_done", "command_told")


@frozen
class Pair:
    """Node one runs the account; node two is asked."""

    one: Stage
    two: Stage
    account_id: str
    login: str

    async def act(
        self, action: str, job: str | None = None, stage: Stage | None = None, **more: Any
    ) -> httpx.Response:
        """An action of the staff, asked of node two."""
        path = f"/api/s2s/accounts/{self.account_id}/{action}"
        return await (stage or self.two).shop.call("POST", path, SAID | more, job=job)

    async def lever(self, name: str) -> httpx.Response:
        """An operator's lever, pulled at node two."""
        path = f"/api/supervisor/accounts/{self.account_id}/{name}"
        return await self.two.ops.call("POST", path)

    async def summary(self, stage: Stage | None = None) -> dict[str, Any]:
        """The account's summary."""
        on = stage or self.two
        answer = await on.shop.read(
            f"/api/account/{self.account_id}/summary", await on.shop.token(1)
        )
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def sees(
        self, fits: Callable[[dict[str, Any]], bool], stage: Stage | None = None
    ) -> None:
        """Wait until the summary fits."""
        with trio.fail_after(40):
            while not fits(await self.summary(stage)):
                await trio.sleep(0.3)

    def commands(self) -> list[dict[str, Any]]:
        """All rows of commands, in the order of their asking."""
        return rows(self.one.dsn, "SELECT * FROM account_commands ORDER BY asked_at, id")


@asynccontextmanager
async def pair(
    folder: Path, dsn: str, failpoint: str | None = None, lease_seconds: float = 3.0
) -> AsyncIterator[Pair]:
    """Both nodes, and an account that node one runs."""
    async with Stage(folder, dsn, lease_seconds=lease_seconds) as one:
        card = add_account(one.broker, "active", login="9400", server="Simulated-1")
        one.start(failpoint)
        await one.ready()
        account_id = await connect(one, card)
        await until(one, account_id, is_in("ready"))
        two = one.beside("node-2")
        two.start()
        await two.ready()
        assert lease(two)["node_id"] == "node-1"
        yield Pair(one, two, account_id, card.login)


async def test_every_command_works_on_either_node(tmp_path: Path, postgres_dsn: str) -> None:
    """What only the actor can do reaches it by a row; what is stored anew moves with the lease."""
    async with pair(tmp_path, postgres_dsn) as them:
        token = await them.two.shop.token(1)
        answer = await them.two.shop.post(f"/api/account/{them.account_id}/sync", token)
        assert answer.status_code == 202, answer.text
        assert (await them.act("reconnect")).status_code == 200
        assert (await them.lever("pause")).status_code == 200
        await until(them.two, them.account_id, is_in("paused"))
        assert (await them.lever("resume")).status_code == 200
        await until(them.two, them.account_id, is_in("ready"))
        assert (await them.lever("restart")).status_code == 200
        await until(them.two, them.account_id, is_in("ready"))
        answer = await them.act("initial-balance", initial_balance=50_000)
        assert answer.status_code == 200, answer.text
        await them.sees(lambda now: now["initial_balance"] == 50_000, them.one)
        assert lease(them.two)["node_id"] == "node-1"
        asked = [row["kind"] for row in them.commands()]
        assert asked == ["sync", "reconnect", "pause", "resume", "restart", "restart"]
        assert {(row["state"], row["answer"]) for row in them.commands()} == {("done", "done")}
        path = f"/api/supervisor/accounts/{them.account_id[:-4]}ffff/pause"
        assert (await them.two.ops.call("POST", path)).status_code == 404

        password = "Changed-elsewhere-9"
        account = them.one.broker.account(them.login)
        account.recipe = evolve(account.recipe, investor_password=password)
        answer = await them.act("credentials", investor_pass=password)
        assert answer.status_code in (200, 202), answer.text
        await until(them.two, them.account_id, is_in("ready"))
        for phase in (None, 1):
            answer = await them.act("reset", phase=phase)
            assert answer.status_code in (200, 202), answer.text
            await until(them.two, them.account_id, is_in("ready"))
        assert (await them.act("deactivate")).status_code == 200
        with trio.fail_after(20):
            while await actors(them.one) or await actors(them.two):
                await trio.sleep(0.1)
        card = evolve(
            next(one for one in them.one.broker.accounts() if one.login == them.login),
            investor_password=password,
        )
        assert await connect(them.two, card) == them.account_id
        await until(them.two, them.account_id, is_in("ready"))
        kept = rows(postgres_dsn, "SELECT c::text AS whole FROM account_commands c")
        assert not [row for row in kept if "hanged" in row["whole"]]


@pytest.mark.parametrize("step", STEPS)
async def test_an_owner_killed_at_a_step_leaves_no_doubt(
    tmp_path: Path, postgres_dsn: str, step: str
) -> None:
    """The next owner does what was not answered; the job's answer is one, and so is its effect."""
    async with pair(tmp_path, postgres_dsn, failpoint=f"{step}:1") as them:
        fence = lease(them.two)["fence"]
        answer = await them.act("initial-balance", "job-killed-1", initial_balance=60_000)
        assert await them.one.died() == -signal.SIGKILL
        with trio.fail_after(60):
            while answer.status_code != 200:
                assert answer.status_code == 503, answer.text
                answer = await them.act("initial-balance", "job-killed-1", initial_balance=60_000)
        (row,) = them.commands()
        assert (row["kind"], row["answer"]) == ("restart", "done")
        assert (row["fence"] == fence) == (step == "command_told")
        await running(them.two, them.account_id)
        await them.sees(lambda now: now["initial_balance"] == 60_000)
        versions = rows(
            postgres_dsn,
            "SELECT 1 FROM initial_balances WHERE initial_balance_source = 'manual'",
        )
        assert len(versions) == 1


async def test_a_dead_owner_is_answered_honestly_and_its_heir_does_it(
    tmp_path: Path, postgres_dsn: str
) -> None:
    """Killed before it took the command, under a long lease: first 503, and nothing was done; the
    same job is done once the account has moved."""
    async with pair(tmp_path, postgres_dsn, lease_seconds=20.0) as them:
        them.one.kill()
        first = await them.act("reconnect", "job-orphan-1")
        assert (first.status_code, first.headers["retry-after"]) == (503, "5")
        assert [row["state"] for row in them.commands()] == ["waiting"]
        unkeyed = await them.lever("pause")
        assert unkeyed.status_code == 503
        with trio.fail_after(60):
            while (answer := await them.act("reconnect", "job-orphan-1")).status_code != 200:
                assert answer.status_code == 503, answer.text
        asked = {row["kind"]: row["state"] for row in them.commands()}
        assert asked == {"reconnect": "done", "pause": "waiting"}
        await until(them.two, them.account_id, is_in("ready"))


async def test_a_frozen_owner_wakes_to_a_command_that_is_done(
    tmp_path: Path, postgres_dsn: str
) -> None:
    """Its heir did it, under a higher fence; the former owner neither repeats nor answers it."""
    async with pair(tmp_path, postgres_dsn) as them:
        owner = them.one.process
        assert owner is not None
        owner.send_signal(signal.SIGSTOP)
        try:
            with trio.fail_after(60):
                while (answer := await them.act("reconnect", "job-frozen-1")).status_code != 200:
                    assert answer.status_code == 503, answer.text
            heir = lease(them.two)
        finally:
            owner.send_signal(signal.SIGCONT)
        with trio.fail_after(20):
            while await actors(them.one):
                await trio.sleep(0.1)
        (row,) = them.commands()
        assert (row["state"], row["fence"]) == ("done", heir["fence"])
        assert lease(them.two)["node_id"] == heir["node_id"] == "node-2"


async def test_a_login_on_another_node_is_awaited(tmp_path: Path, postgres_dsn: str) -> None:
    """A node that takes no accounts is asked to connect one: the other's first login answers."""
    async with pair(tmp_path, postgres_dsn) as them:
        assert (await them.two.ops.call("POST", "/api/supervisor/drain")).status_code == 200
        card = add_account(them.one.broker, "active", login="9401", server="Simulated-1")
        answer = await them.two.shop.connect(
            login=card.login,
            server=card.server,
            investor_pass=card.investor_password,
            account_type="two-step-classic",
            wp_user_id=1,
        )
        assert (answer.status_code, answer.json()["code"]) == (200, "connected"), answer.text
        assert len(await actors(them.one)) == 2


async def test_changes_that_race_on_two_nodes_leave_one_truth(
    tmp_path: Path, postgres_dsn: str
) -> None:
    """Balances and levers from both nodes at once: the actor has what is stored last, and runs."""
    async with pair(tmp_path, postgres_dsn) as them:
        statuses: list[int] = []

        async def act(action: str, stage: Stage, **more: Any) -> None:
            statuses.append((await them.act(action, stage=stage, **more)).status_code)

        for turn in range(3):
            async with trio.open_nursery() as nursery:
                for number, stage in enumerate((them.one, them.two)):
                    value = 10_000 * (2 * turn + number + 1)
                    nursery.start_soon(
                        partial(act, "initial-balance", stage, initial_balance=value)
                    )
                    nursery.start_soon(act, "reconnect", stage)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(act, "reset", them.one)
            nursery.start_soon(lambda: act("initial-balance", them.two, initial_balance=77_000))
        assert set(statuses) <= {200, 202, 503}, statuses
        (stored,) = rows(
            postgres_dsn,
            """SELECT ordered_initial_balance AS value, id FROM account_instances
               WHERE status <> 'deactivated'""",
        )
        for stage in (them.one, them.two):
            await them.sees(
                lambda now: stored["value"] is None or now["initial_balance"] == stored["value"],
                stage,
            )
        await until(them.two, them.account_id, is_in("ready"))
        assert len(await actors(them.one)) + len(await actors(them.two)) == 1
        live = [row for row in them.commands() if row["instance_id"] == stored["id"]]
        assert [row for row in live if row["state"] != "done"] == []
