"""The web layer's port to exports: order one, look at it, get a ticket, open the download."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from enum import Enum
from typing import Protocol, TypeAlias
from uuid import UUID

from attrs import frozen

from actors.domain.export import ExportJob, ExportOrder
from web.ports import Principal

Body: TypeAlias = Callable[[], AbstractAsyncContextManager[AsyncIterator[bytes]]]
"""Opens a download's bytes. Leaving ends the work behind it; a failure on the way is raised, so
that no client takes a part for the whole."""


class ExportRefusal(Enum):
    """Why an export was not ordered.

    MISMATCH: the key was used with another body. TOO_MANY: the user has as many under way as one
    may have. BUSY: this node has enough to do.
    """

    MISMATCH = "mismatch"
    TOO_MANY = "too_many"
    BUSY = "busy"


@frozen
class Ticket:
    """A right to one download until ``expires_at``; no ``secret`` when there is nothing to load."""

    secret: str | None
    expires_at: datetime


@frozen
class Download:
    """A finished export: what to call it, and its bytes. ``size_bytes`` None while it streams."""

    job: ExportJob
    title: str
    size_bytes: int | None
    body: Body


class Exports(Protocol):
    """Files for readers. Every method may raise Unavailable."""

    async def order(
        self, who: Principal, account_id: UUID, order: ExportOrder, *, key: str, digest: bytes
    ) -> ExportJob | ExportRefusal | None:
        """Order one, once per key; waits a moment for a small one. None: not the principal's."""
        ...

    async def look(self, who: Principal, account_id: UUID, export_id: UUID) -> ExportJob | None:
        """How far it is."""
        ...

    async def ticket(self, who: Principal, account_id: UUID, export_id: UUID) -> Ticket | None:
        """A ticket for one download; None when the export is not the principal's."""
        ...

    async def redeem(self, ticket: str) -> Download | None:
        """The download, once; None for unknown, used, expired or revoked tickets."""
        ...
