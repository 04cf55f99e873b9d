"""Explanation, reset preview and open positions on the real server, told by a running account."""

from pathlib import Path
from typing import Any
from uuid import uuid4

from actors.mt5.simulator.scenarios import add_account
from tests.integration.checks import connect, is_in, until
from tests.stage import Stage

PAGES = ("explain", "preview", "positions")


async def test_figures_are_explained_by_the_server_that_shows_them(
    tmp_path: Path, postgres_dsn: str
) -> None:
    """The explained values are the summary's and the rules' own, and nobody else reads them."""
    async with Stage(tmp_path, postgres_dsn) as stage:
        stage.start()
        await stage.ready()
        card = add_account(stage.broker, "random", login="8101", server="Simulated-1")
        account_id = await connect(stage, card)
        await until(stage, account_id, is_in("ready"))
        token = await stage.shop.token(1)
        path = f"/api/supervisor/accounts/{account_id}/pause"
        assert (await stage.ops.call("POST", path)).status_code == 200
        await until(stage, account_id, is_in("paused"))

        async def read(page: str) -> Any:
            answer = await stage.shop.read(f"/api/account/{account_id}/{page}", token)
            assert answer.status_code == 200, answer.text
            return answer.json()

        summary = await read("summary")
        figures = (await read("explain"))["figures"]
        told = {each["figure"]: each["value"] for each in figures if each["rule_id"] is None}
        assert told == {name: summary[name] for name in told}
        assert {"balance_current", "equity_current", "net_result"} <= told.keys()
        behind = next(each for each in figures if each["deals"] and each["deals"]["total"])
        (one,) = (await read(f"explain?figure={behind['figure']}&limit=1"))["figures"]
        assert (one["value"], len(one["deals"]["tickets"])) == (behind["value"], 1)
        rules = {each["rule_id"]: each for each in (await read("rules"))["rules"]}
        preview = await read("preview")
        assert preview["reset_at"] > summary["server_now"]
        assert preview["rules"]
        for rule in preview["rules"]:
            now = rules[rule["rule_id"]]
            assert (rule["floor"], rule["headroom"]) == (now["floor"], now["headroom"])
        shown = (await read("positions"))["positions"]
        assert len(shown) == summary["open_positions"]
        assert len(preview["stops"]["positions"]) == len(shown)
        bad = await stage.shop.read(f"/api/account/{account_id}/explain?figure=none", token)
        assert bad.status_code == 422
        stranger = add_account(stage.broker, "calm", login="8102", server="Simulated-1")
        await connect(stage, stranger, wp_user_id=2)
        other = await stage.shop.token(2)
        for page in PAGES:
            there = f"/api/account/{account_id}/{page}"
            assert (await stage.shop.read(there, other)).status_code == 404
            unknown = f"{there}?instance={uuid4()}"
            assert (await stage.shop.read(unknown, token)).status_code == 404
        lines = "/api/accounts/sparklines?accounts="
        drawn = (await stage.shop.read(lines + account_id, token)).json()["sparklines"]
        assert [line["account_id"] for line in drawn] == [account_id]
        assert drawn[0]["points"][-1]["equity"] == summary["equity_current"]
        assert (await stage.shop.read(lines + account_id, other)).json() == {"sparklines": []}
        for ids in ("x" * 36, ",".join([account_id] * 51)):
            assert (await stage.shop.read(lines + ids, token)).status_code == 422
