"""Live updates of a whole installation: a real server, database and simulated broker."""

import os
import signal
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trio

from actors.domain.account import Owner
from actors.mt5.simulator.scenarios import add_account
from actors.mt5.simulator.scripts import losing
from tests.integration.checks import connect, is_in, until, verdicts
from tests.integration.live.listener import Listener, listening, refusal
from tests.stage import Stage
from web.auth.tokens import Tokens
from web.ports import Principal

ALICE, BOB = 1, 2
SAID = {"actor": "staff-7", "reason": "asked by phone"}


@pytest.fixture
async def stage(tmp_path: Path, postgres_dsn: str) -> AsyncIterator[Stage]:
    """A running installation. Every address that a test names has limits of its own."""
    async with Stage(tmp_path, postgres_dsn) as stage:
        stage.start()
        await stage.ready()
        yield stage


class Earlier:
    """A clock that is late by some seconds."""

    def __init__(self, seconds: float) -> None:
        self._by = timedelta(seconds=seconds)

    def now(self) -> datetime:
        """So long ago."""
        return datetime.now(UTC) - self._by

    def monotonic(self) -> float:
        """Not used."""
        return 0.0


def token_of(stage: Stage, user: int, *, seconds_left: float) -> str:
    """A token that ends soon."""
    keys = {"t1": stage.key("token-1")}
    office = Tokens(keys, "t1", "onefunders-analyze", stage.url, Earlier(900 - seconds_left))
    return office.mint(Principal(Owner("shop", user), None, ""), 0)[0]


async def ready(stage: Stage, scenario: str, user: int = ALICE) -> str:
    """A connected account of the user that has its first figures."""
    login = str(8600 + len(stage.broker.accounts()))
    card = add_account(stage.broker, scenario, login=login, server="Simulated-1")
    account_id = await connect(stage, card, user)
    await until(stage, account_id, is_in("ready"))
    return account_id


def same_but_for_time(told: dict[str, Any], read: dict[str, Any]) -> bool:
    """Whether two summaries differ in nothing but the moment at which they were told."""
    timely = {"server_now", "data_age_seconds", "dd_daily_seconds_to_reset"}
    return list(told) == list(read) and all(
        told[name] == read[name] for name in told if name not in timely
    )


async def test_a_subscriber_is_told_the_document_of_get_summary(stage: Stage) -> None:
    """The summary at once and after each commit; a state before it; nothing of other users."""
    mine, bobs = await ready(stage, "active"), await ready(stage, "calm", BOB)
    token, path = await stage.shop.token(ALICE), f"/api/account/{mine}"
    async with listening(stage.url) as alice, listening(stage.url) as bob:
        await alice.enter(token, mine, bobs, "00000000-0000-0000-0000-000000000007")
        await bob.enter(await stage.shop.token(BOB), bobs)
        first = await alice.hear("summary", mine)
        await bob.hear("summary", bobs)
        read = (await stage.shop.read(path + "/summary", token)).json()
        assert first["rev"] == first["data"]["rev"]
        if first["rev"] == read["rev"]:
            assert same_but_for_time(first["data"], read)
        await stage.shop.post(path + "/sync", token)
        after = await alice.hear("summary", mine)
        assert after["rev"] > first["rev"]

        refused = [one for one in alice.heard if one["type"] == "refused"]
        assert {one["account_id"] for one in refused} == {
            bobs,
            "00000000-0000-0000-0000-000000000007",
        }
        assert {one["code"] for one in refused} == {"not_found"}

        await stage.ops.call("POST", f"/api/supervisor/accounts/{mine}/pause")
        paused = await alice.hear("state", mine)
        assert paused["connection_state"] == "paused"
        shown = await alice.hear("summary", mine)
        assert shown["data"]["connection_state"] == "paused"
        assert {one.get("account_id") for one in bob.heard} == {None, bobs}

        told = (await stage.ops.call("GET", "/api/metrics")).text
        assert "onefunders_live_clients 2.0" in told
    assert await _metric(stage, 'onefunders_live_ended_total{reason="gone"} 2.0')


async def _metric(stage: Stage, line: str) -> bool:
    with trio.fail_after(10):
        while line not in (await stage.ops.call("GET", "/api/metrics")).text:
            await trio.sleep(0.1)
    return True


