"""Exports on the real server: what is in the files, who gets them, and what ends them."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import trio

from actors.domain.account import Owner
from tests.integration.checks import rows
from tests.integration.exported import Trader, begun, read_csv, read_xlsx
from tests.stage import Stage
from tests.store_builders import kept_account, long_life

TEHRAN = ZoneInfo("Asia/Tehran")
FIELDS = [
    *("open_price", "close_price", "lots", "open_lots"),
    *("profit", "commission", "swap", "fee", "net", "deals"),
]


async def trader(stage: Stage, trades: int, user: int = 1, login: str = "501") -> Trader:
    """A user with an account of so many trades."""
    account_id = kept_account(stage.dsn, Owner("shop", user), login)
    long_life(stage.dsn, trades, login)
    return Trader(stage, await stage.shop.token(user), account_id)


async def test_both_files_hold_the_apis_own_figures(tmp_path: Path, postgres_dsn: str) -> None:
    """Every trade once, in the asked order, with the API's exact numbers and the zone's times."""
    async with Stage(tmp_path, postgres_dsn) as stage:
        stage.start()
        await stage.ready()
        alice = await trader(stage, 700)
        with psycopg.connect(stage.dsn) as line:
            line.execute("UPDATE trades SET symbol = '=HYPERLINK(\"x\")' WHERE position_id = 5")
            line.execute("UPDATE trades SET symbol = '-2+3' WHERE position_id = 6")
        wish = {"sort": "-open_time", "state": "closed", "time_zone": "Asia/Tehran"}
        told = await alice.trades(sort="-open_time", state="closed")
        assert len(told) == 693

        ordered = await alice.order(format="csv", **wish)
        assert ordered.status_code == 201, ordered.text
        answer = await alice.download(ordered.json()["export_id"])
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert answer.headers["content-disposition"].startswith('attachment; filename="trades-501-')
        assert "filename*=UTF-8''Trades-501-" in answer.headers["content-disposition"]
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
        head, lines = read_csv(answer.content)
        assert head[3:5] == ["Opened (Asia/Tehran)", "Closed (Asia/Tehran)"]
        assert [line[0] for line in lines] == [trade["ticket"] for trade in told]
        for cells, trade in zip(lines, told, strict=True):
            assert cells[5:] == [trade[name] for name in FIELDS]
            opened = datetime.fromisoformat(cells[3]).replace(tzinfo=TEHRAN)
            assert opened == datetime.fromisoformat(trade["open_time"])
        symbols = {cells[0]: cells[1] for cells in lines}
        assert (symbols["5"], symbols["6"]) == ('\'=HYPERLINK("x")', "'-2+3")

        ordered = await alice.order(format="xlsx", language="fa", **wish)
        made = await alice.ended(ordered.json()["export_id"])
        assert (made["state"], made["rows_done"], made["rows_total"]) == ("done", 693, 693)
        answer = await alice.download(made["export_id"])
        assert len(answer.content) == made["size_bytes"] == int(answer.headers["content-length"])
        assert "filename*=UTF-8''%D9%BE" in answer.headers["content-disposition"]
        (sheet,) = read_xlsx(answer.content).worksheets
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == "A1:O694"
        assert sheet.sheet_view.rightToLeft
        assert sheet["D1"].value == "زمان باز شدن (Asia/Tehran)"
        for row, trade in zip(sheet.iter_rows(min_row=2), told, strict=True):
            assert row[0].value == trade["ticket"]
            assert {cell.data_type for cell in row} <= {"s", "n", "d"}
            assert [Decimal(str(cell.value)) for cell in row[5:]] == [
                Decimal(trade[name]) for name in FIELDS
            ]
            opened = row[3].value.replace(tzinfo=TEHRAN)
            assert opened == datetime.fromisoformat(trade["open_time"])
        assert {row[1].value for row in sheet.iter_rows()} >= {'=HYPERLINK("x")', "-2+3"}
        assert str(tmp_path).encode() not in answer.content
        assert [path.suffix for path in (tmp_path / "data" / "exports").iterdir()] == [".xlsx"]

        ordered = await alice.order(format="csv", what="deals", symbol="XAUUSD", sort="open_time")
        _, lines = read_csv((await alice.download(ordered.json()["export_id"])).content)
        stored = rows(
            stage.dsn,
            "SELECT ticket::text, profit::text FROM deals WHERE symbol = 'XAUUSD'"
            " ORDER BY occurred_at, ticket",
        )
        assert [(cells[0], Decimal(cells[10])) for cells in lines] == [
            (deal["ticket"], Decimal(deal["profit"])) for deal in stored
        ]


async def test_a_ticket_opens_one_download_for_sixty_seconds(
    tmp_path: Path, postgres_dsn: str
) -> None:
    """Used again, raced, expired, revoked or made up, it opens nothing; it is stored hashed."""
    async with Stage(tmp_path, postgres_dsn) as stage:
        stage.start()
        await stage.ready()
        alice = await trader(stage, 30)
        export_id = (await alice.order(format="csv")).json()["export_id"]
        link = await alice.link(export_id)
        answers: list[int] = []

        async def race() -> None:
            answers.append((await stage.shop.http.get(link)).status_code)

        async with trio.open_nursery() as nursery:
            for _ in range(10):
                nursery.start_soon(race)
        assert sorted(answers) == [200] + [410] * 9
        secret = link.partition("ticket=")[2]
        assert len(secret) >= 43
        kept = rows(stage.dsn, "SELECT ticket_hash, t::text AS whole FROM export_tickets t")
        assert all(secret not in row["whole"] for row in kept)

        late = await alice.link(export_id)
        with psycopg.connect(stage.dsn) as line:
            line.execute("UPDATE export_tickets SET expires_at = now() WHERE used_at IS NULL")
        assert (await stage.shop.http.get(late)).status_code == 410
        assert (await stage.shop.http.get(late + "x")).status_code == 410
        ended = await alice.link(export_id)
        await stage.shop.call("POST", "/api/s2s/users/1/revoke", {"reason": "r", "actor": "a"})
        assert (await stage.shop.http.get(ended)).status_code == 410
        assert "ticket=" not in stage.log_text()


async def test_an_export_is_its_owners_and_ordered_once(tmp_path: Path, postgres_dsn: str) -> None:
    """Others get 404 everywhere; a key orders once, with another body it is refused."""
    async with Stage(tmp_path, postgres_dsn) as stage:
        stage.start()
        await stage.ready()
        alice = await trader(stage, 30)
        bob = await trader(stage, 5, user=2, login="502")
        first = await alice.order("same-key-1", format="xlsx")
        again = await alice.order("same-key-1", format="xlsx")
        assert first.json()["export_id"] == again.json()["export_id"]
        assert (await alice.order("same-key-1", format="csv")).status_code == 422
        export_id = first.json()["export_id"]
        thief = Trader(stage, bob.token, kept_account(stage.dsn, Owner("shop", 9), "503"))
        for base in (alice.base, bob.base):
            thief.base = base
            assert (await thief.look(export_id)).status_code == 404
            assert (await thief.ticket(export_id)).status_code == 404
        thief.base = alice.base
        assert (await thief.order(format="csv")).status_code == 404
        made = await alice.ended(export_id)
        looked = await alice.look(export_id)
        assert looked.json() == made
        assert (await alice.look(export_id, looked.headers["etag"])).status_code == 304
        with psycopg.connect(stage.dsn) as line:
            line.execute("UPDATE exports SET expires_at = now()")
        assert (await alice.look(export_id)).json()["state"] == "expired"
        refused = await alice.ticket(export_id)
        assert (refused.status_code, refused.json()["code"]) == (404, "not_ready")
        bad = await alice.order(format="csv", time_zone="../../etc/passwd")
        assert (bad.status_code, bad.json()["errors"][0]["field"]) == (422, "time_zone")


def children(pid: int) -> list[int]:
    """The child processes of a process."""
    kids = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(kid) for file in kids for kid in file.read_text().split()]


async def gone(pids: list[int]) -> None:
    """Wait until none of the processes lives."""
    with trio.fail_after(20):
        while any(Path(f"/proc/{pid}").exists() for pid in pids):
            await trio.sleep(0.05)


async def test_hanging_up_ends_the_stream_and_its_snapshot(
    tmp_path: Path, postgres_dsn: str
) -> None:
    """A client that closes in the middle of 60,000 rows leaves no process and no transaction."""
    async with Stage(tmp_path, postgres_dsn) as stage:
        stage.start()
        await stage.ready()
        alice = await trader(stage, 60_000)
        export_id = (await alice.order(format="csv")).json()["export_id"]
        async with begun(await alice.link(export_id)):
            pids = children(stage.pid)
            assert len(pids) == 1
        await gone(pids)
        with trio.fail_after(20):
            while rows(
                stage.dsn,
                "SELECT 1 FROM pg_stat_activity WHERE application_name = 'onefunders-export'",
            ):
                await trio.sleep(0.05)
        whole = await alice.download(export_id)
        assert len(read_csv(whole.content)[1]) == 60_000


async def test_kill_9_in_the_middle_is_told_and_leaves_nothing(
    tmp_path: Path, postgres_dsn: str
) -> None:
    """The child goes with its parent; after a restart the export has failed, its parts are gone."""
    async with Stage(tmp_path, postgres_dsn) as stage:
        stage.start()
        await stage.ready()
        alice = await trader(stage, 60_000)
        ordered = await alice.order(format="xlsx")
        assert ordered.status_code == 202, ordered.text
        assert ordered.json()["rows_total"] == 60_000
        pids = children(stage.pid)
        assert len(pids) == 1
        stage.kill()
        await gone(pids)
        folder = tmp_path / "data" / "exports"
        assert list(folder.iterdir())
        stage.start()
        await stage.ready()
        told = (await alice.look(ordered.json()["export_id"])).json()
        assert (told["state"], told["fault"], told["size_bytes"]) == ("failed", "interrupted", None)
        refused = await alice.ticket(told["export_id"])
        assert refused.json()["code"] == "not_ready"
        again = await alice.order(format="xlsx", state="open")
        made = await alice.ended(again.json()["export_id"])
        assert (made["state"], made["rows_done"]) == ("done", 600)
        with psycopg.connect(stage.dsn) as line:
            line.execute("UPDATE exports SET expires_at = now()")
        with trio.fail_after(30):
            while list(folder.iterdir()):
                await trio.sleep(0.2)


async def test_a_broken_stream_is_no_complete_file(tmp_path: Path, postgres_dsn: str) -> None:
    """When the database ends the reading, the client sees a broken transfer, never an end."""
    async with Stage(tmp_path, postgres_dsn) as stage:
        stage.start()
        await stage.ready()
        alice = await trader(stage, 60_000)
        export_id = (await alice.order(format="csv")).json()["export_id"]
        async with begun(await alice.link(export_id)) as stream:
            rows(
                stage.dsn,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'onefunders-export'",
            )
            got = b"".join([part async for part in stream])
        assert not got.endswith(b"\r\n0\r\n\r\n")
