"""Risk tiers: how soon an account is to be read again (RULES 6).

The tier changes at most once in a dwell, so that it does not flap. What is urgent does not wait
for it: interval and promise follow the more urgent of the tier and what the account asks for now.
Floats are right here: an interval is not a verdict. Money is in minor units throughout.
"""

from datetime import datetime, timedelta
from math import exp, sqrt
from statistics import NormalDist

from attrs import frozen

from actors.domain.account import Tier
from actors.domain.account_state import AccountState
from actors.domain.evolve import evolve
from actors.domain.progress import Progress
from actors.domain.rule_day import Level

EPSILON = 0.001
"""Accepted chance that the smallest headroom is touched before the next reading."""

_QUANTILE = NormalDist().inv_cdf(1 - EPSILON / 2)
_MEMORY_SECONDS = 900.0
_LEAST_VOLATILITY = 2e-5
"""Floor of the volatility, as a share of the initial balance per square root of a second."""

_DAY = timedelta(days=1)
_RISKY_SECONDS = 30.0
_CALM_SECONDS = 45.0
"""An account at breach risk by its touch chance alone is so until it is this far from it."""

_AFTER_RESET = timedelta(minutes=15)


@frozen
class TierLimits:
    """Intervals and promises in seconds; ``breach_least`` may go down to 1 (RULES 6)."""

    breach_least: float = 5.0
    breach_most: float = 15.0
    active_open: float = 30.0
    active_flat: float = 54.0
    idle_least: float = 600.0
    idle_most: float = 1680.0
    dwell: timedelta = timedelta(minutes=2)


_LIMITS = TierLimits()
_PROMISES = {Tier.BREACH_RISK: 30.0, Tier.ACTIVE: 60.0, Tier.IDLE: 1800.0}
_URGENCY = {Tier.BREACH_RISK: 2, Tier.ACTIVE: 1, Tier.IDLE: 0}


@frozen
class Schedule:
    """When to read next, and how old the data may become before it is stale."""

    tier: Tier
    interval_seconds: float
    promise_seconds: float
    next_at: datetime


def promise_of(tier: Tier) -> float:
    """Seconds within which a reading of this tier is promised, the visit included."""
    return _PROMISES[tier]


def safe_seconds(headroom: int, volatility: float) -> float:
    """dt* = (a / (sigma x quantile(1 - eps/2)))^2, the solution of 2 Phi(-a/(sigma sqrt dt)) = eps.

    ``headroom`` a and ``volatility`` sigma in the same money, sigma per square root of a second.
    """
    if headroom <= 0:
        return 0.0
    return float((headroom / (volatility * _QUANTILE)) ** 2)


def volatility_of(progress: Progress) -> float:
    """EWMA volatility of flow-free equity with its floor, in minor units per sqrt(second)."""
    initial = progress.initial.value if progress.initial else 0
    least = max(1.0, _LEAST_VOLATILITY * initial)
    return max(least, sqrt(progress.variance or 0.0))


def moved(before: Progress, after: Progress) -> Progress:
    """Take the move of flow-free equity between two evaluated readings into the volatility."""
    was, now = before.last, after.last
    if was is None or now is None or now.at <= was.at:
        return after
    seconds = (now.at - was.at).total_seconds()
    flows = after.sums.flows - before.sums.flows
    move = (now.equity - now.credit) - (was.equity - was.credit) - flows
    weight = 1.0 - exp(-seconds / _MEMORY_SECONDS)
    known = move * move / seconds if before.variance is None else before.variance
    return evolve(after, variance=known + weight * (move * move / seconds - known))


def retier(before: Progress, progress: Progress, now: datetime) -> Progress:
    """Choose the tier, at most one change in a dwell, and how urgent the account is by now.

    The end of the phase and the first complete history do not wait.
    """
    progress = moved(before, progress)
    wanted = _wanted(progress, now)
    since = progress.tier_since
    ended = progress.breached and not before.breached
    known_at_last = progress.complete and not before.complete
    free = ended or known_at_last or since is None or now - since >= _LIMITS.dwell
    if wanted is not progress.tier and free:
        progress = evolve(progress, tier=wanted, tier_since=now)
    urgent = max(wanted, progress.tier, key=_URGENCY.__getitem__)
    return progress if urgent is progress.urgent else evolve(progress, urgent=urgent)


def _wanted(progress: Progress, now: datetime) -> Tier:
    if progress.breached:
        return Tier.IDLE
    exposed = _exposed(progress)
    near = _CALM_SECONDS if progress.urgent is Tier.BREACH_RISK else _RISKY_SECONDS
    if _at_risk(progress) or (exposed and _touch_seconds(progress) < near):
        return Tier.BREACH_RISK
    traded = progress.last_trade_at
    if exposed or not progress.complete or (traded is not None and now - traded < _DAY):
        return Tier.ACTIVE
    return Tier.IDLE


def _exposed(progress: Progress) -> bool:
    return bool(progress.open) or bool(progress.newest and progress.newest.positions)


def _at_risk(progress: Progress) -> bool:
    """A loss rule at warning or worse; one that is breached already has nothing left to lose."""
    return any(own.level is not Level.OK and own.breached_value is None for own in progress.rules)


def _touch_seconds(progress: Progress) -> float:
    rooms = [
        own.value - own.floor
        for own in progress.rules
        if own.value is not None and own.floor is not None and own.breached_value is None
    ]
    if not rooms:
        return float("inf")
    return safe_seconds(min(rooms), volatility_of(progress))


def schedule(
    state: AccountState, now: datetime, jitter: float, limits: TierLimits = _LIMITS
) -> Schedule:
    """When to read this account next. ``jitter`` in [0, 1) shortens the interval by 0..10 %.

    Accounts with open positions are read just before and just after the reset, spread by the
    jitter; every account within 15 minutes of it, so that its anchor is written in time.
    """
    progress = state.progress
    interval = _interval(progress, now, limits) * (1.0 - 0.1 * jitter)
    planned = now + timedelta(seconds=interval)
    reset = state.clock.next_reset(now)
    next_at = min(planned, *_around(reset, now, jitter, exposed=_exposed(progress)))
    interval = (next_at - now).total_seconds()
    return Schedule(progress.tier, interval, promise_of(progress.urgent), next_at)


def _around(
    reset: datetime, now: datetime, jitter: float, *, exposed: bool
) -> tuple[datetime, ...]:
    """Instants near the reset at which the account wants to be read."""
    if not exposed:
        return (reset + _AFTER_RESET * (0.1 + 0.8 * jitter),)
    before = reset - timedelta(seconds=5 + 50 * jitter)
    after = reset + timedelta(seconds=1 + 20 * jitter)
    return (before, after) if before > now else (after,)


def _interval(progress: Progress, now: datetime, limits: TierLimits) -> float:
    if progress.urgent is Tier.BREACH_RISK:
        return min(limits.breach_most, max(limits.breach_least, _touch_seconds(progress)))
    if progress.urgent is Tier.ACTIVE:
        return limits.active_open if _exposed(progress) else limits.active_flat
    return _idle_interval(progress, now, limits)


def _idle_interval(progress: Progress, now: datetime, limits: TierLimits) -> float:
    """From the least after one day to the most after a week without trades."""
    if progress.last_trade_at is None:
        return limits.idle_most
    days = (now - progress.last_trade_at) / _DAY
    share = min(1.0, max(0.0, (days - 1.0) / 6.0))
    return limits.idle_least + share * (limits.idle_most - limits.idle_least)
