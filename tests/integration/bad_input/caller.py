"""A caller who sends what no proper client sends, and checks every refusal."""

import itertools
import secrets
from collections.abc import Mapping
from typing import Any

import httpx
import psycopg

from tests.signed_client import Shop, signed_headers
from tests.stage import SharedStage

ALICE, MALLORY = 1, 2
PLAN, SERVER = "two-step-classic", "Simulated-1"
TABLES = (
    "accounts",
    "account_instances",
    "rule_state",
    "initial_balances",
    "account_leases",
    "audit_log",
    "idempotency",
    "user_epochs",
    "user_settings",
    "login_codes",
    "violation_overrides",
)
_addresses = itertools.count(1)


class Caller:
    """Sends what no proper client sends, and checks every refusal."""

    def __init__(
        self, shared: SharedStage, name: str = "s2s-primary", key: str = "primary"
    ) -> None:
        self.stage = shared.stage
        self.shop: Shop = shared.shop(name, key)
        self.shop.plain["X-Forwarded-For"] = (
            f"10.1.{next(_addresses) // 250}.{next(_addresses) % 250}"
        )
        self.password = f"kanari{secrets.token_hex(12)}"

    def body(self, **changes: Any) -> dict[str, Any]:
        """A connect body that is right but for ``changes`` (None takes a field out)."""
        whole = {
            "login": "9100",
            "investor_pass": self.password,
            "server": SERVER,
            "account_type": PLAN,
            "wp_user_id": MALLORY,
        } | changes
        return {name: value for name, value in whole.items() if value is not None}

    async def signed(
        self,
        raw: bytes,
        path: str = "/api/connect",
        *,
        method: str = "POST",
        headers: Mapping[str, str | None] | None = None,
        changes: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send ``raw``, signed with ``changes``; ``headers`` replaces some (None takes one out)."""
        url = httpx.URL(self.shop.url + path)
        made = signed_headers(
            self.shop.secret, self.shop.key_id, method, url, raw, **(changes or {})
        )
        made |= self.shop.plain | {"Idempotency-Key": secrets.token_hex(8)}
        kept = {name: value for name, value in (made | dict(headers or {})).items() if value}
        return await self.shop.http.request(method, url, content=raw, headers=kept)

    def check(self, answer: httpx.Response, status: int, code: str) -> None:
        """A refusal as the contract wants it, without the password; connect's says success."""
        assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        told = answer.json()
        assert told["request_id"] == answer.headers["x-request-id"]
        assert told["title"]
        assert told["detail"]
        assert told["status"] == status
        if answer.request.url.path == "/api/connect":
            assert told["success"] is False
            assert told["message"]
        assert self.password not in answer.text + str(answer.headers)
        assert self.password not in self.stage.log_text()


def rows(dsn: str) -> dict[str, int]:
    """How many rows each table of decisions holds."""
    with psycopg.connect(dsn) as line:
        counts = {}
        for table in TABLES:
            found = line.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
            counts[table] = 0 if found is None else found[0]
    return counts
