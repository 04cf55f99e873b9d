"""The oracle's rules on conduct: every deal booked anew, in integers (RULES 2)."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Literal

from attrs import field, frozen

from tests.simulation.oracle.moves import Move, moves
from tests.simulation.oracle.resets import Resets
from tests.simulation.oracle.truth import TrueDeal, Truth

_DAY_MS = 86_400_000

Kind = Literal[
    "position_lots", "total_lots", "positions", "holding", "weekend", "inactivity",
    "life_from_start", "life_from_trade", "stop_loss",
]  # fmt: skip
LASTING = frozenset({"inactivity", "life_from_start", "life_from_trade"})
"""Kinds whose time runs on over the rule days: a lifetime is broken once, idleness once in each
time that a trade, or a deposit before the first of them, begins.
"""


@frozen
class ConductRule:
    """``limit``: hundredths of a lot, positions, or milliseconds, by kind; none for the weekend.
    ``warning``: the milliseconds at which time that runs is warned of, 0 for never. ``hard``: a
    breach ends the account.

    ``by`` and ``until`` name the table's row (``zone HH:MM``) of the instants between which nothing
    may be open, on Fridays and on Sundays.
    """

    rule_id: str
    kind: Kind
    limit: int = 0
    by: str = ""
    until: str = ""
    warning: int = 0
    hard: bool = False


@frozen
class Breach:
    """One breach or warning that must be told: ``day`` is the rule day that holds ``at``."""

    rule_id: str
    day: date
    at: int
    value: int


@frozen(eq=False)
class Weeks:
    """Instants, sorted, at which the closed time begins (Fridays) and ends (Sundays)."""

    begins: tuple[int, ...]
    ends: tuple[int, ...]

    def closed(self, at: int) -> bool:
        """Whether ``at`` lies in a closed time."""
        begun = max((one for one in self.begins if one <= at), default=None)
        return begun is not None and not any(begun < end <= at for end in self.ends)


def weeks(by: Resets, until: Resets) -> Weeks:
    """Friday's instants of one row of the table, Sunday's of another."""
    return Weeks(_on(by, 4), _on(until, 6))


def _on(table: Resets, weekday: int) -> tuple[int, ...]:
    rows = zip(table.at, table.days, strict=True)
    return tuple(int(at) for at, day in rows if day.weekday() == weekday)


@frozen(eq=False)
class Account:
    """What the rules are held against: nothing is firm before the first reading, and nothing is
    known after the last; ``starts`` are the deposits before the first trade, of which the last
    began the life, and each of them was its beginning until the next.
    """

    truth: Truth
    resets: Resets
    starts: tuple[int, ...]
    samples: Sequence[int]
    trades: tuple[TrueDeal, ...] = field(init=False)

    @trades.default
    def _trades(self) -> tuple[TrueDeal, ...]:
        until = self.samples[-1]
        return tuple(d for d in self.truth.deals if d.kind == "trade" and d.at <= until)


def breaches(account: Account, rule: ConductRule, closed: Weeks | None) -> list[Breach]:
    """The first breach of each rule day, or of each time that runs, in order."""
    found: list[Breach] = []
    latched: set[object] = set()
    for at, value, key in _looks(account, rule, closed):
        day = account.resets.day(at)
        latch = key if rule.kind in LASTING else day
        if account.samples[0] <= at <= account.samples[-1] and latch not in latched:
            latched.add(latch)
            found.append(Breach(rule.rule_id, day, at, value))
    return found


def warnings(account: Account, rule: ConductRule) -> list[Breach]:
    """The warning of each time that runs long enough, in order; a lifetime has one.

    The path begins at the start that was known at the first reading: nothing before it is told.
    """
    first = max(one for one in account.starts if one <= account.samples[0])
    found: dict[int, Breach] = {}
    for at, value, key in _elapsed(account, rule, rule.warning) if rule.warning else ():
        if first + rule.warning <= at <= account.samples[-1]:
            found.setdefault(key, Breach(rule.rule_id, account.resets.day(at), at, value))
    return list(found.values())


def _looks(
    account: Account, rule: ConductRule, closed: Weeks | None
) -> Iterator[tuple[int, int, int]]:
    """Every (instant, value, from when) at which the rule is broken, in order."""
    if rule.kind in LASTING:
        yield from _elapsed(account, rule, rule.limit)
    elif rule.kind == "holding":
        yield from _held(account, rule)
    elif rule.kind == "weekend":
        if closed is None:
            raise ValueError(f"{rule.rule_id}: no weeks")
        yield from _weekend(account, closed)
    elif rule.kind == "stop_loss":
        yield from _bare(account, rule)
    else:
        for at, volumes in _volumes(account):
            sizes = list(volumes.values())
            value = {
                "position_lots": max(sizes, default=0),
                "total_lots": sum(sizes),
                "positions": len(sizes),
            }[rule.kind]
            if value > rule.limit:
                yield at, value, 0


def _instants(account: Account) -> Iterator[tuple[int, list[Move]]]:
    """The trade deals of each instant: what one of them does between two others is no point."""
    for at, group in groupby(moves(account.trades), key=lambda move: move.deal.at):
        yield at, list(group)


def _volumes(account: Account) -> Iterator[tuple[int, dict[int, int]]]:
    volumes: dict[int, int] = {}
    for at, group in _instants(account):
        volumes = volumes | {move.deal.position: abs(move.now) for move in group}
        volumes = {position: lots for position, lots in volumes.items() if lots}
        yield at, volumes


def _since(account: Account) -> Iterator[tuple[int, list[Move], dict[int, int], dict[int, int]]]:
    """Each instant's deals, with when each open position was opened, before them and after."""
    opened: dict[int, int] = {}
    for at, group in _instants(account):
        before = opened
        opened = before | {move.deal.position: at for move in group if move.opens}
        flat = {move.deal.position for move in group if not move.now}
        opened = {position: since for position, since in opened.items() if position not in flat}
        yield at, group, before, opened


