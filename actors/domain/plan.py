"""Plans: the firm's rules as data (RULES 2). A plan holds phases, a phase holds rules.

Only the records live here; ``plan_file.py`` reads and validates the document.
"""

from datetime import time, timedelta
from decimal import Decimal
from enum import StrEnum

from attrs import frozen


class RuleKind(StrEnum):
    """The rule families (RULES 2): loss rules, rules on conduct, and objectives."""

    DAILY_LOSS = "daily_loss"
    OVERALL_LOSS = "overall_loss"
    MAX_LOTS = "max_lots"
    MAX_POSITIONS = "max_positions"
    STOP_LOSS_WITHIN = "stop_loss_within"
    MINIMUM_HOLDING_TIME = "minimum_holding_time"
    WEEKEND_FLAT = "weekend_flat"
    INACTIVITY = "inactivity"
    LIFETIME = "lifetime"
    PROFIT_TARGET = "profit_target"
    MINIMUM_TRADING_DAYS = "minimum_trading_days"
    CONSISTENCY = "consistency"


class Anchor(StrEnum):
    """What a floor hangs from. Daily: first six; overall: INITIAL and the last three."""

    EQUITY = "equity"
    BALANCE = "balance"
    MAX_BALANCE_EQUITY = "max_balance_equity"
    INITIAL = "initial"
    HIGH = "high"
    EOD_HIGH = "eod_high"
    EQUITY_HIGH = "equity_high"
    BALANCE_HIGH = "balance_high"


class AllowanceOf(StrEnum):
    """What the allowance is a share of, or that it is fixed money."""

    INITIAL = "initial"
    ANCHOR = "anchor"
    FIXED = "fixed"


class Checked(StrEnum):
    """Which value is held against the floor; WORST is the lower of both."""

    EQUITY = "equity"
    BALANCE = "balance"
    WORST = "worst"


class Operator(StrEnum):
    """When the floor counts as crossed."""

    BELOW = "<"
    AT_OR_BELOW = "<="


class CashFlow(StrEnum):
    """Whether the floor moves with deposits and withdrawals."""

    SHIFT = "shift"
    KEEP = "keep"


class Credit(StrEnum):
    """Whether the broker's credit counts as the trader's equity."""

    EXCLUDED = "excluded"
    INCLUDED = "included"


class RuleSeverity(StrEnum):
    """A hard breach ends the phase, a soft one is recorded and trading goes on."""

    HARD = "hard"
    SOFT = "soft"


@frozen
class Allowance:
    """How much may be lost: ``percent`` (0-100) of a base, or ``money`` in whole units."""

    of: AllowanceOf
    percent: Decimal | None = None
    money: Decimal | None = None


@frozen
class Lock:
    """Where a trailing floor stops rising: initial + ``plus`` whole units."""

    plus: Decimal = Decimal(0)


@frozen
class LossRule:
    """One loss rule: every choice of RULES 2. ``warning``/``critical`` are shares (0-1).

    ``interpolated``: an anchor may be told from the line between two readings (RULES 3).
    """

    rule_id: str
    kind: RuleKind
    anchor: Anchor
    allowance: Allowance
    checked: Checked = Checked.EQUITY
    operator: Operator = Operator.AT_OR_BELOW
    lock: Lock | None = None
    eod_of: Checked = Checked.BALANCE
    warning: Decimal = Decimal("0.70")
    critical: Decimal = Decimal("0.90")
    severity: RuleSeverity = RuleSeverity.HARD
    cash_flow: CashFlow = CashFlow.SHIFT
    credit: Credit = Credit.EXCLUDED
    observed_max_age: timedelta = timedelta(seconds=120)
    interpolated: bool = False

    @property
    def moves_with_prices(self) -> bool:
        """False where deals alone move the checked value: then no gap can hide a crossing."""
        return self.checked is not Checked.BALANCE


@frozen(kw_only=True)
class ConductRule:
    """A rule on how the account is traded; each family adds its limit (``rules/``)."""

    rule_id: str
    kind: RuleKind
    severity: RuleSeverity = RuleSeverity.HARD


@frozen(kw_only=True)
class Objective:
    """What a phase asks for before it is passed; missing it is never a violation."""

    rule_id: str
    kind: RuleKind


@frozen
class Reset:
    """When a rule day begins: local ``at`` in ``zone`` (an IANA name, or ``server``)."""

    at: time = time(1, 30)
    zone: str = "Asia/Tehran"


@frozen
class Phase:
    """One phase of a plan: loss rules, rules on conduct, and what must be reached to pass it.

    A phase without objectives is never passed (a funded account).
    """

    name: str
    rules: tuple[LossRule, ...]
    conduct: tuple[ConductRule, ...] = ()
    objectives: tuple[Objective, ...] = ()


@frozen
class Plan:
    """A plan version. ``content_hash`` is the hex SHA-256 of its canonical document."""

    name: str
    version: int
    title: str
    reset: Reset
    phases: tuple[Phase, ...]
    content_hash: str
    document: str
