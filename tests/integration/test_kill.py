"""kill -9 at every named step, then start: no deal lost or doubled, the same verdicts.

While the server is down every account trades, and now and then one loses more than its daily
allowance; so each kill falls among syncs that carry deals, some of them verdicts.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import trio
from attrs import frozen

from actors.mt5.simulator.broker import AccountCard
from actors.mt5.simulator.scenarios import add_account
from actors.mt5.simulator.scripts import SCRIPTED_SYMBOL
from actors.mt5.simulator.trading import close_position, open_position
from storage.seals import Sealer
from supervisor.check_evidence import check
from tests.integration.checks import (
    advance,
    assert_deals_are_the_brokers,
    assert_verdicts_are_single,
    connect,
    rows,
    synced,
    verdicts,
)
from tests.stage import ROOT, Stage

STEPS = ("after_fetch", "before_commit", "after_commit", "before_publish")
SCENARIOS = ("active", "breach_soon", "near_floor")
LOSS_POINTS = 300_000
"""With two lots of BTCUSD 6,000.00: over the daily allowance, within the overall one."""


@frozen
class Doom:
    """A loss that the test booked: the balance after it, in minor units."""

    login: str
    balance: int


def trade(stage: Stage, login: str, loss_points: int = 0) -> Doom:
    """Book a trade that was opened and closed at once, at ``loss_points`` less."""
    account = stage.broker.account(login)
    points = account.paths[SCRIPTED_SYMBOL].points(account.now)
    held = open_position(account, SCRIPTED_SYMBOL, 1, 2_000, points=points)
    close_position(account, account.book.positions[held], points=points - loss_points)
    return Doom(login, account.book.balance)


def assert_verdicts_are_kept(stage: Stage, before: Sequence[dict[str, Any]]) -> None:
    """No violation of ``before`` is lost or changed, none is there twice."""
    assert [row for row in verdicts(stage.dsn) if row in before] == list(before)
    assert_verdicts_are_single(stage)


def assert_every_doom_is_judged(stage: Stage, dooms: Sequence[Doom]) -> None:
    """Each booked loss is one hard breach of the daily rule, at the balance that it left."""
    found = [row for row in verdicts(stage.dsn) if row["severity"] == "breach"]
    for doom in dooms:
        mine = [row for row in found if row["login"] == doom.login]
        assert [(row["rule_id"], row["verdict"]) for row in mine] == [("daily-loss", "hard")]
        assert mine[0]["current_value"] * 100 == doom.balance


async def assert_evidence_is_proven(stage: Stage) -> None:
    """Every violation's bundle, as a reader gets it, is signed and gives its verdict again."""
    token = await stage.shop.token(1)
    found = rows(
        stage.dsn,
        """SELECT v.id, i.account_id FROM rule_violations v
           JOIN account_instances i ON i.id = v.account_instance_id""",
    )
    assert found
    key = Sealer(stage.key("evidence")).public_key
    for row in found:
        path = f"/api/account/{row['account_id']}/violations/{row['id']}/evidence"
        answer = await stage.shop.read(path, token)
        assert answer.status_code == 200
        assert check(answer.json(), key) == []
    replayed = await trio.run_process(
        [
            *(sys.executable, "-m", "supervisor", "replay", str(found[0]["id"])),
            *("--public-key", key.hex(), "--config", str(stage.settings)),
        ],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": stage.dsn},
        capture_stdout=True,
    )
    assert b"agrees" in replayed.stdout


async def connect_all(stage: Stage, cards: Sequence[AccountCard]) -> None:
    """Start the server, connect every account, wait for its first sync, and kill the server."""
    stage.start()
    await stage.ready()
    for card in cards:
        await connect(stage, card)
    await advance(stage, 1)
    stage.kill()


async def kill_at(stage: Stage, step: str, count: int) -> None:
    """Start a server that kills itself at the ``count``-th such step; it did what comes before."""
    before = synced(stage.dsn)
    # Each actor publishes what it loaded before its first sync.
    place = count + len(before) if step == "before_publish" else count
    stage.start(f"{step}:{place}")
    assert await stage.died(90) == -9
    after = synced(stage.dsn)
    assert all(after[login] >= seq for login, seq in before.items())
    committed = sum(after.values()) - sum(before.values())
    if step in ("after_fetch", "before_commit"):
        assert committed < count
    else:
        assert committed >= count


async def test_kills_at_every_step_lose_and_double_nothing(
    tmp_path: Path, postgres_dsn: str, faults: bool
) -> None:
    """After each kill and start the deals equal the broker's and each violation is there once."""
    kills, doomed = (100, 9) if faults else (10, 3)
    async with Stage(tmp_path, postgres_dsn) as stage:
        scenarios = (*SCENARIOS, *["calm"] * doomed)
        cards = [
            add_account(stage.broker, scenario, login=str(9000 + number), server="Simulated-1")
            for number, scenario in enumerate(scenarios, 1)
        ]
        await connect_all(stage, cards)
        dooms: list[Doom] = []
        for kill in range(kills):
            for card in cards:
                trade(stage, card.login)
            if kill % (kills // doomed) == 1 and len(dooms) < doomed:
                dooms.append(trade(stage, cards[-1 - len(dooms)].login, LOSS_POINTS))
            before = verdicts(stage.dsn)
            await kill_at(stage, STEPS[kill % len(STEPS)], 1 + kill % 3)
            assert_deals_are_the_brokers(stage, behind=None)
            assert_verdicts_are_kept(stage, before)
        before = verdicts(stage.dsn)
        stage.start()
        await stage.ready()
        await advance(stage, 1)
        assert_deals_are_the_brokers(stage)
        assert_verdicts_are_kept(stage, before)
        assert_every_doom_is_judged(stage, dooms)
        await assert_evidence_is_proven(stage)
        assert await stage.terminate() == 0
