"""Signatures that do not hold: one answer for all of them, and nothing changes."""

import json
import time

import httpx
import pytest
import trio

from tests.integration.bad_input.caller import ALICE, Caller
from tests.signed_client import signed_headers
from tests.stage import SharedStage


def now(offset: int = 0) -> str:
    """Unix seconds as text."""
    return str(int(time.time()) + offset)


HEADERS: dict[str, dict[str, str | None]] = {
    "no signature": {"X-OneFunders-Signature": None},
    "no timestamp": {"X-OneFunders-Timestamp": None},
    "no nonce": {"X-OneFunders-Nonce": None},
    "nothing at all": {
        "X-OneFunders-Signature": None,
        "X-OneFunders-Timestamp": None,
        "X-OneFunders-Nonce": None,
        "X-OneFunders-Key": None,
    },
    "zero signature": {"X-OneFunders-Signature": "v1=" + "0" * 64},
    "other version": {"X-OneFunders-Signature": "v2=" + "0" * 64},
    "short signature": {"X-OneFunders-Signature": "v1=" + "0" * 63},
    "upper-case signature": {"X-OneFunders-Signature": "v1=" + "A" * 64},
    "three signatures": {"X-OneFunders-Signature": ",".join(["v1=" + "0" * 64] * 3)},
    "unknown key": {"X-OneFunders-Key": "nobody"},
    "key of another": {"X-OneFunders-Key": "ops"},
    "malformed key": {"X-OneFunders-Key": "primary primary"},
    "other nonce than signed": {"X-OneFunders-Nonce": "n" * 24},
    "other time than signed": {"X-OneFunders-Timestamp": now(-5)},
}
SIGNED: dict[str, dict[str, str]] = {
    "stale": {"timestamp": now(-400)},
    "from the future": {"timestamp": now(900)},
    "milliseconds": {"timestamp": now() + "000"},
    "a fraction": {"timestamp": now() + ".5"},
    "a sign": {"timestamp": "+" + now()},
    "no number": {"timestamp": "yesterday"},
    "short nonce": {"nonce": "n" * 15},
    "long nonce": {"nonce": "n" * 65},
    "odd nonce": {"nonce": "n" * 16 + "!"},
    "for another server": {"audience": "https://staging.example"},
}


@pytest.mark.usefixtures("nothing_written")
async def test_every_wrong_signature_gets_one_and_the_same_answer(caller: Caller) -> None:
    """Missing, malformed, stale, foreign and forged signatures: 401, told apart only in the log."""
    raw = json.dumps(caller.body()).encode()
    answers = [await caller.signed(raw, headers=headers) for headers in HEADERS.values()]
    answers += [await caller.signed(raw, changes=changes) for changes in SIGNED.values()]
    url = f"{caller.shop.url}/api/connect"
    elsewhere = httpx.URL(f"{caller.shop.url}/api/auth/exchange")
    for signed_for in (
        ("POST", elsewhere, raw),
        ("POST", httpx.URL(url + "?x=1"), raw),
        ("PUT", httpx.URL(url), raw),
        ("POST", httpx.URL(url), raw + b" "),
    ):
        made = signed_headers(caller.shop.secret, "primary", *signed_for) | caller.shop.plain
        answers.append(await caller.shop.http.post(url, content=raw, headers=made))
    doubled = signed_headers(caller.shop.secret, "primary", "POST", httpx.URL(url), raw)
    twice = [*(doubled | caller.shop.plain).items(), ("X-OneFunders-Nonce", "n" * 24)]
    answers.append(await caller.shop.http.post(url, content=raw, headers=twice))
    bodies = set()
    for answer in answers:
        caller.check(answer, 401, "unauthorized")
        bodies.add(json.dumps(answer.json() | {"request_id": ""}))
    assert len(answers) == 29
    assert len(bodies) == 1
    log = caller.stage.log_text()
    for reason in ("missing_header", "header_form", "unknown_key", "timestamp_outside_window"):
        assert reason in log
    assert "signature_mismatch" in log
    assert "duplicate_header" in log


async def test_time_may_be_five_minutes_off(caller: Caller) -> None:
    """Just inside ±300 s passes, just outside does not; the ping tells the skew."""
    for offset in (-295, 295):
        answer = await caller.shop.call("GET", "/api/s2s/ping", timestamp=now(offset))
        assert answer.status_code == 200
        assert abs(answer.json()["skew_seconds"] - offset) <= 3
    for offset in (-305, 305):
        answer = await caller.shop.call("GET", "/api/s2s/ping", timestamp=now(offset))
        caller.check(answer, 401, "unauthorized")


@pytest.mark.usefixtures("nothing_written")
async def test_a_nonce_works_once_however_many_send_it_at_once(caller: Caller) -> None:
    """Of 50 equal signed requests at once exactly one passes; a later one does not either."""
    url = httpx.URL(f"{caller.shop.url}/api/s2s/ping")
    headers = signed_headers(caller.shop.secret, "primary", "GET", url, b"") | caller.shop.plain
    answers: list[httpx.Response] = []

    async def send() -> None:
        answers.append(await caller.shop.http.get(url, headers=headers))

    async with trio.open_nursery() as nursery:
        for _ in range(50):
            nursery.start_soon(send)
    await send()
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 50
    for answer in answers:
        if answer.status_code == 401:
            caller.check(answer, 401, "unauthorized")


@pytest.mark.usefixtures("nothing_written")
async def test_a_key_without_the_scope_is_told_so(shared: SharedStage, caller: Caller) -> None:
    """A valid signature of a key that may not do this: 403, not 401."""
    ops = Caller(shared, "s2s-ops", "ops")
    caller.check(await caller.shop.call("GET", "/api/supervisor/status"), 403, "forbidden")
    ops.check(await ops.signed(json.dumps(ops.body()).encode()), 403, "forbidden")
    asked = await ops.shop.call("POST", "/api/auth/exchange", {"wp_user_id": ALICE})
    ops.check(asked, 403, "forbidden")
    await ops.shop.close()
