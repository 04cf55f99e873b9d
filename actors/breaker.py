"""Circuit breakers, one per broker server: pure. A dead server must not slow the others.

Closed lets all pass; open refuses until its time is over; half-open lets one probe pass, whose
own deadline frees the place when it hangs. Refused credentials are answers, never failures.
"""

from enum import StrEnum

from attrs import evolve, frozen

from actors.errors import BrokerFault

FAILING = frozenset({BrokerFault.NO_CONNECTION, BrokerFault.TIMEOUT})
"""Faults that speak of the server's network."""

ANSWERING = frozenset(
    {
        BrokerFault.BAD_CREDENTIALS,
        BrokerFault.MASTER_PASSWORD,
        BrokerFault.ACCOUNT_DISABLED,
        BrokerFault.OTP_REQUIRED,
        BrokerFault.HISTORY_LOADING,
    }
)
"""Faults that prove that the server answers."""


class Gate(StrEnum):
    """Position of a breaker."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@frozen
class BreakerPolicy:
    """Opens when at least ``calls`` of the last ``size`` calls within ``window_seconds`` are
    known and ``share`` of them failed."""

    calls: int = 5
    size: int = 20
    share: float = 0.5
    window_seconds: float = 60.0
    open_seconds: float = 15.0
    probe_seconds: float = 30.0


@frozen
class Breaker:
    """State of one breaker. ``outcomes`` are (monotonic time, succeeded) of recent calls."""

    gate: Gate = Gate.CLOSED
    outcomes: tuple[tuple[float, bool], ...] = ()
    until: float = 0.0


def admit(breaker: Breaker, policy: BreakerPolicy, now: float) -> tuple[Breaker, float | None]:
    """Return the next state, and None when the call may pass, else the seconds to wait."""
    match breaker.gate:
        case Gate.CLOSED:
            return breaker, None
        case Gate.OPEN | Gate.HALF_OPEN if now < breaker.until:
            return breaker, breaker.until - now
        case _:
            return evolve(breaker, gate=Gate.HALF_OPEN, until=now + policy.probe_seconds), None


def succeeded(breaker: Breaker, policy: BreakerPolicy, now: float) -> Breaker:
    """Return the state after a call that the server answered."""
    if breaker.gate is Gate.CLOSED:
        return evolve(breaker, outcomes=_recent(breaker, policy, now, succeeded=True))
    return Breaker()


def failed(breaker: Breaker, policy: BreakerPolicy, now: float, fault: BrokerFault) -> Breaker:
    """Return the state after a call that ended with ``fault``."""
    if fault in ANSWERING:
        return succeeded(breaker, policy, now)
    if fault not in FAILING:
        return _probe_again(breaker, now)
    outcomes = _recent(breaker, policy, now, succeeded=False)
    if breaker.gate is Gate.HALF_OPEN or _too_many(outcomes, policy):
        return Breaker(Gate.OPEN, (), now + policy.open_seconds)
    return evolve(breaker, outcomes=outcomes)


def _probe_again(breaker: Breaker, now: float) -> Breaker:
    """A fault that says nothing of the server frees the probe's place."""
    return evolve(breaker, until=now) if breaker.gate is Gate.HALF_OPEN else breaker


def _recent(
    breaker: Breaker, policy: BreakerPolicy, now: float, *, succeeded: bool
) -> tuple[tuple[float, bool], ...]:
    kept = tuple(o for o in breaker.outcomes if o[0] > now - policy.window_seconds)
    return (*kept, (now, succeeded))[-policy.size :]


def _too_many(outcomes: tuple[tuple[float, bool], ...], policy: BreakerPolicy) -> bool:
    failures = sum(not ok for _, ok in outcomes)
    return len(outcomes) >= policy.calls and failures >= policy.share * len(outcomes)


class ServerBreaker:
    """The one changing place of a server's breaker, shared by the actors of that server."""

    def __init__(self, policy: BreakerPolicy | None = None) -> None:
        self._policy = policy or BreakerPolicy()
        self.state = Breaker()

    def admit(self, now: float) -> float | None:
        """None when a call may pass now, else the seconds to wait."""
        self.state, wait = admit(self.state, self._policy, now)
        return wait

    def succeeded(self, now: float) -> None:
        """Count an answered call."""
        self.state = succeeded(self.state, self._policy, now)

    def failed(self, now: float, fault: BrokerFault) -> None:
        """Count a failed call."""
        self.state = failed(self.state, self._policy, now, fault)
