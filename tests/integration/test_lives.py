"""The lives of accounts over HTTP on the real server: connect, new password, reset, end, owners."""

import itertools
import secrets
from collections.abc import AsyncIterator, Iterator
from decimal import Decimal

import psycopg
import pytest
import trio

from supervisor.embedded import EmbeddedPostgres
from tests.integration.trader import PLAN, SAID, Trader
from tests.postgres_fixture import fresh_database
from tests.stage import SharedStage, shared_stage

PAGES = (
    "summary", "trades", "equity", "days", "statistics", "rules", "explain", "preview", "positions"
)  # fmt: skip
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def shared(
    postgres_server: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SharedStage]:
    """One server for all tests here."""
    with (
        fresh_database(postgres_server) as dsn,
        shared_stage(tmp_path_factory.mktemp("lives"), dsn) as shared,
    ):
        yield shared


@pytest.fixture
async def trader(shared: SharedStage) -> AsyncIterator[Trader]:
    """A trader who has connected and was read once."""
    trader = Trader(shared, next(_numbers))
    await trader.open_account()
    answer = await trader.connect()
    assert answer.status_code == 200, answer.text
    await trader.until("summary", lambda told: told["rev"] >= 1)
    yield trader
    await trader.shop.close()


@pytest.fixture
async def other(shared: SharedStage, trader: Trader) -> AsyncIterator[Trader]:
    """Another user who wants the same login."""
    other = Trader(shared, next(_numbers), trader.login)
    yield other
    await other.shop.close()


def audited(shared: SharedStage, subject: str) -> list[tuple[str, str]]:
    """Action and actor of every audit row about a subject, oldest first."""
    with psycopg.connect(shared.stage.dsn) as line:
        query = b"SELECT action, actor FROM audit_log WHERE subject = %s ORDER BY seq"
        return line.execute(query, (subject,)).fetchall()


async def test_connect_sync_summary(trader: Trader) -> None:
    """After a connect the figures are there, and a sync on demand brings a newer revision."""
    told = (await trader.read("summary")).json()
    assert told["connection_state"] == "ready"
    assert (told["plan"], told["phase"], told["status"]) == (PLAN, 0, "active")
    assert told["violations"] == 0
    assert not told["stale"]
    later = await trader.until("summary", lambda now: now["rev"] > told["rev"])
    assert later["last_sync_at"] > told["last_sync_at"]
    for page in PAGES:
        assert (await trader.read(page)).status_code == 200, page


async def test_a_new_password_keeps_the_life(trader: Trader) -> None:
    """A new instance of the same life: anchors, latch, violations and revision go on."""
    await trader.breach()
    before = (await trader.read("rules")).json()
    rev = (await trader.read("summary")).json()["rev"]
    refused = await trader.act("credentials", investor_pass="not-the-password")
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_credentials")
    assert len(await trader.instances()) == 1
    answer = await trader.act("credentials", investor_pass=await trader.password("fresh-one"))
    assert answer.status_code == 200, answer.text
    told = await trader.until("summary", lambda now: now["rev"] > rev)
    new, old = await trader.instances()
    assert (new["reason"], new["predecessor_id"]) == ("credentials", old["instance_id"])
    assert new["life_id"] == old["life_id"]
    assert (new["status"], old["status"]) == ("active", "deactivated")
    assert (told["outcome"], told["instance_id"]) == ("breached", new["instance_id"])
    after = (await trader.read("rules")).json()
    for one, same in zip(before["rules"], after["rules"], strict=True):
        assert (one["anchor"], one["floor"]) == (same["anchor"], same["floor"])
        assert (one["breached"], one["evidence_ids"]) == (same["breached"], same["evidence_ids"])
    assert before["violations"] == after["violations"]
    for page in PAGES:
        assert (await trader.read(page, old["instance_id"])).status_code == 200, page


