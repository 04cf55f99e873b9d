"""The guards: the order of checks, uniform refusals, and what stays possible."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from attrs import define, evolve, field
from quart import Request, request
from quart_trio import QuartTrio

from actors.domain.account import Owner
from tests.unit.web.callers import Answer, call, http_scope
from tests.unit.web.clocks import NOON, HandClock
from web.asgi import ADMIN_LISTENER, LISTENER, App, Message
from web.auth.guards import SignatureGuard, TokenGuard
from web.auth.idempotency import body_digest, idempotency_key
from web.auth.signature import key_ring, sign, signed_text
from web.auth.tokens import Tokens
from web.edge import edge
from web.headers import EdgeConfig
from web.limits import DEFAULT_LIMITS, InProcessLimiter, LimitClass, RateGate
from web.ports import Caller, Principal, SiteKey, Unavailable
from web.problems import Problem

ORIGIN = "https://api.example"
SECRET = bytes(range(32))
RING = key_ring(
    [
        SiteKey("primary", "shop", frozenset({"connect", "exchange"}), SECRET),
        SiteKey("ops-1", "shop", frozenset({"ops"}), SECRET[::-1]),
    ]
)
ALICE = Principal(Owner("shop", 7), None, "")


@define
class FakeNonces:
    """Nonces in a set; ``down`` = storage does not answer."""

    seen: set[tuple[str, str]] = field(factory=set)
    down: bool = False

    async def claim(self, key_id: str, nonce: str, expires_at: datetime) -> bool:
        """True the first time."""
        if self.down:
            raise Unavailable
        fresh = (key_id, nonce) not in self.seen
        self.seen.add((key_id, nonce))
        return fresh


@define
class FakeUsers:
    """One epoch for all; ``down`` = storage does not answer."""

    stored: int = 0
    down: bool = False

    async def has_account(self, owner: Owner, accounts: frozenset[UUID] | None) -> bool:
        """Not asked by the guards."""
        raise AssertionError

    async def epoch(self, owner: Owner) -> int:
        """The stored epoch."""
        if self.down:
            raise Unavailable
        return self.stored


@define
class House:
    """An application with one signed and two token routes, and its fakes."""

    clock: HandClock = field(factory=HandClock)
    nonces: FakeNonces = field(factory=FakeNonces)
    users: FakeUsers = field(factory=FakeUsers)
    seen: list[Any] = field(factory=list)
    limits: Mapping[LimitClass, Any] = field(default=DEFAULT_LIMITS)

    @property
    def tokens(self) -> Tokens:
        """Tokens under one key."""
        return Tokens({"k1": SECRET}, "k1", "onefunders", "dashboard", self.clock)

    def app(self) -> App:
        """The application behind the edge."""
        app = QuartTrio("guards")
        gate = RateGate(InProcessLimiter(self.clock), self.limits)
        signed = SignatureGuard(RING, frozenset({ORIGIN}), self.nonces, gate, self.clock)
        bearer = TokenGuard(self.tokens, self.users, gate)
        self._routes(app, signed, bearer)
        inner: App = app.asgi_app  # type: ignore[assignment]  # the same words of ASGI
        return edge(inner, EdgeConfig())

    def _routes(self, app: QuartTrio, signed: SignatureGuard, bearer: TokenGuard) -> None:
        @app.errorhandler(Problem)
        async def refused(problem: Problem) -> tuple[bytes, int, dict[str, str]]:
            rendered = problem.render("fixed")
            return rendered.body, rendered.status, dict(rendered.headers)

        @app.post("/api/connect")
        async def connect() -> str:
            self.seen.append(await signed.caller(_now(request), LimitClass.CONNECT, "connect"))
            return "in"

        @app.post("/api/supervisor/drain")
        async def drain() -> str:
            self.seen.append(await signed.operator(_now(request)))
            return "in"

        @app.get("/api/account")
        async def read() -> str:
            who = await bearer.principal(_now(request), LimitClass.DASHBOARD, changes=False)
            self.seen.append(who)
            return "in"

        @app.post("/api/account/sync")
        async def change() -> str:
            who = await bearer.principal(
                _now(request), LimitClass.SYNC, changes=True, subject="account-1"
            )
            self.seen.append(who)
            return "in"


def _now(proxy: Any) -> Request:
    found: Request = proxy._get_current_object()
    return found


def signed_scope(
    body: bytes = b"{}",
    *,
    path: str = "/api/connect",
    key_id: str = "primary",
    nonce: str = "nonce-0123456789",
    at: datetime = NOON,
    audience: str = ORIGIN,
    **changed: str | None,
) -> dict[str, Any]:
    """A scope with a right signature; ``changed`` replaces (None: drops) whole headers."""
    stamp = str(int(at.timestamp()))
    text = signed_text(
        key_id=key_id,
        audience=audience,
        method="POST",
        target=path.encode(),
        timestamp=stamp,
        nonce=nonce,
        body=body,
    )
    headers: dict[str, str | None] = {
        "X-OneFunders-Signature": f"v1={sign(RING[key_id].secret, text)}",
        "X-OneFunders-Timestamp": stamp,
        "X-OneFunders-Nonce": nonce,
        "X-OneFunders-Key": key_id,
        "Content-Length": str(len(body)),
    }
    headers |= {f"X-OneFunders-{name.title()}": value for name, value in changed.items()}
    sent = [(name, value) for name, value in headers.items() if value is not None]
    return _complete(http_scope("POST", path, sent))


def _complete(scope: dict[str, Any]) -> dict[str, Any]:
    """What Quart asks of a scope."""
    return {**scope, "scheme": "http", "http_version": "1.1", "root_path": "", "extensions": {}}


async def send(house: House, scope: dict[str, Any], body: bytes = b"{}") -> Answer:
    """One request through the application."""
    incoming: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
    return await call(house.app(), scope, incoming)


def token_scope(
    token: str | None, *, method: str = "GET", path: str = "/api/account"
) -> dict[str, Any]:
    """A scope with a bearer token, or without one."""
    headers = [] if token is None else [("Authorization", f"Bearer {token}")]
    return _complete(http_scope(method, path, headers))


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
    assert (await send(house, _complete(local))).status == 200
    assert (await send(house, signed_scope(path=path, key_id="ops-1"))).status == 200
    assert (await send(house, signed_scope(path=path))).status == 403
    assert (await send(house, _complete(http_scope("POST", path)))).status == 401


async def test_a_right_token_names_the_principal() -> None:
    """The principal is the token's owner."""
    house = House()
    token, _ = house.tokens.mint(ALICE, 0)
    assert (await send(house, token_scope(token))).status == 200
    assert house.seen[0].owner == ALICE.owner


