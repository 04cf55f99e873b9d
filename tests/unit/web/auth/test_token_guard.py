"""The guard of users' tokens: who passes, and what an outage leaves possible."""

from uuid import uuid4

import pytest
from attrs import evolve

from actors.domain.account import Owner
from tests.unit.web.auth.house import ALICE, FakeUsers, House, send, token_scope
from tests.unit.web.callers import call
from web.auth.guards import TokenGuard
from web.limits import InProcessLimiter, RateGate
from web.problems import Problem


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


@pytest.mark.parametrize("value", [None, "a.b.c"])
async def test_requests_without_a_token_that_holds_are_limited(value: str | None) -> None:
    """Sixty a minute from one address, whether the token is wrong or there is none."""
    app = House().app()
    answers = [(await call(app, token_scope(value))).status for _ in range(61)]
    assert answers == [401] * 60 + [429]


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


async def test_a_remembered_epoch_lets_reads_pass_while_storage_is_away() -> None:
    """Reads go by the epoch known before the outage; changes, and revoked tokens, do not pass."""
    house = House(users=FakeUsers(down=True, remembered=0))
    token, _ = house.tokens.mint(ALICE, 0)
    assert (await send(house, token_scope(token))).status == 200
    change = token_scope(token, method="POST", path="/api/account/sync")
    assert (await send(house, change)).status == 503
    house.users.remembered = 1
    assert (await send(house, token_scope(token))).status == 401


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
