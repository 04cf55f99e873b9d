"""Tokens for dashboards: exchange by the shop, and one-time codes for another origin."""

from datetime import timedelta

from actors.domain.account import Owner
from web.limits import LimitClass
from web.ports import Principal
from web.problems import Code, Problem
from web.route import PUBLIC, Answered, Call, Route, s2s
from web.schemas.staff import CodeReply, ExchangeBody, RedeemBody, TokenReply

CODE_LIFE = timedelta(seconds=60)


async def exchange(call: Call) -> Answered:
    """A token for a user who has at least one account."""
    return await _minted(call, await _principal(call, "token_issued"))


async def issue_code(call: Call) -> Answered:
    """A code that a dashboard redeems for a token."""
    expires_at = call.now + CODE_LIFE
    code = await call.deps.codes.issue(await _principal(call, "code_issued"), expires_at)
    return Answered(CodeReply(code=code, expires_at=expires_at))


async def redeem(call: Call) -> Answered:
    """The token for a code, once."""
    wanted: RedeemBody = call.body
    who = await call.deps.codes.redeem(wanted.code, call.now)
    if who is None or not await call.deps.users.has_account(who.owner, who.accounts):
        raise Problem(Code.GONE)
    return await _minted(call, who)


async def _principal(call: Call, action: str) -> Principal:
    """For whom the body asks. Raises Problem 403 (``act`` without admin) or 404."""
    body: ExchangeBody = call.body
    if body.act is not None and "admin" not in call.signer.scopes:
        raise Problem(Code.FORBIDDEN)
    owner = Owner(call.signer.site_id, body.wp_user_id)
    accounts = None if body.account_ids is None else frozenset(body.account_ids)
    if not await call.deps.users.has_account(owner, accounts):
        raise Problem(Code.NOT_FOUND)
    if body.act is not None:
        await call.deps.audit.append(
            action,
            actor=body.act,
            site_id=owner.site_id,
            subject=f"user:{owner.wp_user_id}",
            details={"request_id": call.request_id, "key_id": call.signer.key_id},
        )
    return Principal(owner, accounts, token_id="", act=body.act)


async def _minted(call: Call, who: Principal) -> Answered:
    epoch = await call.deps.users.epoch(who.owner)
    token, expires_at = call.deps.tokens.mint(who, epoch)
    return Answered(TokenReply(token=token, expires_at=expires_at))


ROUTES = (
    Route(
        method="POST",
        path="/api/auth/exchange",
        title="Mint a token for a logged-in user of the shop",
        policy=s2s("exchange"),
        limit=LimitClass.EXCHANGE,
        handler=exchange,
        body=ExchangeBody,
        replies={200: TokenReply},
        refusals=(Code.NOT_FOUND,),
    ),
    Route(
        method="POST",
        path="/api/auth/code",
        title="Issue a one-time code for a dashboard on its own origin",
        policy=s2s("exchange"),
        limit=LimitClass.EXCHANGE,
        handler=issue_code,
        body=ExchangeBody,
        replies={200: CodeReply},
        refusals=(Code.NOT_FOUND,),
    ),
    Route(
        method="POST",
        path="/api/auth/redeem",
        title="Redeem a one-time code for a token",
        policy=PUBLIC,
        limit=LimitClass.ANONYMOUS,
        handler=redeem,
        body=RedeemBody,
        replies={200: TokenReply},
        refusals=(Code.GONE, Code.UNAVAILABLE),
    ),
)
