"""Bodies, headers and parameters out of form: a clear problem, and nothing changes."""

import json
from typing import Any

import pytest

from tests.integration.bad_input.caller import Caller

FIELDS: dict[str, tuple[dict[str, Any], str]] = {
    "empty login": ({"login": ""}, "login"),
    "login with letters": ({"login": "12a4"}, "login"),
    "login zero": ({"login": "0"}, "login"),
    "login with a leading zero": ({"login": "0123"}, "login"),
    "login over 63 bits": ({"login": "9223372036854775808"}, "login"),
    "negative login": ({"login": "-5"}, "login"),
    "login as a number": ({"login": 9100}, "login"),
    "login with NUL": ({"login": "91\x0000"}, "login"),
    "server with a line break": ({"server": "Simulated-1\r\nHost: x"}, "server"),
    "server as a path": ({"server": "../Simulated-1"}, "server"),
    "server as an address": ({"server": "169.254.169.254:80/"}, "server"),
    "server too long": ({"server": "S" * 65}, "server"),
    "empty password": ({"investor_pass": ""}, "investor_pass"),
    "password with NUL": ({"investor_pass": "abc\x00def"}, "investor_pass"),
    "password too long": ({"investor_pass": "p" * 65}, "investor_pass"),
    "password as a list": ({"investor_pass": ["x"]}, "investor_pass"),
    "plan as a path": ({"account_type": "../../etc/passwd"}, "account_type"),
    "user as text": ({"wp_user_id": "2"}, "wp_user_id"),
    "user as a fraction": ({"wp_user_id": 2.0}, "wp_user_id"),
    "user as a truth": ({"wp_user_id": True}, "wp_user_id"),
    "user zero": ({"wp_user_id": 0}, "wp_user_id"),
    "user over 53 bits": ({"wp_user_id": 2**53}, "wp_user_id"),
    "negative balance": ({"initial_balance": -1}, "initial_balance"),
    "endless balance": ({"initial_balance": "Infinity"}, "initial_balance"),
    "balance that is none": ({"initial_balance": "NaN"}, "initial_balance"),
    "balance too fine": ({"initial_balance": 1e-9}, "initial_balance"),
    "currency in small letters": ({"currency": "usd"}, "currency"),
    "order with a line break": ({"order_id": "1\n2"}, "order_id"),
    "phase out of range": ({"phase": 10}, "phase"),
    "no login": ({"login": None}, "login"),
    "no password": ({"investor_pass": None}, "investor_pass"),
    "unknown field": ({"is_admin": True}, "is_admin"),
}


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize("name", FIELDS)
async def test_a_field_out_of_form_is_named(caller: Caller, name: str) -> None:
    """422 names the field and never repeats its value."""
    changes, field = FIELDS[name]
    answer = await caller.signed(json.dumps(caller.body(**changes)).encode())
    caller.check(answer, 422, "invalid")
    assert field in [error["field"] for error in answer.json()["errors"]]


async def test_every_bad_field_is_named_at_once(caller: Caller) -> None:
    """Three fields out of form are three errors, so that one round trip corrects them."""
    body = caller.body(login="x", server="/", currency="usd")
    answer = await caller.signed(json.dumps(body).encode())
    assert [error["field"] for error in answer.json()["errors"]] == ["login", "server", "currency"]


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"", 400, "bad_request"),
        (b"hello", 400, "bad_request"),
        (b'{"login": "9100"', 400, "bad_request"),
        (b'{"initial_balance": NaN}', 400, "bad_request"),
        (b'{"initial_balance": Infinity}', 400, "bad_request"),
        (b'{"login": "\xff\xfe"}', 400, "bad_request"),
        (b'{"login": "\\ud800"}', 400, "bad_request"),
        (b"[" * 8000 + b"]" * 8000, 400, "bad_request"),
        (b'{"a":' * 2500 + b"1" + b"}" * 2500, 400, "bad_request"),
        (b'{"initial_balance": 1' + b"0" * 5000 + b"}", 400, "bad_request"),
        (b"[]", 422, "invalid"),
        (b"null", 422, "invalid"),
        (b"1" + b"0" * 5000, 400, "bad_request"),
        (b" " * 16_384 + b"{}", 413, "too_large"),
    ],
    ids=lambda value: repr(value[:24]) if isinstance(value, bytes) else None,
)
async def test_what_is_no_proper_json_is_refused(
    caller: Caller, raw: bytes, status: int, code: str
) -> None:
    """Cut, deep, huge, ill-encoded and non-standard JSON ends in a problem, not in a crash."""
    caller.check(await caller.signed(raw), status, code)