def _held(account: Account, rule: ConductRule) -> Iterator[tuple[int, int, int]]:
    """At each instant at which something is closed, in part or by turning: the shortest time."""
    for at, group, opened, _ in _since(account):
        times = [at - opened[move.deal.position] for move in group if move.takes]
        if times and min(times) < rule.limit:
            yield at, min(times), 0


def _weekend(account: Account, closed: Weeks) -> Iterator[tuple[int, int, int]]:
    """At the instant itself with what the deals up to it left open, and after each deal then."""
    points = dict(_volumes(account))
    counts = {at: len(volumes) for at, volumes in points.items()}
    last = account.samples[-1]
    instants = {one for one in closed.begins if account.starts[-1] < one <= last}
    count = 0
    for at in sorted({*counts, *instants}):
        count = counts.get(at, count)
        if count and (at in instants or closed.closed(at)):
            yield at, count, 0


def _elapsed(account: Account, rule: ConductRule, limit: int) -> Iterator[tuple[int, int, int]]:
    trades = [deal.at for deal in account.trades]
    since = {
        "inactivity": [*account.starts, *trades],
        "life_from_start": [*account.starts],
        "life_from_trade": trades[:1],
    }[rule.kind]
    runs = rule.kind == "inactivity"
    for n, begun in enumerate(since):
        due = begun + limit
        if n + 1 == len(since) or due < since[n + 1]:
            later = [] if runs else [at for at in trades if at > due]
            yield from ((at, at - begun, begun if runs else 0) for at in (due, *later))


def _bare(account: Account, rule: ConductRule) -> Iterator[tuple[int, int, int]]:
    """Readings that show a position open for too long without a stop-loss."""
    states = [(at, opened) for at, _, _, opened in _since(account)]
    stops = {one.position: one.at for one in account.truth.stops}
    entry, state = 0, dict[int, int]()
    for at in account.samples:
        while entry < len(states) and states[entry][0] <= at:
            state = states[entry][1]
            entry += 1
        bare = [
            since for position, since in state.items() if not since <= stops.get(position, -1) <= at
        ]
        value = at - min(bare, default=at)
        if value > rule.limit:
            yield at, value, 0
