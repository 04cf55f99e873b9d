"""Slow readers on the real server: who trickles gives way, and sees that the file is not whole."""

from contextlib import suppress
from pathlib import Path

import httpx
import trio

from actors.domain.account import Owner
from supervisor.exporting.streams import PER_NODE
from tests.integration.exported import Trader
from tests.integration.test_exports import trader
from tests.stage import Stage
from tests.store_builders import kept_account, long_life

_SMALL_BYTES = 4096


async def trickle(link: str, got: list[bytes], begun: trio.Event) -> None:
    """Take some KiB twice a second, until the server ends it."""
    url = httpx.URL(link)
    sock = trio.socket.socket()
    # The kernel would else take megabytes for us.
    sock.setsockopt(trio.socket.SOL_SOCKET, trio.socket.SO_RCVBUF, _SMALL_BYTES)
    await sock.connect((url.host, url.port))
    async with trio.SocketStream(sock) as stream:
        await stream.send_all(b"GET %s HTTP/1.1\r\nhost: x\r\n\r\n" % url.raw_path)
        with suppress(trio.BrokenResourceError):  # reset, or simply ended
            while part := await stream.receive_some(2 * _SMALL_BYTES):
                got.append(part[-16:])
                begun.set()
                await trio.sleep(0.25)
        got.append(b"over")


async def test_trickling_readers_do_not_hold_every_place(tmp_path: Path, postgres_dsn: str) -> None:
    """With every place taken by them, another user's file comes whole; one of theirs is cut."""
    async with Stage(tmp_path, postgres_dsn) as stage:
        stage.start()
        await stage.ready()
        slow = [await trader(stage, 60_000)]
        account_id = kept_account(stage.dsn, Owner("shop", 2), "502")
        long_life(stage.dsn, 60_000, "502")
        slow.append(Trader(stage, await stage.shop.token(2), account_id))
        quick = await trader(stage, 30, user=3, login="503")
        taken: list[list[bytes]] = []
        async with trio.open_nursery() as nursery:
            for number in range(PER_NODE):
                owner = slow[number % 2]
                export_id = (await owner.order(format="csv")).json()["export_id"]
                taken.append([])
                begun = trio.Event()
                nursery.start_soon(trickle, await owner.link(export_id), taken[-1], begun)
                with trio.fail_after(60):
                    await begun.wait()
            whole = await quick.download((await quick.order(format="csv")).json()["export_id"])
            assert len(whole.content.splitlines()) == 31
            with trio.fail_after(60):
                while not any(parts[-1] == b"over" for parts in taken):
                    await trio.sleep(0.1)
            nursery.cancel_scope.cancel()
        assert sum(parts[-1] == b"over" for parts in taken) == 1
        assert not any(part.endswith(b"0\r\n\r\n") for parts in taken for part in parts)
