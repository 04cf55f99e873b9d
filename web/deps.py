"""What the web application is made of: every port and setting, given by the supervisor."""

from collections.abc import Awaitable, Callable, Mapping

from attrs import field, frozen

from web.auth.tokens import Tokens
from web.dashboard import Dashboard
from web.export_port import Exports
from web.headers import EdgeConfig
from web.limits import DEFAULT_LIMITS, Limit, LimitClass
from web.live.board import Board
from web.ops_port import Ops
from web.ports import (
    Accounts,
    Audit,
    Clock,
    Codes,
    Commands,
    Limiter,
    Nonces,
    SiteKey,
    Staff,
    Users,
)


@frozen
class Deps:
    """Ports and settings of one application.

    ``ring``: S2S keys by id (``signature.key_ring``); ``audiences``: own origins
    (``signature.origins``); ``pepper``: secret bytes for the digests of idempotent bodies;
    ``board``: who is connected to live updates; ``dashboard``: the build to serve, if there is
    one; ``trusted_hops``: proxies of our own in front;
    ``demo``: mints a one-time code for the demo's link, None outside the demo.
    """

    clock: Clock
    accounts: Accounts
    exports: Exports
    staff: Staff
    commands: Commands
    nonces: Nonces
    codes: Codes
    users: Users
    limiter: Limiter
    audit: Audit
    ops: Ops
    tokens: Tokens
    ring: Mapping[str, SiteKey] = field(repr=False)
    audiences: frozenset[str]
    pepper: bytes = field(repr=False)
    version: str
    edge: EdgeConfig = field(factory=EdgeConfig)
    board: Board = field(factory=Board)
    dashboard: Dashboard = field(factory=Dashboard)
    limits: Mapping[LimitClass, Limit] = field(default=DEFAULT_LIMITS)
    trusted_hops: int = 0
    demo: Callable[[], Awaitable[str]] | None = None
