"""What a broker does to its books afterwards, and the editions of an account's truth by it."""

from collections.abc import Sequence

from attrs import evolve, frozen

from tests.simulation.oracle.truth import TrueDeal, Truth


@frozen
class Amendment:
    """At ``shown_at`` the deal ``was`` becomes ``now``: None before a late one and after one that
    is taken back. The stamp stays in the past; balance and history tell it from then on.
    """

    shown_at: int
    was: TrueDeal | None
    now: TrueDeal | None

    @property
    def at(self) -> int:
        """When the terminal's balance shows it."""
        return self.shown_at

    @property
    def deal(self) -> TrueDeal:
        """The deal as it is told last."""
        deal = self.now or self.was
        if deal is None:
            raise ValueError("an amendment of nothing")
        return deal

    @property
    def gain(self) -> int:
        """What it adds to the balance."""
        was = 0 if self.was is None else self.was.amount
        return (0 if self.now is None else self.now.amount) - was


@frozen(eq=False)
class Edition:
    """The truth as the books tell it from after the reading ``since`` on, until ``until``."""

    truth: Truth
    since: int
    until: int


def editions(
    truth: Truth, amendments: Sequence[Amendment], samples: Sequence[int]
) -> tuple[Edition, ...]:
    """The books one after another, each with what a sampler had been told by then.

    A sampler judges the time after its last reading by the newest books that it knows.
    """
    told: dict[int, Truth] = {-1: truth}
    for one in sorted(amendments, key=lambda one: one.shown_at):
        if one.shown_at >= samples[-1]:
            break
        truth = amended(truth, one)
        told[last_before(samples, one.shown_at)] = truth
    starts = sorted(told)
    ends = [*starts[1:], samples[-1]]
    return tuple(Edition(told[at], at, end) for at, end in zip(starts, ends, strict=True))


def amended(truth: Truth, one: Amendment) -> Truth:
    """The truth with one amendment."""
    kept = [deal for deal in truth.deals if one.was is None or deal.ticket != one.was.ticket]
    if one.now is not None:
        kept.append(one.now)
    return evolve(truth, deals=tuple(sorted(kept, key=lambda deal: (deal.at, deal.ticket))))


def last_before(samples: Sequence[int], at: int) -> int:
    """The last reading before an instant; -1 when there is none."""
    return max((sample for sample in samples if sample < at), default=-1)