async def test_a_stored_breach_is_told_on_every_node(stage: Stage) -> None:
    """What is heard is stored by then, each violation once; also by who came back after a drop,
    and on a node that does not run the account.
    """
    mine = await ready(stage, "calm")
    two = stage.beside("node-2")
    two.start()
    await two.ready()
    token = await stage.shop.token(ALICE)
    async with listening(stage.url) as dropped:
        await dropped.enter(token, mine)
        await dropped.hear("summary", mine)
    async with listening(stage.url) as here, listening(two.url) as there:
        for node, listener in ((stage, here), (two, there)):
            await listener.enter(await node.shop.token(ALICE), mine)
            await listener.hear("summary", mine)
        (card,) = stage.broker.accounts()
        losing(stage.broker.account(card.login), ((1_000, 600),), wobble=0)
        async with trio.open_nursery() as nursery:
            for listener in (here, there):
                nursery.start_soon(until_breach, stage, listener)
            while not verdicts(stage.dsn):
                await stage.shop.post(f"/api/account/{mine}/sync", token)
                await trio.sleep(1.0)
        for listener in (here, there):
            told = [one for one in listener.heard if one["type"] == "violation"]
            assert len({one["data"]["violation_id"] for one in told}) == len(told)
            breach = await listener.hear("summary", mine)
            assert breach["data"]["outcome"] == "breached"


async def until_breach(stage: Stage, listener: Listener) -> None:
    """Listen until a breach is told; each violation is stored when it is heard."""
    while True:
        told = (await listener.hear("violation"))["data"]
        stored = {str(row["id"]): row for row in verdicts(stage.dsn)}
        row = stored[told["violation_id"]]
        assert (row["severity"], row["rule_id"]) == (told["severity"], told["rule_id"])
        if row["severity"] == "breach":
            return


async def test_a_revoked_user_is_cut_off_within_five_seconds(stage: Stage) -> None:
    """Sockets of the epoch before are closed, those of other users stay."""
    await ready(stage, "calm"), await ready(stage, "calm", BOB)
    async with listening(stage.url) as alice, listening(stage.url) as bob:
        await alice.enter(await stage.shop.token(ALICE))
        await bob.enter(await stage.shop.token(BOB))
        answer = await stage.shop.call("POST", f"/api/s2s/users/{ALICE}/revoke", SAID)
        assert answer.status_code == 200
        with trio.fail_after(5):
            assert await alice.end() == 4401
        await bob.say(type="subscribe", account_ids=["nobody"])
        assert await bob.end() == 4400


async def test_a_fresh_token_on_the_same_socket(stage: Stage) -> None:
    """The end of a token is told; a fresh one goes on, and without one the socket is closed."""
    mine = await ready(stage, "calm")
    async with listening(stage.url) as lives, listening(stage.url) as ends:
        for listener in (lives, ends):
            await listener.enter(token_of(stage, ALICE, seconds_left=6), mine)
            await listener.hear("auth_expiring")
        await lives.say(type="auth", token=await stage.shop.token(ALICE))
        await lives.hear("ready")
        assert await ends.end() == 4401
        await stage.ops.call("POST", f"/api/supervisor/accounts/{mine}/pause")
        assert (await lives.hear("state"))["connection_state"] == "paused"
        os.kill(stage.pid, signal.SIGTERM)
        assert await lives.end() == 1001
        assert await stage.died(10) == 0


BAD: tuple[tuple[tuple[str | bytes, ...], int], ...] = (
    ((b"\x00",), 4400),
    (("{",), 4400),
    (('{"type":"auth"}',), 4400),
    (('{"type":"auth","token":"a.b.c","more":1}',), 4400),
    (('{"type":"subscribe","account_ids":[]}',), 4400),
    (('{"type":"auth","token":"a.b.c"}',), 4401),
    (("x" * 65_537,), 1009),
    ((), 4408),
)


async def test_who_does_not_keep_to_the_messages_is_closed(stage: Stage) -> None:
    """Each with its documented code."""
    for messages, code in BAD:
        async with listening(stage.url) as listener:
            for message in messages:
                await listener.socket.send_message(message)
            assert await listener.end() == code, messages


async def test_pages_of_other_origins_get_no_socket(stage: Stage) -> None:
    """The handshake itself is refused; a plain request is told what to do instead."""
    for origin in (None, "null", "https://evil.example", "http://127.0.0.1"):
        assert await refusal(stage.port, origin) == b"HTTP/1.1 403 "
    plain = await stage.shop.http.get(f"{stage.url}/api/live")
    assert (plain.status_code, plain.json()["code"]) == (426, "upgrade_required")
    assert await refusal(stage.admin_port, stage.url) == b"HTTP/1.1 404 "


async def test_a_user_has_at_most_eight_sockets(stage: Stage) -> None:
    """The ninth is closed."""
    await ready(stage, "calm")
    token = await stage.shop.token(ALICE)
    async with trio.open_nursery() as nursery:
        for _ in range(8):
            await nursery.start(_stay, stage.url, token)
        async with listening(stage.url) as ninth:
            await ninth.say(type="auth", token=token)
            assert await ninth.end() == 4429
        nursery.cancel_scope.cancel()


async def _stay(url: str, token: str, task_status: trio.TaskStatus[None]) -> None:
    async with listening(url) as listener:
        await listener.say(type="auth", token=token)
        await listener.hear("ready")
        task_status.started()
        await trio.sleep_forever()
