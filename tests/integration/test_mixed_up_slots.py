"""Never another account's data: terminals that show somebody else, in any order of events."""

import random
from collections.abc import Iterator

import trio
import trio.testing
from attrs import define, field

from actors.mt5.simulator.broker import AccountCard
from actors.mt5.simulator.scenarios import add_account
from actors.mt5.wire_answers import (
    DealsResult,
    Failed,
    Opened,
    OrdersResult,
    ResponseBody,
    SnapshotResult,
    Verified,
)
from actors.mt5.wire_requests import Close, Deals, OrdersHistory, RequestBody, Snapshot
from tests.fakes.metatrader5.trouble import Act, RawFault
from tests.unit.actors.mt5.bridge.desk import BridgeDesk, desk

INTERLEAVINGS = 10_000
AT_ONCE = 3
CALLS = ("login", "account_info", "positions_get", "orders_get", "history_deals_get",
         "history_deals_total", "history_orders_get")  # fmt: skip


@define
class Crowd:
    """Accounts that open, read and close in any order, and what they were told."""

    here: BridgeDesk
    cards: list[AccountCard]
    dice: random.Random
    sessions: dict[str, int] = field(factory=dict)
    reads: int = 0
    refused: int = 0
    strangers: list[str] = field(factory=list)

    async def act(self, card: AccountCard) -> None:
        """One random thing that an account does, with other tasks in between."""
        for _ in range(self.dice.randrange(3)):
            await trio.lowlevel.checkpoint()
        session = self.sessions.get(card.login)
        if session is None:
            answer = await (self.here.verify(card) if self.dice.random() < 0.1
                            else self.here.open(card))  # fmt: skip
            if isinstance(answer, Opened):
                self.sessions[card.login] = answer.session_id
        elif self.dice.random() < 0.25:
            del self.sessions[card.login]
            answer = await self.here.ask(Close(session))
        else:
            asked: list[RequestBody] = [
                Snapshot(session),
                Deals(session, 0, 0, 50),
                OrdersHistory(session, 0, 0, 50),
            ]
            answer = await self.here.ask(self.dice.choice(asked))
            if isinstance(answer, Failed) and answer.fault == "terminal_dead":
                del self.sessions[card.login]
        self.check(card, answer)

    def mix_up(self) -> None:
        """Now and then a terminal shows another account: between calls, or inside one."""
        terminal = self.dice.choice(self.here.terminals)
        terminal.strangers = self.dice.sample([c.login for c in self.cards], 2)
        terminal.raw.clear()
        if self.dice.random() < 0.5:
            terminal.login_now = terminal.strangers[0]
        else:
            terminal.raw.append(RawFault(self.dice.choice(CALLS), Act.SWAP))

    def check(self, card: AccountCard, answer: ResponseBody) -> None:
        """Count what was read; note what belongs to somebody else."""
        self.learn(card)
        told = list(self.owners(answer))
        self.reads += bool(told)
        self.refused += isinstance(answer, Failed) and answer.fault == "wrong_account"
        self.strangers += [f"{card.login} got {login}" for login in told if login != card.login]

    def owners(self, answer: ResponseBody) -> Iterator[str]:
        """Whose data an answer holds."""
        match answer:
            case Opened() | Verified():
                yield answer.account.login
            case SnapshotResult():
                yield answer.login
            case DealsResult():
                yield from {self.tickets.get(row.ticket, "?") for row in answer.items}
            case OrdersResult():
                yield from {self.orders.get(row.ticket, "?") for row in answer.items}

    tickets: dict[int, str] = field(factory=dict)
    orders: dict[int, str] = field(factory=dict)

    def learn(self, card: AccountCard) -> None:
        """Whose each ticket is, by the broker's own books."""
        for row in self.here.broker.account(card.login).journal.in_force():
            assert self.tickets.setdefault(row.ticket, card.login) == card.login
            if row.order:
                self.orders[row.order] = card.login


async def test_no_account_ever_reads_another(autojump_clock: trio.testing.MockClock) -> None:
    """10,000 interleavings of six accounts on three slots whose terminals are mixed up."""
    async with desk(slots=3) as here:
        cards = [add_account(here.broker, "random") for _ in range(6)]
        crowd = Crowd(here, cards, random.Random(20261124))
        for card in cards:
            crowd.learn(card)
        for _ in range(INTERLEAVINGS):
            if crowd.dice.random() < 0.15:
                crowd.mix_up()
            async with trio.open_nursery() as nursery:
                for card in crowd.dice.sample(cards, AT_ONCE):
                    nursery.start_soon(crowd.act, card)
            if set(here.states()) == {"dead"}:
                await trio.sleep(2)
        assert crowd.strangers == []
        assert crowd.reads > INTERLEAVINGS / 2
        assert crowd.refused > 100
