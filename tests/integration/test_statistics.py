"""Statistics on the real server: to their owner alone, and the same from memory and storage."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from actors.mt5.simulator.scenarios import add_account
from tests.integration.checks import connect, is_in, until
from tests.stage import Stage

SAID = {"actor": "staff-7", "reason": "asked by phone"}
COUNTED = ("zone", "positions", "account_costs", "growth", "days", "mt5_summary")
DIMENSIONS = ("by_symbol", "by_side", "by_weekday", "by_hour", "by_duration")


class Owner:
    """User 1, who owns one account with a long history."""

    def __init__(self, stage: Stage, account_id: str, token: str) -> None:
        self.stage = stage
        self.account_id = account_id
        self.token = token

    async def read(self, page: str = "statistics", **headers: str) -> httpx.Response:
        """A page of the account."""
        path = f"/api/account/{self.account_id}/{page}"
        return await self.stage.shop.read(path, self.token, **headers)

    async def settled(self) -> Any:
        """The statistics of a paused account, when no further commit is under way."""
        path = f"/api/supervisor/accounts/{self.account_id}/pause"
        assert (await self.stage.ops.call("POST", path)).status_code == 200
        await until(self.stage, self.account_id, is_in("paused"))
        return (await self.read()).json()


async def owner(stage: Stage) -> Owner:
    """Connect the account and wait for its first commits."""
    card = add_account(stage.broker, "random", login="8101", server="Simulated-1")
    account_id = await connect(stage, card)
    await until(stage, account_id, is_in("ready"))
    return Owner(stage, account_id, await stage.shop.token(1))


async def test_statistics_agree_with_the_summary_and_themselves(
    tmp_path: Path, postgres_dsn: str
) -> None:
    """A running account's statistics, the same after its end from storage, and for nobody else."""
    async with Stage(tmp_path, postgres_dsn) as stage:
        stage.start()
        await stage.ready()
        mine = await owner(stage)
        running = await mine.settled()
        summary = (await mine.read("summary")).json()
        everything = running["positions"]["all"]
        assert running["rev"] == summary["rev"] >= 1
        assert everything["closed"] == summary["closed_positions"] > 0
        assert everything["win_rate"] == summary["win_rate"]
        for dimension in DIMENSIONS:
            groups = running["positions"][dimension]
            assert sum(each["figures"]["closed"] for each in groups) == everything["closed"]
        assert running["days"][0]["coverage"]
        await check_validator(mine)
        await check_strangers(mine)
        path = f"/api/s2s/accounts/{mine.account_id}/deactivate"
        assert (await stage.shop.call("POST", path, SAID)).status_code == 200
        stored = (await mine.read()).json()
        assert stored["rev"] == running["rev"]
        assert {name: stored[name] for name in COUNTED} == {n: running[n] for n in COUNTED}


async def check_validator(mine: Owner) -> None:
    """The entity tag carries the revision, and what is unchanged is not sent again."""
    answer = await mine.read()
    tag = answer.headers["etag"]
    assert tag.startswith(f'W/"{answer.json()["rev"]}.')
    assert (await mine.read(**{"If-None-Match": tag})).status_code == 304


async def check_strangers(mine: Owner) -> None:
    """Another user, an unknown instance and no token learn nothing."""
    path = f"/api/account/{mine.account_id}/statistics"
    other = add_account(mine.stage.broker, "calm", login="8102", server="Simulated-1")
    answer = await mine.stage.shop.connect(
        login=other.login,
        server=other.server,
        investor_pass=other.investor_password,
        account_type="two-step-classic",
        wp_user_id=2,
    )
    assert answer.status_code == 200, answer.text
    token = await mine.stage.shop.token(2)
    assert (await mine.stage.shop.read(path, token)).status_code == 404
    assert (await mine.read(f"statistics?instance={uuid4()}")).status_code == 404
    assert (await mine.stage.shop.http.get(mine.stage.url + path)).status_code == 401
