"""What the engine remembers besides the deals: small, and stored as the rule_state document."""

from datetime import date, datetime
from decimal import Decimal

import msgspec
from attrs import field, frozen

from actors.domain.absence import Absence
from actors.domain.account import Tier
from actors.domain.curve import EquitySample
from actors.domain.ledger import Sums
from actors.domain.phase_progress import PhaseProgress
from actors.domain.rule_day import Level
from actors.domain.snapshot import Observation, Side
from actors.domain.state import InitialBalance

FORMAT = 2
"""Version of the rule_state document; another one is refused loudly."""


@frozen
class PositionSight:
    """An open position within a sight; ``floating`` = profit + swap in minor units.

    The rest is what the path after the sight starts from; ``price`` is the one it would close at.
    """

    position_id: int
    volume: Decimal
    floating: int
    symbol: str
    side: Side
    open_price: Decimal
    price: Decimal
    swap: int


@frozen
class Sight:
    """A reconciled observation, reduced to what anchors need. Amounts in minor units."""

    at: datetime
    balance: int
    equity: int
    credit: int
    positions: tuple[PositionSight, ...] = ()

    @property
    def floating(self) -> int:
        """Unrealised result: equity - balance - credit."""
        return self.equity - self.balance - self.credit


@frozen
class Boundary:
    """An account at the start of a rule day: sums of the deals before it, and its floating.

    ``flat``: no position was open. Else ``sight`` is the last reconciled observation before it,
    ``floating`` that observation's floating of the positions open at the boundary (None when it
    saw none of them), ``qualified`` that none was opened or changed in volume in between.
    ``initial`` is set on the day of ``initial_at`` alone. ``rebuilt`` is the floating by quotes,
    and ``interpolated`` that on the line between the sights around the boundary, where they can
    be told; ``awaiting``: quotes were asked and may still tell it.
    """

    at: datetime
    sums: Sums
    flat: bool
    floating: int | None = None
    qualified: bool = False
    sight: Sight | None = None
    initial: int | None = None
    rebuilt: int | None = None
    interpolated: int | None = None
    awaiting: bool = False


@frozen
class Waited:
    """A point that was judged while an anchor waited for quotes. Amounts in minor units."""

    at: datetime
    balance: int
    equity: int | None
    credit: int
    sums: Sums
    proven: bool


@frozen
class Span:
    """Microseconds of a rule day by how they are known (RULES 4)."""

    flat: int = 0
    sampled: int = 0
    unknown: int = 0
    reconstructed: int = 0


@frozen
class Day:
    """The rule day under way. ``start``/``end`` are its boundaries; ``waiting`` the points to be
    judged once its anchors are known, ``worst_lag_us`` the longest time between two readings that
    ended on it.
    """

    date: date
    start: datetime
    end: datetime
    boundary: Boundary
    revision: int = 0
    cause: str | None = None
    opened: int = 0
    closed: int = 0
    span: Span = field(factory=Span)
    waiting: tuple[Waited, ...] = ()
    worst_lag_us: int = 0


@frozen
class RuleProgress:
    """One rule under way. ``high``/``sure_high`` are high-water marks on the shifted scale.

    ``sure_high`` leaves out marks that are only supposed (carried or balance-only anchors).
    ``recorded`` holds "<severity>:<verdict>" already written under the present latch key
    (the rule day for daily rules, the life for overall ones). ``day_*`` start anew each day.
    ``day_doubted``: late facts lifted the day's worst, and an unremembered point may be worse now.
    ``day_worst`` and ``worst`` are moved by each flow, as the floor is (``booked``).
    """

    rule_id: str
    high: int | None = None
    sure_high: int | None = None
    recorded: tuple[str, ...] = ()
    level: Level = Level.OK
    value: int | None = None
    floor: int | None = None
    day_worst: int | None = None
    day_used: int | None = None
    day_worst_at: datetime | None = None
    day_level: Level = Level.OK
    day_doubted: bool = False
    worst: int | None = None
    worst_used: int | None = None
    breached_floor: int | None = None
    breached_value: int | None = None


@frozen
class FlowSight:
    """The floating last seen before a flow at ``at``, in minor units."""

    at: datetime
    floating: int


@frozen
class Progress:
    """Everything between two steps that the deals alone do not tell. See RULES 1-4.

    ``walked_to`` is the last reconciled observation: every deal stamped at or before it has been
    evaluated. ``sums`` are the deals' sums there, ``base`` the sums at ``initial_at``.
    ``flow_sights`` tell the floating at flows that found positions open. ``clock_doubted``: at the
    last reading the broker's clock was unknown, or not the one that we take it for.
    """

    format: int = FORMAT
    currency: str | None = None
    digits: int | None = None
    complete: bool = False
    conflict: str | None = None
    initial: InitialBalance | None = None
    provisional: bool = True
    base: Sums = field(factory=Sums)
    sums: Sums = field(factory=Sums)
    walked_to: datetime | None = None
    first_seen_at: datetime | None = None
    covered_to: datetime | None = None
    open: dict[int, Decimal] = field(factory=dict)
    last: Sight | None = None
    newest: Observation | None = None
    held: tuple[Observation, ...] = ()
    held_since: datetime | None = None
    day: Day | None = None
    rules: tuple[RuleProgress, ...] = ()
    phase: PhaseProgress = field(factory=PhaseProgress)
    breached: bool = False
    violations: int = 0
    trading_days: int = 0
    unknown_days_us: int = 0
    last_trade_at: datetime | None = None
    tier: Tier = Tier.ACTIVE
    tier_since: datetime | None = None
    urgent: Tier = Tier.ACTIVE
    variance: float | None = None
    sample: EquitySample | None = None
    lowest: int | None = None
    highest: int | None = None
    flow_sights: tuple[FlowSight, ...] = ()
    absence: Absence | None = None
    clock_doubted: bool = False

    @property
    def flows(self) -> int:
        """Cash flows since ``initial_at``, without credit."""
        return self.sums.flows - self.base.flows


class StateDocumentError(ValueError):
    """A rule_state document that this engine cannot resume from."""


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Progress)


def encode(progress: Progress) -> bytes:
    """The rule_state document."""
    return _ENCODER.encode(progress)


def decode(document: bytes) -> Progress:
    """Resume from a rule_state document. Raises StateDocumentError."""
    try:
        progress = _DECODER.decode(document)
    except msgspec.MsgspecError as error:
        raise StateDocumentError(f"rule_state is not readable: {error}") from error
    if progress.format != FORMAT:
        raise StateDocumentError(f"rule_state format {progress.format}, expected {FORMAT}")
    return progress
