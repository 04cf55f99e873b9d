"""Rate limits: the classes, an in-process limiter, and who counts as one client.

Every route names a class. The limiter is GCRA: a whole minute's allowance may come at once, then
one more per ``60 / per_minute`` seconds.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from attrs import define, field, frozen

from web.asgi import header_values
from web.ports import Clock, Limiter
from web.problems import rate_limited


class LimitClass(StrEnum):
    """What a route is limited as."""

    CONNECT = "connect"
    EXCHANGE = "exchange"
    ADMIN = "admin"
    OPS = "ops"
    DASHBOARD = "dashboard"
    SYNC = "sync"
    EXPORT = "export"
    LIVE = "live"
    ANONYMOUS = "anonymous"
    PROBE = "probe"


class CountedBy(StrEnum):
    """Whose requests are counted together."""

    KEY = "key"
    USER = "user"
    ACCOUNT = "account"
    ADDRESS = "address"


@frozen
class Limit:
    """At most ``per_minute`` requests, counted per key, user, account or address."""

    per_minute: int
    counted_by: CountedBy


DEFAULT_LIMITS: Mapping[LimitClass, Limit] = {
    LimitClass.CONNECT: Limit(30, CountedBy.KEY),
    LimitClass.EXCHANGE: Limit(600, CountedBy.KEY),
    LimitClass.ADMIN: Limit(240, CountedBy.KEY),
    LimitClass.OPS: Limit(240, CountedBy.KEY),
    LimitClass.DASHBOARD: Limit(240, CountedBy.USER),
    LimitClass.SYNC: Limit(6, CountedBy.ACCOUNT),
    LimitClass.EXPORT: Limit(10, CountedBy.USER),
    LimitClass.LIVE: Limit(30, CountedBy.ADDRESS),
    LimitClass.ANONYMOUS: Limit(60, CountedBy.ADDRESS),
    LimitClass.PROBE: Limit(600, CountedBy.ADDRESS),
}


@define
class InProcessLimiter:
    """GCRA in a bounded dict; implements ``web.ports.Limiter``.

    When ``max_keys`` are tracked the least recently seen one is forgotten, which can only allow
    more: memory is bounded, and nobody is shut out by another's flood.
    """

    clock: Clock
    max_keys: int = 50_000
    _due_at: OrderedDict[tuple[str, str], float] = field(factory=OrderedDict, init=False)

    async def take(self, limit_class: str, key: str, per_minute: int) -> float | None:
        """None when allowed, else seconds to wait."""
        now = self.clock.monotonic()
        spacing = 60.0 / per_minute
        due = max(self._due_at.get((limit_class, key), now), now)
        wait = due + spacing - 60.0 - now
        # Sixty spacings need not add up to 60.0 exactly in floating point.
        if wait > spacing * 1e-6:
            return wait
        self._due_at[(limit_class, key)] = due + spacing
        self._due_at.move_to_end((limit_class, key))
        self._forget(now)
        return None

    def _forget(self, now: float) -> None:
        """Drop what has run out at the old end, and what is over the bound."""
        while self._due_at:
            oldest, due = next(iter(self._due_at.items()))
            if due > now and len(self._due_at) <= self.max_keys:
                return
            del self._due_at[oldest]

    def __len__(self) -> int:
        return len(self._due_at)


def client_address(peer: str, forwarded_for: Iterable[str], trusted_hops: int) -> str:
    """Who counts as one client: an IPv4 address or an IPv6 /64, as text.

    ``peer`` is the socket's other end; ``forwarded_for`` the X-Forwarded-For header values in
    order; ``trusted_hops`` how many proxies of our own stand in front (0 = believe no header).
    Each of our proxies appends one entry, so the client is that many entries from the right.
    """
    claimed = [part.strip() for value in forwarded_for for part in value.split(",")]
    if 0 < trusted_hops <= len(claimed):
        counted = _counted(claimed[-trusted_hops])
        if counted is not None:
            return counted
    return _counted(peer) or "unknown"


def _counted(text: str) -> str | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), 64), strict=False))


@frozen
class RateGate:
    """The limits as the guards and routes apply them."""

    limiter: Limiter
    limits: Mapping[LimitClass, Limit] = DEFAULT_LIMITS
    trusted_hops: int = 0

    async def enter(self, limit_class: LimitClass, counted_key: str) -> None:
        """Count one request. Raises Problem 429 with Retry-After."""
        limit = self.limits[limit_class]
        wait = await self.limiter.take(limit_class.value, counted_key, limit.per_minute)
        if wait is not None:
            raise rate_limited(wait)

    async def enter_anonymous(self, scope: Mapping[str, Any], limit_class: LimitClass) -> None:
        """Count one request of an unknown client by its address. Raises Problem 429."""
        await self.enter(limit_class, self.address(scope))

    def address(self, scope: Mapping[str, Any]) -> str:
        """The client's counted address."""
        peer = (scope.get("client") or ("unknown", 0))[0]
        return client_address(peer, header_values(scope, b"x-forwarded-for"), self.trusted_hops)
