"""Privacy: export, erasure and the end of all tokens of one user."""

from actors.domain.account import Owner
from web.limits import LimitClass
from web.problems import Code
from web.route import Answered, Call, Route
from web.routes.answers import BUSY, REPEATED, told
from web.routes.staff import ADMIN, said
from web.schemas.staff import CommandReply, ExportReply, StaffAction


async def export(call: Call) -> Answered:
    """Everything stored about the user, never a credential. It changes nothing: no key of a job."""
    owner = _owner(call)
    actor, reason = said(call.body)
    stored = await call.deps.commands.export_user(call.change(actor=actor, reason=reason), owner)
    return Answered(
        ExportReply(wp_user_id=owner.wp_user_id, exported_at=call.now, stored=dict(stored))
    )


async def erase(call: Call) -> Answered:
    """Pseudonymise the user's rows and erase payloads."""
    owner = _owner(call)
    actor, reason = said(call.body)
    return told(await call.deps.commands.erase_user(call.change(actor=actor, reason=reason), owner))


async def revoke(call: Call) -> Answered:
    """End all of the user's tokens within 5 s."""
    owner = _owner(call)
    actor, reason = said(call.body)
    return told(
        await call.deps.commands.revoke_user(call.change(actor=actor, reason=reason), owner)
    )


def _owner(call: Call) -> Owner:
    return Owner(call.signer.site_id, call.user_id())


_ONE = "/api/s2s/users/{wp_user_id}"
_REFUSALS = (Code.NOT_FOUND, *REPEATED, *BUSY)

ROUTES = (
    Route(
        method="POST",
        path=_ONE + "/export",
        title="Export what is stored about a user",
        policy=ADMIN,
        limit=LimitClass.ADMIN,
        handler=export,
        body=StaffAction,
        replies={200: ExportReply},
        refusals=(Code.UNAVAILABLE,),
    ),
    Route(
        method="POST",
        path=_ONE + "/erase",
        title="Erase a user",
        policy=ADMIN,
        limit=LimitClass.ADMIN,
        handler=erase,
        body=StaffAction,
        replies={200: CommandReply},
        refusals=_REFUSALS,
        needs_key=True,
    ),
    Route(
        method="POST",
        path=_ONE + "/revoke",
        title="End all of a user's tokens",
        policy=ADMIN,
        limit=LimitClass.ADMIN,
        handler=revoke,
        body=StaffAction,
        replies={200: CommandReply},
        refusals=_REFUSALS,
        needs_key=True,
    ),
)
