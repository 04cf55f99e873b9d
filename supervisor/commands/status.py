"""``onefunders status`` and ``accounts``: the running supervisor, over its loopback port."""

from typing import Any

import click
import httpx

from supervisor.commands.exits import UNAVAILABLE, as_json, fail, json_option

_TIMEOUT_SECONDS = 10.0


def admin_call(port: int, method: str, path: str, **parameters: Any) -> Any:
    """Call the loopback admin port and return the JSON answer; leave with 3 when none answers."""
    try:
        answer = httpx.request(
            method,
            f"http://127.0.0.1:{port}{path}",
            params={name: value for name, value in parameters.items() if value is not None},
            timeout=_TIMEOUT_SECONDS,
        )
    except httpx.HTTPError as error:
        fail(f"no supervisor answers on 127.0.0.1:{port} ({type(error).__name__})", UNAVAILABLE)
    body = answer.json()
    if answer.status_code >= httpx.codes.BAD_REQUEST:
        fail(f"{body.get('title')}: {body.get('detail')} (request {body.get('request_id')})")
    return body


def port_option(command: Any) -> Any:
    """Where the running supervisor listens for its operators."""
    return click.option(
        "--admin-port",
        type=int,
        default=8001,
        show_default=True,
        envvar="ONEFUNDERS_ADMIN_PORT",
        help="Loopback admin port of the running supervisor.",
    )(command)


@click.command()
@port_option
@json_option
def status(admin_port: int, as_json_flag: bool) -> None:
    """Totals by state and tier, restarts, lag. Exit code 1 when something is quarantined."""
    body = admin_call(admin_port, "GET", "/api/supervisor/status", limit=1)["status"]
    if as_json_flag:
        as_json(body)
    else:
        for name, value in body["totals"].items():
            click.echo(f"{name:16} {value}")
    if body["totals"].get("state", {}).get("quarantined"):
        raise SystemExit(1)


@click.group()
def accounts() -> None:
    """List the running accounts, and act on one."""


@accounts.command("list")
@click.option("--state", default=None, help="Only this connection state.")
@click.option("--tier", default=None, help="Only this risk tier.")
@click.option("--page", default=1, show_default=True)
@click.option("--limit", default=50, show_default=True)
@port_option
@json_option
def list_accounts(
    state: str | None, tier: str | None, page: int, limit: int, admin_port: int, as_json_flag: bool
) -> None:
    """List actors with state, tier, last and next sync."""
    body = admin_call(
        admin_port,
        "GET",
        "/api/supervisor/status",
        state=state,
        tier=tier,
        page=page,
        limit=limit,
    )["status"]
    if as_json_flag:
        as_json(body)
        return
    click.echo(f"{'account':38}{'state':22}{'tier':13}{'restarts':>9}  last sync")
    for row in body["actors"]:
        click.echo(
            f"{row['account_id']:38}{row['connection_state']:22}{row['tier']:13}"
            f"{row['restarts']:>9}  {row['last_sync_at'] or '-'}"
        )


def _action(name: str, doc: str) -> None:
    @accounts.command(name, help=doc)
    @click.argument("account_id")
    @port_option
    def act(account_id: str, admin_port: int) -> None:
        admin_call(admin_port, "POST", f"/api/supervisor/accounts/{account_id}/{name}")
        click.echo(f"{name}: {account_id}")


_action("restart", "Restart the account's actor, also out of quarantine.")
_action("pause", "Stop syncing the account until it is resumed.")
_action("resume", "Go on syncing a paused account.")
