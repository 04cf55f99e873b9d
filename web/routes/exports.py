"""Exports: order a file, watch it being made, get a ticket, download it."""

import re
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from actors.domain.export import ExportFormat, ExportJob, ExportOrder, ExportState
from actors.domain.history import TradeFilter
from web.export_port import Download, ExportRefusal
from web.limits import LimitClass
from web.problems import Code, FieldCode, FieldError, Problem, rate_limited, unavailable
from web.route import PUBLIC, USER, USER_CHANGE, Answered, Call, Raw, Route
from web.routes.answers import found
from web.schemas.base import invalid
from web.schemas.exports import DownloadQuery, ExportBody, ExportJobReply, TicketReply

_TRY_AGAIN_SECONDS = 10.0
_TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")


async def order(call: Call) -> Answered:
    """Order a file: 201 when it is ready, 202 while it is being made. The same key orders once."""
    body: ExportBody = call.body
    made = await call.deps.exports.order(
        call.who,
        call.uuid("account_id"),
        _order(body),
        key=call.idempotency_key,
        digest=call.body_digest,
    )
    if isinstance(made, ExportRefusal):
        raise _refused(made)
    job = found(made)
    under_way = job.state in (ExportState.QUEUED, ExportState.RUNNING)
    return Answered(_reply(job), 202 if under_way else 201)


def _refused(refusal: ExportRefusal) -> Problem:
    match refusal:
        case ExportRefusal.MISMATCH:
            return Problem(Code.IDEMPOTENCY_MISMATCH)
        case ExportRefusal.TOO_MANY:
            return rate_limited(_TRY_AGAIN_SECONDS)
        case ExportRefusal.BUSY:
            return unavailable()


def _order(body: ExportBody) -> ExportOrder:
    """Raises Problem 422 for a time zone that is none."""
    try:
        ZoneInfo(body.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        detail = "An IANA time zone such as Asia/Tehran."
        raise invalid(FieldError("time_zone", FieldCode.FORM, detail)) from None
    wanted = TradeFilter(
        symbol=body.symbol,
        side=body.side,
        from_at=body.from_,
        to_at=body.to,
        sort=body.sort,
        state=body.state,
    )
    return ExportOrder(
        format=body.format,
        what=body.what,
        wanted=wanted,
        language=body.language,
        time_zone=body.time_zone,
        instance_id=body.instance,
    )


def _reply(job: ExportJob) -> ExportJobReply:
    return ExportJobReply(
        export_id=job.export_id,
        account_id=job.account_id,
        format=job.order.format,
        what=job.order.what,
        state=job.state,
        rows_done=job.rows_done,
        rows_total=job.rows_total,
        size_bytes=job.size_bytes,
        fault=job.fault,
        created_at=job.created_at,
        expires_at=job.expires_at,
    )


async def look(call: Call) -> Answered:
    """How far the file is; poll it with its entity tag."""
    ids = call.uuid("account_id"), call.uuid("export_id")
    return Answered(_reply(found(await call.deps.exports.look(call.who, *ids))))


async def ticket(call: Call) -> Answered:
    """A link for one download, good for 60 seconds and for whoever holds it."""
    ids = call.uuid("account_id"), call.uuid("export_id")
    given = found(await call.deps.exports.ticket(call.who, *ids))
    if given.secret is None:
        raise Problem(Code.NOT_READY)
    url = f"/api/exports/download?ticket={given.secret}"
    return Answered(TicketReply(url=url, expires_at=given.expires_at))


async def download(call: Call) -> Answered:
    """The file, once for each ticket. A CSV streams; what ends early cuts the connection."""
    query: DownloadQuery = call.query
    opened = await call.deps.exports.redeem(query.ticket)
    if opened is None:
        raise Problem(Code.GONE)
    headers = {
        "content-disposition": _disposition(opened),
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }
    if opened.size_bytes is not None:
        headers["content-length"] = str(opened.size_bytes)
    kind = _TYPES[opened.job.order.format]
    return Answered(stream=opened.body, content_type=kind, headers=headers)


def _disposition(opened: Download) -> str:
    """An ASCII name that no header can be broken with, and the title's own letters (RFC 5987)."""
    job = opened.job
    login = _UNSAFE.sub("_", job.login)[:64]
    rest = f"-{login}-{job.created_at:%Y-%m-%d}.{job.order.format}"
    plain, pretty = job.order.what + rest, quote(opened.title + rest, safe="")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{pretty}"


_ALL = "/api/account/{account_id}/exports"

ROUTES = (
    Route(
        method="POST",
        path=_ALL,
        title="Order a file of trades or deals",
        policy=USER_CHANGE,
        limit=LimitClass.EXPORT,
        handler=order,
        body=ExportBody,
        replies={201: ExportJobReply, 202: ExportJobReply},
        refusals=(Code.IDEMPOTENCY_MISMATCH,),
        needs_key=True,
    ),
    Route(
        method="GET",
        path=_ALL + "/{export_id}",
        title="Show how far a file is",
        policy=USER,
        limit=LimitClass.DASHBOARD,
        handler=look,
        replies={200: ExportJobReply},
    ),
    Route(
        method="POST",
        path=_ALL + "/{export_id}/ticket",
        title="Get a link for one download",
        policy=USER_CHANGE,
        limit=LimitClass.DASHBOARD,
        handler=ticket,
        replies={200: TicketReply},
        refusals=(Code.NOT_READY,),
    ),
    Route(
        method="GET",
        path="/api/exports/download",
        title="Download a file",
        policy=PUBLIC,
        limit=LimitClass.ANONYMOUS,
        handler=download,
        query=DownloadQuery,
        replies={200: Raw("application/octet-stream")},
        refusals=(Code.GONE, Code.UNAVAILABLE),
        spends=True,
    ),
)