async def test_a_reset_starts_anew_and_hides_nothing(trader: Trader) -> None:
    """A new life without violations; the old one stays readable by its instance."""
    await trader.breach()
    await trader.restore()
    answer = await trader.act("reset")
    assert answer.status_code == 200, answer.text
    told = await trader.until("summary", lambda now: now["rev"] >= 1)
    new, old = await trader.instances()
    assert new["reason"] == "reset"
    assert new["life_id"] != old["life_id"]
    assert (new["outcome"], old["outcome"]) == ("running", "breached")
    assert (told["outcome"], told["violations"]) == ("running", 0)
    assert (await trader.read("rules")).json()["violations"] == []
    then = (await trader.read("summary", old["instance_id"])).json()
    assert (then["outcome"], then["status"]) == ("breached", "deactivated")
    assert then["violations"] == len(
        (await trader.read("rules", old["instance_id"])).json()["violations"]
    )
    assert then["violations"] > 0
    for page in PAGES:
        assert (await trader.read(page, old["instance_id"])).status_code == 200, page


async def test_the_next_phase_is_a_life_of_its_own(trader: Trader) -> None:
    """A reset with a phase starts that phase; one that the plan has not is refused unharmed."""
    refused = await trader.act("reset", phase=7)
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_plan")
    assert len(await trader.instances()) == 1
    assert (await trader.act("reset", phase=1)).status_code == 200
    new, _ = await trader.instances()
    assert (new["reason"], new["phase"]) == ("phase", 1)


async def test_a_deactivated_login_is_free_for_another_who_sees_nothing_old(
    trader: Trader, other: Trader
) -> None:
    """Both owners have their own account and instances; neither can name the other's."""
    await trader.breach()
    assert (await other.connect()).status_code == 409
    assert (await trader.act("deactivate")).status_code == 200
    assert (await trader.act("deactivate")).status_code == 200
    assert (await other.connect()).status_code == 200
    assert other.account_id != trader.account_id
    told = await other.until("summary", lambda now: now["rev"] >= 1)
    assert (told["outcome"], told["violations"]) in {("running", 0), ("breached", 1)}
    mine, theirs = await trader.instances(), await other.instances()
    assert len(mine) == len(theirs) == 1
    for page in PAGES:
        assert (await trader.read(page)).status_code == 200, page
        assert (await trader.read(page, theirs[0]["instance_id"])).status_code == 404, page
        assert (await other.read(page, mine[0]["instance_id"])).status_code == 404, page
        path = f"/api/account/{trader.account_id}/{page}"
        assert (await other.shop.read(path, other.token)).status_code == 404, page
    old = (await trader.read("rules")).json()["violations"]
    path = f"/api/account/{other.account_id}/violations/{old[0]['violation_id']}/evidence"
    assert (await other.shop.read(path, other.token)).status_code == 404
    assert (await trader.connect()).status_code == 409
    assert (await trader.read("summary")).json()["status"] == "deactivated"


async def test_reconnect_leaves_a_rejected_state(trader: Trader) -> None:
    """The password changes at the broker and back: after a reconnect the account is read again."""
    proper = await trader.password()
    await trader.password("changed-at-the-broker")
    assert (await trader.act("reconnect")).status_code == 200
    await trader.until("summary", lambda now: now["connection_state"] == "credentials_rejected")
    await trader.password(proper)
    assert (await trader.act("reconnect")).status_code == 200
    await trader.until("summary", lambda now: now["connection_state"] == "ready")


async def test_the_initial_balance_is_set_by_hand(trader: Trader, shared: SharedStage) -> None:
    """The new balance moves the limits, says its source, and is audited."""
    before = (await trader.read("summary")).json()
    answer = await trader.act("initial-balance", initial_balance=50_000)
    assert answer.status_code == 200, answer.text
    told = await trader.until("summary", lambda now: now["initial_balance"] == 50_000)
    assert told["initial_balance_source"] == "manual"
    assert Decimal(str(told["dd_daily_limit"])) == 2500
    assert before["dd_daily_limit"] == 5000
    assert ("initial_balance", "staff-7") in audited(shared, trader.account_id)