@pytest.mark.usefixtures("nothing_written")
async def test_a_name_may_stand_once_in_an_object(caller: Caller) -> None:
    """Two values for one name: readers would differ on which counts, so it is refused."""
    whole = json.dumps(caller.body())
    answer = await caller.signed(whole.replace("{", '{"wp_user_id": 1, ', 1).encode())
    caller.check(answer, 422, "invalid")
    assert answer.json()["errors"] == [{"field": "wp_user_id", "code": "duplicate"}]


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize(
    "kind", [None, "text/plain", "application/x-www-form-urlencoded", "application/jsonx"]
)
async def test_only_json_is_read(caller: Caller, kind: str | None) -> None:
    """Another content type, or none, is 415."""
    raw = json.dumps(caller.body()).encode()
    caller.check(await caller.signed(raw, headers={"Content-Type": kind}), 415, "unsupported_media")


@pytest.mark.usefixtures("nothing_written")
async def test_a_packed_body_is_refused(caller: Caller) -> None:
    """A packed body could unfold to any size."""
    raw = json.dumps(caller.body()).encode()
    answer = await caller.signed(raw, headers={"Content-Encoding": "gzip"})
    caller.check(answer, 415, "unsupported_media")


@pytest.mark.usefixtures("nothing_written")
async def test_wrong_doors_of_connect(caller: Caller) -> None:
    """Another method, and a parameter that connect does not know."""
    caller.check(await caller.signed(b"", method="GET"), 405, "method_not_allowed")
    raw = json.dumps(caller.body()).encode()
    answer = await caller.signed(raw, f"/api/connect?investor_pass={caller.password}")
    caller.check(answer, 422, "invalid")


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize("key", [None, "short", "x" * 129, "with space in it", "line\tbreak"])
async def test_a_change_needs_an_idempotency_key(caller: Caller, key: str | None) -> None:
    """Without one, or with one out of form: 400 that says what is wanted."""
    raw = json.dumps(caller.body()).encode()
    answer = await caller.signed(raw, headers={"Idempotency-Key": key})
    caller.check(answer, 400, "idempotency_key_required")


ODD_READS = (
    "/api/s2s/accounts?q=%00",
    "/api/s2s/accounts?limit=0",
    "/api/s2s/accounts?limit=201",
    "/api/s2s/accounts?page=-1",
    "/api/s2s/accounts?page=1&page=2",
    "/api/s2s/accounts?status=sleeping",
    "/api/s2s/accounts?wp_user_id=one",
    "/api/s2s/accounts?sort=site_id",
    "/api/s2s/accounts?order_by=1;DROP%20TABLE%20accounts",
)


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize("path", ODD_READS)
async def test_odd_parameters_are_refused(caller: Caller, path: str) -> None:
    """422 for parameters out of form, unknown or doubled; never a database's error."""
    caller.check(await caller.signed(b"", path, method="GET"), 422, "invalid")


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/auth/exchange", {"wp_user_id": 1, "act": "staff\n"}),
        ("/api/auth/exchange", {"wp_user_id": 1, "account_ids": []}),
        ("/api/auth/exchange", {"wp_user_id": 1, "account_ids": ["1"]}),
        ("/api/s2s/violations/{id}/override", {"actor": "a", "reason": "b", "decision": "ok\n"}),
        ("/api/s2s/accounts/{id}/reset", {"actor": "", "reason": "b"}),
        ("/api/s2s/accounts/{id}/reset", {"actor": "a", "reason": "b\x00"}),
        ("/api/s2s/accounts/{id}/credentials", {"actor": "a", "reason": "b", "investor_pass": ""}),
        ("/api/s2s/users/1/erase", {"actor": "a"}),
    ],
)
async def test_odd_bodies_of_the_staff_are_refused(caller: Caller, path: str, body: Any) -> None:
    """422 for a line break behind a word, an empty list, missing and empty fields."""
    path = path.format(id="00000000-0000-4000-8000-000000000000")
    caller.check(await caller.signed(json.dumps(body).encode(), path), 422, "invalid")
