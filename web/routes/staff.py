"""The shop's staff: accounts of the site, and the actions of admins on one account."""

from attrs import asdict

from actors.domain.history import AccountFilter
from web.limits import LimitClass
from web.problems import Code
from web.route import Answered, Call, Handler, Route, s2s
from web.routes.answers import BUSY, LOGIN_REFUSED, REPEATED, found, refuse_all, told
from web.schemas import forms
from web.schemas.base import Form
from web.schemas.staff import (
    CommandReply,
    CredentialsBody,
    InitialBalanceBody,
    LogItem,
    LogReply,
    OverrideBody,
    PageQuery,
    PingReply,
    ResetBody,
    StaffAccount,
    StaffAccounts,
    StaffAccountsQuery,
    StaffAction,
)
from web.views import staff_account

ADMIN = s2s("admin")


async def ping(call: Call) -> Answered:
    """The plugin's connection test."""
    reply = PingReply(
        ok=True,
        key_id=call.signer.key_id,
        site_id=call.signer.site_id,
        scopes=sorted(call.signer.scopes),
        skew_seconds=call.skew_seconds,
        version=call.deps.version,
        server_now=call.now,
    )
    return Answered(reply)


async def list_accounts(call: Call) -> Answered:
    """The site's accounts, filtered, sorted and paged."""
    query: StaffAccountsQuery = call.query
    wanted = AccountFilter(call.signer.site_id, query.status, query.q, query.wp_user_id, query.sort)
    page = await call.deps.staff.accounts(wanted, query.page, query.limit)
    accounts = [staff_account(view, call.now) for view in page.items]
    reply = StaffAccounts(accounts=accounts, total=page.total, page=query.page, limit=query.limit)
    return Answered(reply)


async def one_account(call: Call) -> Answered:
    """One account of the site."""
    view = await call.deps.staff.account(call.signer.site_id, call.uuid("account_id"))
    return Answered(staff_account(found(view), call.now))


async def logs(call: Call) -> Answered:
    """The account's connection log."""
    query: PageQuery = call.query
    kept = await call.deps.staff.logs(
        call.signer.site_id, call.uuid("account_id"), query.page, query.limit
    )
    page = found(kept)
    rows = [LogItem(**asdict(row, recurse=False)) for row in page.items]
    return Answered(LogReply(logs=rows, total=page.total, page=query.page, limit=query.limit))


def said(body: StaffAction, *refused: forms.Refused) -> tuple[str, str]:
    """Actor and reason. Raises Problem 422 with these and the other refused fields."""
    errors = list(refused)
    for name, text in (("actor", body.actor), ("reason", body.reason)):
        try:
            forms.plain_text(name, text)
        except forms.Refused as error:
            errors.append(error)
    refuse_all(errors)
    return body.actor, body.reason


async def reconnect(call: Call) -> Answered:
    """Leave a rejected or waiting state and log in again."""
    actor, reason = said(call.body)
    asked = call.change(actor=actor, reason=reason)
    return told(await call.deps.commands.reconnect(asked, call.uuid("account_id")))


async def deactivate(call: Call) -> Answered:
    """Stop watching; the password is erased, the history stays."""
    actor, reason = said(call.body)
    asked = call.change(actor=actor, reason=reason)
    return told(await call.deps.commands.deactivate(asked, call.uuid("account_id")))


async def credentials(call: Call) -> Answered:
    """A new investor password."""
    body: CredentialsBody = call.body
    refused = _refused_password(body.investor_pass)
    actor, reason = said(body, *refused)
    asked = call.change(actor=actor, reason=reason)
    account_id = call.uuid("account_id")
    return told(await call.deps.commands.credentials(asked, account_id, body.investor_pass))


def _refused_password(text: str) -> list[forms.Refused]:
    try:
        forms.investor_pass(text)
    except forms.Refused as error:
        return [error]
    return []


async def reset(call: Call) -> Answered:
    """A new life: the same plan again, another plan, or the next phase."""
    body: ResetBody = call.body
    refused: list[forms.Refused] = []
    if body.account_type is not None:
        try:
            forms.plan_name(body.account_type)
        except forms.Refused as error:
            refused.append(error)
    actor, reason = said(body, *refused)
    asked = call.change(actor=actor, reason=reason)
    result = await call.deps.commands.reset(
        asked, call.uuid("account_id"), account_type=body.account_type, phase=body.phase
    )
    return told(result)


async def initial_balance(call: Call) -> Answered:
    """Set the initial balance by hand."""
    body: InitialBalanceBody = call.body
    refused: list[forms.Refused] = []
    try:
        forms.money("initial_balance", body.initial_balance)
    except forms.Refused as error:
        refused.append(error)
    actor, reason = said(body, *refused)
    asked = call.change(actor=actor, reason=reason)
    account_id = call.uuid("account_id")
    return told(await call.deps.commands.initial_balance(asked, account_id, body.initial_balance))


async def override(call: Call) -> Answered:
    """Append a human's word on a violation."""
    body: OverrideBody = call.body
    actor, reason = said(body)
    asked = call.change(actor=actor, reason=reason)
    return told(await call.deps.commands.override(asked, call.uuid("violation_id"), body.decision))


def _action(path: str, title: str, handler: Handler, body: type[Form], *more: Code) -> Route:
    """A changing route of the staff: signed, keyed, audited."""
    return Route(
        method="POST",
        path=path,
        title=title,
        policy=ADMIN,
        limit=LimitClass.ADMIN,
        handler=handler,
        body=body,
        replies={200: CommandReply, 202: CommandReply},
        refusals=(Code.NOT_FOUND, Code.INVALID, *more, *REPEATED, *BUSY),
        needs_key=True,
    )


_ONE = "/api/s2s/accounts/{account_id}"

ROUTES = (
    Route(
        method="GET",
        path="/api/s2s/ping",
        title="Test signature, clock and version",
        policy=ADMIN,
        limit=LimitClass.ADMIN,
        handler=ping,
        replies={200: PingReply},
    ),
    Route(
        method="GET",
        path="/api/s2s/accounts",
        title="List the site's accounts",
        policy=ADMIN,
        limit=LimitClass.ADMIN,
        handler=list_accounts,
        query=StaffAccountsQuery,
        replies={200: StaffAccounts},
    ),
    Route(
        method="GET",
        path=_ONE,
        title="Show one account",
        policy=ADMIN,
        limit=LimitClass.ADMIN,
        handler=one_account,
        replies={200: StaffAccount},
    ),
    Route(
        method="GET",
        path=_ONE + "/logs",
        title="Show an account's connection log",
        policy=ADMIN,
        limit=LimitClass.ADMIN,
        handler=logs,
        query=PageQuery,
        replies={200: LogReply},
    ),
    _action(_ONE + "/reconnect", "Log in again", reconnect, StaffAction, *LOGIN_REFUSED),
    _action(_ONE + "/deactivate", "Stop watching an account", deactivate, StaffAction),
    _action(
        _ONE + "/credentials", "Set a new password", credentials, CredentialsBody, *LOGIN_REFUSED
    ),
    _action(_ONE + "/reset", "Start a new life", reset, ResetBody, Code.UNKNOWN_PLAN),
    _action(
        _ONE + "/initial-balance", "Set the initial balance", initial_balance, InitialBalanceBody
    ),
    _action(
        "/api/s2s/violations/{violation_id}/override",
        "Add a human's word on a violation",
        override,
        OverrideBody,
    ),
)
