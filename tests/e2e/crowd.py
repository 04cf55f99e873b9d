"""The stage of the dashboard's benchmark: one user with five hundred accounts.

``python -m tests.e2e.crowd FOLDER``: as ``tests.e2e.stage``, and obeys the same commands. One of the
accounts has ten thousand trades, one stands near its floor.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import trio

from actors.domain.deals import DealType
from actors.mt5.simulator.account import Recipe, SimulatedAccount
from actors.mt5.simulator.broker import SERVERS
from actors.mt5.simulator.dice import seed_of
from actors.mt5.simulator.scenarios import add_account, add_population
from actors.mt5.simulator.scripts import DAY_MS, dice_of, lots, tradable
from actors.mt5.simulator.trading import cash, close_position, open_position
from tests.bench.crowd import plan_of_all, store_accounts, vault_of
from tests.e2e.stage import ALICE, Director, main
from tests.integration.checks import synced
from tests.stage import Stage

ACCOUNTS = 500
TRADES = 10_000
BUSY, NEAR_FLOOR = "700200001", "700200002"
_SYNC_SECONDS = 120.0
_MINUTE_MS = 60_000


def diligent(account: SimulatedAccount) -> Iterator[int]:
    """Ten thousand small trades, one each ten minutes for 70 days; the last closes before start."""
    dice = dice_of(account, "past")
    opened = account.recipe.start - 70 * DAY_MS
    yield opened
    cash(account, DealType.BALANCE, account.recipe.initial_balance, "deposit")
    for number in range(TRADES):
        yield opened + (10 * number + 1) * _MINUTE_MS
        size = lots(account, 10)
        held = open_position(account, tradable(account, dice), dice.pick((1, -1)), size)
        yield account.now + dice.between(_MINUTE_MS, 8 * _MINUTE_MS)
        close_position(account, account.book.positions[held])


async def fill(director: Director) -> dict[str, Any]:
    """Store the crowd, start the server, connect the two named accounts, wait for every figure."""
    stage = director.stage
    cards = add_population(stage.broker, ACCOUNTS - 2)
    await store_accounts(stage.dsn, vault_of(stage.folder / "keys"), plan_of_all(), cards, users=1)
    stage.start()
    await stage.ready(60)
    busy = stage.broker.add(
        Recipe(
            login=BUSY,
            server=SERVERS["simulated-1"],
            scenario="diligent",
            script=diligent,
            initial_balance=100_000_00,
            start=stage.broker.start,
            seed=seed_of(stage.broker.seed, BUSY),
            investor_password="investor-of-the-busy-one",
            master_password="master-of-the-busy-one",
        )
    )
    near = add_account(stage.broker, "near_floor", login=NEAR_FLOOR)
    for card in (busy, near):
        director.cast.append(await director.connect(ALICE, card, plan_of_all().name))
    with trio.fail_after(_SYNC_SECONDS):
        while not await _all_read(stage):
            await trio.sleep(1)
    return director.told()


async def _all_read(stage: Stage) -> bool:
    """Whether every account has a committed sync."""
    numbers = (await trio.to_thread.run_sync(synced, stage.dsn)).values()
    return sum(number > 0 for number in numbers) == ACCOUNTS


if __name__ == "__main__":
    main(Path(sys.argv[1]), fill, lease_seconds=30.0)