@pytest.mark.parametrize("value", [None, "", "x", "a.b.c"])
async def test_missing_and_bad_tokens_are_401_with_a_challenge(value: str | None) -> None:
    """The client is told to bring a bearer token."""
    answer = await send(House(), token_scope(value))
    assert answer.status == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_doubled_authorization_is_refused() -> None:
    """Two tokens could be read differently by two parties."""
    house = House()
    token, _ = house.tokens.mint(ALICE, 0)
    scope = token_scope(token)
    scope["headers"] *= 2
    assert (await send(house, scope)).status == 401


async def test_an_expired_or_revoked_token_is_401() -> None:
    """Fifteen minutes, or a newer epoch, end it."""
    house = House()
    token, _ = house.tokens.mint(ALICE, 0)
    house.users.stored = 1
    assert (await send(house, token_scope(token))).status == 401
    house.users.stored = 0
    house.clock.forward(899)
    assert (await send(house, token_scope(token))).status == 200
    house.clock.forward(1)
    assert (await send(house, token_scope(token))).status == 401


async def test_an_unknown_epoch_is_503() -> None:
    """A token that may have been revoked does not pass while nobody can say."""
    house = House(users=FakeUsers(down=True))
    token, _ = house.tokens.mint(ALICE, 0)
    assert (await send(house, token_scope(token))).status == 503


async def test_a_staff_token_reads_but_changes_nothing() -> None:
    """``act`` makes a token read-only: 403 on a change."""
    house = House()
    token, _ = house.tokens.mint(evolve(ALICE, act="staff-3"), 0)
    assert (await send(house, token_scope(token))).status == 200
    change = token_scope(token, method="POST", path="/api/account/sync")
    assert (await send(house, change)).status == 403
    assert [who.act for who in house.seen] == ["staff-3"]


async def test_users_are_limited_apart() -> None:
    """One user's seventh sync in a minute waits; another user's first does not."""
    house = House()
    app = house.app()
    statuses = []
    for owner in [Owner("shop", 7)] * 7 + [Owner("shop", 8)]:
        token, _ = house.tokens.mint(evolve(ALICE, owner=owner), 0)
        scope = token_scope(token, method="POST", path="/api/account/sync")
        statuses.append((await call(app, scope)).status)
    assert statuses == [200] * 6 + [429, 200]


async def test_a_token_within_a_message_is_checked_like_a_header() -> None:
    """The live channel's tokens pass the same checks."""
    house = House()
    gate = RateGate(InProcessLimiter(house.clock))
    guard = TokenGuard(house.tokens, house.users, gate)
    account = uuid4()
    token, _ = house.tokens.mint(evolve(ALICE, accounts=frozenset({account})), 0)
    assert (await guard.claims(token)).principal.accounts == frozenset({account})
    house.users.stored = 1
    for bad in (token, "x"):
        with pytest.raises(Problem) as refused:
            await guard.claims(bad)
        assert refused.value.status == 401


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
        found = _now(request)
        await found.get_data(cache=True)
        kept.append(found)
        return "kept"

    inner: App = app.asgi_app  # type: ignore[assignment]  # the same words of ASGI
    scope = _complete(http_scope("POST", path, headers or []))
    await call(inner, scope, [{"type": "http.request", "body": body, "more_body": False}])
    return kept[0]
