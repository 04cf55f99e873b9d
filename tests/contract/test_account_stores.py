"""One suite for both stores of accounts, lives, leases and syncs: memory and PostgreSQL."""

from datetime import timedelta
from decimal import Decimal

import pytest
import trio
from attrs import evolve

from actors.domain.account import (
    ConnectionState,
    InitialBalanceSource,
    LifeReason,
    Status,
    Tier,
)
from actors.domain.violation import Verdict
from actors.ports import Fenced, StaleSync
from storage.leases import NodeReplaced
from storage.lives import ConnectKind, Superseded, UnknownAccount
from tests.contract.conftest import Stores
from tests.store_builders import (
    ALICE,
    BOB,
    NOON,
    deal,
    new_account,
    new_instance,
    standing,
    unit,
    violation,
)


async def test_connect_is_idempotent_and_tells_what_is_there(stores: Stores) -> None:
    """Repeated connects make one account; other passwords and other owners are told apart."""
    first = await stores.accounts.connect(new_account())
    again = await stores.accounts.connect(new_account())
    other = await stores.accounts.connect(new_account(password="changed"))
    theirs = await stores.accounts.connect(new_account(BOB))
    assert first.kind is ConnectKind.CREATED
    assert (again.kind, again.watched) == (ConnectKind.EXISTING, first.watched)
    assert (other.kind, other.watched) == (ConnectKind.OTHER_CREDENTIALS, first.watched)
    assert (theirs.kind, theirs.watched) == (ConnectKind.OWNED_BY_OTHER, None)
    assert await stores.accounts.active() == (first.watched,)


async def test_server_names_differ_by_more_than_case(stores: Stores) -> None:
    """The same login on DEMO-SERVER is the same account, on another server another."""
    await stores.accounts.connect(new_account())
    upper = await stores.accounts.connect(evolve(new_account(), server="DEMO-SERVER"))
    other = await stores.accounts.connect(evolve(new_account(), server="Live-Server"))
    assert (upper.kind, other.kind) == (ConnectKind.EXISTING, ConnectKind.CREATED)


async def test_deactivated_accounts_block_nobody_and_reopen_for_their_owner(
    stores: Stores,
) -> None:
    """After a deactivation another owner may connect; the first owner finds the old account."""
    first = (await stores.accounts.connect(new_account())).watched
    account_id = first.account.account_id
    assert await stores.accounts.deactivate(account_id, NOON)
    assert await stores.accounts.deactivate(account_id, NOON)
    assert not await stores.accounts.deactivate(first.instance.instance_id, NOON)
    assert await stores.store.credentials(first.instance.instance_id) is None
    bobs = await stores.accounts.connect(new_account(BOB))
    assert bobs.kind is ConnectKind.CREATED
    await stores.accounts.deactivate(bobs.watched.account.account_id, NOON)
    back = await stores.accounts.connect(new_account(ALICE))
    assert back.watched.account.account_id == account_id
    assert back.watched.instance.life_id != first.instance.life_id


async def test_credentials_keep_the_life_and_reset_begins_one(stores: Stores) -> None:
    """A new password keeps plan, balance and rule state; a reset starts from nothing."""
    instance, fence = await stores.owned()
    await stores.store.commit(unit(instance, fence, 1, deals=(deal(1),)))
    wanted = new_instance(password="new", ordered_initial_balance=None)
    change = (instance.account_id, wanted, LifeReason.CREDENTIALS)
    same = await stores.accounts.succeed(*change, former_id=instance.instance_id)
    again = await stores.accounts.succeed(*change, former_id=instance.instance_id)
    assert same == again
    assert same.instance.life_id == instance.life_id
    assert same.instance.predecessor_id == instance.instance_id
    assert same.instance.ordered_initial_balance == Decimal("100000.10")
    assert (await stores.store.load(same.instance)).sync_seq == 1
    assert await stores.store.credentials(instance.instance_id) is None
    fresh = new_instance(at=NOON + timedelta(days=1))
    reset = await stores.accounts.succeed(
        instance.account_id, fresh, LifeReason.RESET, former_id=wanted.instance_id
    )
    loaded = await stores.store.load(reset.instance)
    assert (loaded.sync_seq, loaded.rule_state) == (0, None)
    assert loaded.deals == (deal(1),), "earlier lives' deals count in the completeness sum"
    assert await stores.accounts.active() == (reset,)


async def test_successor_fences_the_predecessor_out(stores: Stores) -> None:
    """After a change of credentials the old instance's writes are refused."""
    instance, fence = await stores.owned()
    await stores.accounts.succeed(
        instance.account_id,
        new_instance(),
        LifeReason.CREDENTIALS,
        former_id=instance.instance_id,
    )
    with pytest.raises(Fenced):
        await stores.store.commit(unit(instance, fence, 1))
    with pytest.raises(Fenced):
        await stores.store.record(standing(instance, fence))


