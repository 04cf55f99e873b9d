"""The state of one life between two steps: deals and progress. Opaque outside the core."""

from collections.abc import Mapping

from attrs import field, frozen

from actors.domain.ledger import Ledger
from actors.domain.life import Life
from actors.domain.past import Past
from actors.domain.progress import Progress
from actors.domain.statistics.chronicle import Chronicle
from actors.domain.trading_day import RuleClock


@frozen
class Tally:
    """Closed positions and how many of them won, in one position or in total."""

    closed: int = 0
    wins: int = 0


@frozen
class AccountState:
    """Everything the engine knows of a life. ``tallies`` are by remembered position id;
    ``forgotten`` sums those of positions whose deals have been folded away. ``chronicle`` tells
    all that is stamped before the ledger's horizon, for the statistics; None until deals fold.
    ``past`` is there for the first step after a load that asked for it, and left by that step.
    """

    life: Life
    clock: RuleClock
    ledger: Ledger
    progress: Progress
    tallies: Mapping[int, Tally] = field(factory=dict)
    forgotten: Tally = Tally()
    chronicle: Chronicle | None = None
    past: Past | None = None

    @property
    def tally(self) -> Tally:
        """Closed positions and wins of the whole life."""
        closed = sum(tally.closed for tally in self.tallies.values())
        wins = sum(tally.wins for tally in self.tallies.values())
        return Tally(self.forgotten.closed + closed, self.forgotten.wins + wins)
