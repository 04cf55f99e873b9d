"""One account under watch in tier A: the product's core, fed by a terminal, with faults."""

from collections.abc import Callable
from datetime import timedelta

from attrs import define, evolve, field

from actors.domain import risk_tier
from actors.domain import step as engine
from actors.domain.account_state import AccountState
from actors.domain.deals import Deal
from actors.domain.life import StoredLife
from actors.domain.price_wish import PriceWish, price_wish
from actors.domain.prices import Prices
from actors.domain.state import Effects, Reading
from actors.domain.violation import Verdict, Violation
from actors.faults import backoff_seconds
from tests.fakes.kept_life import past_of
from tests.simulation.invariants import Invariants
from tests.simulation.watched import Watched
from tests.simulation.world.market import instant_of, msc
from tests.simulation.world.population import Inhabitant, World
from tests.simulation.world.streams import stream
from tests.simulation.world.terminal import Terminal

_SHORTEST_MS = 200
_LOOK_AHEAD_MS = 30 * 60_000
_GUARD_MS = 10 * 60_000
_LONGEST_MS = 5 * 3_600_000
"""Silence on a shut market is skipped in leaps that one request for quotes can span."""
_AFTERMATH_MS = 3 * 3_600_000
_LONG_AFTERMATH_MS = 40 * 3_600_000
"""How long a lost account is watched on; longer where the broker may still amend its books."""

Emit = Callable[[int, int, str], None]


@define
class Stored:
    """What storage holds of the life: written by a commit, read by a restart."""

    seq: int = 0
    deals: dict[int, Deal] = field(factory=dict)
    document: bytes | None = None
    effects: list[Effects] = field(factory=list)

    def life(self) -> StoredLife:
        """The life to start from."""
        ordered = sorted(self.deals.values(), key=lambda deal: (deal.occurred_at, deal.ticket))
        return StoredLife(self.seq, tuple(ordered), self.document, past=past_of(self.effects))

    def commit(self, effects: Effects) -> None:
        """Write one unit."""
        self.seq += 1
        self.deals |= {deal.ticket: deal for deal in effects.deals}
        self.deals = {t: deal for t, deal in self.deals.items() if t not in effects.gone}
        if effects.rule_days or effects.violations:
            self.effects.append(Effects(rule_days=effects.rule_days, violations=effects.violations))
        self.document = effects.rule_state or self.document


