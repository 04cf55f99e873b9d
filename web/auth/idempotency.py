"""Idempotency keys: the header's form, and the keyed digest that tells bodies apart."""

import hashlib
import hmac
import re

from quart import Request

from web.asgi import header_values, target
from web.problems import Code, Problem

_FORM = re.compile(r"[A-Za-z0-9._:-]{8,128}")


def idempotency_key(request: Request) -> str:
    """The request's one Idempotency-Key. Raises Problem 400 when missing or malformed."""
    values = header_values(request.scope, b"idempotency-key")
    if len(values) != 1 or _FORM.fullmatch(values[0]) is None:
        raise Problem(Code.IDEMPOTENCY_KEY_REQUIRED)
    return values[0]


async def body_digest(request: Request, pepper: bytes) -> bytes:
    """HMAC-SHA256 of method, target and raw body: a plain hash of a password could be guessed."""
    body = await request.get_data(cache=True, as_text=False, parse_form_data=False)
    text = request.method.encode("ascii") + b" " + target(request.scope) + b"\n" + body
    return hmac.new(pepper, text, hashlib.sha256).digest()
