"""PostgreSQL away: reads from memory flagged stale, everything signed refused, nothing lost."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import trio

from actors.mt5.simulator.scenarios import add_account
from storage.migrations.migrate import migrate
from supervisor.embedded import EmbeddedPostgres
from tests.integration.checks import (
    advance,
    assert_deals_are_the_brokers,
    assert_verdicts_are_single,
    connect,
    is_in,
    running,
    until,
)
from tests.stage import Stage


@pytest.fixture
def own_postgres(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    """A server that only this test uses, with the whole schema."""
    server = EmbeddedPostgres(tmp_path / "postgres", fsync=False)
    with server:
        migrate(server.dsn)
        yield server
    server.erase()


async def parts(stage: Stage) -> dict[str, bool]:
    """Readiness by part, from the admin port."""
    url = f"http://127.0.0.1:{stage.admin_port}/readyz?verbose=1"
    answer = await stage.shop.http.get(url)
    assert answer.status_code in (200, 503), answer.text
    told: dict[str, bool] = answer.json()["parts"]
    return told


async def once(stage: Stage, path: str, token: str, wanted: dict[str, Any]) -> httpx.Response:
    """Read until the reply says all of ``wanted``; every reply on the way is a 200."""
    with trio.fail_after(30):
        while True:
            answer = await stage.shop.read(path, token)
            assert answer.status_code == 200, answer.text
            told = answer.json()
            if all(told[name] == value for name, value in wanted.items()):
                return answer
            await trio.sleep(0.05)


async def test_an_outage_of_the_database(tmp_path: Path, own_postgres: EmbeddedPostgres) -> None:
    """Summaries go on as stale, also after the leases ended; the rest is 503; then all is well."""
    async with Stage(tmp_path, own_postgres.dsn) as stage:
        card = add_account(stage.broker, "active", login="9200", server="Simulated-1")
        stage.start()
        await stage.ready()
        account_id = await connect(stage, card)
        await until(stage, account_id, is_in("ready"))
        await advance(stage, 1)
        mine, path = await stage.shop.token(1), f"/api/account/{account_id}/summary"
        before = await once(stage, path, mine, {"stale": False})
        assert (await stage.shop.http.get(f"{stage.url}/readyz?verbose=1")).status_code == 401
        assert (await stage.ops.call("GET", "/readyz?verbose=1")).json()["parts"]["storage"]

        await trio.to_thread.run_sync(own_postgres.stop)
        stale = await once(stage, path, mine, {"stale": True})
        assert stale.json()["equity_current"] is not None
        with trio.fail_after(20):  # until the lease has ended the actor, and longer
            while (await parts(stage))["placement"] or "lease_lost" not in stage.log_text():
                await trio.sleep(0.1)
        ended = await once(stage, path, mine, {"stale": True})
        assert ended.json()["rev"] == stale.json()["rev"] >= before.json()["rev"]
        assert (await stage.shop.read(f"/api/account/{account_id}/equity", mine)).json()["stale"]
        for refused in (
            await stage.shop.post(f"/api/account/{account_id}/sync", mine),
            await stage.shop.read("/api/accounts", mine),
            await stage.shop.call("POST", "/api/auth/exchange", {"wp_user_id": 1}),
            await stage.shop.call("GET", f"/api/s2s/accounts/{account_id}"),
            await stage.shop.http.get(f"{stage.url}/api/health"),
        ):
            assert refused.status_code == 503, refused.text
        assert (await stage.shop.http.get(f"{stage.url}/livez")).status_code == 200
        assert not (await parts(stage))["storage"]

        await trio.to_thread.run_sync(own_postgres.restart)
        await running(stage, account_id)
        await advance(stage, 1)
        await once(stage, path, await stage.shop.token(1), {"stale": False})
        assert_deals_are_the_brokers(stage)
        assert_verdicts_are_single(stage)
        await trio.to_thread.run_sync(own_postgres.stop)
        assert await stage.terminate() == 0
