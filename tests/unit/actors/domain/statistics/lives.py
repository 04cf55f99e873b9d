"""Random lives for the statistics: weeks of trades, reversals, flows, costs and revised deals."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from attrs import evolve

from actors.domain.account_state import AccountState
from actors.domain.deals import Deal, DealEntry, DealType
from actors.domain.life import Life, StoredLife
from actors.domain.past import Past, newest
from actors.domain.rule_day import RuleDay
from actors.domain.state import Reading
from actors.domain.step import fetch_since_msc, start, step
from tests.unit.actors.domain.histories import at, deal, reading, seen

OPENING = 0.1
"""What ``Broker.happen`` takes to open a position."""


class Desk:
    """Steps readings as an actor does, and stores what each step says."""

    def __init__(self, life: Life) -> None:
        self.life = life
        self.deals: dict[int, Deal] = {}
        self.rows: list[RuleDay] = []
        self.document: bytes | None = None
        self.reloads = 0
        self.state = self.restarted(at("02 06:00:00"))

    def restarted(self, now: datetime) -> AccountState:
        """The state that a restart would begin with."""
        deals = tuple(sorted(self.deals.values(), key=lambda d: (d.occurred_at, d.ticket)))
        return start(self.life, StoredLife(0, deals, self.document, past=self.past), now)

    @property
    def past(self) -> Past:
        """What storage tells of the days before."""
        return Past(newest(self.rows))

    def take(self, one: Reading) -> None:
        """Step, from storage again where the step asks for it."""
        now = one.observation.observed_at
        state, effects = step(self.state, one, now)
        if effects.needs_reload:
            self.reloads += 1
            state, effects = step(self.restarted(now), one, now)
        self.state = state
        self.deals |= {d.ticket: d for d in effects.deals}
        self.rows += effects.rule_days
        self.document = effects.rule_state


class Broker:
    """An account's deals as time goes by; every balance it shows is their exact sum."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.now = at("02 06:00:00")
        self.deals = [deal(1, self.now, 10_000_000)]
        self.open: dict[int, tuple[DealType, int]] = {}
        self.revised: set[int] = set()

    def trade(self, count: int) -> None:
        """Let events happen, some hours apart, that nobody reads."""
        for _ in range(count):
            self.now += timedelta(seconds=self.random.choice([40, 3_600, 20_000, 70_000]))
            self.happen(self.random.random())

    def readings(self, desk: Desk, count: int) -> Iterator[Reading]:
        """Readings, each after one event; what ``desk`` asks for comes again and in no order."""
        for _ in range(count):
            self.trade(1)
            self.now += timedelta(seconds=self.random.randrange(1, 90))
            yield self.read(fetch_since_msc(desk.state))

    def read(self, since_msc: int) -> Reading:
        """The account now, with its deals from an instant on and all that were revised."""
        floating = {p: self.random.randrange(-20_000, 20_000) for p in self.open}
        volumes = {p: str(lots) for p, (_, lots) in self.open.items()}
        balance = sum(d.amount for d in self.deals if d.type is not DealType.CREDIT)
        recent = [d for d in self.deals if d.broker_msc >= since_msc or d.ticket in self.revised]
        self.random.shuffle(recent)
        return reading(seen(self.now, balance, floating, volumes=volumes), recent, len(self.deals))

    def happen(self, what: float) -> None:
        """One event: an opening, a close, a reversal, a flow, a cost, or a deal revised."""
        if what < 0.3:
            side = self.random.choice([DealType.BUY, DealType.SELL])
            ticket = self._trade(side, DealEntry.IN, None, 2)
            self.open[ticket] = (side, 2)
        elif what < 0.65 and self.open:
            number = self.random.choice(list(self.open))
            side, lots = self.open.pop(number)
            part = self.random.randint(1, lots)
            self._trade(_other(side), DealEntry.OUT, number, part)
            if part < lots:
                self.open[number] = (side, lots - part)
        elif what < 0.75 and self.open:
            number = self.random.choice(list(self.open))
            side, lots = self.open[number]
            self._trade(_other(side), DealEntry.INOUT, number, lots + 1)
            self.open[number] = (_other(side), 1)
        elif what < 0.85:
            kind = self.random.choice(
                [DealType.BALANCE, DealType.COMMISSION, DealType.DIVIDEND, DealType.CREDIT]
            )
            self._book(kind, self.random.choice([-50_000, -1_000, 200_000]))
        elif what < 0.95:
            place = self.random.randrange(1, len(self.deals) + 1) - 1
            revised = self.deals[place]
            if revised.is_trade:
                self.revised.add(revised.ticket)
                self.deals[place] = evolve(revised, swap=revised.swap - 7)

    def _book(self, kind: DealType, amount: int) -> None:
        self.deals.append(deal(len(self.deals) + 1, self.now, amount, kind=kind))

    def _trade(self, side: DealType, entry: DealEntry, number: int | None, lots: int) -> int:
        ticket = len(self.deals) + 1
        earned = 0 if entry is DealEntry.IN else self.random.choice([0, 0, -40_000, 900, 70_000])
        made = deal(
            ticket, self.now, earned,
            kind=side, entry=entry, position=number or ticket, volume=str(lots),
        )  # fmt: skip
        new = self.random.choice(["EURUSD", "XAUUSD"])
        symbol = new if number is None else self._symbol(number)
        paid = evolve(made, symbol=symbol, commission=-self.random.choice([0, 35, 70]))
        self.deals.append(evolve(paid, volume=Decimal(lots)))
        return ticket

    def _symbol(self, number: int) -> str:
        return next(d.symbol for d in self.deals if d.position_id == number)


def _other(side: DealType) -> DealType:
    return DealType.SELL if side is DealType.BUY else DealType.BUY
