"""Tickets and downloads on the real server: what uses one up, and what ends its right."""

from pathlib import Path

import psycopg
import trio

from tests.integration.exported import begun
from tests.integration.test_exports import trader
from tests.stage import Stage

_REVOKE = "INSERT INTO user_epochs VALUES ('shop', 1, 1, now())"


async def test_only_a_download_uses_a_ticket_up(tmp_path: Path, postgres_dsn: str) -> None:
    """Neither a HEAD nor a node without the file spends it; the file's node then serves it."""
    async with Stage(tmp_path, postgres_dsn) as stage:
        stage.start()
        await stage.ready()
        alice = await trader(stage, 30)
        made = await alice.ended((await alice.order(format="xlsx")).json()["export_id"])
        link = await alice.link(made["export_id"])
        looked = await stage.shop.http.head(link)
        assert (looked.status_code, looked.headers["allow"]) == (405, "GET")
        (file,) = (tmp_path / "data" / "exports").iterdir()
        elsewhere = file.rename(tmp_path / "elsewhere")
        assert (await stage.shop.http.get(link)).status_code == 503
        elsewhere.rename(file)
        answer = await stage.shop.http.get(link)
        assert (answer.status_code, len(answer.content)) == (200, made["size_bytes"])
        assert (await stage.shop.http.get(link)).status_code == 410


async def test_a_token_revoked_elsewhere_gets_no_living_ticket(
    tmp_path: Path, postgres_dsn: str
) -> None:
    """This node still believes the token for some seconds; its ticket opens nothing."""
    async with Stage(tmp_path, postgres_dsn) as stage:
        stage.start()
        await stage.ready()
        alice = await trader(stage, 30)
        export_id = (await alice.order(format="csv")).json()["export_id"]
        await alice.download(export_id)
        with psycopg.connect(stage.dsn) as line:
            line.execute(_REVOKE)
        given = await alice.ticket(export_id)
        if given.status_code == 200:  # a slow machine may already have learned of it: 401
            link = stage.url + given.json()["url"]
            assert (await stage.shop.http.get(link)).status_code == 410
        else:
            assert given.status_code == 401


async def test_a_revocation_cuts_a_download_under_way(tmp_path: Path, postgres_dsn: str) -> None:
    """What is under way ends within the time of a revocation, and not like a whole file."""
    async with Stage(tmp_path, postgres_dsn) as stage:
        stage.start()
        await stage.ready()
        alice = await trader(stage, 60_000)
        export_id = (await alice.order(format="csv")).json()["export_id"]
        async with begun(await alice.link(export_id)) as stream:
            await stage.shop.call("POST", "/api/s2s/users/1/revoke", {"reason": "r", "actor": "a"})
            got = b""
            with trio.fail_after(30):
                async for part in stream:
                    got += part
        assert not got.endswith(b"\r\n0\r\n\r\n")
