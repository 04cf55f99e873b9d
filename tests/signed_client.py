"""A shop's side of the signed calls, written from the contract and not from the product's code."""

import hashlib
import hmac
import itertools
import json
import secrets
import time
from typing import Any

import httpx


def signed_headers(
    secret: bytes, key_id: str, method: str, url: httpx.URL, body: bytes, **changes: str
) -> dict[str, str]:
    """Headers of CONTRACT 1 for one attempt. ``changes`` replaces single signed fields."""
    fields = {
        "timestamp": str(int(time.time())),
        "nonce": secrets.token_urlsafe(24),
        "audience": f"{url.scheme}://{url.netloc.decode()}",
    } | changes
    text = "".join(
        f"{line}\n"
        for line in (
            "v1",
            key_id,
            fields["audience"],
            method,
            url.raw_path.decode(),
            fields["timestamp"],
            fields["nonce"],
            hashlib.sha256(body).hexdigest(),
        )
    )
    digest = hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
    return {
        "X-OneFunders-Signature": f"v1={digest}",
        "X-OneFunders-Timestamp": fields["timestamp"],
        "X-OneFunders-Nonce": fields["nonce"],
        "X-OneFunders-Key": key_id,
        "Content-Type": "application/json",
    }


class Shop:
    """Calls a server as a WordPress shop does."""

    _jobs = itertools.count(1)

    def __init__(self, url: str, key_id: str, secret: bytes) -> None:
        self.url = url
        self.key_id = key_id
        self.secret = secret
        # No pool: a connection from before a kill of the server would fail the call after it.
        limits = httpx.Limits(max_keepalive_connections=0)
        self.plain: dict[str, str] = {}  # unsigned headers of every call
        self.http = httpx.AsyncClient(timeout=20.0, limits=limits)

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        job: str | None = None,
        raw: bytes | None = None,
        **changes: str,
    ) -> httpx.Response:
        """One signed request; ``job`` is its Idempotency-Key: fresh unless given, none if empty."""
        content = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        url = httpx.URL(self.url + path)
        headers = self.plain | signed_headers(
            self.secret, self.key_id, method, url, content, **changes
        )
        if job != "":
            headers["Idempotency-Key"] = job or f"job-{next(self._jobs)}-{secrets.token_hex(4)}"
        return await self.http.request(method, url, content=content, headers=headers)

    async def connect(self, **fields: Any) -> httpx.Response:
        """POST /api/connect with the seed's body."""
        job = fields.pop("job", None)
        return await self.call("POST", "/api/connect", fields, job=job)

    async def token(self, wp_user_id: int) -> str:
        """A token for one user."""
        answer = await self.call("POST", "/api/auth/exchange", {"wp_user_id": wp_user_id})
        answer.raise_for_status()
        return str(answer.json()["token"])

    async def read(self, path: str, token: str, **headers: str) -> httpx.Response:
        """GET as a user."""
        return await self.http.get(
            self.url + path, headers={"Authorization": f"Bearer {token}"} | headers
        )

    async def post(self, path: str, token: str) -> httpx.Response:
        """POST as a user."""
        return await self.http.post(self.url + path, headers={"Authorization": f"Bearer {token}"})

    async def close(self) -> None:
        """Give connections up."""
        await self.http.aclose()
