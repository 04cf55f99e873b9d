"""The dashboard's page and files from the real server."""

from pathlib import Path

import pytest
import trio

from tests.integration.web.tiny import get, read_all
from tests.stage import Stage
from tests.unit.web.test_dashboard import build
from web.dashboard import script_hashes


async def raw(stage: Stage, path: str, *headers: str, method: str = "GET") -> tuple[str, bytes]:
    """Head and body of an answer, byte for byte."""
    async with await trio.open_tcp_stream("127.0.0.1", stage.port) as client:
        request = get(path, f"Host: 127.0.0.1:{stage.port}", *headers)
        request = request.replace(b"Host: 127.0.0.1\r\n", b"", 1)
        await client.send_all(request.replace(b"GET", method.encode(), 1))
        with trio.fail_after(10):
            head, _, body = (await read_all(client)).partition(b"\r\n\r\n")
    return head.decode().lower(), body


def start_with(stage: Stage, folder: Path) -> None:
    """Start the server with this dashboard."""
    line = f'[node]\ndashboard_folder = "{folder}"\n'
    stage.settings.write_text(stage.settings.read_text().replace("[node]\n", line))
    stage.start()


async def test_page_and_files_are_served_to_be_cached(tmp_path: Path, postgres_dsn: str) -> None:
    """The page is asked for again each time, files with a digest in their name never; packed
    where taken; HEAD tells the same without the body.
    """
    folder = tmp_path / "dist"
    folder.mkdir()
    build(folder)
    async with Stage(tmp_path, postgres_dsn) as stage:
        start_with(stage, folder)
        await stage.ready()
        head, body = await raw(stage, "/")
        assert body == (folder / "index.html").read_bytes()
        assert "cache-control: no-cache" in head
        assert "content-type: text/html; charset=utf-8" in head
        assert "referrer-policy: no-referrer" in head
        assert "x-content-type-options: nosniff" in head
        for digest in script_hashes(body.decode()):
            assert f"'{digest.lower()}'" in head
        assert f"connect-src 'self' ws://127.0.0.1:{stage.port};" in head
        assert head.count("content-security-policy") == 1
        (etag,) = [line for line in head.split("\r\n") if line.startswith("etag: ")]
        again, nothing = await raw(stage, "/", etag.replace("etag", "If-None-Match"))
        assert again.startswith("http/1.1 304")
        assert nothing == b""

        script = "/assets/index-abc.js"
        head, body = await raw(stage, script, "Accept-Encoding: gzip, br")
        assert body == b"brotli"
        assert "content-encoding: br" in head
        assert "cache-control: public, max-age=31536000, immutable" in head
        assert "vary: accept-encoding" in head
        assert (await raw(stage, script))[1] == b"plain"
        head, body = await raw(stage, script, method="HEAD")
        assert body == b""
        assert "content-length: 5\r\n" in head + "\r\n"

        for nowhere in (
            "/assets/nothing.js",
            "/assets/notes",
            "/assets/index-abc.js.br",
            "/assets/../index.html",
            "/assets/..%2findex.html",
            "/assets/%2e%2e/%2e%2e/node-1.toml",
            "/assets/",
            "/index.html",
            "/favicon.svg",
        ):
            head, body = await raw(stage, nowhere)
            assert head.startswith("http/1.1 404"), nowhere
            assert "content-type: application/problem+json" in head


@pytest.mark.parametrize("is_built", [False, True])
async def test_without_a_build_the_page_says_what_to_do(
    tmp_path: Path, postgres_dsn: str, is_built: bool
) -> None:
    """A page for a human; the API is not touched by it."""
    async with Stage(tmp_path, postgres_dsn) as stage:
        folder = tmp_path / "dist"
        if is_built:
            folder.mkdir()
            build(folder)
        start_with(stage, folder)
        await stage.ready()
        head, body = await raw(stage, "/")
        assert head.startswith("http/1.1 200")
        assert (b"make frontend" in body) is not is_built
