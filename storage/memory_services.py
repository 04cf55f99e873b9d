"""The web layer's small services in dicts: for tests and a demo without a database.

The same contract tests run against these and their PostgreSQL twins.
"""

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Generic
from uuid import UUID

import msgspec
from attrs import define, field

from actors.domain.account import Owner
from storage.audit_chain import GENESIS, AuditRow, ChainReport, check_chain, link
from storage.audit_log import Dating
from storage.claims import Claim, Claimed, Finished, Mismatch, Running
from storage.codes import MakePrincipal, P, code_hash, new_code, principal_text, read_principal


@define
class MemoryNonces:
    """Single use of nonces, as long as the process lives."""

    _seen: dict[tuple[str, str], datetime] = field(factory=dict, init=False)

    async def claim(self, key_id: str, nonce: str, expires_at: datetime) -> bool:
        """True the first time, False when seen."""
        if (key_id, nonce) in self._seen:
            return False
        self._seen[key_id, nonce] = expires_at
        return True

    async def purge(self, before: datetime) -> int:
        """Forget nonces that expired before ``before``; returns how many."""
        gone = [name for name, expires_at in self._seen.items() if expires_at < before]
        for name in gone:
            del self._seen[name]
        return len(gone)


@define
class _Entry:
    digest: bytes
    claimed: Claimed
    expires_at: datetime
    answer: bytes | None = None


@define
class MemoryIdempotency:
    """Claims of idempotency keys, with the same rules as the stored ones."""

    takeover_seconds: float = 30.0
    keep_seconds: float = 86_400.0
    _entries: dict[tuple[str, str], _Entry] = field(factory=dict, init=False)

    async def claim(self, scope: str, key: str, digest: bytes, now: datetime) -> Claim:
        """Claim ``key`` for the request whose keyed body digest is ``digest``."""
        entry = self._entries.get((scope, key))
        if entry is not None and entry.expires_at > now:
            if not hmac.compare_digest(entry.digest, digest):
                return Mismatch()
            if entry.answer is not None:
                return Finished(msgspec.json.decode(entry.answer))
            if now - entry.claimed.claimed_at < timedelta(seconds=self.takeover_seconds):
                return Running()
        claimed = Claimed(now, taken_over=entry is not None)
        expires_at = now + timedelta(seconds=self.keep_seconds)
        self._entries[scope, key] = _Entry(digest, claimed, expires_at)
        return claimed

    async def finish(
        self, scope: str, key: str, claimed: Claimed, answer: Mapping[str, Any]
    ) -> bool:
        """Store the answer; False when the claim was taken over meanwhile."""
        entry = self._held(scope, key, claimed)
        if entry is None:
            return False
        entry.answer = msgspec.json.encode(answer)
        return True

    async def release(self, scope: str, key: str, claimed: Claimed) -> None:
        """Give the key back unanswered."""
        if self._held(scope, key, claimed) is not None:
            del self._entries[scope, key]

    def _held(self, scope: str, key: str, claimed: Claimed) -> _Entry | None:
        entry = self._entries.get((scope, key))
        if entry is None or entry.answer is not None:
            return None
        return entry if entry.claimed.claimed_at == claimed.claimed_at else None


@define
class MemoryCodes(Generic[P]):
    """One-time codes; like the stored ones, only hashes are kept."""

    make_principal: MakePrincipal[P]
    users: "MemoryUsers"
    _codes: dict[bytes, tuple[str, datetime, int]] = field(factory=dict, init=False)

    async def issue(self, who: P, expires_at: datetime) -> str:
        """A fresh code bound to the principal."""
        code = new_code()
        epoch = await self.users.epoch(who.owner)
        self._codes[code_hash(code)] = (principal_text(who), expires_at, epoch)
        return code

    async def redeem(self, code: str, now: datetime) -> P | None:
        """The principal, once; None for unknown, used, expired or revoked codes."""
        text, expires_at, epoch = self._codes.pop(code_hash(code), ("", now, 0))
        if expires_at <= now:
            return None
        who = read_principal(text, self.make_principal)
        return who if await self.users.epoch(who.owner) == epoch else None


@define
class MemoryUsers:
    """Users by the accounts they own; ``owned`` is filled by whoever connects accounts."""

    owned: dict[Owner, set[UUID]] = field(factory=dict)
    _epochs: dict[Owner, int] = field(factory=dict, init=False)

    async def has_account(self, owner: Owner, accounts: frozenset[UUID] | None) -> bool:
        """True when the owner has at least one account, and all of ``accounts`` when given."""
        owned = self.owned.get(owner, set())
        return bool(owned) and owned.issuperset(accounts or ())

    async def epoch(self, owner: Owner) -> int:
        """The user's epoch, 0 when never revoked."""
        return self._epochs.get(owner, 0)

    async def epoch_for_reading(self, owner: Owner) -> int:
        """The epoch: memory is never away."""
        return self._epochs.get(owner, 0)

    async def bump_epoch(self, owner: Owner, now: datetime) -> int:  # noqa: ARG002  (the port's)
        """Raise the user's epoch by one. Returns it."""
        self._epochs[owner] = self._epochs.get(owner, 0) + 1
        return self._epochs[owner]


@define
class MemorySettings:
    """Settings of the accounts that ``owned`` tells (share it with MemoryUsers)."""

    owned: dict[Owner, set[UUID]] = field(factory=dict)
    _saved: dict[tuple[Owner, UUID], bytes] = field(factory=dict, init=False)

    async def get(self, owner: Owner, account_id: UUID) -> Mapping[str, Any] | None:
        """The settings, empty when never saved; None when the account is not the owner's."""
        if account_id not in self.owned.get(owner, ()):
            return None
        return msgspec.json.decode(self._saved.get((owner, account_id), b"{}"), type=dict[str, Any])

    async def save(
        self,
        owner: Owner,
        account_id: UUID,
        settings: Mapping[str, Any],
        now: datetime,  # noqa: ARG002  (the port's)
    ) -> bool:
        """Replace the settings; False when the account is not the owner's."""
        if account_id not in self.owned.get(owner, ()):
            return False
        self._saved[owner, account_id] = msgspec.json.encode(settings)
        return True


@define
class MemoryAuditLog:
    """The audit log as a list, chained like the stored one."""

    clock: Dating
    rows: list[AuditRow] = field(factory=list, init=False)

    async def append(
        self,
        action: str,
        *,
        actor: str,
        site_id: str | None,
        subject: str,
        details: Mapping[str, Any],
    ) -> None:
        """Write one row behind the last one."""
        prev = (self.rows[-1].seq, self.rows[-1].hash) if self.rows else (0, GENESIS)
        words = {"action": action, "actor": actor, "subject": subject}
        self.rows.append(link(prev, self.clock.now(), **words, site_id=site_id, details=details))

    async def verify(self) -> ChainReport:
        """Check the whole chain."""
        return check_chain(self.rows)
