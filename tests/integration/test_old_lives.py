"""Lives without an actor here tell all that they told while they ran, to their owner alone."""

import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import trio

from actors.mt5.simulator.scenarios import add_account
from supervisor.embedded import EmbeddedPostgres
from tests.integration.checks import connect, is_in, until
from tests.integration.trader import Trader
from tests.postgres_fixture import fresh_database
from tests.stage import SharedStage, Stage, shared_stage

_numbers = itertools.count(1)
PAGES = ("explain", "preview", "positions", "rules", "summary", "statistics")
AGES = {"data_age_seconds", "stale", "server_now", "seconds_open"}
"""What moves by itself."""
ENDED = {
    *("ended_at", "reset_at", "no_reset", "projected_floor", "headroom_after"),
    *("next_reset", "dd_daily_reset_at"),
}
"""What a preview and a summary say otherwise of a life that has ended."""
CONDITION = {"status", "connection_state", "next_sync_at", "dd_daily_seconds_to_reset"}


def lasting(told: Any, *moving: str) -> Any:
    """An answer without what moves by itself."""
    if isinstance(told, dict):
        left_out = AGES.union(moving)
        return {name: lasting(each, *moving) for name, each in told.items() if name not in left_out}
    return [lasting(each, *moving) for each in told] if isinstance(told, list) else told


async def whole(trader: Trader, instance: str | None = None) -> dict[str, Any]:
    """Every page of an account."""
    pages = {}
    for page in PAGES:
        answer = await trader.read(page, instance)
        assert answer.status_code == 200, (page, answer.text)
        pages[page] = answer.json()
    return pages


async def paused(trader: Trader) -> None:
    """Let the account's actor read no more."""
    ops = trader.shared.shop("s2s-ops", "ops")
    path = f"/api/supervisor/accounts/{trader.account_id}/pause"
    assert (await ops.call("POST", path)).status_code == 200
    await ops.close()
    with trio.fail_after(20):
        while (await trader.read("summary")).json()["connection_state"] != "paused":
            await trio.sleep(0.05)


def assert_ended_as_it_was(ended: dict[str, Any], ran: dict[str, Any]) -> None:
    """All that the running account told, stale, with the end of the life and no reset after it."""
    for page in PAGES:
        left_out = (*ENDED, *CONDITION)
        assert lasting(ended[page], *left_out) == lasting(ran[page], *left_out), page
    assert ran["explain"]["figures"]
    assert ran["preview"]["reset_at"]
    summary, preview = ended["summary"], ended["preview"]
    assert (summary["next_reset"], summary["dd_daily_seconds_to_reset"]) == (None, None)
    assert (preview["reset_at"], preview["no_reset"]) == (None, "life_ended")
    assert preview["ended_at"] == ended["explain"]["ended_at"] == ended["positions"]["ended_at"]
    assert preview["ended_at"] >= preview["recorded_at"]
    assert preview["rules"]
    assert {rule["projected_floor"] for rule in preview["rules"]} == {None}
    for page in ("explain", "preview", "positions"):
        age = ended[page]["data_age_seconds"]
        assert age >= ran[page]["data_age_seconds"]


@pytest.fixture(scope="module")
def shared(
    postgres_server: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SharedStage]:
    """One server for the tests of one node."""
    with (
        fresh_database(postgres_server) as dsn,
        shared_stage(tmp_path_factory.mktemp("old-lives"), dsn) as shared,
    ):
        yield shared


@pytest.fixture
async def trader(shared: SharedStage) -> AsyncIterator[Trader]:
    """A trader whose account has breached with a position open, and is read no more."""
    trader = Trader(shared, next(_numbers))
    await trader.open_account()
    assert (await trader.connect()).status_code == 200
    await trader.breach()
    await paused(trader)
    yield trader
    await trader.shop.close()


async def test_a_breached_life_stays_whole_after_its_reset(trader: Trader) -> None:
    """Figures, violations and positions are the last it had; the new life has its own."""
    ran = await whole(trader)
    assert ran["positions"]["positions"]
    assert (await trader.act("reset")).status_code == 200
    new, old = await trader.instances()
    ended = await whole(trader, old["instance_id"])
    assert_ended_as_it_was(ended, ran)
    assert ended["explain"]["instance_id"] == old["instance_id"]
    await trader.until("explain", lambda told: told["rev"] >= 1)
    fresh = await whole(trader)
    assert fresh["explain"]["instance_id"] == new["instance_id"]
    assert (fresh["preview"]["no_reset"], fresh["explain"]["ended_at"]) == (None, None)
    mine = {row["violation_id"] for row in fresh["rules"]["violations"]}
    assert mine.isdisjoint(row["violation_id"] for row in ended["rules"]["violations"])


async def test_a_deactivated_account_stays_whole(trader: Trader, shared: SharedStage) -> None:
    """To its owner; a stranger and an unknown instance are told that there is nothing."""
    ran = await whole(trader)
    assert (await trader.act("deactivate")).status_code == 200
    assert_ended_as_it_was(await whole(trader), ran)
    behind = next(
        one for one in ran["explain"]["figures"] if one["deals"] and one["deals"]["total"]
    )
    (one,) = (await trader.read(f"explain?figure={behind['figure']}&limit=1")).json()["figures"]
    assert (one["value"], len(one["deals"]["tickets"])) == (behind["value"], 1)
    stranger = Trader(shared, next(_numbers))
    await stranger.open_account()
    assert (await stranger.connect()).status_code == 200
    for page in PAGES:
        path = f"/api/account/{trader.account_id}/{page}"
        assert (await stranger.shop.read(path, stranger.token)).status_code == 404, page
        assert (await trader.read(page, str(uuid4()))).status_code == 404, page
    await stranger.shop.close()


async def test_an_instance_before_a_new_password_shows_its_life(trader: Trader) -> None:
    """The life goes on: the successor tells where it stands, by its own name."""
    answer = await trader.act("credentials", investor_pass=await trader.password("fresh-one"))
    assert answer.status_code == 200, answer.text
    await trader.until("summary", lambda told: told["connection_state"] == "ready")
    new, old = await trader.instances()
    await paused(trader)
    now, then = await whole(trader), await whole(trader, old["instance_id"])
    for page in ("explain", "preview", "positions", "statistics"):
        assert then[page]["instance_id"] == new["instance_id"], page
        assert lasting(then[page]) == lasting(now[page]), page
    assert then["preview"]["ended_at"] is None


async def test_another_node_tells_all_of_an_account(tmp_path: Path, postgres_dsn: str) -> None:
    """Whichever node is asked, the running account's answers are the same."""
    async with Stage(tmp_path, postgres_dsn) as one:
        card = add_account(one.broker, "random", login="9310", server="Simulated-1")
        one.start()
        await one.ready()
        account_id = await connect(one, card)
        await until(one, account_id, is_in("ready"))
        two = one.beside("node-2")
        two.start()
        await two.ready()
        path = f"/api/supervisor/accounts/{account_id}/pause"
        assert (await one.ops.call("POST", path)).status_code == 200
        await until(one, account_id, is_in("paused"))
        mine, theirs = await one.shop.token(1), await two.shop.token(1)
        for page in PAGES:
            path = f"/api/account/{account_id}/{page}"
            here, there = await one.shop.read(path, mine), await two.shop.read(path, theirs)
            assert (here.status_code, there.status_code) == (200, 200), page
            assert lasting(there.json()) == lasting(here.json()), page
