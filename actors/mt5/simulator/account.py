"""One simulated account: its books, its journal, and the script that trades on it.

Nothing happens until somebody looks: ``advance`` plays the script's acts up to the instant asked
for, so that accounts nobody reads cost nothing, and when one looks changes nothing of the story.
"""

from collections.abc import Callable, Iterator

from attrs import field, frozen

from actors.domain.server_clock import ServerClock
from actors.mt5.simulator.book import Book, Valuation
from actors.mt5.simulator.dice import seed_of
from actors.mt5.simulator.journal import Journal
from actors.mt5.simulator.prices import Path, wall_msc
from actors.mt5.simulator.symbols import DIGITS
from actors.mt5.wire_answers import DealRow

NEVER = 1 << 62

Script = Callable[["SimulatedAccount"], Iterator[int]]


@frozen
class SimulatedServer:
    """A broker server: its name at login, its clock, and the company behind it."""

    name: str
    clock: ServerClock
    company: str


@frozen
class Recipe:
    """All that makes an account; the same recipe makes the same account again.

    ``initial_balance`` in minor units; ``start`` is the instant (UTC milliseconds) at which the
    live part begins, ``history_grows_ms`` how long the terminal takes to show the whole past.
    """

    login: str
    server: SimulatedServer
    scenario: str
    script: Script
    initial_balance: int
    start: int
    seed: int
    currency: str = "USD"
    margin_mode: str = "hedging"
    leverage: int = 100
    history_grows_ms: int = 0
    investor_password: str = field(default="", repr=False)
    master_password: str = field(default="", repr=False)


class SimulatedAccount:
    """A recipe come alive; see ``trading.py`` for what can be done to it."""

    __slots__ = (
        "_acts",
        "_next_act",
        "_seen_since",
        "book",
        "clock_jump_ms",
        "journal",
        "last_ticket",
        "now",
        "paths",
        "recipe",
        "seq",
    )

    def __init__(self, recipe: Recipe, paths: dict[str, Path]) -> None:
        self.recipe = recipe
        self.paths = paths
        self.book = Book(recipe.currency)
        self.journal = Journal()
        self.now = 0
        self.seq = 0
        self.clock_jump_ms = 0
        self.last_ticket = 10_000_000 + seed_of(recipe.seed, "ticket") % 5_000_000_000
        self._acts: Iterator[int] | None = None
        self._next_act = 0
        self._seen_since: int | None = None

    def advance(self, at: int) -> None:
        """Play every act due at or before UTC milliseconds ``at``; going back does nothing."""
        if self._acts is None:
            self._acts = self.recipe.script(self)
            self._next_act = next(self._acts, NEVER)
        while self._next_act <= at:
            self.now = max(self.now, self._next_act)
            self._next_act = next(self._acts, NEVER)
        self.now = max(self.now, at)

    def value(self) -> Valuation:
        """Return what the books are worth now."""
        return Valuation(self.book, self.paths, self.recipe.server.clock, self.now)

    def equity_at(self, at: int) -> int:
        """Return equity in minor units at an instant already played, from the journal alone."""
        book = self.journal.book_at(self.recipe.currency, at)
        return Valuation(book, self.paths, self.recipe.server.clock, at).equity()

    def twin(self) -> "SimulatedAccount":
        """Return the same account, not yet begun."""
        return SimulatedAccount(self.recipe, self.paths)

    def write(self, row: DealRow, visible_at: int | None = None) -> None:
        """Book a deal now; a reader sees it from ``visible_at``."""
        self.book.apply(row)
        self.journal.write(row, self.now, self.now if visible_at is None else visible_at)

    def amend(self, ticket: int, row: DealRow | None) -> None:
        """Change a booked deal now, or take it back; the books follow. KeyError: no such deal."""
        self.journal.amend(ticket, row, self.now)
        self.book = self.journal.book_at(self.recipe.currency, self.now)

    def ticket(self) -> int:
        """Return the next free ticket."""
        self.last_ticket += 1
        return self.last_ticket

    def wall_msc(self, at: int | None = None) -> int:
        """Return the broker's wall milliseconds at ``at``, or now.

        ``clock_jump_ms`` is how far the server has left its zone, as tests set it.
        """
        wall = wall_msc(self.recipe.server.clock, self.now if at is None else at)
        return wall + self.clock_jump_ms

    def shown(self) -> tuple[list[DealRow], bool]:
        """Return the deals that the terminal has by now, and whether they are all it will get.

        With ``history_grows_ms`` the past comes in piece by piece from the first read on.
        """
        if self._seen_since is None:
            self._seen_since = self.now
        rows = self.journal.visible(self.now)
        growth, waited = self.recipe.history_grows_ms, self.now - self._seen_since
        if waited >= growth:
            return rows, True
        return rows[: (len(rows) * (growth + 2 * waited)) // (3 * growth)], False

    @property
    def currency_digits(self) -> int:
        """Decimals of the account's currency."""
        return DIGITS[self.recipe.currency]
