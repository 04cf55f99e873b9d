"""The guards: the order of checks, uniform refusals, and what stays possible."""

import pytest
from attrs import evolve
from quart import Request, request
from quart_trio import QuartTrio

from tests.unit.web.auth.house import (
    SECRET,
    FakeNonces,
    House,
    complete,
    now_of,
    send,
    signed_scope,
)
from tests.unit.web.callers import call, http_scope
from tests.unit.web.clocks import HandClock
from web.asgi import ADMIN_LISTENER, LISTENER, App, Message
from web.auth.idempotency import body_digest, idempotency_key
from web.limits import DEFAULT_LIMITS, LimitClass
from web.ports import Caller
from web.problems import Problem


async def test_a_right_signature_names_the_caller() -> None:
    """The caller is the key's: id, site and scopes."""
    house = House()
    assert (await send(house, signed_scope())).status == 200
    assert house.seen == [Caller("primary", "shop", frozenset({"connect", "exchange"}))]


async def test_twelve_causes_have_one_answer() -> None:
    """Every failure of authentication is the same 401, byte for byte; the log alone tells."""
    replayed = House()
    assert (await send(replayed, signed_scope())).status == 200
    late, early = (HandClock(seconds) for seconds in (301.0, -301.0))
    cases = [
        (House(), signed_scope(signature=None)),
        (House(), signed_scope(timestamp=None)),
        (House(), signed_scope(Nonce=None)),
        (House(), signed_scope(signature="v1=" + "0" * 64)),
        (House(), signed_scope(signature="v2=" + "0" * 64)),
        (House(), signed_scope(timestamp="1789992000.5")),
        (House(), signed_scope(Nonce="short")),
        (House(), signed_scope(key="unknown")),
        (House(), signed_scope(key="ops-1")),
        (House(), signed_scope(audience="https://staging.example")),
        (House(clock=late), signed_scope()),
        (House(clock=early), signed_scope()),
        (replayed, signed_scope()),
    ]
    answers = [await send(house, scope) for house, scope in cases]
    assert {answer.status for answer in answers} == {401}
    assert len({answer.body for answer in answers}) == 1
    names = {tuple(sorted(answer.headers)) for answer in answers}
    assert len(names) == 1
    assert "www-authenticate" in answers[0].headers


async def test_a_nonce_is_used_up_only_by_a_signature_that_holds() -> None:
    """Refused requests leave the nonce free, so that nobody can burn another's."""
    house = House()
    await send(house, signed_scope(signature="v1=" + "0" * 64))
    await send(house, signed_scope(), body=b"{} ")
    assert house.nonces.seen == set()
    assert (await send(house, signed_scope())).status == 200
    assert house.nonces.seen == {("primary", "nonce-0123456789")}


async def test_a_valid_signature_without_the_scope_is_403() -> None:
    """The key is known, but may not do this."""
    assert (await send(House(), signed_scope(key_id="ops-1"))).status == 403


async def test_without_storage_a_signed_request_is_503() -> None:
    """The nonce check fails closed."""
    house = House(nonces=FakeNonces(down=True))
    assert (await send(house, signed_scope())).status == 503
    assert house.seen == []


async def test_the_limit_comes_before_the_signature_and_per_key() -> None:
    """Bad signatures are limited too; strangers do not use up a known key's allowance."""
    limit = evolve(DEFAULT_LIMITS[LimitClass.CONNECT], per_minute=2)
    house = House(limits={**DEFAULT_LIMITS, LimitClass.CONNECT: limit})
    app = house.app()
    stranger = [await call(app, signed_scope(key="unknown")) for _ in range(3)]
    assert [answer.status for answer in stranger] == [401, 401, 429]
    body: list[Message] = [{"type": "http.request", "body": b"{}", "more_body": False}]
    assert (await call(app, signed_scope(), body)).status == 200


async def test_the_admin_port_needs_no_signature_and_a_public_one_an_ops_key() -> None:
    """Ops routes open to the loopback listener, or to a key with the ops scope."""
    house = House()
    path = "/api/supervisor/drain"
    local = http_scope("POST", path, [("Host", "127.0.0.1")], state={LISTENER: ADMIN_LISTENER})
    assert (await send(house, complete(local))).status == 200
    assert (await send(house, signed_scope(path=path, key_id="ops-1"))).status == 200
    assert (await send(house, signed_scope(path=path))).status == 403
    assert (await send(house, complete(http_scope("POST", path)))).status == 401


@pytest.mark.parametrize(
    ("sent", "good"),
    [
        (["order-7-connect"], True),
        (["a" * 128], True),
        ([], False),
        (["short"], False),
        (["a" * 129], False),
        (["with space here"], False),
        (["order-7-connect", "order-7-connect"], False),
    ],
)
async def test_idempotency_key_form(sent: list[str], good: bool) -> None:
    """Exactly one key of 8 to 128 plain characters, else 400."""
    asked = await _request("/api/connect", b"{}", [("Idempotency-Key", key) for key in sent])
    if good:
        assert idempotency_key(asked) == sent[0]
        return
    with pytest.raises(Problem) as refused:
        idempotency_key(asked)
    assert refused.value.status == 400


async def test_body_digest_depends_on_key_path_and_body() -> None:
    """The same key with another path or body is told apart; without the pepper nobody can guess."""
    base = await body_digest(await _request("/a", b"x"), SECRET)
    assert base == await body_digest(await _request("/a", b"x"), SECRET)
    others = [
        await body_digest(await _request("/b", b"x"), SECRET),
        await body_digest(await _request("/a?q=1", b"x"), SECRET),
        await body_digest(await _request("/a", b"y"), SECRET),
        await body_digest(await _request("/a", b"x"), SECRET[::-1]),
    ]
    assert len({base, *others}) == 5


async def _request(path: str, body: bytes, headers: list[tuple[str, str]] | None = None) -> Request:
    """A Quart request as a route would see it."""
    kept: list[Request] = []
    app = QuartTrio("request")

    @app.before_request
    async def keep() -> str:
        found = now_of(request)
        await found.get_data(cache=True)
        kept.append(found)
        return "kept"

    inner: App = app.asgi_app  # type: ignore[assignment]  # the same words of ASGI
    scope = complete(http_scope("POST", path, headers or []))
    await call(inner, scope, [{"type": "http.request", "body": body, "more_body": False}])
    return kept[0]
