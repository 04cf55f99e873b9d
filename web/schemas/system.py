"""Health, the supervisor's status, and the reader's settings."""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta

from actors.domain.account import ConnectionState, Tier
from web.schemas.base import Form, PageNumber, PageSize, Reply


class Nothing(Form, frozen=True, kw_only=True):
    """No parameters."""


class HealthReply(Reply, frozen=True, kw_only=True):
    """Only whether it works: no version, no parts."""

    status: Literal["ok", "unavailable"]


class ReadyQuery(Form, frozen=True, kw_only=True):
    """``verbose`` names the parts; for an ops key, or on the admin port."""

    verbose: Literal["", "1", "true"] | None = None


class ReadyReply(Reply, frozen=True, kw_only=True):
    """Readiness, and its parts where they may be told."""

    status: Literal["ok", "unavailable"]
    parts: dict[str, bool] | None = None


class StatusQuery(Form, frozen=True, kw_only=True):
    """Page, filters and order of the actors."""

    page: PageNumber = 1
    limit: PageSize = 50
    state: ConnectionState | None = None
    tier: Tier | None = None
    sort: Annotated[str, Meta(pattern="^-?[a-z_]{1,32}$(?!\n)")] = "lag"


class StatusReply(Reply, frozen=True, kw_only=True):
    """Totals by state and tier, and a page of actors, as the supervisor tells them."""

    server_now: datetime
    page: int
    limit: int
    status: dict[str, Any]


class SyncReply(Reply, frozen=True, kw_only=True):
    """A sync was asked for; ``rev`` is the last committed one."""

    accepted: bool
    rev: int | None


class Alerts(Form, frozen=True, kw_only=True):
    """What the reader wants to be told of."""

    warning: bool = True
    critical: bool = True
    breach: bool = True
    connection: bool = True


class Display(Form, frozen=True, kw_only=True):
    """How pages show themselves."""

    theme: Literal["system", "light", "dark"] = "system"
    calendar: Literal["gregorian", "jalali"] = "gregorian"
    digits: Literal["latin", "persian"] = "latin"


class Settings(Form, frozen=True, kw_only=True):
    """The reader's settings for one account; a PUT replaces them all."""

    language: Literal["en", "fa"] = "en"
    time_zone: Annotated[str, Meta(pattern="^[A-Za-z0-9_+/-]{1,64}$(?!\n)")] = "Asia/Tehran"
    alerts: Alerts = Alerts()
    display: Display = Display()