async def test_of_two_changes_decided_on_the_same_instance_one_holds(stores: Stores) -> None:
    """A reset that read the account before a change of password must not bring the old one back."""
    instance, _ = await stores.owned()
    account_id, former_id = instance.account_id, instance.instance_id
    wanted = new_instance(password="new")
    await stores.accounts.succeed(account_id, wanted, LifeReason.CREDENTIALS, former_id=former_id)
    with pytest.raises(Superseded):
        await stores.accounts.succeed(
            account_id, new_instance(), LifeReason.RESET, former_id=former_id
        )
    live = await stores.accounts.live(account_id)
    assert live.instance.instance_id == wanted.instance_id
    assert await stores.accounts.envelope(wanted.instance_id) == wanted.envelope
    assert await stores.accounts.envelope(former_id) is None


async def test_unknown_accounts_cannot_be_changed(stores: Stores) -> None:
    """A successor or a balance of nothing is UnknownAccount."""
    nobody = new_account().account_id
    with pytest.raises(UnknownAccount):
        await stores.accounts.succeed(nobody, new_instance(), LifeReason.RESET, former_id=nobody)
    with pytest.raises(UnknownAccount):
        await stores.accounts.set_initial_balance(nobody, Decimal(1), NOON)


async def test_initial_balance_set_by_hand_has_its_source(stores: Stores) -> None:
    """The balance and its source change together."""
    first = (await stores.accounts.connect(new_account())).watched
    assert first.initial_balance_source is InitialBalanceSource.ORDER_META
    account_id = first.account.account_id
    changed = await stores.accounts.set_initial_balance(account_id, Decimal(5000), NOON)
    assert changed.instance.ordered_initial_balance == Decimal(5000)
    assert changed.initial_balance_source is InitialBalanceSource.MANUAL
    assert await stores.accounts.live(account_id) == changed


async def test_what_was_committed_is_loaded_again(stores: Stores) -> None:
    """Deals come back exact and in order, with the last rule state and its number."""
    instance, fence = await stores.owned()
    await stores.store.commit(unit(instance, fence, 1, deals=(deal(3), deal(1, -99))))
    await stores.store.commit(unit(instance, fence, 2, deals=(deal(3, 1051),)))
    loaded = await stores.store.load(instance)
    assert loaded.deals == (deal(1, -99), deal(3, 1051))
    assert (loaded.sync_seq, loaded.rule_state) == (2, b"state-2")


async def test_repeating_a_unit_changes_nothing(stores: Stores) -> None:
    """The same number under the same fence is acknowledged, not written again."""
    instance, fence = await stores.owned()
    first = unit(instance, fence, 1, deals=(deal(1),), violations=(violation(),))
    await stores.store.commit(first)
    before = await stores.store.load(instance)
    await stores.store.commit(first)
    assert await stores.store.load(instance) == before


async def test_numbers_out_of_turn_are_stale(stores: Stores) -> None:
    """A gap, or a number that another fence wrote, sends the actor back to storage."""
    instance, fence = await stores.owned()
    with pytest.raises(StaleSync):
        await stores.store.commit(unit(instance, fence, 2))
    await stores.store.commit(unit(instance, fence, 1))
    await stores.store.commit(unit(instance, fence, 2))
    with pytest.raises(StaleSync):
        await stores.store.commit(unit(instance, fence, 1))


async def test_an_old_fence_is_refused_after_another_claim(stores: Stores) -> None:
    """When a run-out lease was claimed, the former owner's unit of any number is refused."""
    connected = await stores.accounts.connect(new_account())
    instance = connected.watched.instance
    one, two = stores.node("one", lease_seconds=0.05), stores.node("two")
    await one.register()
    await two.register()
    (old,) = await one.claim(5)
    assert await two.claim(5) == ()
    await stores.store.commit(unit(instance, old.fence, 1))
    await trio.sleep(0.1)
    (new,) = await two.claim(5)
    assert new.fence > old.fence
    with pytest.raises(Fenced):
        await stores.store.commit(unit(instance, old.fence, 2))
    with pytest.raises(StaleSync):
        await stores.store.commit(unit(instance, new.fence, 1))
    await stores.store.commit(unit(instance, new.fence, 2))
    assert await one.renew() == ()


