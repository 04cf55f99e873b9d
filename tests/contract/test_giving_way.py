"""A login whose own password was refused gives way before anything was read; both stores."""

import pytest

from actors.domain.account import LifeReason
from actors.ports import Fenced
from storage.lives import ConnectKind
from tests.contract.conftest import Stores
from tests.store_builders import BOB, NOON, new_account, new_instance, standing, unit


async def test_a_refused_login_that_nobody_read_gives_way(stores: Stores) -> None:
    """Another owner is told apart, the former claim ends with its password, and the login is free.

    The former owner's own connect is not another's: it finds the account as before.
    """
    instance, fence = await stores.owned()
    await stores.store.record(standing(instance, fence))
    met = await stores.accounts.find(new_account(BOB))
    assert met.kind is ConnectKind.REFUSED_OTHER
    assert met.watched.instance.instance_id == instance.instance_id
    assert (await stores.accounts.connect(new_account())).kind is ConnectKind.EXISTING
    assert await stores.accounts.give_way(instance.instance_id, NOON)
    assert await stores.accounts.envelope(instance.instance_id) is None
    assert await stores.accounts.live(instance.account_id) is None
    with pytest.raises(Fenced):
        await stores.store.commit(unit(instance, fence, 1))
    bobs = await stores.accounts.connect(new_account(BOB))
    assert bobs.kind is ConnectKind.CREATED
    assert bobs.watched.account.owner == BOB
    assert not await stores.accounts.give_way(instance.instance_id, NOON), "it gave way already"


async def test_a_login_that_is_not_refused_does_not_give_way(stores: Stores) -> None:
    """A first password that is still being tried may turn out right: its owner keeps the login."""
    instance, _ = await stores.owned()
    met = await stores.accounts.find(new_account(BOB))
    assert (met.kind, met.watched) == (ConnectKind.OWNED_BY_OTHER, None)
    assert not await stores.accounts.give_way(instance.instance_id, NOON)
    assert await stores.accounts.live(instance.account_id) is not None


async def test_a_login_that_was_ever_read_does_not_give_way(stores: Stores) -> None:
    """A password changed at the broker, and even a reset after it, leave the owner his account."""
    instance, fence = await stores.owned()
    await stores.store.commit(unit(instance, fence, 1))
    await stores.store.record(standing(instance, fence))
    assert (await stores.accounts.find(new_account(BOB))).kind is ConnectKind.OWNED_BY_OTHER
    assert not await stores.accounts.give_way(instance.instance_id, NOON)
    fresh = new_instance()
    former = instance.instance_id
    await stores.accounts.succeed(instance.account_id, fresh, LifeReason.RESET, former_id=former)
    node = stores.node("two")
    await node.register()
    (lease,) = await node.claim(1)
    reset = (await stores.accounts.live(instance.account_id)).instance
    await stores.store.record(standing(reset, lease.fence))
    assert (await stores.accounts.find(new_account(BOB))).kind is ConnectKind.OWNED_BY_OTHER
    assert not await stores.accounts.give_way(reset.instance_id, NOON)
