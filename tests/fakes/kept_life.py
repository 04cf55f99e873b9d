"""What a storage would hold of one life, from the effects of its steps."""

from collections.abc import Iterable
from datetime import datetime

from attrs import define, field

from actors.domain.account_state import AccountState
from actors.domain.deals import Deal
from actors.domain.discrepancy import Discrepancy
from actors.domain.life import Life, StoredLife
from actors.domain.past import Past, breach_of, conduct_of, newest
from actors.domain.rule_day import RuleDay
from actors.domain.state import Effects, Reading
from actors.domain.step import start, step
from actors.domain.trades import Trade
from actors.domain.violation import Violation


def past_of(effects: Iterable[Effects]) -> Past:
    """The past that these steps left in storage."""
    every = list(effects)
    found = [one for effect in every for one in effect.violations]
    breaches, conduct = map(breach_of, found), map(conduct_of, found)
    return Past(
        newest(row for effect in every for row in effect.rule_days),
        tuple(breach for breach in breaches if breach is not None),
        tuple(record for record in conduct if record is not None),
    )


@define
class KeptLife:
    """One life under watch: steps readings, stores what they say, reloads when asked to."""

    life: Life
    now: datetime
    effects: list[Effects] = field(factory=list)
    reloads: int = 0
    state: AccountState = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.state = start(self.life, StoredLife(0, (), None), self.now)

    def told(self, reading: Reading, now: datetime | None = None) -> Effects:
        """Take one reading, by a reload when the step asks for one, and store it."""
        now = now or reading.observation.observed_at
        state, effects = step(self.state, reading, now)
        if effects.needs_reload:
            self.reloads += 1
            state, effects = step(self.loaded(now), reading, now)
        if effects.needs_reload:
            raise AssertionError("a reload did not help")
        self.state = state
        self.effects.append(effects)
        return effects

    def loaded(self, now: datetime) -> AccountState:
        """The life as storage gives it back, with its past."""
        ordered = sorted(self.deals.values(), key=lambda deal: (deal.occurred_at, deal.ticket))
        document = self.effects[-1].rule_state if self.effects else None
        stored = StoredLife(len(self.effects), tuple(ordered), document, past=past_of(self.effects))
        return start(self.life, stored, now)

    @property
    def deals(self) -> dict[int, Deal]:
        """The deals in force by ticket."""
        kept: dict[int, Deal] = {}
        for effect in self.effects:
            kept |= {deal.ticket: deal for deal in effect.deals}
            kept = {ticket: deal for ticket, deal in kept.items() if ticket not in effect.gone}
        return kept

    @property
    def trades(self) -> dict[str, Trade]:
        """The trades in force by ticket."""
        kept: dict[str, Trade] = {}
        for effect in self.effects:
            kept |= {trade.ticket: trade for trade in effect.trades}
            kept = {name: one for name, one in kept.items() if name not in effect.trades_gone}
        return kept

    @property
    def days(self) -> tuple[RuleDay, ...]:
        """The newest revision of each rule day."""
        return past_of(self.effects).rows

    @property
    def violations(self) -> list[Violation]:
        """Every stored violation."""
        return [one for effect in self.effects for one in effect.violations]

    @property
    def discrepancies(self) -> list[Discrepancy]:
        """Every discrepancy."""
        return [one for effect in self.effects for one in effect.discrepancies]
