"""What each trade deal does to its position, by signed lots (RULES 1)."""

from collections.abc import Iterable, Iterator

from attrs import frozen

from tests.simulation.oracle.truth import TrueDeal


@frozen
class Move:
    """A trade deal with its position's signed lots before and after it."""

    deal: TrueDeal
    was: int
    now: int

    @property
    def opens(self) -> bool:
        """From flat, or by turning to the other side."""
        return self.was == 0 or self.was * self.now < 0

    @property
    def closes(self) -> bool:
        """To flat, or by turning to the other side."""
        return self.was * self.now <= 0 and self.was != 0

    @property
    def takes(self) -> bool:
        """It takes lots away, all or a part."""
        return self.was * self.deal.sign < 0


def moves(deals: Iterable[TrueDeal]) -> Iterator[Move]:
    """The trade deals in order, each with what it does."""
    held: dict[int, int] = {}
    for deal in deals:
        if deal.kind == "trade":
            was = held.get(deal.position, 0)
            held[deal.position] = was + deal.sign * deal.lots
            yield Move(deal, was, held[deal.position])
