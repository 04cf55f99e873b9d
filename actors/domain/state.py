"""What the core knows of an account between two readings, and what a step asks the shell to do.

CONTRACT FOR THE OTHER ROOMS: ``AccountState`` is opaque outside ``actors/domain``; read it
through ``loss_stands``, ``summary_view``, ``explanation`` and ``risk_tier.schedule``.
"""

from datetime import datetime

from attrs import frozen

from actors.domain.account import InitialBalanceSource
from actors.domain.curve import EquitySample
from actors.domain.deals import Deal, History
from actors.domain.discrepancy import Discrepancy
from actors.domain.prices import Prices
from actors.domain.rule_day import RuleDay
from actors.domain.snapshot import Observation
from actors.domain.trades import Trade
from actors.domain.violation import Violation


@frozen
class Reading:
    """One sync's facts: the observation, the deals read after it, and how complete they are.

    ``deals`` may repeat known ones (the overlap of three days) and come in any order.
    ``offset_known`` is False while the broker's clock is unknown: then no daily verdict.
    ``since_msc`` (broker milliseconds): ``deals`` are all that the terminal has from then on; None
    where that is not certain. ``prices`` tell the time since the last evaluated reading; None where
    nobody asked for them.
    """

    observation: Observation
    deals: tuple[Deal, ...]
    history: History
    offset_known: bool = True
    prices: Prices | None = None
    since_msc: int | None = None


@frozen
class InitialBalance:
    """The initial balance once known, in minor units, with its source and instant."""

    value: int
    source: InitialBalanceSource
    initial_at: datetime


@frozen
class Effects:
    """What one step changes, ready for one idempotent transaction.

    ``deals`` and ``trades`` are new or changed rows, ``rule_days`` new or changed days,
    ``violations`` new ones only; ``gone`` are tickets that the terminal's history holds no more and
    ``trades_gone`` the trades that went with them, ``discrepancies`` what late facts contradict;
    ``rule_state`` is the document to start from next time.
    ``notes`` are codes for the connection log (``deal_changed``, ``discrepancy`` …).
    ``reread_within_seconds`` asks for an early read (unreconciled, history loading).
    ``needs_reload``: a deal touched what has left memory; nothing else is in the effects, the
    shell must load the life with its past from storage and step the same reading again.
    """

    deals: tuple[Deal, ...] = ()
    trades: tuple[Trade, ...] = ()
    rule_days: tuple[RuleDay, ...] = ()
    violations: tuple[Violation, ...] = ()
    sample: EquitySample | None = None
    initial_balance: InitialBalance | None = None
    rule_state: bytes = b""
    notes: tuple[str, ...] = ()
    reread_within_seconds: float | None = None
    needs_reload: bool = False
    gone: tuple[int, ...] = ()
    trades_gone: tuple[str, ...] = ()
    discrepancies: tuple[Discrepancy, ...] = ()
