"""One-time codes: stored only as SHA-256, used once, decided by one UPDATE.

A code holds the user's epoch of its issue: a revocation ends codes like tokens.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

import msgspec
from attrs import frozen

from actors.domain.account import Owner
from storage.postgres import Connection, Database

_CODE_BYTES = 32
_ISSUE = """
INSERT INTO login_codes (code_hash, principal, expires_at)
SELECT $1, $2::text::jsonb || jsonb_build_object('epoch', coalesce(
    (SELECT epoch FROM user_epochs WHERE site_id = $4 AND wp_user_id = $5), 0)), $3
"""
_REDEEM = """
UPDATE login_codes c SET used_at = $2
WHERE code_hash = $1 AND used_at IS NULL AND expires_at > $2
  AND (principal ->> 'epoch')::bigint = coalesce(
    (SELECT epoch FROM user_epochs u WHERE u.site_id = c.principal #>> '{owner,site_id}'
       AND u.wp_user_id = (c.principal #>> '{owner,wp_user_id}')::bigint), 0)
RETURNING principal::text
"""


class PrincipalLike(Protocol):
    """What a principal must tell to be stored under a code."""

    @property
    def owner(self) -> Owner:
        """Whose accounts."""
        ...

    @property
    def accounts(self) -> frozenset[UUID] | None:
        """Which of them, None for all."""
        ...

    @property
    def token_id(self) -> str:
        """Id of the token that asked."""
        ...

    @property
    def act(self) -> str | None:
        """Staff id of a read-only view."""
        ...


P = TypeVar("P", bound=PrincipalLike)
MakePrincipal = Callable[[Owner, frozenset[UUID] | None, str, str | None], P]


@frozen
class PostgresCodes(Generic[P]):
    """One-time codes. ``make_principal(owner, accounts, token_id, act)`` builds what is redeemed.

    Both methods may raise StoreUnavailable.
    """

    database: Database
    make_principal: MakePrincipal[P]

    async def issue(self, who: P, expires_at: datetime) -> str:
        """A fresh code (256 random bits) bound to the principal."""
        code, text, owner = new_code(), principal_text(who), who.owner

        async def job(connection: Connection) -> None:
            await connection.execute(
                _ISSUE, code_hash(code), text, expires_at, owner.site_id, owner.wp_user_id
            )

        await self.database.execute(job)
        return code

    async def redeem(self, code: str, now: datetime) -> P | None:
        """The principal, once; None for unknown, used, expired or revoked codes."""
        digest = code_hash(code)

        async def job(connection: Connection) -> Any:
            return await connection.fetchval(_REDEEM, digest, now)

        text = await self.database.execute(job)
        return None if text is None else read_principal(text, self.make_principal)


def new_code() -> str:
    """Return a fresh code as url-safe text."""
    return secrets.token_urlsafe(_CODE_BYTES)


def code_hash(code: str) -> bytes:
    """Return the only form of ``code`` that is stored; any text may be asked for."""
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).digest()


def principal_text(who: PrincipalLike) -> str:
    """Return the principal as JSON."""
    accounts = None if who.accounts is None else sorted(map(str, who.accounts))
    owner = {"site_id": who.owner.site_id, "wp_user_id": who.owner.wp_user_id}
    document = {"owner": owner, "accounts": accounts, "token_id": who.token_id, "act": who.act}
    return msgspec.json.encode(document).decode()


def read_principal(text: str, make: MakePrincipal[P]) -> P:
    """Return the principal that ``principal_text`` wrote."""
    document = msgspec.json.decode(text)
    accounts = document["accounts"]
    narrowed = None if accounts is None else frozenset(map(UUID, accounts))
    return make(Owner(**document["owner"]), narrowed, document["token_id"], document["act"])
