"""Bearer tokens of dashboard users: minting, and verification stricter than the library's.

PyJWT checks the HMAC. Everything that it would let pass (RELIABILITY 5) is refused here first:
the token must be byte for byte one that :meth:`Tokens.mint` could have written.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import jwt
from attrs import frozen

from actors.domain.account import Owner
from web.ports import Clock, Principal

LIFE_SECONDS = 900
MAX_TOKEN_BYTES = 2048
# A token that names more accounts would not fit into MAX_TOKEN_BYTES.
MAX_NAMED_ACCOUNTS = 24
# Clocks of two nodes may differ by this much; an expired token gets no such grace.
SKEW_SECONDS = 5
MIN_KEY_BYTES = 32
MAX_LIVE_KEYS = 2
SCOPE_OWNER = "dashboard"
SCOPE_READ = "dashboard:read"

_ALGORITHM = "HS256"
_TYPE = "JWT"
_SEGMENTS = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_KID = re.compile(r"[A-Za-z0-9_-]{1,32}")
_SUBJECT = re.compile(r"[1-9][0-9]{0,15}")
_SITE = re.compile(r"[!-~]{1,128}")
_ACT = re.compile(r"[A-Za-z0-9._@:-]{1,64}")
_MAX_USER_ID = 2**53 - 1
_MAX_SECONDS = 2**33
_HEADER_NAMES = frozenset({"alg", "typ", "kid"})
_REQUIRED = frozenset({"iss", "aud", "sub", "site", "epoch", "iat", "nbf", "exp", "jti", "scope"})
_OPTIONAL = frozenset({"accounts", "act"})


class TokenRefused(Exception):
    """The token is not one of ours, or no longer. ``reason`` is a fixed word for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@frozen
class Claims:
    """What a verified token says. ``epoch`` must still equal the stored one of the user."""

    principal: Principal
    expires_at: datetime

    @property
    def epoch(self) -> int:
        """The user's epoch at which the token was minted."""
        return self.principal.epoch


@frozen
class Tokens:
    """Mints and verifies tokens under at most two live keys, by exact ``kid``.

    ``keys`` maps key ids to at least 32 secret bytes; ``issuer`` and ``audience`` are compared
    exactly. Raises ValueError for keys that must not go live.
    """

    keys: Mapping[str, bytes]
    current_kid: str
    issuer: str
    audience: str
    clock: Clock
    new_id: Callable[[], UUID] = uuid4

    def __attrs_post_init__(self) -> None:
        if self.current_kid not in self.keys or len(self.keys) > MAX_LIVE_KEYS:
            raise ValueError("the current kid must be one of at most two keys")
        for kid, secret in self.keys.items():
            if _KID.fullmatch(kid) is None or len(secret) < MIN_KEY_BYTES:
                raise ValueError("a token key needs a plain kid and at least 32 bytes")
            if len(set(secret)) < 8:
                raise ValueError("a token key is a placeholder")

    def mint(self, principal: Principal, epoch: int) -> tuple[str, datetime]:
        """A fresh token and when it ends. The principal's ``token_id`` and ``epoch`` do not count.

        Raises ValueError when the principal cannot be written into a token of 2 KB.
        """
        issued = int(self.clock.now().timestamp())
        ends = issued + LIFE_SECONDS
        payload = self._payload(principal, epoch, issued)
        token = jwt.encode(
            payload, self.keys[self.current_kid], _ALGORITHM, {"kid": self.current_kid}
        )
        if len(token) > MAX_TOKEN_BYTES:
            raise ValueError("too many accounts for one token")
        return token, datetime.fromtimestamp(ends, UTC)

    def _payload(self, principal: Principal, epoch: int, issued: int) -> dict[str, Any]:
        payload: dict[str, Any] = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": str(principal.owner.wp_user_id),
            "site": principal.owner.site_id,
            "epoch": epoch,
            "iat": issued,
            "nbf": issued,
            "exp": issued + LIFE_SECONDS,
            "jti": str(self.new_id()),
            "scope": SCOPE_OWNER if principal.act is None else SCOPE_READ,
        }
        if principal.accounts is not None:
            payload["accounts"] = sorted(str(account) for account in principal.accounts)
        if principal.act is not None:
            payload["act"] = principal.act
        try:
            _read_payload(payload)
        except TokenRefused as refused:
            raise ValueError(f"the principal does not fit a token: {refused.reason}") from refused
        return payload

    def verify(self, token: str) -> Claims:
        """The claims of a token that holds now. Raises TokenRefused."""
        header, payload, signature = _segments(token)
        kid = _kid(_json_object(header))
        secret = self.keys.get(kid)
        if secret is None:
            raise TokenRefused("unknown_kid")
        if len(signature) != 32:
            raise TokenRefused("signature_length")
        _check_signature(token, secret)
        claims = _json_object(payload)
        self._check_standing(claims)
        return _read_payload(claims)

    def _check_standing(self, claims: dict[str, Any]) -> None:
        """Issuer, audience and times against our own clock."""
        if not _REQUIRED <= claims.keys() <= _REQUIRED | _OPTIONAL:
            raise TokenRefused("claim_names")
        if claims["iss"] != self.issuer or claims["aud"] != self.audience:
            raise TokenRefused("issuer_or_audience")
        issued, not_before, ends = (_seconds(claims[name]) for name in ("iat", "nbf", "exp"))
        if not (issued < ends <= issued + LIFE_SECONDS and issued <= not_before < ends):
            raise TokenRefused("life")
        now = self.clock.now().timestamp()
        if now >= ends:
            raise TokenRefused("expired")
        if max(issued, not_before) > now + SKEW_SECONDS:
            raise TokenRefused("not_yet")


