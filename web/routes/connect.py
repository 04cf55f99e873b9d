"""POST /api/connect: the seed's way in for a new account."""

from collections.abc import Callable

from web.limits import LimitClass
from web.ports import ConnectRequest
from web.problems import Code
from web.route import Answered, Call, Route, s2s
from web.routes.answers import BUSY, LOGIN_REFUSED, REPEATED, refuse_all, went_well
from web.schemas import forms
from web.schemas.messages import MESSAGES, MessageCode
from web.schemas.staff import ConnectBody, ConnectReply


async def connect(call: Call) -> Answered:
    """Start watching an account; waits at most 10 s for its first login."""
    wanted = _wanted(call.signer.site_id, call.body)
    result = await call.deps.commands.connect(call.change(), wanted)
    code = went_well(result)
    assert result.account_id is not None  # noqa: S101 - a started account has an id
    reply = ConnectReply(
        success=True,
        account_id=result.account_id,
        message=MESSAGES[code],
        code=code,
        rev=result.rev,
    )
    return Answered(reply, 202 if code is MessageCode.CONNECTING else 200)


def _wanted(site_id: str, body: ConnectBody) -> ConnectRequest:
    """The body in strict form. Raises Problem 422 that names every refused field."""
    refused: list[forms.Refused] = []

    def checked(check: Callable[[str], str], text: str) -> str:
        try:
            return check(text)
        except forms.Refused as error:
            refused.append(error)
            return text

    wanted = ConnectRequest(
        site_id=site_id,
        wp_user_id=body.wp_user_id,
        login=checked(forms.login, body.login),
        server=checked(forms.server, body.server),
        account_type=checked(forms.plan_name, body.account_type),
        investor_pass=checked(forms.investor_pass, body.investor_pass),
        initial_balance=body.initial_balance,
        order_id=None if body.order_id is None else checked(_order, body.order_id),
        currency=None if body.currency is None else checked(forms.currency, body.currency),
        phase=body.phase,
    )
    if body.initial_balance is not None:
        try:
            forms.money("initial_balance", body.initial_balance)
        except forms.Refused as error:
            refused.append(error)
    refuse_all(refused)
    return wanted


def _order(text: str) -> str:
    return forms.plain_text("order_id", text, 64)


ROUTES = (
    Route(
        method="POST",
        path="/api/connect",
        title="Connect an MT5 account",
        policy=s2s("connect"),
        limit=LimitClass.CONNECT,
        handler=connect,
        body=ConnectBody,
        replies={200: ConnectReply, 202: ConnectReply},
        refusals=(Code.OWNED_BY_OTHER, Code.UNKNOWN_PLAN, *LOGIN_REFUSED, *REPEATED, *BUSY),
        needs_key=True,
    ),
)
