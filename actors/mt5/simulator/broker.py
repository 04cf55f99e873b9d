"""The simulated broker: servers, accounts, their faults, and the truth behind them."""

from datetime import datetime

from attrs import field, frozen

from actors.domain.server_clock import ServerClock
from actors.mt5.simulator.account import Recipe, SimulatedAccount, SimulatedServer
from actors.mt5.simulator.faults import Fault, FaultSchedule
from actors.mt5.simulator.prices import MarketPath, Path, utc_ms
from actors.mt5.simulator.symbols import SYMBOLS
from actors.ports import Clock

SERVERS = {
    server.name.casefold(): server
    for server in (
        SimulatedServer("Simulated-1", ServerClock.parse("UTC"), "Simulated One Ltd"),
        SimulatedServer(
            "Simulated-2", ServerClock.parse("America/New_York+7h"), "Simulated Two Ltd"
        ),
        SimulatedServer("Simulated-3", ServerClock.parse("Europe/Athens"), "Simulated Three Ltd"),
    )
}


class UnknownServer(KeyError):
    """No simulated server has this name."""


class UnknownLogin(KeyError):
    """No simulated account has this login."""


def simulated_server_clock(name: str) -> ServerClock:
    """Return the clock of a simulated server. Raises UnknownServer."""
    server = SERVERS.get(name.casefold())
    if server is None:
        raise UnknownServer(name)
    return server.clock


@frozen
class AccountCard:
    """What somebody needs to connect an account. ``initial_balance`` in minor units."""

    login: str
    server: str
    investor_password: str = field(repr=False)
    scenario: str
    currency: str
    currency_digits: int
    initial_balance: int


class SimulatedBroker:
    """Accounts on simulated servers; deterministic from the seed and the clock.

    ``start`` is the clock's instant when the broker was made: the live part of every scenario
    counts from there.
    """

    def __init__(self, seed: int, clock: Clock) -> None:
        self.seed = seed
        self.start = utc_ms(clock.now())
        self._clock = clock
        self._paths: dict[str, Path] = {
            name: MarketPath(seed, spec) for name, spec in SYMBOLS.items()
        }
        self._accounts: dict[str, SimulatedAccount] = {}
        self._faults: dict[str, FaultSchedule] = {}
        self._twins: dict[str, SimulatedAccount] = {}

    def now_ms(self) -> int:
        """Return the clock's UTC milliseconds."""
        return utc_ms(self._clock.now())

    def add(self, recipe: Recipe) -> AccountCard:
        """Add an account; its login must be new."""
        return self.adopt(SimulatedAccount(recipe, self._paths))

    def adopt(self, account: SimulatedAccount) -> AccountCard:
        """Take in an account made elsewhere; its login must be new."""
        if account.recipe.login in self._accounts:
            raise ValueError(f"login {account.recipe.login} exists already")
        self._accounts[account.recipe.login] = account
        return _card(account)

    def accounts(self) -> list[AccountCard]:
        """Return every account's card in the order of adding."""
        return [_card(account) for account in self._accounts.values()]

    def account(self, login: str) -> SimulatedAccount:
        """Return an account, played up to now. Raises UnknownLogin."""
        account = self.find(login)
        if account is None:
            raise UnknownLogin(login)
        account.advance(self.now_ms())
        return account

    def find(self, login: str) -> SimulatedAccount | None:
        """Return an account as last played, or None."""
        return self._accounts.get(login)

    def inject(self, login: str, fault: Fault) -> None:
        """Schedule a fault at one account."""
        self._faults.setdefault(login, FaultSchedule()).inject(fault)

    def clear_faults(self, login: str) -> None:
        """End all faults of one account."""
        self._faults.pop(login, None)

    def take_fault(self, login: str, operation: str) -> Fault | None:
        """Return the fault that hits this operation now, counting it."""
        schedule = self._faults.get(login)
        return None if schedule is None else schedule.take(operation, self.now_ms())

    def true_equity(self, login: str, at: datetime) -> int:
        """Return the equity in minor units at any instant, past or future, for an oracle.

        The past is what really happened, acts of tests included. The future is played on a twin
        of the account, which changes nothing here. Raises UnknownLogin.
        """
        instant_ms = utc_ms(at)
        account = self.account(login)
        if instant_ms > account.now:
            twin = self._twins.get(login) or account.twin()
            self._twins[login] = account = twin
            account.advance(instant_ms)
        return account.equity_at(instant_ms)


def _card(account: SimulatedAccount) -> AccountCard:
    recipe = account.recipe
    return AccountCard(
        login=recipe.login,
        server=recipe.server.name,
        investor_password=recipe.investor_password,
        scenario=recipe.scenario,
        currency=recipe.currency,
        currency_digits=account.currency_digits,
        initial_balance=recipe.initial_balance,
    )
