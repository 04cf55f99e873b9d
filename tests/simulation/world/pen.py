"""The pen of a trader's story: writes deals in order, with tickets of its own."""

from random import Random

from attrs import define, field, frozen

from tests.simulation.oracle.truth import SwapBooking, TrueDeal
from tests.simulation.world.market import Market

HOUR = 3_600_000
DAY = 24 * HOUR


@frozen
class Server:
    """A broker's server: the product's name of its clock, and where its day turns (swaps).

    ``free``: openings cost nothing, so that no balance shows them.
    """

    name: str
    clock: str
    zone: str
    hour: int
    free: bool = False


@define
class Pen:
    """Deals and swaps as they are written; ``nets``: the account has one position a symbol, and
    ``free_from`` tells when a symbol's last one is over.
    """

    random: Random
    server: Server
    market: Market
    deals: list[TrueDeal] = field(factory=list)
    swaps: list[SwapBooking] = field(factory=list)
    ticket: int = 1000
    nets: bool = False
    free_from: dict[str, int] = field(factory=dict)

    def write(self, deal: TrueDeal) -> None:
        """Add a deal with the next ticket."""
        self.deals.append(deal)

    def next_ticket(self) -> int:
        """Tickets grow by irregular steps."""
        self.ticket += self.random.randint(1, 4)
        return self.ticket

    def fee(self, lots: int) -> int:
        """The commission of an opening."""
        return 0 if self.server.free else -max(1, lots // 3)
