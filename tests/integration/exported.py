"""How the tests of exports order a file, wait for it, download it, and read it again."""

import csv
import io
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import httpx
import trio
from openpyxl.reader.excel import load_workbook

from tests.stage import Stage

Row = dict[str, Any]


class Trader:
    """A user at the server: orders and downloads files of one account."""

    def __init__(self, stage: Stage, token: str, account_id: UUID) -> None:
        self.stage, self.token = stage, token
        self.base = f"{stage.url}/api/account/{account_id}/exports"

    async def order(self, key: str | None = None, **wish: Any) -> httpx.Response:
        """Order a file."""
        headers = self._headers() | {"Idempotency-Key": key or uuid4().hex}
        return await self.stage.shop.http.post(self.base, json=wish, headers=headers)

    async def look(self, export_id: str, etag: str | None = None) -> httpx.Response:
        """How far it is."""
        headers = self._headers() | ({} if etag is None else {"If-None-Match": etag})
        return await self.stage.shop.http.get(f"{self.base}/{export_id}", headers=headers)

    async def ended(self, export_id: str, seconds: float = 300.0) -> Row:
        """The export's document once it is no more under way."""
        with trio.fail_after(seconds):
            while True:
                told: Row = (await self.look(export_id)).json()
                if told["state"] not in {"queued", "running"}:
                    return told
                await trio.sleep(0.3)

    async def ticket(self, export_id: str) -> httpx.Response:
        """Ask for a link."""
        return await self.stage.shop.http.post(
            f"{self.base}/{export_id}/ticket", headers=self._headers()
        )

    async def link(self, export_id: str) -> str:
        """A link that works once."""
        answer = await self.ticket(export_id)
        assert answer.status_code == 200, answer.text
        return self.stage.url + str(answer.json()["url"])

    async def download(self, export_id: str) -> httpx.Response:
        """The file."""
        answer = await self.stage.shop.http.get(await self.link(export_id))
        assert answer.status_code == 200, answer.text
        return answer

    async def trades(self, **query: Any) -> list[Row]:
        """All pages of the API's own list, with numbers as they stand there."""
        url, found = self.base.removesuffix("exports") + "trades", []
        asked: Mapping[str, Any] = {"limit": 200, **query}
        while True:
            answer = await self.stage.shop.http.get(url, params=asked, headers=self._headers())
            page = answer.json(parse_float=str, parse_int=str)
            found += page["trades"]
            if page["next_cursor"] is None:
                return found
            asked = {**asked, "cursor": page["next_cursor"]}

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@asynccontextmanager
async def begun(link: str) -> AsyncIterator[trio.SocketStream]:
    """A download whose first bytes have come; leaving hangs up."""
    url = httpx.URL(link)
    stream = await trio.open_tcp_stream(url.host, url.port or 80)
    async with stream:
        await stream.send_all(b"GET %s HTTP/1.1\r\nhost: x\r\n\r\n" % url.raw_path)
        got = b""
        while b"Ticket" not in got:
            part = await stream.receive_some(1000)
            assert part, got
            got += part
        yield stream


def read_csv(raw: bytes) -> tuple[list[str], list[list[str]]]:
    """Headings and rows, read by the standard library."""
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True))
    return rows[0], rows[1:]


def read_xlsx(raw: bytes) -> Any:
    """The workbook, read by another library than the one that wrote it."""
    return load_workbook(io.BytesIO(raw))  # type: ignore[no-untyped-call]
