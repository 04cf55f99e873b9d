"""``onefunders token``: a user's token of the running demo, for scripts."""

import json
from pathlib import Path
from typing import Any

import click
import httpx
import trio

from actors.clock import SystemClock
from supervisor.commands.exits import UNAVAILABLE, fail
from supervisor.demo import SignedCalls


def read_directions(file: Path) -> tuple[str, str, bytes]:
    """The demo's URL, key id and key; leave with 2 when the file is not the demo's."""
    try:
        directions: dict[str, Any] = json.loads(file.read_text("utf-8"))
        s2s = directions["s2s"]
        return directions["url"], s2s["key_id"], Path(s2s["secret_file"]).read_bytes().strip()
    except (OSError, ValueError, KeyError) as error:
        fail(f"{file}: not the demo's directions; start `make demo` first ({error!r})")


async def fetch_token(file: Path, wp_user_id: int) -> str:
    """Ask the running demo for a token with a signed call. Raises httpx.HTTPError."""
    url, key_id, secret = read_directions(file)
    async with httpx.AsyncClient(timeout=10.0) as http:
        calls = SignedCalls(http, url, key_id, secret, SystemClock())
        return await calls.token(wp_user_id)


@click.command()
@click.option("--demo", "file", type=click.Path(path_type=Path), default=Path("var/demo.json"))
@click.option("--user", "wp_user_id", type=int, required=True, help="The user's wp_user_id.")
def token(file: Path, wp_user_id: int) -> None:
    """Print a fresh token (15 minutes) for a user of the running demo."""
    try:
        click.echo(trio.run(fetch_token, file, wp_user_id))
    except httpx.HTTPStatusError as error:
        fail(f"the demo refused: {error.response.status_code} {error.response.text}")
    except httpx.HTTPError as error:
        fail(f"the demo does not answer ({type(error).__name__})", UNAVAILABLE)
