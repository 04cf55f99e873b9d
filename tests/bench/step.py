"""CPU of one sync, part by part, in one thread and without I/O; with a reference in the same run.

The account is an active one: a floating position, and the deals of the last three days read
again each time, as the overlap of a fetch asks. The reference is what a plain implementation
does with the same answer: decode it as JSON with Decimals and compute the seed's drawdowns.
"""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec
from attrs import evolve

from actors.behaviour import begin, react
from actors.clock import SystemClock
from actors.commands import Commit, FetchPrices
from actors.condition import Subject
from actors.domain.deals import Deal, DealEntry, History
from actors.domain.life import StoredLife
from actors.domain.state import Reading
from actors.domain.step import step
from actors.events import Committed, Moment, Observed, Opened, Priced, Started, Timer
from actors.mt5.simulator import reads
from actors.mt5.simulator.broker import SimulatedBroker, simulated_server_clock
from actors.mt5.simulator.scenarios import add_account
from actors.mt5.wire import FrameReader, decode_body, decode_head, encode_response
from actors.mt5.wire_answers import DealsResult, SnapshotResult
from actors.mt5.wire_records import deals_page, observation
from actors.mt5.wire_requests import Deals
from actors.ports import SyncUnit
from storage import sync_rows
from tests.bench.figures import Figure
from tests.fakes.actor_world import (
    LOGIN,
    SERVER,
    START,
    deposit,
    make_account,
    make_instance,
    make_life,
    make_observation,
    msc,
    opening,
)

_ROUNDS = 3_000
_TRADES = 20
_EVERY = timedelta(seconds=30)


def _deals() -> tuple[Deal, ...]:
    """Twenty closed trades without a result over the last two days, and one still open."""
    made = []
    for number in range(2 * _TRADES):
        at = START - timedelta(hours=45) + timedelta(hours=1) * number
        ticket = 100 + number
        entry = DealEntry.OUT if number % 2 else DealEntry.IN
        changes: dict[str, Any] = {"ticket": ticket, "position_id": ticket - number % 2}
        changes |= {"order": ticket, "entry": entry, "broker_msc": msc(at), "occurred_at": at}
        made.append(evolve(opening(at), **changes))
    return (*made, opening(START))


class _Account:
    """An actor's pure half, driven by hand."""

    def __init__(self) -> None:
        self.deals = _deals()
        self.now = START
        subject = Subject(make_life(), make_instance(), 1)
        self.state, _ = begin(subject)
        stored = StoredLife(0, (), None, None, None)
        self.tell(Started(self.moment(), stored))
        self.tell(Timer(self.moment()))
        self.tell(Opened(self.moment(), make_account(), LOGIN, SERVER))
        first = Reading(
            make_observation(self.now, 0),
            (deposit(), *self.deals),
            History(1 + len(self.deals), stable=True),
        )
        self.sync(first)

    def moment(self) -> Moment:
        seconds = (self.now - START).total_seconds()
        return Moment(self.now, 1000.0 + seconds, 0.5)

    def tell(self, event: Any) -> tuple[Any, ...]:
        self.state, commands = react(self.state, event)
        return commands

    def reading(self, number: int) -> Reading:
        """The next reading: equity moves a little, no new deal."""
        self.now = self.now + _EVERY
        floating = (number * 7919) % 20_011 - 10_005
        history = History(1 + len(self.deals), stable=True)
        return Reading(make_observation(self.now, floating), self.deals, history)

    def sync(self, reading: Reading) -> SyncUnit:
        """Observed (the bridge offers no prices), committed, slept; returns the unit."""
        commit = self.tell(Observed(self.moment(), reading))[-1]
        if isinstance(commit, FetchPrices):
            commit = self.tell(Priced(self.moment(), None, {}))[-1]
        if not isinstance(commit, Commit) or not isinstance(commit.unit, SyncUnit):
            raise TypeError(f"a reading must end in a commit, not in {commit!r}")
        self.tell(Committed(self.moment()))
        return commit.unit


def _microseconds(work: Callable[[int], object]) -> float:
    start = time.process_time()
    for number in range(_ROUNDS):
        work(number)
    return 1e6 * (time.process_time() - start) / _ROUNDS


def _step_cost() -> float:
    account = _Account()
    state = account.state.known_core
    readings = [account.reading(number) for number in range(_ROUNDS)]
    cores = [state]

    def once(number: int) -> None:
        core, _ = step(cores[0], readings[number], readings[number].observation.observed_at)
        cores[0] = core

    return _microseconds(once)


