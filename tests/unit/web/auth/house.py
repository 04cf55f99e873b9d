"""A small application behind the guards, with its keys, users and nonces."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from attrs import define, field
from quart import Request, request
from quart_trio import QuartTrio

from actors.domain.account import Owner
from tests.unit.web.callers import Answer, call, http_scope
from tests.unit.web.clocks import NOON, HandClock
from web.asgi import App, Message
from web.auth.guards import SignatureGuard, TokenGuard
from web.auth.signature import key_ring, sign, signed_text
from web.auth.tokens import Tokens
from web.edge import edge
from web.headers import EdgeConfig
from web.limits import DEFAULT_LIMITS, InProcessLimiter, LimitClass, RateGate
from web.ports import Principal, SiteKey, Unavailable
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
    remembered: int | None = None

    async def has_account(self, owner: Owner, accounts: frozenset[UUID] | None) -> bool:
        """Not asked by the guards."""
        raise AssertionError

    async def epoch(self, owner: Owner) -> int:
        """The stored epoch."""
        if self.down:
            raise Unavailable
        return self.stored

    async def epoch_for_reading(self, owner: Owner) -> int:
        """The stored epoch, or what was told before."""
        if self.remembered is None:
            return await self.epoch(owner)
        return self.remembered


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
            self.seen.append(await signed.caller(now_of(request), LimitClass.CONNECT, "connect"))
            return "in"

        @app.post("/api/supervisor/drain")
        async def drain() -> str:
            self.seen.append(await signed.operator(now_of(request)))
            return "in"

        @app.get("/api/account")
        async def read() -> str:
            who = await bearer.principal(now_of(request), LimitClass.DASHBOARD, changes=False)
            self.seen.append(who)
            return "in"

        @app.post("/api/account/sync")
        async def change() -> str:
            who = await bearer.principal(
                now_of(request), LimitClass.SYNC, changes=True, subject="account-1"
            )
            self.seen.append(who)
            return "in"


def now_of(proxy: Any) -> Request:
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
    return complete(http_scope("POST", path, sent))


def complete(scope: dict[str, Any]) -> dict[str, Any]:
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
    return complete(http_scope(method, path, headers))
