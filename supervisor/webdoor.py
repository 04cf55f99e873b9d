"""The web application's ports, filled from storage, registry and commands."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from attrs import frozen

from actors.domain.account import Owner
from actors.ports import Clock
from storage.audit_log import PostgresAuditLog
from storage.codes import PostgresCodes
from storage.nonces import PostgresNonces
from storage.users import PostgresUsers
from supervisor.commanding import CommandRoom
from supervisor.exporting.room import ExportRoom
from supervisor.operating import OpsRoom
from supervisor.reading import ReadingRoom, StaffRoom, asked
from supervisor.settings import Settings
from web.auth.signature import key_ring, origins
from web.auth.tokens import Tokens
from web.dashboard import load_dashboard
from web.deps import Deps
from web.headers import EdgeConfig
from web.live.board import Board
from web.ports import Limiter, Principal, SiteKey

ISSUER = "onefunders-analyze"


@frozen
class Nonces:
    """``web.ports.Nonces`` over storage."""

    kept: PostgresNonces

    async def claim(self, key_id: str, nonce: str, expires_at: datetime) -> bool:
        """True the first time."""
        return await asked(self.kept.claim(key_id, nonce, expires_at))


@frozen
class Codes:
    """``web.ports.Codes`` over storage."""

    kept: PostgresCodes[Principal]

    async def issue(self, who: Principal, expires_at: datetime) -> str:
        """A fresh code."""
        return await asked(self.kept.issue(who, expires_at))

    async def redeem(self, code: str, now: datetime) -> Principal | None:
        """The principal, once."""
        return await asked(self.kept.redeem(code, now))


@frozen
class Users:
    """``web.ports.Users`` over storage."""

    kept: PostgresUsers

    async def has_account(self, owner: Owner, accounts: frozenset[UUID] | None) -> bool:
        """Whether there is anything to see."""
        return await asked(self.kept.has_account(owner, accounts))

    async def epoch(self, owner: Owner) -> int:
        """The user's epoch."""
        return await asked(self.kept.epoch(owner))

    async def epoch_for_reading(self, owner: Owner) -> int:
        """The user's epoch, as last told while storage is away."""
        return await asked(self.kept.epoch_for_reading(owner))


@frozen
class Audit:
    """``web.ports.Audit`` over storage."""

    kept: PostgresAuditLog

    async def append(
        self,
        action: str,
        *,
        actor: str,
        site_id: str | None,
        subject: str,
        details: Mapping[str, Any],
    ) -> None:
        """Write one row."""
        await asked(
            self.kept.append(action, actor=actor, site_id=site_id, subject=subject, details=details)
        )


def principal_of(
    owner: Owner, accounts: frozenset[UUID] | None, token_id: str, act: str | None
) -> Principal:
    """Build the principal that a one-time code was issued for."""
    return Principal(owner, accounts, token_id, act)


@frozen
class Rooms:
    """The rooms of the supervisor that the web layer is led to."""

    reading: ReadingRoom
    exports: ExportRoom
    staff: StaffRoom
    commands: CommandRoom
    ops: OpsRoom
    nonces: Nonces
    codes: Codes
    users: Users
    audit: Audit
    limiter: Limiter


def web_deps(
    settings: Settings,
    rooms: Rooms,
    board: Board,
    clock: Clock,
    version: str,
    demo: Callable[[], Awaitable[str]] | None = None,
) -> Deps:
    """Everything that ``create_app`` needs. Raises ValueError for keys that must not go live."""
    return Deps(
        clock=clock,
        accounts=rooms.reading,
        exports=rooms.exports,
        staff=rooms.staff,
        commands=rooms.commands,
        nonces=rooms.nonces,
        codes=rooms.codes,
        users=rooms.users,
        limiter=rooms.limiter,
        audit=rooms.audit,
        ops=rooms.ops,
        tokens=token_office(settings, clock),
        ring=key_ring(
            SiteKey(key.key_id, key.site_id, key.scopes, key.secret.reveal())
            for key in settings.site_keys
        ),
        audiences=origins(settings.origins),
        pepper=settings.pepper.reveal(),
        version=version,
        edge=EdgeConfig(
            allowed_origins=frozenset(settings.cors_origins),
            frame_ancestors=settings.frame_ancestors,
            https=any(urlsplit(origin).scheme == "https" for origin in settings.origins),
        ),
        trusted_hops=settings.trusted_proxies,
        board=board,
        dashboard=load_dashboard(settings.dashboard_folder),
        demo=demo,
    )


def token_office(settings: Settings, clock: Clock) -> Tokens:
    """Mints and verifies users' tokens; the first configured origin is the audience."""
    return Tokens(
        keys={key.key_id: key.secret.reveal() for key in settings.token_keys},
        current_kid=settings.token_key_id,
        issuer=ISSUER,
        audience=settings.origins[0],
        clock=clock,
    )
