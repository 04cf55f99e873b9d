"""Who was held when, between two sights: positions through their deals, swap and all (RULES 4)."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from attrs import evolve, frozen

from actors.domain.deals import Deal, DealEntry, DealType
from actors.domain.prices import utc_msc
from actors.domain.progress import PositionSight, Sight
from actors.domain.snapshot import Side

_ROUNDING = 1
"""Minor units by which a partial close's share of the swap may be off."""


@frozen
class Held:
    """A position while nothing about it changes. ``price``: volume-weighted open price;
    ``swap`` in minor units.
    """

    position_id: int
    symbol: str
    is_long: bool
    volume: Decimal
    price: Fraction
    swap: int


@frozen
class Holding:
    """What is held from ``since`` (UTC milliseconds) until the next holding."""

    since: int
    held: tuple[Held, ...]


@frozen
class Course:
    """``holdings`` in order from one sight to the next. ``firm`` False: swap moved where no single
    rollover explains it, so that values are sure only at the ends.
    """

    holdings: tuple[Holding, ...]
    firm: bool


def follow(
    before: Sight, deals: Sequence[Deal], after: Sight, rollovers: Sequence[int]
) -> Course | None:
    """Positions from ``before`` through ``deals`` to ``after``; None when they do not lead there.

    ``rollovers``: the instants at which the server books swap. Deals of one millisecond are one.
    """
    state = {p.position_id: _seen(p) for p in before.positions}
    finally_seen = {p.position_id: _seen(p) for p in after.positions}
    start = utc_msc(before.at)
    steps = [Holding(start, tuple(state.values()))]
    leftover: dict[int, int] = {}
    for since, group in groupby(deals, key=lambda deal: utc_msc(deal.occurred_at)):
        for deal in group:
            if deal.is_trade and not _apply(state, deal, leftover):
                return None
        steps.append(Holding(since, tuple(state.values())))
    if not _leads_to(state, finally_seen):
        return None
    jumps = {p: -rest for p, rest in leftover.items()}
    jumps |= {p: finally_seen[p].swap - held.swap for p, held in state.items()}
    tangled = any(abs(leftover.get(p, 0)) > _ROUNDING for p in state)
    course = _with_swap(_repriced(steps, finally_seen), jumps, rollovers)
    return evolve(course, firm=course.firm and not tangled)


def _seen(sight: PositionSight) -> Held:
    return Held(
        sight.position_id,
        sight.symbol,
        sight.side is Side.BUY,
        sight.volume,
        Fraction(sight.open_price),
        sight.swap,
    )


def _apply(state: dict[int, Held], deal: Deal, leftover: dict[int, int]) -> bool:
    """Book one trade deal; False when the position that it closes is not known."""
    held, is_long = state.get(deal.position_id), deal.type is DealType.BUY
    if deal.entry is DealEntry.IN:
        state[deal.position_id] = _entered(held, deal, is_long=is_long)
        return held is None or held.is_long is is_long
    if held is None or held.is_long is is_long:
        return False
    rest = held.volume - deal.volume
    if rest > 0:
        state[deal.position_id] = evolve(held, volume=rest, swap=held.swap - deal.swap)
        return True
    leftover[deal.position_id] = leftover.get(deal.position_id, 0) + held.swap - deal.swap
    del state[deal.position_id]
    if rest < 0 and deal.entry is DealEntry.INOUT:
        turned = evolve(deal, volume=-rest)
        state[deal.position_id] = _entered(None, turned, is_long=is_long)
    return rest == 0 or deal.entry is DealEntry.INOUT


def _entered(held: Held | None, deal: Deal, *, is_long: bool) -> Held:
    price = Fraction(deal.price)
    if held is None:
        return Held(deal.position_id, deal.symbol, is_long, deal.volume, price, 0)
    both = held.volume + deal.volume
    weighted = held.price * Fraction(held.volume) + price * Fraction(deal.volume)
    return evolve(held, volume=both, price=weighted / Fraction(both))


def _leads_to(state: Mapping[int, Held], seen: Mapping[int, Held]) -> bool:
    return state.keys() == seen.keys() and all(
        (held.symbol, held.is_long, held.volume)
        == (seen[p].symbol, seen[p].is_long, seen[p].volume)
        for p, held in state.items()
    )


def _repriced(steps: Iterable[Holding], seen: Mapping[int, Held]) -> list[Holding]:
    """Open prices as the terminal shows them at the end, where volume has not changed since."""
    return [
        evolve(
            step,
            held=tuple(
                evolve(held, price=seen[held.position_id].price)
                if held.position_id in seen
                and (held.is_long, held.volume)
                == (seen[held.position_id].is_long, seen[held.position_id].volume)
                else held
                for held in step.held
            ),
        )
        for step in steps
    ]


def _with_swap(steps: list[Holding], jumps: Mapping[int, int], rollovers: Sequence[int]) -> Course:
    """Book each position's change of swap at the one rollover that it was held through."""
    moved = {p: jump for p, jump in jumps.items() if abs(jump) > _ROUNDING}
    if not moved:
        return Course(tuple(steps), firm=True)
    firm = True
    for at in rollovers:
        steps = _split(steps, at)
    for position_id, jump in moved.items():
        through = [at for at in rollovers if _holds(steps, position_id, at)]
        firm = firm and len(through) == 1
        since = through[0] if through else steps[0].since
        steps = [
            evolve(step, held=tuple(_booked(held, position_id, jump) for held in step.held))
            if step.since >= since
            else step
            for step in steps
        ]
    return Course(tuple(steps), firm)


def _split(steps: Sequence[Holding], at: int) -> list[Holding]:
    """The same holdings with a cut at ``at``."""
    before = [step for step in steps if step.since < at]
    later = [step for step in steps if step.since >= at]
    if not before or (later and later[0].since == at):
        return list(steps)
    return [*before, evolve(before[-1], since=at), *later]


def _holds(steps: Sequence[Holding], position_id: int, at: int) -> bool:
    """True when the position was open just before ``at`` and still after it."""
    before = [step for step in steps if step.since < at]
    after = next((step for step in steps if step.since == at), None)
    return bool(before) and all(
        any(held.position_id == position_id for held in step.held)
        for step in (before[-1], after)
        if step is not None
    )


def _booked(held: Held, position_id: int, jump: int) -> Held:
    return evolve(held, swap=held.swap + jump) if held.position_id == position_id else held