async def test_riskiest_accounts_are_claimed_first(stores: Stores) -> None:
    """A claim bounded to one takes the account at risk of a breach."""
    quiet = (await stores.accounts.connect(new_account())).watched.instance
    risky = (await stores.accounts.connect(new_account(login="1002"))).watched.instance
    node = stores.node("one")
    await node.register()
    fences = {lease.instance_id: lease.fence for lease in await node.claim(2)}
    await stores.store.record(standing(quiet, fences[quiet.instance_id], Tier.IDLE))
    await stores.store.record(standing(risky, fences[risky.instance_id], Tier.BREACH_RISK))
    await node.release()
    (first,) = await node.claim(1)
    (second,) = await node.claim(1)
    assert (first.instance_id, second.instance_id) == (risky.instance_id, quiet.instance_id)
    assert first.fence == fences[risky.instance_id] + 1


async def test_a_condition_without_a_tier_keeps_the_stored_one(stores: Stores) -> None:
    """A quarantine, told by the supervisor, does not make a risky account look calm."""
    quiet = (await stores.accounts.connect(new_account())).watched.instance
    risky = (await stores.accounts.connect(new_account(login="1002"))).watched.instance
    node = stores.node("one")
    await node.register()
    fences = {lease.instance_id: lease.fence for lease in await node.claim(2)}
    await stores.store.record(standing(quiet, fences[quiet.instance_id], Tier.IDLE))
    fence = fences[risky.instance_id]
    await stores.store.record(standing(risky, fence, Tier.BREACH_RISK))
    await stores.store.record(evolve(standing(risky, fence), tier=None))
    await node.release()
    (first,) = await node.claim(1)
    assert first.instance_id == risky.instance_id


async def test_released_and_renewed_leases(stores: Stores) -> None:
    """A renewal keeps the fence; a release lets another node claim; draining claims nothing."""
    await stores.owned()
    one = stores.node("two")
    await one.register()
    assert (await one.placement()).fair_share == 1
    assert await one.claim(5) == ()
    await stores.accounts.connect(new_account(login="1002"))
    (lease,) = await one.claim(5)
    assert [each.fence for each in await one.renew()] == [lease.fence]
    await one.release([lease.instance_id])
    await one.heartbeat(draining=True)
    assert await one.claim(5) == ()


async def test_replaced_process_is_told(stores: Stores) -> None:
    """A second process under the same node name ends the first one's heartbeat and claims."""
    await stores.accounts.connect(new_account())
    old, new = stores.node("one"), stores.node("one")
    assert (await old.register(), await new.register()) == (1, 2)
    with pytest.raises(NodeReplaced):
        await old.heartbeat()
    assert await old.claim(5) == ()
    await new.heartbeat()


async def test_status_error_is_stored_and_deactivation_is_final(stores: Stores) -> None:
    """A standing changes the status of a live instance."""
    instance, fence = await stores.owned()
    await stores.store.record(standing(instance, fence))
    stored = await stores.accounts.instance(instance.instance_id)
    assert stored.instance.status is Status.ERROR


async def test_the_last_condition_is_loaded_again(stores: Stores) -> None:
    """A pause or a rejection is known to the next actor; a successor's instance starts afresh."""
    instance, fence = await stores.owned()
    fresh = await stores.store.load(instance)
    assert (fresh.connection_state, fresh.last_error_code) == (ConnectionState.CONNECTING, None)
    await stores.store.record(standing(instance, fence))
    parked = await stores.store.load(instance)
    assert parked.connection_state is ConnectionState.CREDENTIALS_REJECTED
    assert parked.last_error_code == "bad_credentials"
    await stores.store.commit(unit(instance, fence, 1))
    read = await stores.store.load(instance)
    assert (read.connection_state, read.last_error_code) == (ConnectionState.READY, None)
    await stores.store.record(standing(instance, fence))
    successor = await stores.accounts.succeed(
        instance.account_id,
        new_instance(),
        LifeReason.CREDENTIALS,
        former_id=instance.instance_id,
    )
    renewed = await stores.store.load(successor.instance)
    assert (renewed.connection_state, renewed.last_error_code) == (ConnectionState.CONNECTING, None)


async def test_credentials_open_for_their_own_row(stores: Stores) -> None:
    """The investor password comes back exactly, and never in a repr."""
    first = (await stores.accounts.connect(new_account(password="s3cret"))).watched
    credentials = await stores.store.credentials(first.instance.instance_id)
    assert credentials is not None
    assert credentials.password == "s3cret"
    assert "s3cret" not in repr(credentials)


async def test_hard_violations_are_once_per_life(stores: Stores) -> None:
    """A second hard breach of the same rule on another day does not fail the unit."""
    instance, fence = await stores.owned()
    await stores.store.commit(unit(instance, fence, 1, violations=(violation(),)))
    later = (violation(day=3), violation(verdict=Verdict.SOFT, day=3))
    await stores.store.commit(unit(instance, fence, 2, violations=later))
    assert (await stores.store.load(instance)).sync_seq == 2
