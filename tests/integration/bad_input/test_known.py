"""Well-formed requests that what is known forbids: plans, servers, passwords, owners, keys."""

import json
import secrets
from typing import Any

import httpx
import psycopg

from actors.mt5.simulator.scenarios import add_account
from tests.integration.bad_input.caller import ALICE, SERVER, Caller, rows
from tests.stage import SharedStage


async def send(caller: Caller, **changes: Any) -> httpx.Response:
    """Connect with the caller's body but for ``changes``."""
    return await caller.signed(json.dumps(caller.body(**changes)).encode())


async def test_what_connect_cannot_accept_leaves_no_account(
    shared: SharedStage, caller: Caller
) -> None:
    """Unknown plan and server, a phase the plan has not, a wrong and a master password: 422."""
    await shared.at_broker(lambda broker: add_account(broker, "calm", login="9101", server=SERVER))
    master = await shared.at_broker(lambda broker: broker.account("9101").recipe.master_password)
    before = rows(shared.stage.dsn)
    caller.check(await send(caller, account_type="none-such"), 422, "unknown_plan")
    caller.check(await send(caller, phase=9), 422, "unknown_plan")
    caller.check(await send(caller, server="Nowhere-Live"), 422, "unknown_server")
    caller.check(await send(caller, login="9101"), 422, "bad_credentials")
    caller.check(await send(caller, login="9199"), 422, "bad_credentials")
    caller.password = master
    caller.check(await send(caller, login="9101"), 422, "master_password")
    # The answers are kept under their keys; nothing else is.
    assert rows(shared.stage.dsn) == before | {"idempotency": before["idempotency"] + 6}


async def test_a_login_of_another_owner_is_a_conflict(shared: SharedStage, caller: Caller) -> None:
    """409 for the second owner, whatever the password, and nothing of the first one's is told."""
    card = await shared.at_broker(
        lambda broker: add_account(broker, "calm", login="9102", server=SERVER)
    )
    proper = card.investor_password
    first = await send(caller, login="9102", investor_pass=proper, wp_user_id=ALICE)
    assert first.status_code == 200, first.text
    account_id = first.json()["account_id"]
    before = rows(shared.stage.dsn)
    for password in (proper, caller.password):
        for server in (SERVER, SERVER.upper()):
            answer = await send(caller, login="9102", investor_pass=password, server=server)
            caller.check(answer, 409, "owned_by_other")
            assert account_id not in answer.text
    assert rows(shared.stage.dsn) == before | {"idempotency": before["idempotency"] + 4}


async def test_an_idempotency_key_holds_one_body_and_one_answer(
    shared: SharedStage, caller: Caller
) -> None:
    """The same key and body repeat the answer; another body, or another route, is a mismatch."""
    card = await shared.at_broker(
        lambda broker: add_account(broker, "calm", login="9103", server=SERVER)
    )
    job = {"Idempotency-Key": secrets.token_hex(8)}
    wanted = caller.body(login="9103", investor_pass=card.investor_password, wp_user_id=3)
    raw = json.dumps(wanted).encode()
    first = await caller.signed(raw, headers=job)
    assert first.status_code == 200
    before = rows(shared.stage.dsn)
    again = await caller.signed(raw, headers=job)
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    other = json.dumps(wanted | {"wp_user_id": 4}).encode()
    caller.check(await caller.signed(other, headers=job), 422, "idempotency_mismatch")
    path = f"/api/s2s/accounts/{first.json()['account_id']}/deactivate"
    elsewhere = json.dumps({"actor": "a", "reason": "b"}).encode()
    caller.check(await caller.signed(elsewhere, path, headers=job), 422, "idempotency_mismatch")
    assert rows(shared.stage.dsn) == before


async def test_no_key_is_left_running(shared: SharedStage) -> None:
    """After all of this no idempotency key is held by a command that has ended."""
    with psycopg.connect(shared.stage.dsn) as line:
        query = b"SELECT count(*) FROM idempotency WHERE state = 'running'"
        assert line.execute(query).fetchone() == (0,)
