"""The backtest over PostgreSQL: what the real engine stored, judged again by drafts."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
import trio
from attrs import evolve, frozen

from actors.clock import SystemClock
from actors.domain.account import AccountInstance, Outcome
from actors.domain.backtest.ending import happened
from actors.domain.backtest.facts import Way
from actors.domain.plan import Plan
from actors.domain.plan_file import plan_from_document
from actors.domain.server_clock import ServerClock
from actors.domain.state import Effects
from actors.ports import SyncUnit
from storage.accounts import PostgresAccounts
from storage.backtest_rows import BacktestRows, LifeFilter
from storage.leases import PostgresLeases
from storage.maintenance import roll_up
from storage.plans import PostgresPlans
from storage.postgres import Database
from storage.sync_unit import write_units
from supervisor.backtest_run import Answer, Asked, Backtest
from supervisor.commands.backtest import run
from supervisor.embedded import EmbeddedPostgres
from tests.postgres_fixture import fresh_database
from tests.simulation.kept import KeptWatch
from tests.simulation.test_backtest import scaled
from tests.simulation.world.plans import FIRM_PLANS
from tests.simulation.world.population import make_world
from tests.stage import ROOT, Stage
from tests.store_builders import new_account, unit

CLASSIC = len(FIRM_PLANS)
"""Every so many inhabitants one trades under the first of the firm's plans."""


async def store(dsn: str, lives: list[KeptWatch]) -> None:
    """Write every unit as the product's batcher would, then roll the curve up."""
    async with trio.open_nursery() as nursery:
        database = Database(dsn, workers=1)
        await nursery.start(database.run)
        accounts, plans = PostgresAccounts(database), PostgresPlans(database)
        node = PostgresLeases(database, SystemClock(), "one")
        await node.register()
        for life in lives:
            plan = life.history().life.plan
            await plans.save(plan)
            new = new_account(
                login=str(life.who.number),
                plan_name=plan.name,
                plan_hash=plan.content_hash,
                ordered_initial_balance=None,
                at=life.history().life.started_at,
            )
            await accounts.connect(evolve(new, server="Simulated-1"))
        leases = {lease.instance_id: lease.fence for lease in await node.claim(len(lives))}
        owned = {each.account.login: each.instance for each in await accounts.active()}
        for number, group in enumerate(zip_longest(*(life.units for life in lives)), start=1):
            batch = [
                _unit(life, owned[str(life.who.number)], leases, number, effects)
                for life, effects in zip(lives, group, strict=True)
                if effects is not None
            ]
            refusals = await database.execute(lambda line, batch=batch: write_units(line, batch))  # type: ignore[misc]
            assert refusals == [None] * len(batch)
        await roll_up(database, lives[0].samples_kept[-1].recorded_at)
        nursery.cancel_scope.cancel()


def _unit(
    life: KeptWatch,
    instance: AccountInstance,
    fences: dict[UUID, int],
    number: int,
    effects: Effects,
) -> SyncUnit:
    whole = unit(instance, fences[instance.instance_id], number)
    return evolve(whole, effects=effects, currency_digits=life.who.digits, log=())


@frozen
class Firm:
    """A database with watched lives, and the plan of the first."""

    dsn: str
    lives: list[KeptWatch]
    plan: Plan

    def ask(self, asked: Asked, wanted: LifeFilter | None = None) -> Backtest:
        """The backtest of the wanted lives."""
        clock = ServerClock.parse(self.lives[0].who.server.clock)
        return run(self.dsn, asked, lambda _: clock, wanted or LifeFilter())


@pytest.fixture(scope="module")
def firm(postgres_server: EmbeddedPostgres) -> Iterator[Firm]:
    """Three lives under one plan; some of them breached."""
    world = make_world(20_260_301, 1 + 2 * CLASSIC, 9)
    lives = [KeptWatch(world, who) for who in world.inhabitants[::CLASSIC]]
    with fresh_database(postgres_server) as dsn:
        trio.run(store, dsn, lives)
        yield Firm(dsn, lives, lives[0].history().life.plan)


def by_login(found: Backtest) -> dict[str, Answer]:
    """The answers that are shown."""
    return {answer.login: answer for answer in found.shown}


def test_the_real_plan_reproduces_every_stored_verdict(firm: Firm) -> None:
    """Nothing differs, and each breach has its stored rule, day, floor, value and instant."""
    found = firm.ask(Asked(firm.plan))
    assert (found.lives, found.untold, found.differs) == (len(firm.lives), [], False)
    assert found.ways[Way.RULE_DAYS] == len(firm.lives)
    answers = by_login(found)
    breached = 0
    for life in firm.lives:
        real = happened(life.history())
        if real.outcome is Outcome.BREACHED:
            assert answers[str(life.who.number)].told.breach == real.breach
            breached += 1
    assert breached > 0


