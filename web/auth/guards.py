"""From a request to who sent it: a signed Caller, or the Principal of a bearer token.

The order of checks is CONTRACT 1's; every refusal of a signature looks the same from outside.
"""

import re
from collections.abc import Mapping

import structlog
from attrs import frozen
from quart import Request

from web.asgi import header_values, on_admin_port, request_id, target
from web.auth.signature import (
    SignatureFault,
    SignatureRefused,
    SignedRequest,
    Verified,
    verify,
)
from web.auth.tokens import Claims, TokenRefused, Tokens
from web.bodies import MAX_SIGNED_BODY_BYTES
from web.limits import LimitClass, RateGate
from web.ports import Caller, Clock, Nonces, Principal, SiteKey, Unavailable, Users
from web.problems import Code, Problem, unavailable

log = structlog.get_logger("web.auth")

LOOPBACK_OPERATOR = Caller("admin-port", "", frozenset({"ops"}))

SIGNATURE_CHALLENGE = {"www-authenticate": 'OneFunders-HMAC-SHA256 realm="onefunders"'}
_NO_TOKEN = {"www-authenticate": 'Bearer realm="onefunders"'}
_BAD_TOKEN = {"www-authenticate": 'Bearer realm="onefunders", error="invalid_token"'}
_MISSING = "missing_header"
_BEARER = re.compile(r"bearer ([A-Za-z0-9._-]+)", re.IGNORECASE)


@frozen
class SignatureGuard:
    """Checks server-to-server requests. ``audiences`` are this server's own origins."""

    ring: Mapping[str, SiteKey]
    audiences: frozenset[str]
    nonces: Nonces
    gate: RateGate
    clock: Clock

    async def caller(self, request: Request, limit_class: LimitClass, scope: str) -> Caller:
        """The verified caller, whose key has ``scope``. Raises Problem.

        413 too large, 429 too often, 401 for anything wrong with the signature, 403 without the
        scope, 503 when the nonce cannot be stored.
        """
        body = await _small_body(request)
        await self.gate.enter(limit_class, self._counted_key(request))
        try:
            verified = await self._verified(request, body)
        except SignatureRefused as refused:
            log.warning(
                "signature_refused",
                reason=refused.fault.value,
                skew_seconds=refused.skew_seconds,
                request_id=request_id(request.scope),
            )
            raise Problem(Code.UNAUTHORIZED, headers=SIGNATURE_CHALLENGE) from None
        key = verified.key
        if scope not in key.scopes:
            raise Problem(Code.FORBIDDEN)
        return Caller(key.key_id, key.site_id, key.scopes)

    async def operator(self, request: Request, limit_class: LimitClass = LimitClass.OPS) -> Caller:
        """An ops key's caller, or whoever reached the loopback admin port. Raises Problem."""
        if on_admin_port(request.scope):
            return LOOPBACK_OPERATOR
        return await self.caller(request, limit_class, "ops")

    def _counted_key(self, request: Request) -> str:
        """Key and address together: a stranger cannot use up the allowance of a key's owner."""
        claimed = header_values(request.scope, b"x-onefunders-key") or ("primary",)
        known = claimed[0] if claimed[0] in self.ring else "unknown"
        return f"{known}@{self.gate.address(request.scope)}"

    async def _verified(self, request: Request, body: bytes) -> Verified:
        signed = SignedRequest(
            method=request.method,
            target=target(request.scope),
            headers=tuple(
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, value in request.scope["headers"]
            ),
            body=body,
        )
        verified = verify(signed, self.ring, self.audiences, self.clock.now())
        try:
            fresh = await self.nonces.claim(
                verified.key.key_id, verified.nonce, verified.nonce_expires_at
            )
        except Unavailable:
            raise unavailable() from None
        if not fresh:
            raise SignatureRefused(SignatureFault.REPLAYED, verified.skew_seconds)
        return verified


async def _small_body(request: Request) -> bytes:
    """The raw body. Raises Problem 413 above 16 KiB, before anything is hashed."""
    if (request.content_length or 0) > MAX_SIGNED_BODY_BYTES:
        raise Problem(Code.TOO_LARGE)
    body = await request.get_data(cache=True, as_text=False, parse_form_data=False)
    if len(body) > MAX_SIGNED_BODY_BYTES:
        raise Problem(Code.TOO_LARGE)
    return body


@frozen
class TokenGuard:
    """Checks dashboard users' bearer tokens against the user's stored epoch."""

    tokens: Tokens
    users: Users
    gate: RateGate

    async def principal(
        self, request: Request, limit_class: LimitClass, *, changes: bool, subject: str = ""
    ) -> Principal:
        """Who asks. ``subject`` (an account id) makes the limit count per user and subject.

        Raises Problem: 401 without a token that holds now, 429, 403 for a read-only token where
        the route ``changes`` something, 503 when the epoch cannot be read (and, for a read, was
        not seen in the last ten minutes).
        """
        try:
            claims = self.tokens.verify(_bearer(request))
        except TokenRefused as refused:
            await self.gate.enter(LimitClass.ANONYMOUS, self.gate.address(request.scope))
            log.info("token_refused", reason=refused.reason, request_id=request_id(request.scope))
            challenge = _NO_TOKEN if refused.reason == _MISSING else _BAD_TOKEN
            raise Problem(Code.UNAUTHORIZED, headers=challenge) from None
        owner = claims.principal.owner
        await self.gate.enter(limit_class, f"{owner.site_id}|{owner.wp_user_id}|{subject}")
        await self._check_epoch(claims, reads=not changes)
        if changes and claims.principal.act is not None:
            raise Problem(Code.READ_ONLY)
        return claims.principal

    async def claims(self, token: str) -> Claims:
        """For a token that came inside a WebSocket message. Raises Problem 401 or 503."""
        try:
            claims = self.tokens.verify(token)
        except TokenRefused as refused:
            log.info("token_refused", reason=refused.reason)
            raise Problem(Code.UNAUTHORIZED, headers=_BAD_TOKEN) from None
        await self._check_epoch(claims, reads=False)
        return claims

    async def _check_epoch(self, claims: Claims, *, reads: bool) -> None:
        """While storage is away, reads go by the epoch that it told not long ago."""
        owner = claims.principal.owner
        users = self.users
        try:
            epoch = await (users.epoch_for_reading(owner) if reads else users.epoch(owner))
        except Unavailable:
            raise unavailable() from None
        if epoch != claims.epoch:
            log.info("token_refused", reason="revoked")
            raise Problem(Code.UNAUTHORIZED, headers=_BAD_TOKEN)


def _bearer(request: Request) -> str:
    values = header_values(request.scope, b"authorization")
    if not values:
        raise TokenRefused(_MISSING)
    found = _BEARER.fullmatch(values[0])
    if len(values) > 1 or found is None:
        raise TokenRefused("authorization_header")
    return found.group(1)
