"""What a reader sees of an account: the seed's summary, and every rule's standing."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from attrs import frozen

from actors.domain.account import ConnectionState, Outcome, Tier
from actors.domain.rule_day import AnchorGrade, Level
from actors.domain.units import Unit


class RuleGroup(StrEnum):
    """What a rule is: a loss rule, a rule on conduct, an objective."""

    LOSS = "loss"
    CONDUCT = "conduct"
    OBJECTIVE = "objective"


class RuleState(StrEnum):
    """How a rule stands; objectives are met or not met, the others have a level."""

    OK = "ok"
    WARNING = "warning"
    CRITICAL = "critical"
    BREACH = "breach"
    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


class Proof(StrEnum):
    """How firm a standing is: proven, possible (an anchor is only supposed), or not knowable."""

    PROVEN = "proven"
    POSSIBLE = "possible"
    UNKNOWN = "unknown"


@frozen
class NextReset:
    """Reset preview: the floor at the next reset with today's equity, and the headroom then."""

    at: datetime
    projected_floor: Decimal | None
    headroom_after: Decimal | None


@frozen
class RuleStanding:
    """One rule now. Money in whole units with the currency's digits; None = unknown, never 0.

    ``used_pct`` is 0-100 cut to 2 decimals. ``formula`` is a code, ``inputs`` its numbers by name
    (the client words them); ``grade`` is the daily anchor's grade where the rule has one.
    ``unit`` is that of all amounts of the rule. A rule on conduct has a ``limit``, an objective a
    ``target`` and what is ``remaining`` to it; a loss rule has a floor.
    """

    rule_id: str
    rule_type: str
    level: Level
    checked: str
    operator: str
    severity: str
    value: Decimal | None
    anchor: Decimal | None
    floor: Decimal | None
    allowance: Decimal | None
    used: Decimal | None
    used_pct: Decimal | None
    headroom: Decimal | None
    worst: Decimal | None
    worst_used: Decimal | None
    breached: bool
    grade: AnchorGrade | None
    rule_date: date | None
    formula: str
    inputs: dict[str, Decimal | str | None]
    group: RuleGroup
    unit: Unit
    state: RuleState
    proof: Proof
    limit: Decimal | None
    target: Decimal | None
    remaining: Decimal | None


@frozen
class Summary:
    """The seed's summary fields and what CONTRACT 2 adds. Money in whole units, None = unknown.

    ``expected_lag_seconds``: how late a crossing is seen at most if the next read comes as planned;
    ``worst_lag_seconds``: the longest time between two readings of this rule day, as measured.
    ``broker_utc_offset_seconds``: how far the broker's clock is ahead of UTC at ``as_of``.
    ``as_of`` is the observation's instant; the web layer adds what depends on the response time
    (``dd_daily_seconds_to_reset``, ``data_age_seconds``, ``stale``, ``server_now``).
    """

    currency: str | None
    currency_digits: int | None
    balance_current: Decimal | None
    equity_current: Decimal | None
    credit_current: Decimal | None
    floating_current: Decimal | None
    margin_current: Decimal | None
    free_margin_current: Decimal | None
    initial_balance: Decimal | None
    initial_balance_source: str | None
    balance_change_abs: Decimal | None
    balance_change_pct: Decimal | None
    net_result: Decimal | None
    dd_all_time_used: Decimal | None
    dd_all_time_limit: Decimal | None
    dd_all_time_used_pct: Decimal | None
    dd_all_time_used_worst: Decimal | None
    dd_all_time_floor: Decimal | None
    dd_all_time_headroom: Decimal | None
    dd_all_time_breached: bool
    dd_daily_used: Decimal | None
    dd_daily_limit: Decimal | None
    dd_daily_used_pct: Decimal | None
    dd_daily_used_worst: Decimal | None
    dd_daily_floor: Decimal | None
    dd_daily_headroom: Decimal | None
    dd_daily_breached: bool
    dd_daily_reset_at: datetime | None
    trading_days: int
    win_rate: Decimal | None
    closed_positions: int
    open_positions: int
    connection_state: ConnectionState
    outcome: Outcome
    tier: Tier
    plan: str
    phase: int
    phase_name: str
    next_reset: NextReset | None
    coverage_unknown_seconds: float
    violations: int
    as_of: datetime | None
    sync_interval_seconds: float
    expected_lag_seconds: float
    worst_lag_seconds: float | None
    stale_after_seconds: float
    broker_utc_offset_seconds: int | None
