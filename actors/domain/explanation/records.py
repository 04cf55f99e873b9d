"""What an explanation is made of: formula codes, named inputs, and the facts behind a figure.

A formula is a code; the client words it (``web/words``) and fills in the inputs. Computing the
formula from the inputs gives exactly the shown value (``tests/unit/actors/domain/evaluators.py``).
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from attrs import field, frozen

from actors.domain.money import to_decimal
from actors.domain.rule_day import AnchorGrade

Value = Decimal | datetime | str | bool | None
"""A figure or an input; money in whole units, None = unknown."""


class FormulaCode(StrEnum):
    """How a figure is computed. New codes may come; a known one never changes its meaning."""

    OBSERVED = "observed"
    COUNTED = "counted"
    RECORDED = "recorded"
    PLANNED = "planned"
    FLOATING = "floating"
    INITIAL_DEPOSITS = "initial.deposits"
    INITIAL_GIVEN = "initial.given"
    BALANCE_CHANGE = "balance_change"
    BALANCE_CHANGE_PCT = "balance_change_pct"
    NET_RESULT = "net_result"
    WIN_RATE = "win_rate"
    COVERAGE_UNKNOWN = "coverage.unknown"
    NEXT_RESET = "next_reset"
    CHECKED_EQUITY = "checked.equity"
    CHECKED_EQUITY_WITH_CREDIT = "checked.equity_with_credit"
    CHECKED_BALANCE = "checked.balance"
    CHECKED_WORST = "checked.worst"
    CHECKED_WORST_WITH_CREDIT = "checked.worst_with_credit"
    ANCHOR_INITIAL = "anchor.initial"
    ANCHOR_BALANCE = "anchor.balance"
    ANCHOR_EQUITY = "anchor.equity"
    ANCHOR_MAX = "anchor.max_balance_equity"
    ANCHOR_HIGH = "anchor.high"
    ANCHOR_TRAILING = "anchor.trailing"
    ALLOWANCE_PERCENT = "allowance.percent"
    ALLOWANCE_FIXED = "allowance.fixed"
    FLOOR = "floor"
    FLOOR_LOCKED = "floor.locked"
    HEADROOM = "headroom"
    USED = "used"
    USED_PCT = "used_pct"
    LEVEL = "level"
    LEVEL_MAX_LOTS = "level.max_lots"
    LEVEL_MAX_POSITIONS = "level.max_positions"
    LEVEL_STOP_LOSS_WITHIN = "level.stop_loss_within"
    LEVEL_MINIMUM_HOLDING_TIME = "level.minimum_holding_time"
    LEVEL_WEEKEND_FLAT = "level.weekend_flat"
    LEVEL_INACTIVITY = "level.inactivity"
    LEVEL_LIFETIME = "level.lifetime"
    LEVEL_OBJECTIVE = "level.objective"
    LATCHED = "latched"
    LATCHED_ANY = "latched.any"
    ELAPSED = "elapsed"
    LIMIT_USED = "limit.used"
    LIMIT_HEADROOM = "limit.headroom"
    LIMIT_HEADROOM_ABOVE = "limit.headroom_above"
    TARGET_PERCENT = "target.percent"
    TARGET_FIXED = "target.fixed"
    TARGET_CONSISTENCY = "target.consistency"
    REMAINING = "remaining"


class InputName(StrEnum):
    """Names of inputs; each has its words in every language."""

    OBSERVED = "observed"
    COUNTED = "counted"
    RECORDED = "recorded"
    PLANNED = "planned"
    EQUITY = "equity"
    BALANCE = "balance"
    CREDIT = "credit"
    INITIAL = "initial"
    DEPOSITS = "deposits"
    GIVEN = "given"
    CHANGE = "change"
    FLOWS = "flows"
    WINS = "wins"
    CLOSED = "closed"
    EARLIER_DAYS = "earlier_days"
    TODAY = "today"
    RESET_DATE = "reset_date"
    RESET_TIME = "reset_time"
    RESET_ZONE = "reset_zone"
    RESET_BALANCE = "reset_balance"
    RESET_CREDIT = "reset_credit"
    RESET_FLOATING = "reset_floating"
    HIGHEST = "highest"
    PERCENT = "percent"
    BASE = "base"
    MONEY = "money"
    DIGITS = "digits"
    ANCHOR = "anchor"
    ALLOWANCE = "allowance"
    LOCK = "lock"
    VALUE = "value"
    FLOOR = "floor"
    HEADROOM = "headroom"
    USED = "used"
    WARNING = "warning"
    CRITICAL = "critical"
    OPERATOR = "operator"
    LATCHED = "latched"
    PROVEN = "proven"
    BREACHED_VALUE = "breached_value"
    SINCE = "since"
    UNTIL = "until"
    LIMIT = "limit"
    TARGET = "target"
    BEST_DAY = "best_day"


class FigureUnit(StrEnum):
    """What a figure or an input counts."""

    MONEY = "money"
    LOTS = "lots"
    POSITIONS = "positions"
    SECONDS = "seconds"
    DAYS = "days"
    PERCENT = "percent"
    SHARE = "share"
    COUNT = "count"
    INSTANT = "instant"
    TEXT = "text"
    YES_NO = "yes_no"


@frozen
class Input:
    """One named number of a formula."""

    name: InputName
    value: Value
    unit: FigureUnit


@frozen
class DealsBehind:
    """The deals that a figure adds up. ``amount`` is the sum of all of them.

    ``tickets`` are those in memory, newest last, between ``first_at`` and ``last_at``;
    ``older`` deals of the account, of any kind, have left memory and are in the trades and days.
    """

    amount: Decimal
    tickets: tuple[int, ...]
    first_at: datetime | None
    last_at: datetime | None
    older: int


@frozen
class ObservationBehind:
    """The reading that a figure rests on, in whole units."""

    at: datetime
    balance: Decimal
    equity: Decimal
    credit: Decimal
    floating: Decimal
    positions: int


@frozen
class AnchorBehind:
    """What the anchor of a floor is: its rule day (None: the life's), grade and source."""

    rule_date: date | None
    at: datetime | None
    grade: AnchorGrade
    source: str


@frozen
class PlanBehind:
    """A field of the plan that decides: its path, its value, and the plan version's hash."""

    path: str
    value: str
    plan_hash: str


@frozen
class Explained:
    """One figure. ``figure`` is the summary's field, or ``rules.<rule_id>.<field>``.

    ``grade`` is how the value is known, None while it is unknown.
    """

    figure: str
    formula: FormulaCode
    value: Value
    unit: FigureUnit
    inputs: tuple[Input, ...]
    grade: AnchorGrade | None
    rule_id: str | None = None
    deals: DealsBehind | None = None
    observation: ObservationBehind | None = None
    anchor: AnchorBehind | None = None
    plan: tuple[PlanBehind, ...] = field(factory=tuple)


@frozen
class Purse:
    """Turns minor units of one currency into inputs and values."""

    digits: int

    def whole(self, minor: int | None) -> Decimal | None:
        """The amount in whole units."""
        return None if minor is None else to_decimal(minor, self.digits)

    def known(self, minor: int) -> Decimal:
        """The amount in whole units, when it is known."""
        return to_decimal(minor, self.digits)

    def input(self, name: InputName, minor: int | None) -> Input:
        """A money input."""
        return Input(name, self.whole(minor), FigureUnit.MONEY)

    @property
    def places(self) -> Input:
        """The currency's number of decimals, to which percentages of money are rounded."""
        return Input(InputName.DIGITS, Decimal(self.digits), FigureUnit.COUNT)