def _round_cost() -> tuple[float, list[SyncUnit]]:
    account = _Account()
    readings = [account.reading(number) for number in range(_ROUNDS)]
    units: list[SyncUnit] = []

    def once(number: int) -> None:
        account.now = readings[number].observation.observed_at
        units.append(account.sync(readings[number]))

    return _microseconds(once), units


def _rows_cost(units: list[SyncUnit], batch: int) -> float:
    """Rows and column arrays of one unit, when ``batch`` are written together."""
    start = time.process_time()
    for first in range(0, len(units), batch):
        some = units[first : first + batch]
        sync_rows.columns([sync_rows.state_row(unit) for unit in some])
        sync_rows.columns([sync_rows.mirror_row(unit) for unit in some])
        sync_rows.columns([row for unit in some for row in sync_rows.sample_rows(unit)])
        sync_rows.columns([row for unit in some for row in sync_rows.rule_day_rows(unit)])
    return 1e6 * (time.process_time() - start) / len(units)


def _answer_cost() -> float:
    """Frames of one read, as the bridge sends them, to an observation and its deals."""
    broker = SimulatedBroker(1, SystemClock())
    card = add_account(broker, "active", server="Simulated-3")
    account, clock = broker.account(card.login), simulated_server_clock(card.server)
    since = broker.start - 3 * 86_400_000
    shown = encode_response(1, reads.snapshot(account))
    page = encode_response(2, reads.deals(account, Deals(1, since, 0, 1000)))
    now = START

    def once(_: int) -> None:
        reader = FrameReader()
        first, second = reader.feed(shown + page)
        row, rows = decode_body(decode_head(first).body), decode_body(decode_head(second).body)
        if not isinstance(row, SnapshotResult) or not isinstance(rows, DealsResult):
            raise TypeError("the bridge answers a snapshot and deals")
        observation(row, clock, now)
        deals_page(rows, clock)

    return _microseconds(once)


def _plain_cost() -> float:
    """The reference: JSON in, Decimals, the seed's figures, JSON out."""
    told = json.dumps(
        {
            "balance": 100000.0, "equity": 100042.17, "credit": 0.0, "margin": 0.0,
            "positions": [{"ticket": 2, "symbol": "EURUSD", "volume": 1.0, "profit": 42.17}],
            "deals": [
                {"ticket": d.ticket, "position": d.position_id, "symbol": d.symbol,
                 "price": 1.1, "profit": 0.0, "time": d.broker_msc} for d in _deals()
            ],
        }
    )  # fmt: skip

    def once(_: int) -> str:
        answer = json.loads(told, parse_float=Decimal)
        initial, equity = Decimal(100_000), answer["equity"]
        closed = sum((deal["profit"] for deal in answer["deals"]), Decimal(0))
        used = max(Decimal(0), initial - min(equity, answer["balance"]))
        return json.dumps(
            {
                "balance": str(answer["balance"]),
                "equity": str(equity),
                "profit": str(closed),
                "dd_daily": str((used / (initial * 5 / 100) * 100).quantize(Decimal("0.01"))),
                "dd_max": str((used / (initial * 10 / 100) * 100).quantize(Decimal("0.01"))),
            }
        )

    return _microseconds(once)


def figures() -> list[Figure]:
    """Measure each part; a whole sync is answer, round of the actor and rows for storage."""
    plain, core = _plain_cost(), _step_cost()
    whole_round, units = _round_cost()
    rows = _rows_cost(units, 50)
    summary = _microseconds(lambda _: msgspec.json.decode(units[0].summary))
    answer = _answer_cost()
    whole = answer + whole_round + rows
    return [
        Figure("reference: plain JSON and Decimal", plain, "us", digits=0),
        Figure("bridge's answer to observation and deals", answer, "us", digits=0),
        Figure("core step: rules, state document", core, "us", digits=0),
        Figure("actor's round: step, schedule, summary, unit", whole_round, "us", digits=0),
        Figure("rows for storage, 50 syncs a batch", rows, "us", digits=0),
        Figure("one whole sync", whole, "us", digits=0),
        Figure("one whole sync against the reference", whole / plain, "times"),
        Figure("accounts every 30 s on one core by this alone", 30e6 / whole, "", digits=0),
        Figure("reading a stored summary", summary, "us", digits=0),
    ]
