"""The oracles of one account: all of it, and less and less of it, down to what could be seen.

``ticks`` knows every tick. ``anchored`` too, but takes the equity at a reset from a young reading
where there is one (RULES 3.2). ``seen`` knows the deals, the readings, and with quotes every tick
from the first reading on. ``shown`` has the floors of ``ticks``, but values only where ``seen``
has some.
"""

from collections.abc import Callable
from datetime import date
from functools import cached_property

from attrs import evolve, frozen

from tests.simulation.oracle.amendments import Edition, editions
from tests.simulation.oracle.path import OBSERVED_MS, Edge, Life, as_rebuilt, as_sampled, every_tick
from tests.simulation.oracle.rules import Crossing, DayFacts, Judgement, Rule, judge
from tests.simulation.oracle.truth import Truth
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
        self.resets = watch.who.resets
        self._resets = [int(at) for at in self.resets.at]
        self.rules = {rule.rule_id: rule for rule in watch.who.firm.rules}

    @cached_property
    def editions(self) -> tuple[Edition, ...]:
        """The books one after another; one edition where nobody amended them."""
        return editions(self._who.truth, self._who.amendments, self._watch.samples)

    @cached_property
    def every(self) -> "tuple[Lives, ...]":
        """The account as ``ticks`` and as ``seen`` know it, in each edition of the books."""
        return tuple(self._lives(edition.truth) for edition in self.editions)

    @property
    def _firsts(self) -> list[int]:
        """The first reading by each edition: it is a point of the path on a flat account too."""
        since = [edition.since for edition in self.editions]
        return [min(at for at in self._watch.samples if at > start) for start in since]

    @property
    def lives(self) -> "Lives":
        """The account by the books as they are at last."""
        return self.every[-1]

    def _lives(self, truth: Truth) -> "Lives":
        samples = self._watch.samples
        ticks = every_tick(truth, self._resets, self._firsts)
        polled = as_sampled(truth, self._resets, samples)
        if not self._watch.rebuild:
            return Lives(ticks, polled, polled.edges, samples[0])
        rebuilt = as_rebuilt(truth, self._resets, samples, self._until)
        return Lives(ticks, rebuilt, polled.edges, samples[0])

    @cached_property
    def ticks(self) -> dict[Key, Crossing]:
        """Crossings that every tick shows."""
        return self._crossings(lambda lives: lives.ticks)

    @cached_property
    def seen(self) -> dict[Key, Crossing]:
        """Crossings that the readings show, with quotes or without."""
        return self._crossings(lambda lives: lives.seen)

    @cached_property
    def days(self) -> dict[tuple[str, str], DayFacts]:
        """Each rule's days, as ``seen`` knows them."""
        last = self.editions[-1]
        found = (self._judge(self.lives.seen, rule, last) for rule in self.rules.values())
        return {(d.rule_id, d.day.isoformat()): d for judged in found for d in judged.days}

    @cached_property
    def anchored(self) -> dict[Key, Crossing]:
        """Crossings that every tick shows, under anchors from young readings."""
        return self._crossings(lambda lives: lives.anchored)

    @cached_property
    def shown(self) -> dict[Key, Crossing]:
        """Crossings under the floors of every tick, at instants at which a value was seen."""
        return self._crossings(lambda lives: lives.ticks, lambda lives: lives.seen)

    def _crossings(
        self, of: "Callable[[Lives], Life]", only: "Callable[[Lives], Life] | None" = None
    ) -> dict[Key, Crossing]:
        """The first crossing of each key: each edition of the books judges the time after it."""
        found: dict[Key, Crossing] = {}
        for edition, lives in zip(self.editions, self.every, strict=True):
            shown = None if only is None else only(lives)
            for rule in self.rules.values():
                for crossing in self._judge(of(lives), rule, edition, shown).crossings:
                    found.setdefault((crossing.rule_id, crossing.day), crossing)
        return found

    def _judge(
        self, life: Life, rule: Rule, edition: Edition, only: Life | None = None
    ) -> Judgement:
        since = max(self._watch.samples[0], edition.since + 1)
        return judge(life, rule, self._who.resets, since, edition.until, only)

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