def _segments(token: str) -> tuple[bytes, bytes, bytes]:
    if len(token) > MAX_TOKEN_BYTES or _SEGMENTS.fullmatch(token) is None:
        raise TokenRefused("form")
    header, payload, signature = (_unbase64(part) for part in token.split("."))
    return header, payload, signature


def _unbase64(text: str) -> bytes:
    """Decode canonical, unpadded base64url only: one token has one spelling."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise TokenRefused("base64") from error
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii") != text:
        raise TokenRefused("base64")
    return raw


def _json_object(raw: bytes) -> dict[str, Any]:
    """A JSON object without doubled keys, floats or constants such as NaN."""
    try:
        document = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_float=_no_number,
            parse_constant=_no_number,
        )
    except (ValueError, RecursionError) as error:
        raise TokenRefused("json") from error
    if not isinstance(document, dict):
        raise TokenRefused("json")
    return document


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("doubled key")
    return members


def _no_number(text: str) -> Any:
    raise ValueError(f"{text[:16]} is not an integer")


def _kid(header: dict[str, Any]) -> str:
    """The key id of a header that says exactly alg, typ and kid, as ours do."""
    if header.keys() != _HEADER_NAMES:
        raise TokenRefused("header_names")
    if header["alg"] != _ALGORITHM or header["typ"] != _TYPE:
        raise TokenRefused("algorithm")
    kid = header["kid"]
    if not isinstance(kid, str):
        raise TokenRefused("kid")
    return kid


def _check_signature(token: str, secret: bytes) -> None:
    try:
        jwt.PyJWS().decode(token, secret, algorithms=[_ALGORITHM])
    except jwt.InvalidTokenError as error:
        raise TokenRefused("signature") from error


def _seconds(value: object) -> int:
    if type(value) is not int or not 0 < value < _MAX_SECONDS:
        raise TokenRefused("times")
    return value


def _read_payload(claims: dict[str, Any]) -> Claims:
    """The typed claims. Raises TokenRefused; minting uses it to check its own work."""
    act = None if "act" not in claims else _text(claims["act"], _ACT)
    if claims["scope"] != (SCOPE_OWNER if act is None else SCOPE_READ):
        raise TokenRefused("scope")
    epoch = claims["epoch"]
    if type(epoch) is not int or not 0 <= epoch < 2**63:
        raise TokenRefused("epoch")
    user_id = int(_text(claims["sub"], _SUBJECT))
    if user_id > _MAX_USER_ID:
        raise TokenRefused("text")
    principal = Principal(
        owner=Owner(_text(claims["site"], _SITE), user_id),
        accounts=_accounts(claims),
        token_id=str(_uuid(claims["jti"])),
        act=act,
        epoch=epoch,
    )
    return Claims(principal, datetime.fromtimestamp(_seconds(claims["exp"]), UTC))


def _text(value: object, form: re.Pattern[str]) -> str:
    if not isinstance(value, str) or form.fullmatch(value) is None:
        raise TokenRefused("text")
    return value


def _accounts(claims: dict[str, Any]) -> frozenset[UUID] | None:
    if "accounts" not in claims:
        return None
    listed = claims["accounts"]
    if not isinstance(listed, list) or not 0 < len(listed) <= MAX_NAMED_ACCOUNTS:
        raise TokenRefused("accounts")
    accounts = frozenset(_uuid(account) for account in listed)
    if len(accounts) != len(listed):
        raise TokenRefused("accounts")
    return accounts


def _uuid(value: object) -> UUID:
    """A UUID in its one canonical spelling."""
    if not isinstance(value, str):
        raise TokenRefused("uuid")
    try:
        read = UUID(value)
    except ValueError as error:
        raise TokenRefused("uuid") from error
    if str(read) != value:
        raise TokenRefused("uuid")
    return read