def test_deals_samples_and_roll_ups_give_the_stored_verdicts_too(firm: Firm) -> None:
    """A draft that asks for one more objective is judged by samples: the same breaches."""
    document = json.loads(firm.plan.document)
    goal = {"id": "goal", "kind": "profit_target", "target": {"percent": "90"}}
    document["phases"][0]["rules"].append(goal)
    found = firm.ask(Asked(plan_from_document(json.dumps(document))))
    assert found.ways[Way.SAMPLES] == len(firm.lives)
    for life in firm.lives:
        real, answer = happened(life.history()), by_login(found).get(str(life.who.number))
        assert (answer is not None and answer.told.breach) == (real.breach or False)


def test_a_tighter_plan_breaches_earlier_and_a_looser_one_never(firm: Firm) -> None:
    """Who differs is told: by a tighter draft all end, by a loose one nobody."""
    tight = firm.ask(Asked(scaled(firm.plan, Decimal("0.05"), 2)))
    assert {a.told.outcome for a in tight.shown} == {Outcome.BREACHED}
    assert tight.differs
    for life in firm.lives:
        real, told = happened(life.history()), by_login(tight)[str(life.who.number)].told
        assert told.ended_on is not None
        assert real.ended_on is None or told.ended_on <= real.ended_on
    loose = firm.ask(Asked(scaled(firm.plan, Decimal(9), 2)))
    assert {answer.told.outcome for answer in loose.shown} == {Outcome.RUNNING}


def test_one_life_can_be_asked_for(firm: Firm) -> None:
    """The filter names an account or a life; an unknown one is no life at all."""
    with BacktestRows(firm.dsn, lambda _: ServerClock.parse("UTC")) as rows:
        kept = list(rows.lives())
    assert firm.ask(Asked(firm.plan), LifeFilter(life_id=kept[0].life_id)).lives == 1
    assert firm.ask(Asked(firm.plan), LifeFilter(account_id=kept[1].account_id)).lives == 1
    assert firm.ask(Asked(firm.plan), LifeFilter(life_id=kept[0].account_id)).lives == 0


def test_a_server_without_a_clock_is_told_and_not_judged(firm: Firm) -> None:
    """No clock is guessed."""
    found = run(firm.dsn, Asked(firm.plan), lambda _: None, LifeFilter())
    assert [one.reason for one in found.untold] == [
        "the broker table does not name server Simulated-1" for _ in firm.lives
    ]


def test_writers_go_on_beside_a_backtest(firm: Firm) -> None:
    """While the snapshot is open a month of the curve can be dropped, and is still not missed
    in what was read; the snapshot's transaction can write nothing.
    """
    with BacktestRows(firm.dsn, lambda _: ServerClock.parse("UTC")) as rows:
        lives = list(rows.lives())
        before = [list(rows.buckets(kept)) for kept in lives]
        with psycopg.connect(firm.dsn, autocommit=True) as writer:
            writer.execute("SET lock_timeout = '2s'")
            writer.execute("BEGIN; LOCK TABLE equity_samples IN ACCESS EXCLUSIVE MODE; ROLLBACK")
            writer.execute("INSERT INTO plans VALUES (repeat('0', 64), 'later', 1, '{}')")
        again = [list(rows.buckets(kept)) for kept in rows.lives()]
        assert before == again
        assert all(before)
    with psycopg.connect(firm.dsn, autocommit=True) as writer:
        writer.execute("DELETE FROM plans WHERE name = 'later'")


async def test_the_command_tells_it_as_json_and_by_its_exit_code(
    firm: Firm, tmp_path: Path
) -> None:
    """0 when nothing would differ, 1 when an outcome would, 2 for a plan that is none."""
    draft = tmp_path / "draft.toml"
    draft.write_text(TIGHT)
    async with Stage(tmp_path, firm.dsn) as stage:
        code, told = command(stage, "--plan", str(draft), "--phase", "0")
        assert code == 1
        assert len(told["would_have_breached"]) == len(firm.lives)
        assert told["differs"]
        first = told["would_have_breached"][0]["draft"]["breach"]
        assert (first["rule_id"], first["verdict"], first["unit"]) == ("daily", "hard", "money")
        draft.write_text(TIGHT.replace("0.05", "99"))
        code, told = command(stage, "--plan", str(draft), "--to", "2020-01-01")
        assert (code, told["rule_days"]) == (0, 0)
        assert command(stage, "--plan", "no-such-plan")[0] == 2


TIGHT = """
name = "draft"
title = "Draft"
version = 1
[[phases]]
name = "One"
[[phases.rules]]
id = "daily"
kind = "daily_loss"
allowance = { percent = 0.05 }
"""


def command(stage: Stage, *arguments: str) -> tuple[int, Any]:
    """Exit code and JSON of ``onefunders backtest``."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "supervisor", "backtest", "--json"),
            *("--config", str(stage.settings), *arguments),
        ],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": stage.dsn},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr
