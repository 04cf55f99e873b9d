"""Exports of trades and deals as files."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, field

from actors.domain.export import ExportFault, ExportFormat, ExportState
from web.schemas.base import Form, Reply


class ExportBody(Form, frozen=True, kw_only=True):
    """What the file shall hold: filters and order as in the list of trades.

    Of deals, ``side``, ``from`` and ``to`` speak of the deal itself, ``state`` of its position.
    """

    format: ExportFormat
    what: Literal["trades", "deals"] = "trades"
    symbol: Annotated[str, Meta(min_length=1, max_length=32)] | None = None
    side: Literal["BUY", "SELL"] | None = None
    from_: Annotated[datetime, Meta(tz=True)] | None = field(default=None, name="from")
    to: Annotated[datetime, Meta(tz=True)] | None = None
    sort: Literal["close_time", "-close_time", "open_time", "-open_time", "net", "-net"] = (
        "-open_time"
    )
    state: Literal["open", "closed"] | None = None
    instance: UUID | None = None
    language: Literal["en", "fa"] = "en"
    time_zone: Annotated[str, Meta(min_length=1, max_length=64)] = "UTC"


class ExportJobReply(Reply, frozen=True, kw_only=True):
    """An export. ``fault`` says why it failed; ``rows_total`` may change once it runs.

    A CSV has no size: its rows are read in one snapshot of the database when it is downloaded.
    """

    export_id: UUID
    account_id: UUID
    format: ExportFormat
    what: Literal["trades", "deals"]
    state: ExportState
    rows_done: int
    rows_total: int
    size_bytes: int | None
    fault: ExportFault | None
    created_at: datetime
    expires_at: datetime


class TicketReply(Reply, frozen=True, kw_only=True):
    """Where the file can be had once, without a token, until ``expires_at``."""

    url: str
    expires_at: datetime


class DownloadQuery(Form, frozen=True, kw_only=True):
    """The ticket of a download."""

    ticket: Annotated[str, Meta(min_length=1, max_length=128)]
