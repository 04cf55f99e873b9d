"""A watched account whose commits are kept as storage keeps them, for what reads histories."""

from actors.domain.account_state import AccountState
from actors.domain.backtest.facts import Breach, Bucket, DayFact, StoredHistory
from actors.domain.curve import EquitySample
from actors.domain.deals import Deal
from actors.domain.progress import decode
from actors.domain.rule_day import RuleDay
from actors.domain.state import Effects
from actors.domain.violation import Severity, Violation
from tests.simulation.watch import Watch
from tests.simulation.world.population import Inhabitant, World


class KeptWatch(Watch):
    """Watches one account to the end of the world, and keeps every unit it would write."""

    def __init__(self, world: World, inhabitant: Inhabitant) -> None:
        super().__init__(world, inhabitant, lambda at, account, event: None)
        self.units: list[Effects] = []
        at: int | None = inhabitant.connected_at
        while at is not None:
            at = self.visit(at)

    def _commit(self, state: AccountState, effects: Effects, at: int, now: int) -> None:
        super()._commit(state, effects, at, now)
        self.units.append(effects)

    @property
    def samples_kept(self) -> list[EquitySample]:
        """The stored curve."""
        return [unit.sample for unit in self.units if unit.sample is not None]

    def history(self) -> StoredHistory:
        """The life as a backtest is given it."""
        progress = decode(self._stored.document or b"")
        days = {
            (row.rule_id, row.date, row.revision): row
            for unit in self.units
            for row in unit.rule_days
        }
        return StoredHistory(
            life=self._life,
            login=str(self.who.number),
            currency="USD",
            digits=self.who.digits,
            first_seen_at=progress.first_seen_at,
            initial=progress.initial,
            passed_at=progress.phase.passed_at,
            breaches=tuple(
                breach_of(one)
                for unit in self.units
                for one in unit.violations
                if one.severity is Severity.BREACH
            ),
            days=tuple(map(day_fact, days.values())),
        )

    def buckets(self) -> list[Bucket]:
        """The stored curve as buckets."""
        return [
            Bucket(s.recorded_at, s.recorded_at, s.balance, s.equity, s.equity_min, s.equity_max)
            for s in self.samples_kept
        ]

    def deals_kept(self) -> tuple[Deal, ...]:
        """The stored deals."""
        return self._stored.life().deals


def day_fact(row: RuleDay) -> DayFact:
    """A rule day as the backtest reads it."""
    return DayFact(
        row.rule_id, row.date, row.revision, row.start_at, row.end_at, row.anchor,
        row.anchor_grade, row.allowance, row.worst, row.worst_used, row.worst_at, row.flows,
        row.unproven, row.coverage.unknown_seconds, row.coverage.reconstructed_seconds,
    )  # fmt: skip


def breach_of(one: Violation) -> Breach:
    """A violation as the backtest reads it."""
    return Breach(
        one.rule_id, one.rule_type, one.rule_date, one.verdict, one.grade, one.threshold,
        one.current, one.occurred_at,
    )  # fmt: skip
