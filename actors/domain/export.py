"""Exports: what a reader orders as a file, and how far the making of it is."""

from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from attrs import frozen

from actors.domain.history import TradeFilter


class ExportFormat(StrEnum):
    """The kinds of files."""

    CSV = "csv"
    XLSX = "xlsx"


class ExportState(StrEnum):
    """How far an export is. A done one may be downloaded until it expires."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"


class ExportFault(StrEnum):
    """Why an export failed.

    interrupted: its node stopped. deadline: it took too long. no_space: the disk or its quota is
    full. too_large: the file outgrew its bound. unavailable: the database went away. internal: a
    bug; the log has more.
    """

    INTERRUPTED = "interrupted"
    DEADLINE = "deadline"
    NO_SPACE = "no_space"
    TOO_LARGE = "too_large"
    UNAVAILABLE = "unavailable"
    INTERNAL = "internal"


@frozen
class ExportOrder:
    """What the file shall hold. ``wanted`` filters and sorts; its page and cursor do not count.

    ``time_zone`` is the IANA zone that times are written in.
    """

    format: ExportFormat
    what: Literal["trades", "deals"]
    wanted: TradeFilter
    language: Literal["en", "fa"]
    time_zone: str
    instance_id: UUID | None = None


@frozen
class ExportJob:
    """An ordered export. ``size_bytes`` is known of a finished file, never of a streamed one.

    ``login`` and ``digits`` (of the currency) are those of the account, as they were when it was
    ordered; ``streams``: there is no file, each download is read from the database as it is then.
    """

    export_id: UUID
    account_id: UUID
    life_id: UUID
    login: str
    digits: int | None
    order: ExportOrder
    state: ExportState
    rows_done: int
    rows_total: int
    size_bytes: int | None
    fault: ExportFault | None
    created_at: datetime
    expires_at: datetime

    @property
    def streams(self) -> bool:
        """Whether downloads stream from the database."""
        return self.order.format is ExportFormat.CSV
