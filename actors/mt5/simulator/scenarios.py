"""Scenarios by name, and accounts made of them one by one or by the thousand."""

from collections.abc import Mapping

from actors.mt5.simulator.account import Recipe, Script
from actors.mt5.simulator.broker import SERVERS, AccountCard, SimulatedBroker
from actors.mt5.simulator.dice import seed_of
from actors.mt5.simulator.random_story import random_story, revised_story
from actors.mt5.simulator.scripts import active, breach_soon, calm, near_floor, payout
from actors.mt5.simulator.symbols import DIGITS

SCENARIOS: Mapping[str, Script] = {
    "calm": calm,
    "active": active,
    "near_floor": near_floor,
    "breach_soon": breach_soon,
    "payout": payout,
    "random": random_story,
    "revised": revised_story,
}
NETTING = frozenset({"random", "revised"})
_SERVER_NAMES = tuple(SERVERS)
_FIRST_LOGIN = 50_000_001


def add_account(
    broker: SimulatedBroker,
    scenario: str,
    *,
    login: str | None = None,
    server: str | None = None,
    currency: str = "USD",
    margin_mode: str | None = None,
    initial_units: int = 100_000,
    investor_password: str | None = None,
    history_grows_ms: int = 0,
) -> AccountCard:
    """Add an account that lives through ``scenario``; what is not given follows from the seed.

    ``initial_units`` in whole currency units. Raises KeyError for an unknown scenario or server,
    ValueError for netting in a scenario that is not in ``NETTING``.
    """
    if margin_mode == "netting" and scenario not in NETTING:
        raise ValueError(
            f"{scenario} holds positions side by side; netting is for {', '.join(sorted(NETTING))}"
        )
    number = len(broker.accounts())
    login = login or str(_FIRST_LOGIN + number)
    seed = seed_of(broker.seed, login)
    chosen = SERVERS[server.casefold()] if server else SERVERS[_SERVER_NAMES[number % 3]]
    scale: int = 10 ** DIGITS[currency]
    recipe = Recipe(
        login=login,
        server=chosen,
        scenario=scenario,
        script=SCENARIOS[scenario],
        initial_balance=initial_units * scale,
        start=broker.start,
        seed=seed,
        currency=currency,
        margin_mode=margin_mode or _usual_mode(scenario, seed),
        history_grows_ms=history_grows_ms,
        investor_password=investor_password or f"investor-{seed_of(seed, 'i'):016x}",
        master_password=f"master-{seed_of(seed, 'm'):016x}",
    )
    return broker.add(recipe)


def _usual_mode(scenario: str, seed: int) -> str:
    """Every third random account nets; the other stories hold opposite positions side by side."""
    return "netting" if scenario in NETTING and seed % 3 == 0 else "hedging"


def add_population(broker: SimulatedBroker, count: int) -> list[AccountCard]:
    """Add ``count`` accounts of a firm's usual mix: 70 % calm, 25 % active, 5 % near the floor."""
    return [add_account(broker, _mixed(number)) for number in range(count)]


def _mixed(number: int) -> str:
    place = number * 7 % 20
    if place == 0:
        return "near_floor"
    return "active" if place <= 5 else "calm"