class Watch:
    """Visits the account whenever the product wants to; ``visit`` returns the next instant."""

    def __init__(
        self,
        world: World,
        inhabitant: Inhabitant,
        emit: Emit,
        unrest: float = 1.0,
        *,
        rebuild: bool = False,
    ) -> None:
        number = inhabitant.number
        self.who = inhabitant
        self.invariants = Invariants()
        self.told = Watched(inhabitant, rebuild=rebuild, broken=self.invariants.broken)
        self.stopped_at: int | None = None
        self.steps = 0
        self._emit = emit
        self._unrest = unrest
        self._until = world.market.until
        self._life = inhabitant.life()
        self._faults = stream(world.seed, f"faults/{number}")
        self._schedule = stream(world.seed, f"scheduler/{number}")
        self._terminal = Terminal(
            inhabitant.truth, world.market, inhabitant.server, inhabitant.digits,
            stream(world.seed, f"broker/{number}"), inhabitant.amendments,
        )  # fmt: skip
        self._stored = Stored()
        self._failures = 0
        now = instant_of(inhabitant.connected_at)
        self._state = engine.start(self._life, self._stored.life(), now)

    def visit(self, at: int) -> int | None:
        """Read the account, step the core, store; None when the watch is over."""
        if at >= self._until or (self.stopped_at is not None and at > self.stopped_at):
            return None
        if self._faults.random() < 0.004 * self._unrest:
            return self._broker_failed(at)
        now = at + self._schedule.randint(20, 900)
        reading = self._read(at, now)
        state, effects = self._step(reading, now)
        luck = self._faults.random() / self._unrest
        if luck < 0.001:  # killed before the commit: the reading is lost
            return self._restart(now, "killed_before_commit")
        self._commit(state, effects, at, now)
        if luck < 0.002:
            return self._restart(now, "killed_after_commit")
        return self._next(effects, now)

    def _read(self, at: int, now: int) -> Reading:
        observation = self._terminal.observe(at)
        since = engine.fetch_since_msc(self._state)
        deals, history = self._terminal.deals(now, since)
        reading = Reading(observation, deals, history, since_msc=since)
        wish = price_wish(self._state, reading) if self.told.rebuild else None
        if wish is None:
            return reading
        return evolve(reading, prices=self._prices(wish, now))

    def _prices(self, wish: PriceWish, now: int) -> Prices:
        """What the product asked for, as far as it has come to pass."""
        if not wish.by_ticks:
            return Prices()
        since, until = msc(wish.since), min(now, msc(wish.until))
        return self._terminal.prices(since, until, wish.symbols)

    def _step(self, reading: Reading, now: int) -> tuple[AccountState, Effects]:
        state, effects = engine.step(self._state, reading, instant_of(now))
        if effects.needs_reload:
            self._emit(now, self.who.number, "reloaded")
            loaded = engine.start(self._life, self._stored.life(), instant_of(now))
            state, effects = engine.step(loaded, reading, instant_of(now))
        self.steps += 1
        return state, effects

    def _commit(self, state: AccountState, effects: Effects, at: int, now: int) -> None:
        self.invariants.check(self._state, state, effects)
        self._state = state
        self._stored.commit(effects)
        self.told.samples.append(at)
        self.told.passed_at = state.progress.phase.passed_at
        for row in effects.rule_days:
            self.told.rows[row.rule_id, row.date.isoformat()] = row
        self.told.discrepancies += effects.discrepancies
        for violation in effects.violations:
            self._keep(violation, now)
        self._emit(now, self.who.number, f"sync {self._stored.seq} {len(effects.violations)}")

    def _keep(self, violation: Violation, now: int) -> None:
        self.told.note(violation)
        if violation.verdict is Verdict.HARD and self.stopped_at is None:
            long = bool(self.who.amendments)
            self.stopped_at = now + (_LONG_AFTERMATH_MS if long else _AFTERMATH_MS)
        key = f"{violation.rule_id} {violation.severity} {violation.verdict}"
        self._emit(msc(violation.occurred_at), self.who.number, key)

    def _next(self, effects: Effects, now: int) -> int:
        pace = risk_tier.schedule(self._state, instant_of(now), self._schedule.random())
        self.invariants.paced(pace)
        self.told.promises.append((now, pace.promise_seconds))
        self._failures = 0
        seconds = min(pace.interval_seconds, (pace.next_at - instant_of(now)).total_seconds())
        if effects.reread_within_seconds is not None:
            seconds = min(seconds, effects.reread_within_seconds)
            return now + max(_SHORTEST_MS, int(seconds * 1000))
        return self._past_silence(now, now + max(_SHORTEST_MS, int(seconds * 1000)))

    def _past_silence(self, now: int, planned: int) -> int:
        """Skip visits that could only see what this one saw, but never those around a reset."""
        quiet = self._terminal.quiet_until(now) - _LOOK_AHEAD_MS
        reset = self._state.clock.next_reset(instant_of(now))
        if self._terminal.exposed:
            quiet = min(quiet, msc(reset) - _GUARD_MS, now + _LONGEST_MS)
        elif quiet > planned:
            late = timedelta(minutes=15) * (0.1 + 0.8 * self._schedule.random())
            quiet = min(quiet, msc(reset + late))
        return max(planned, quiet)

    def _broker_failed(self, at: int) -> int:
        self._failures += 1
        self._emit(at, self.who.number, "broker_failed")
        promise = risk_tier.promise_of(self._state.progress.tier)
        wait = backoff_seconds(self._failures, promise, self._schedule.random())
        return at + int(wait * 1000)

    def _restart(self, now: int, why: str) -> int:
        self._emit(now, self.who.number, why)
        self._state = engine.start(self._life, self._stored.life(), instant_of(now))
        return now + self._faults.randint(1000, 4000)
