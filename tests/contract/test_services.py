"""The web layer's small services behave alike in memory and in PostgreSQL."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import trio
from attrs import evolve, frozen

from actors.domain.account import Owner
from storage.audit_chain import check_chain
from storage.audit_log import PostgresAuditLog
from storage.claims import Claimed, Finished, Mismatch, Running
from storage.codes import PostgresCodes
from storage.idempotency import PostgresIdempotency
from storage.memory_services import (
    MemoryAuditLog,
    MemoryCodes,
    MemoryIdempotency,
    MemoryNonces,
    MemorySettings,
    MemoryUsers,
)
from storage.nonces import PostgresNonces
from storage.postgres import Connection, Database
from storage.settings import PostgresSettings
from storage.users import PostgresUsers

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=11)
ALICE, MALLORY = Owner("shop", 1), Owner("shop", 2)
ACCOUNT = UUID(int=1)


class FixedClock:
    """A clock that stands where it is put."""

    seconds = 0.0

    def now(self) -> datetime:
        """Always noon."""
        return NOW

    def monotonic(self) -> float:
        """Seconds set by the test."""
        return self.seconds


@frozen
class Person:
    """A principal as the web layer has one."""

    owner: Owner
    accounts: frozenset[UUID] | None
    token_id: str
    act: str | None = None


@frozen
class Services:
    """One implementation of everything."""

    nonces: Any
    idempotency: Any
    codes: Any
    users: Any
    settings: Any
    audit: Any
    clock: FixedClock


@pytest.fixture(params=["memory", "postgres"])
def dsn(request: pytest.FixtureRequest) -> str | None:
    """None for memory, else the address of a fresh database."""
    return None if request.param == "memory" else request.getfixturevalue("postgres_dsn")


@pytest.fixture
async def services(dsn: str | None, nursery: trio.Nursery) -> Services:
    """The services, with one account of Alice's."""
    clock = FixedClock()
    if dsn is None:
        owned = {ALICE: {ACCOUNT}}
        users = MemoryUsers(owned)
        people = (users, MemorySettings(owned), MemoryAuditLog(clock))
        codes = MemoryCodes(Person, users)
        return Services(MemoryNonces(), MemoryIdempotency(), codes, *people, clock)
    database = Database(dsn)
    await nursery.start(database.run)

    async def connect(connection: Connection) -> None:
        await connection.execute(
            "INSERT INTO accounts (id, site_id, wp_user_id, login, server, login_key, account_type)"
            " VALUES ($1, 'shop', 1, '5', 'Demo', 'demo5', 'two')",
            ACCOUNT,
        )

    await database.execute(connect)
    return Services(
        PostgresNonces(database),
        PostgresIdempotency(database),
        PostgresCodes(database, Person),
        PostgresUsers(database, clock),
        PostgresSettings(database),
        PostgresAuditLog(database, clock),
        clock,
    )


async def gather(count: int, work: Any) -> list[Any]:
    """Run ``work()`` many times at once and return all results."""
    results: list[Any] = []

    async def one() -> None:
        results.append(await work())

    async with trio.open_nursery() as nursery:
        for _ in range(count):
            nursery.start_soon(one)
    return results


async def test_nonce_once(services: Services) -> None:
    """Of 200 claims of one nonce at once exactly one holds; another key has its own nonces."""
    won = await gather(200, lambda: services.nonces.claim("primary", "n" * 16, LATER))
    assert sorted(won) == [False] * 199 + [True]
    assert await services.nonces.claim("second", "n" * 16, LATER)


async def test_nonce_purge(services: Services) -> None:
    """Only nonces past their expiry are forgotten."""
    await services.nonces.claim("primary", "old", NOW)
    await services.nonces.claim("primary", "new", LATER)
    assert await services.nonces.purge(NOW + timedelta(seconds=1)) == 1
    assert not await services.nonces.claim("primary", "new", LATER)


async def test_idempotency_claimed_once(services: Services) -> None:
    """Of 200 equal requests at once one is carried out and the others are told to wait."""
    claims = await gather(200, lambda: services.idempotency.claim("shop", "k", b"d", NOW))
    assert sum(isinstance(claim, Claimed) for claim in claims) == 1
    assert sum(isinstance(claim, Running) for claim in claims) == 199


async def test_idempotency_same_answer(services: Services) -> None:
    """The same key and body get the stored answer, another body is a mismatch."""
    claimed = await services.idempotency.claim("shop", "k", b"d", NOW)
    assert isinstance(await services.idempotency.claim("shop", "k", b"e", NOW), Mismatch)
    assert await services.idempotency.finish("shop", "k", claimed, {"answer": "connected"})
    again = await services.idempotency.claim("shop", "k", b"d", LATER)
    assert again == Finished({"answer": "connected"})
    assert isinstance(await services.idempotency.claim("shop", "k", b"e", LATER), Mismatch)
    assert isinstance(await services.idempotency.claim("other", "k", b"e", NOW), Claimed)


