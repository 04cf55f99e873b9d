"""The demo: the whole product on one machine, with a simulated broker and made-up people.

Nothing is taken for granted: the accounts are connected over HTTP with signed calls, as a shop
does it, to the same node that ``serve`` runs.
"""

import json
import secrets
import shlex
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import trio
import trio.lowlevel
from attrs import frozen

from actors.domain.account import Owner
from actors.mt5.simulator.broker import AccountCard
from actors.ports import Clock
from supervisor.webdoor import Codes
from web.auth.signature import sign, signed_text
from web.ports import Principal

SITE = "shop"
CODE_SECONDS = 60.0


@frozen
class Person:
    """A made-up user of the demo."""

    name: str
    wp_user_id: int


ALICE = Person("Alice", 1001)
BOB = Person("Bob", 1002)
PEOPLE = (ALICE, BOB)


@frozen
class Casting:
    """Which account plays for whom, under which plan, and what to expect of it."""

    person: Person
    card: AccountCard
    plan: str
    story: str


@frozen
class SignedCalls:
    """The shop's side of signed calls, over ``http``."""

    http: httpx.AsyncClient
    url: str
    key_id: str
    secret: bytes
    clock: Clock

    async def post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        """One signed POST with an idempotency key of its own."""
        raw = json.dumps(body).encode()
        stamp, nonce = str(int(self.clock.now().timestamp())), secrets.token_urlsafe(18)
        text = signed_text(
            key_id=self.key_id,
            audience=self.url,
            method="POST",
            target=path.encode(),
            timestamp=stamp,
            nonce=nonce,
            body=raw,
        )
        headers = {
            "X-OneFunders-Signature": f"v1={sign(self.secret, text)}",
            "X-OneFunders-Timestamp": stamp,
            "X-OneFunders-Nonce": nonce,
            "X-OneFunders-Key": self.key_id,
            "Idempotency-Key": secrets.token_hex(16),
            "Content-Type": "application/json",
        }
        return await self.http.post(f"{self.url}{path}", content=raw, headers=headers)

    async def connect(self, casting: Casting) -> httpx.Response:
        """Connect an account as an order of the shop would."""
        body = {
            "login": casting.card.login,
            "investor_pass": casting.card.investor_password,
            "server": casting.card.server,
            "account_type": casting.plan,
            "wp_user_id": casting.person.wp_user_id,
        }
        return await self.post("/api/connect", body)

    async def token(self, wp_user_id: int) -> str:
        """A token for one user. Raises httpx.HTTPStatusError."""
        answer = await self.post("/api/auth/exchange", {"wp_user_id": wp_user_id})
        answer.raise_for_status()
        return str(answer.json()["token"])


def demo_code(person: Person, clock: Clock) -> Callable[[Codes], Callable[[], Awaitable[str]]]:
    """Return what mints the one-time code of the demo's link."""

    def over(codes: Codes) -> Callable[[], Awaitable[str]]:
        async def mint() -> str:
            who = Principal(Owner(SITE, person.wp_user_id), None, secrets.token_hex(8))
            return await codes.issue(who, clock.now() + timedelta(seconds=CODE_SECONDS))

        return mint

    return over


def write_directions(file: Path, url: str, key_folder: Path, people: Sequence[Person]) -> None:
    """Write what a script needs to drive the demo: where it runs, users, a signing key."""
    program = [sys.executable, "-m", "supervisor", "token", "--demo", str(file.resolve())]
    directions = {
        "url": url,
        "users": [
            {
                "name": person.name,
                "wp_user_id": person.wp_user_id,
                "token_command": shlex.join([*program, "--user", str(person.wp_user_id)]),
            }
            for person in people
        ],
        "s2s": {
            "key_id": "primary",
            "secret_file": str((key_folder / "s2s-primary.key").resolve()),
        },
    }
    draft = file.with_suffix(".draft")
    draft.write_text(json.dumps(directions, indent=2) + "\n", encoding="utf-8")
    draft.replace(file)


async def connect_all(
    calls: SignedCalls, castings: Sequence[Casting], say: Callable[[str], None]
) -> None:
    """Connect every account, one after the other, and say how it went."""
    for casting in castings:
        answer = await calls.connect(casting)
        said = answer.json()
        word = said.get("message") or said.get("detail") or answer.reason_phrase
        say(f"{casting.person.name}'s account {casting.card.login} ({casting.story}): {word}")
        await trio.lowlevel.checkpoint()