async def test_an_override_is_a_word_beside_the_verdict(trader: Trader) -> None:
    """It is appended with who and why; verdict and figures stay; unknown violations are 404."""
    await trader.breach()
    before = (await trader.read("rules")).json()["violations"]
    path = f"/api/s2s/violations/{before[0]['violation_id']}/override"
    answer = await trader.shop.call("POST", path, SAID | {"decision": "forgiven"})
    assert answer.status_code == 200, answer.text
    after = (await trader.read("rules")).json()["violations"]
    words = after[0].pop("overrides")
    assert [(word["decision"], word["actor"], word["reason"]) for word in words] == [
        ("forgiven", SAID["actor"], SAID["reason"])
    ]
    assert before[0].pop("overrides") == []
    assert before == after
    unknown = "/api/s2s/violations/00000000-0000-4000-8000-000000000000/override"
    answer = await trader.shop.call("POST", unknown, SAID | {"decision": "forgiven"})
    assert answer.status_code == 404


async def test_a_revocation_ends_tokens_and_codes(trader: Trader) -> None:
    """Within five seconds no old token reads, and a code issued before gives none."""
    asked = await trader.shop.call("POST", "/api/auth/code", {"wp_user_id": trader.user})
    path = f"/api/s2s/users/{trader.user}/revoke"
    assert (await trader.shop.call("POST", path, SAID)).status_code == 200
    with trio.fail_after(5):
        while (await trader.read("summary")).status_code != 401:
            await trio.sleep(0.1)
    code = {"code": asked.json()["code"]}
    redeemed = await trader.shop.http.post(f"{trader.shop.url}/api/auth/redeem", json=code)
    assert (redeemed.status_code, redeemed.json()["code"]) == (410, "gone")
    trader.token = await trader.shop.token(trader.user)
    assert (await trader.read("summary")).status_code == 200


async def test_export_and_erasure(trader: Trader, shared: SharedStage) -> None:
    """The export, no job, holds what is stored; after the erasure nothing names the person."""
    path = f"/api/s2s/users/{trader.user}"
    answer = await trader.shop.call("POST", f"{path}/export", SAID, job="")
    assert answer.status_code == 200, answer.text
    stored = answer.json()["stored"]
    assert [row["login"] for row in stored["accounts"]] == [trader.login]
    assert stored["deals"]
    assert "encrypted_investor_pass" not in stored["account_instances"][0]
    for _ in range(2):
        erased = await trader.shop.call("POST", f"{path}/erase", SAID, job=f"erase-{trader.user}")
        assert (erased.status_code, erased.json()["code"]) == (200, "done")
    again = await trader.shop.call("POST", f"{path}/export", SAID)
    assert again.json()["stored"]["accounts"] == []
    exchange = {"wp_user_id": trader.user}
    assert (await trader.shop.call("POST", "/api/auth/exchange", exchange)).status_code == 404
    staff = (await trader.shop.call("GET", f"/api/s2s/accounts/{trader.account_id}")).json()
    assert (staff["login"], staff["is_active"], staff["order_id"]) == ("erased", False, None)
    assert staff["wp_user_id"] < 0
    with psycopg.connect(shared.stage.dsn) as line:
        lease = b"SELECT node_id FROM account_leases WHERE instance_id = %s"
        assert line.execute(lease, (staff["instance_id"],)).fetchone() == (None,)


async def test_every_admin_action_is_audited(trader: Trader, shared: SharedStage) -> None:
    """Each action leaves its row with the actor, the refused ones too."""
    await trader.act("reconnect")
    await trader.act("credentials", investor_pass=f"wrong-{secrets.token_hex(4)}")
    await trader.act("reset", account_type="none-such")
    await trader.act("deactivate")
    names = [name for name, actor in audited(shared, trader.account_id) if actor == "staff-7"]
    assert [name for name, _ in itertools.groupby(names)] == [
        "reconnect",
        "credentials",
        "reset",
        "deactivate",
    ]
