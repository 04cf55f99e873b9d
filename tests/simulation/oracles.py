"""The oracles of one account: all of it, and less and less of it, down to what could be seen.

``ticks`` knows every tick. ``anchored`` too, but takes the equity at a reset from a young reading
where there is one (RULES 3.2). ``seen`` knows the deals, the readings, and with quotes every tick
from the first reading on. ``shown`` has the floors of ``ticks``, but values only where ``seen``
has some.
"""

from collections.abc import Iterable
from datetime import date
from functools import cached_property

from attrs import evolve, frozen

from tests.simulation.oracle.path import OBSERVED_MS, Edge, Life, as_rebuilt, as_sampled, every_tick
from tests.simulation.oracle.rules import Crossing, DayFacts, Judgement, Rule, judge
from tests.simulation.watched import Watched

Key = tuple[str, date | None]
BY_EQUITY = frozenset({"equity", "max_balance_equity", "high"})
"""Daily anchors that are taken from the equity at the reset."""


class Oracles:
    """What each oracle says of one account; each is asked once at most.

    ``limit`` is when the account ended: no quotes are read after the reading that told it.
    """

    def __init__(self, watch: Watched, limit: int) -> None:
        self._watch, self._who = watch, watch.who
        self._until = next((at for at in watch.samples if at >= limit), watch.samples[-1])
        self._resets = [int(at) for at in watch.who.resets.at]
        self.rules = {rule.rule_id: rule for rule in watch.who.firm.rules}

    @cached_property
    def lives(self) -> "Lives":
        """The account as ``ticks`` and as ``seen`` know it."""
        truth, samples = self._who.truth, self._watch.samples
        ticks = every_tick(truth, self._resets, samples[:1])
        polled = as_sampled(truth, self._resets, samples)
        if not self._watch.rebuild:
            return Lives(ticks, polled, polled.edges, samples[0])
        rebuilt = as_rebuilt(truth, self._resets, samples, self._until)
        return Lives(ticks, rebuilt, polled.edges, samples[0])

    @cached_property
    def ticks(self) -> dict[Key, Crossing]:
        """Crossings that every tick shows."""
        return _crossings(self._judge(self.lives.ticks, rule) for rule in self.rules.values())

    @cached_property
    def seen(self) -> dict[Key, Crossing]:
        """Crossings that the readings show, with quotes or without."""
        return _crossings(self._seen)

    @cached_property
    def days(self) -> dict[tuple[str, str], DayFacts]:
        """Each rule's days, as ``seen`` knows them."""
        return {(d.rule_id, d.day.isoformat()): d for found in self._seen for d in found.days}

    @cached_property
    def anchored(self) -> dict[Key, Crossing]:
        """Crossings that every tick shows, under anchors from young readings."""
        return _crossings(self._judge(self.lives.anchored, rule) for rule in self.rules.values())

    @cached_property
    def shown(self) -> dict[Key, Crossing]:
        """Crossings under the floors of every tick, at instants at which a value was seen."""
        return _crossings(
            self._judge(self.lives.ticks, rule, self.lives.seen) for rule in self.rules.values()
        )

    @cached_property
    def _seen(self) -> tuple[Judgement, ...]:
        return tuple(self._judge(self.lives.seen, rule) for rule in self.rules.values())

    def _judge(self, life: Life, rule: Rule, only: Life | None = None) -> Judgement:
        until = self._watch.samples[-1]
        return judge(life, rule, self._who.resets, self._watch.samples[0], until, only)

    def aged(self, key: Key, at: int) -> bool:
        """Whether a young reading before the reset, not its tick, made this key's anchor.

        For end-of-day highs any reset up to ``at`` counts, else the reset that began the day.
        """
        rule, day = self.rules[key[0]], key[1]
        if rule.anchor == "eod_high" and rule.eod_of != "balance":
            edges = [edge for edge in self.lives.by_reading if edge.at <= at]
        elif rule.daily and day is not None and rule.anchor in BY_EQUITY:
            began = int(self._who.resets.at[self._who.resets.days.index(day)])
            edges = [edge for edge in self.lives.by_reading if edge.at == began]
        else:
            return False
        true = {edge.at: edge.value for edge in self.lives.ticks.edges}
        return any(edge.sure not in (None, true[edge.at]) and self._young(edge) for edge in edges)

    def _young(self, edge: Edge) -> bool:
        last = self._watch.last_reading(edge.at)
        return last is not None and edge.at - last <= OBSERVED_MS

    def unproven(self, key: Key) -> bool:
        """Whether polling alone cannot prove this key's anchor: the equity at its reset was not
        seen in time, or it rises with an equity that may have peaked between readings.
        """
        rule, day = self.rules[key[0]], key[1]
        if rule.anchor in ("high", "equity_high"):
            return True
        fact = None if day is None else self.days.get((rule.rule_id, day.isoformat()))
        return rule.anchor in BY_EQUITY and fact is not None and not fact.sure

    def began_unseen(self, key: Key) -> bool:
        """Whether this key's anchor hangs on equity before the first reading."""
        rule, day = self.rules[key[0]], key[1]
        if rule.anchor in ("equity_high", "eod_high"):
            return True
        first = self._who.resets.day(self._watch.samples[0])
        return rule.daily and rule.anchor in BY_EQUITY and day == first


@frozen(eq=False)
class Lives:
    """One account as two oracles know it, and its resets as the readings tell them."""

    ticks: Life
    seen: Life
    by_reading: tuple[Edge, ...]
    since: int

    @property
    def anchored(self) -> Life:
        """Every tick, with the equity at resets as young readings told it."""
        edges = tuple(
            true if told.sure is None or told.at <= self.since else told
            for told, true in zip(self.by_reading, self.ticks.edges, strict=True)
        )
        return evolve(self.ticks, edges=edges)


def _crossings(judgements: Iterable[Judgement]) -> dict[Key, Crossing]:
    return {(c.rule_id, c.day): c for judgement in judgements for c in judgement.crossings}