async def test_idempotency_takeover(services: Services) -> None:
    """A claim whose owner died is taken over; the old owner can no longer finish it."""
    first = await services.idempotency.claim("shop", "k", b"d", NOW)
    soon, late = NOW + timedelta(seconds=29), NOW + timedelta(seconds=30)
    assert isinstance(await services.idempotency.claim("shop", "k", b"d", soon), Running)
    second = await services.idempotency.claim("shop", "k", b"d", late)
    assert isinstance(second, Claimed)
    assert second.taken_over
    assert not await services.idempotency.finish("shop", "k", first, {"answer": "old"})
    assert await services.idempotency.finish("shop", "k", second, {"answer": "new"})


async def test_idempotency_release_and_expiry(services: Services) -> None:
    """A released key is free at once, an answered one after a day."""
    first = await services.idempotency.claim("shop", "k", b"d", NOW)
    await services.idempotency.release("shop", "k", first)
    second = await services.idempotency.claim("shop", "k", b"e", NOW + timedelta(seconds=1))
    assert isinstance(second, Claimed)
    await services.idempotency.finish("shop", "k", second, {})
    tomorrow = NOW + timedelta(days=1, seconds=1)
    assert isinstance(await services.idempotency.claim("shop", "k", b"f", tomorrow), Claimed)


async def test_code_once(services: Services) -> None:
    """Of 200 redemptions of one code at once exactly one gets the principal back."""
    who = Person(ALICE, frozenset({ACCOUNT, uuid4()}), "t1", act="staff-7")
    code = await services.codes.issue(who, LATER)
    got = await gather(200, lambda: services.codes.redeem(code, NOW))
    assert [person for person in got if person is not None] == [who]


async def test_code_refused(services: Services) -> None:
    """Expired and unknown codes give nothing."""
    code = await services.codes.issue(Person(ALICE, None, "t1"), NOW)
    assert await services.codes.redeem(code, NOW) is None
    assert await services.codes.redeem("\ud800 unknown", NOW) is None


async def test_code_revoked(services: Services) -> None:
    """A revocation of the user ends the codes issued before it, and only that user's."""
    await services.users.bump_epoch(ALICE, NOW)
    old = await services.codes.issue(Person(ALICE, None, "t1"), LATER)
    other = await services.codes.issue(Person(MALLORY, None, "t2"), LATER)
    await services.users.bump_epoch(ALICE, NOW)
    new = await services.codes.issue(Person(ALICE, None, "t3"), LATER)
    assert await services.codes.redeem(old, NOW) is None
    assert await services.codes.redeem(other, NOW) == Person(MALLORY, None, "t2")
    assert await services.codes.redeem(new, NOW) == Person(ALICE, None, "t3")


async def test_users_own(services: Services) -> None:
    """A user is told by the accounts owned, never by another's."""
    users = services.users
    assert await users.has_account(ALICE, None)
    assert await users.has_account(ALICE, frozenset({ACCOUNT}))
    assert not await users.has_account(ALICE, frozenset({ACCOUNT, uuid4()}))
    assert not await users.has_account(MALLORY, None)
    assert not await users.has_account(MALLORY, frozenset({ACCOUNT}))
    assert not await users.has_account(evolve(ALICE, site_id="other"), None)


async def test_epoch(services: Services) -> None:
    """The epoch starts at 0 and each revocation raises that user's alone."""
    assert await services.users.epoch(ALICE) == 0
    assert await services.users.bump_epoch(ALICE, NOW) == 1
    assert await services.users.bump_epoch(ALICE, NOW) == 2
    assert await services.users.epoch(ALICE) == 2
    assert await services.users.epoch(MALLORY) == 0


async def test_settings(services: Services) -> None:
    """Settings come back as saved, for the owner only."""
    assert await services.settings.get(ALICE, ACCOUNT) == {}
    assert await services.settings.save(ALICE, ACCOUNT, {"language": "fa", "alerts": [80]}, NOW)
    assert await services.settings.get(ALICE, ACCOUNT) == {"language": "fa", "alerts": [80]}
    assert await services.settings.get(MALLORY, ACCOUNT) is None
    assert not await services.settings.save(MALLORY, ACCOUNT, {}, NOW)


async def test_audit_chain(services: Services) -> None:
    """Rows written at once by many form one chain that holds."""
    details = {"reason": "test", "n": 1.5, "nested": {"b": [1, None], "a": "ä"}}
    await gather(
        40,
        lambda: services.audit.append(
            "reset", actor="staff-1", site_id="shop", subject="user:1", details=details
        ),
    )
    report = await services.audit.verify()
    assert (report.rows, report.broken_at) == (40, None)


async def test_audit_tampering_shows() -> None:
    """A changed, missing, swapped or payload breaks the chain; an erased payload does not."""
    log = MemoryAuditLog(FixedClock())
    for number in range(5):
        await log.append("act", actor="a", site_id=None, subject="s", details={"n": number})
    rows = log.rows
    changed = [*rows[:2], evolve(rows[2], actor="mallory"), *rows[3:]]
    payload = [*rows[:2], evolve(rows[2], payload='{"details":{}}'), *rows[3:]]
    assert check_chain(changed).broken_at == 3
    assert check_chain(payload).broken_at == 3
    assert check_chain([*rows[:2], *rows[3:]]).broken_at == 3
    assert check_chain([rows[0], rows[2], rows[1], *rows[3:]]).broken_at == 2
    erased = [*rows[:2], evolve(rows[2], payload=None), *rows[3:]]
    assert check_chain(erased).broken_at is None
