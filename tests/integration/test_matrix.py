"""The authorisation matrix, generated from the route table, against a real server.

Every route × owner, other user, anonymous, expired token, staff's read-only token, ops key, key of
another scope, right key. A route without a policy or a limit class cannot be in the table.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx

from actors.domain.account import Owner
from actors.mt5.simulator.scenarios import add_account
from tests.stage import Stage
from web.auth.tokens import Tokens
from web.limits import LimitClass
from web.ports import Principal
from web.route import Policy, Route, Who
from web.route_table import ROUTES

ALICE, BOB = 1, 2
REFUSED = {401, 403}
SERVED = [route for route in ROUTES if not route.in_demo_only]


class HourAgo:
    """A clock that is an hour late."""

    def now(self) -> datetime:
        """An hour ago."""
        return datetime.now(UTC) - timedelta(hours=1)

    def monotonic(self) -> float:
        """Not used."""
        return 0.0


class Crowd:
    """Everybody who tries every route."""

    def __init__(self, stage: Stage, account_id: str, tokens: dict[str, str]) -> None:
        self.stage = stage
        self.account_id = account_id
        self.tokens = tokens
        self.answers: list[httpx.Response] = []

    def path(self, route: Route) -> str:
        """The route's path with Alice's account in it."""
        return route.path.format(
            account_id=self.account_id,
            violation_id=uuid4(),
            ticket="1",
            export_id=uuid4(),
            wp_user_id=ALICE,
            file="docs.js",
        )

    async def as_user(self, route: Route, name: str | None) -> int:
        """Status for a bearer of the named token, or of none."""
        headers = {} if name is None else {"Authorization": f"Bearer {self.tokens[name]}"}
        content = b"{}" if route.method in {"POST", "PUT"} else b""
        if content:
            headers |= {"Content-Type": "application/json", "Idempotency-Key": uuid4().hex}
        # Each from an address of its own: nobody is limited here.
        headers["X-Forwarded-For"] = f"10.9.{len(self.answers) // 250}.{len(self.answers) % 250}"
        answer = await self.stage.shop.http.request(
            route.method, self.stage.url + self.path(route), content=content, headers=headers
        )
        self.answers.append(answer)
        return answer.status_code

    async def as_key(self, route: Route, name: str) -> int:
        """Status for a signed call by the named key, with an empty document as body."""
        shop = self.stage.shop if name == "primary" else self.stage.ops
        raw = b"{}" if route.method in {"POST", "PUT"} else b""
        shop.plain["X-Forwarded-For"] = f"10.8.{len(self.answers) // 250}.{len(self.answers) % 250}"
        answer = await shop.call(route.method, self.path(route), raw=raw)
        self.answers.append(answer)
        return answer.status_code


async def crowd(stage: Stage) -> Crowd:
    """Alice and Bob with one connected account each, and every kind of token."""
    ids = {}
    for user in (ALICE, BOB):
        card = add_account(stage.broker, "calm", login=str(8000 + user), server="Simulated-1")
        answer = await stage.shop.connect(
            login=card.login,
            server=card.server,
            investor_pass=card.investor_password,
            account_type="two-step-classic",
            wp_user_id=user,
        )
        assert answer.status_code == 200, answer.text
        ids[user] = answer.json()["account_id"]
    act = await stage.shop.call("POST", "/api/auth/exchange", {"wp_user_id": ALICE, "act": "s-7"})
    old = Tokens(
        {"t1": stage.key("token-1")}, "t1", "onefunders-analyze", stage.url, HourAgo()
    ).mint(Principal(Owner("shop", ALICE), None, ""), 0)[0]
    tokens = {
        "owner": await stage.shop.token(ALICE),
        "other": await stage.shop.token(BOB),
        "act": act.json()["token"],
        "expired": old,
    }
    return Crowd(stage, ids[ALICE], tokens)


async def check_users_route(crowd: Crowd, route: Route) -> None:
    """The owner is let in, others do not learn that the account exists."""
    bound = "{account_id}" in route.path
    changes = route.policy.who is Who.USER_CHANGE
    name = f"{route.method} {route.path}"
    assert await crowd.as_user(route, None) == 401, name
    assert await crowd.as_user(route, "expired") == 401, name
    assert await crowd.as_key(route, "primary") == 401, name
    owner = await crowd.as_user(route, "owner")
    assert owner not in REFUSED, name
    assert owner < 500, name
    if bound:
        assert await crowd.as_user(route, "other") in ({404, 422} if changes else {404}), name
    act = await crowd.as_user(route, "act")
    assert act == 403 if changes else act not in REFUSED, name


async def check_signed_route(crowd: Crowd, route: Route, policy: Policy) -> None:
    """No token and no stranger passes; the other key is known but not allowed."""
    name = f"{route.method} {route.path}"
    wrong = "primary" if policy.scope == "ops" else "ops"
    assert await crowd.as_user(route, None) == 401, name
    assert await crowd.as_user(route, "owner") == 401, name
    assert await crowd.as_key(route, wrong) == 403, name


async def test_every_route_lets_in_exactly_whom_its_policy_names(
    tmp_path: Path, postgres_dsn: str
) -> None:
    """The whole matrix; and every answer carries a request id and the security headers."""
    async with Stage(tmp_path, postgres_dsn, trusted_proxies=1) as stage:
        stage.start()
        await stage.ready()
        them = await crowd(stage)
        for route in SERVED:
            match route.policy.who:
                case Who.USER | Who.USER_CHANGE:
                    await check_users_route(them, route)
                case Who.S2S | Who.OPS:
                    await check_signed_route(them, route, route.policy)
                case Who.PUBLIC:
                    assert await them.as_user(route, None) not in REFUSED, route.path
                case Who.PUBLIC_OR_OPS:
                    assert await them.as_user(route, None) not in REFUSED, route.path
                    assert await them.as_key(route, "ops") not in REFUSED, route.path
                    assert await them.as_key(route, "primary") == 403, route.path
                case Who.FIRST_MESSAGE:
                    assert await them.as_user(route, "owner") == 426, route.path
                case Who.LOOPBACK:
                    assert await them.as_user(route, "owner") not in REFUSED, route.path
        for route in SERVED:  # the right keys last: some of these calls change things
            if route.policy.who in {Who.S2S, Who.OPS}:
                right = "ops" if route.policy.scope == "ops" else "primary"
                status = await them.as_key(route, right)
                assert status not in REFUSED, route.path
                assert status < 500, route.path
        for answer in them.answers:
            assert answer.headers["x-request-id"], answer.url
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "server" not in answer.headers
            if answer.status_code >= 400:
                assert answer.headers["content-type"].startswith("application/problem+json")
                assert answer.json()["request_id"] == answer.headers["x-request-id"]


def test_every_route_has_a_policy_and_a_limit_class() -> None:
    """The table's types allow no route without them, and none is doubled."""
    assert all(isinstance(route.policy, Policy) for route in ROUTES)
    assert all(isinstance(route.limit, LimitClass) for route in ROUTES)
    doors = [(route.method, route.path) for route in ROUTES]
    assert len(doors) == len(set(doors))
