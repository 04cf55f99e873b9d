"""Builders of lives, deals and observations for the engine's tests."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from actors.domain.account_state import AccountState
from actors.domain.deals import Deal, DealEntry, DealReason, DealType, History
from actors.domain.life import Life, StoredLife
from actors.domain.loss_stands import loss_stands
from actors.domain.money import to_minor
from actors.domain.plan import Plan
from actors.domain.plan_file import parse_plan
from actors.domain.server_clock import ServerClock
from actors.domain.snapshot import Observation, OpenPosition, Side
from actors.domain.state import Reading
from actors.domain.summary import RuleStanding
from actors.domain.summary_view import standings as standings_of

CLOCK = ServerClock.parse("UTC")
ZERO = Decimal(0)


def at(text: str) -> datetime:
    """``03 08:00:00`` is that day and time of March 2026, UTC."""
    return datetime.fromisoformat(f"2026-03-{text}").replace(tzinfo=UTC)


def plan_of(rules: str) -> Plan:
    """A one-phase plan that resets at 01:30 Tehran (22:00 UTC)."""
    head = 'name = "test"\ntitle = "Test"\nversion = 1\n[[phases]]\nname = "One"\n'
    return parse_plan(head + rules, "test.toml")


def rule(rule_id: str, kind: str, **fields: str) -> str:
    """One rule table; values are raw TOML."""
    lines = [f'id = "{rule_id}"', f'kind = "{kind}"']
    lines += [f"{key} = {value}" for key, value in fields.items()]
    return "[[phases.rules]]\n" + "\n".join(lines) + "\n"


DAILY = rule("daily", "daily_loss", allowance="{ percent = 5 }")
OVERALL = rule("overall", "overall_loss", allowance="{ percent = 10 }", cash_flow='"shift"')


def life_of(plan: Plan, **fields: Any) -> Life:
    """A first life that starts at the beginning of March."""
    some = UUID(int=1)
    return Life(some, some, some, at("01 00:00:00"), plan, 0, CLOCK, **fields)


def nothing_stored() -> StoredLife:
    """A life that storage has never seen."""
    return StoredLife(0, (), None)


def deal(
    ticket: int,
    when: datetime,
    amount: int = 0,
    *,
    kind: DealType = DealType.BALANCE,
    entry: DealEntry = DealEntry.IN,
    position: int = 0,
    volume: str = "0",
) -> Deal:
    """A deal whose whole amount is its profit, in minor units."""
    return Deal(
        ticket, position, position, kind, entry, DealReason.CLIENT, "EURUSD" if position else "",
        Decimal(volume), Decimal(1), amount, 0, 0, 0, CLOCK.to_broker_msc(when), when,
    )  # fmt: skip


def opened(ticket: int, when: datetime, position: int, volume: str = "1", amount: int = 0) -> Deal:
    """A buy that opens ``position``."""
    return deal(ticket, when, amount, kind=DealType.BUY, position=position, volume=volume)


def closed(ticket: int, when: datetime, position: int, amount: int, volume: str = "1") -> Deal:
    """A sell that closes ``position`` with a result."""
    return deal(
        ticket, when, amount,
        kind=DealType.SELL, entry=DealEntry.OUT, position=position, volume=volume,
    )  # fmt: skip


def position(position_id: int, floating: int, volume: str = "1") -> OpenPosition:
    """An open buy with a floating result."""
    return OpenPosition(
        position_id, "EURUSD", Side.BUY, Decimal(volume), Decimal(1), Decimal(1), None, None,
        floating, 0, 0, at("01 00:00:00"),
    )  # fmt: skip


def seen(
    when: datetime,
    balance: int,
    floating: dict[int, int] | None = None,
    *,
    credit: int = 0,
    digits: int = 2,
    volumes: dict[int, str] | None = None,
) -> Observation:
    """A coherent observation with the given floating of each open position."""
    positions = tuple(
        position(p, f, (volumes or {}).get(p, "1")) for p, f in (floating or {}).items()
    )
    equity = balance + credit + sum(p.profit for p in positions)
    return Observation(when, balance, equity, credit, 0, equity, "USD", digits, positions)


def reading(observation: Observation, deals: list[Deal], total: int | None = None) -> Reading:
    """A reading with a complete, stable history."""
    count = len(deals) if total is None else total
    return Reading(observation, tuple(deals), History(count, stable=True))


def minor(text: str, digits: int = 2) -> int:
    """Whole units as minor units."""
    return to_minor(text, digits)


def standings(state: AccountState, when: datetime) -> tuple[RuleStanding, ...]:
    """Every rule of the phase as it stands at an instant."""
    return standings_of(state, loss_stands(state, when))
