"""A whole installation for browser tests: one JSON command a line in, one JSON answer a line out.

``python -m tests.e2e.stage FOLDER`` starts PostgreSQL, the broker and a server, prints
``{"ready": …}`` with all that the browser needs, then obeys until its input ends:

- ``{"do": "code", "user": 1}`` gives a one-time code for the dashboard's link
- ``{"do": "token", "user": 1, "seconds": 20}`` gives a token, one that ends so soon
- ``{"do": "read", "user": 1, "path": "/api/…"}`` reads as a user: ``status`` and the exact ``text``
- ``{"do": "shop", "method": "POST", "path": "/api/s2s/…", "body": {…}}`` calls as the shop
- ``{"do": "breach", "login": "…"}`` lets the account fall through its daily floor at once, and asks
  for a sync as its user would
- ``{"do": "commit", "account_id": "…"}`` tells when the account's newest breach was committed
  (milliseconds since 1970)
- ``{"do": "log"}`` gives all that the server wrote to its log
- ``{"do": "stop"}``, ``{"do": "start"}`` end and start the server; its data stays
"""

import json
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import jwt
import trio
from attrs import define, field

from actors.mt5.reports import read_report
from actors.mt5.simulator.broker import AccountCard
from actors.mt5.simulator.replay import add_replay
from actors.mt5.simulator.scenarios import add_account
from actors.mt5.simulator.scripts import losing
from storage.migrations.migrate import migrate
from supervisor.catalogue import load_catalogue
from supervisor.demo_stage import fresh_database, report_clock
from supervisor.embedded import EmbeddedPostgres
from tests.integration.checks import is_in, rows, until
from tests.stage import ROOT, Stage

ALICE, BOB, NOBODY = 1, 2, 3
_PLAN = "two-step-classic"
_STORIES = (
    (ALICE, "near_floor", "700100302", _PLAN),
    (ALICE, "active", "700100303", "one-step-trailing"),
    (ALICE, "calm", "700100304", "two-step-balance"),
    (ALICE, "active", "700100305", _PLAN),
    (ALICE, "active", "700100306", _PLAN),
    (ALICE, "active", "700100307", _PLAN),
    (BOB, "active", "700100401", _PLAN),
)
_SUDDEN = ((100, 700), (60_000, 720))  # 7 % of the initial balance lost after a tenth of a second
Command: TypeAlias = Mapping[str, Any]


@define
class Director:
    """Obeys the browser tests: each command has one answer."""

    stage: Stage
    cast: list[dict[str, Any]] = field(factory=list)

    async def fill(self) -> dict[str, Any]:
        """Connect every account; return where the server is and who has which accounts."""
        catalogue = load_catalogue(ROOT / "configs/plans", ROOT / "configs/brokers.toml")
        report = read_report(ROOT / "configs/demo/report.html")
        clock, _ = report_clock(report, catalogue.brokers)
        broker = self.stage.broker
        played = [(ALICE, add_replay(broker, report, clock), _PLAN)]
        played += [
            (user, add_account(broker, story, login=login), plan)
            for user, story, login, plan in _STORIES
        ]
        self.cast = [await self._connect(user, card, plan) for user, card, plan in played]
        for account in self.cast:
            await until(self.stage, account["account_id"], is_in("ready"))
        return {
            "url": self.stage.url,
            "users": {"alice": ALICE, "bob": BOB, "nobody": NOBODY},
            "accounts": self.cast,
        }

    async def _connect(self, user: int, card: AccountCard, plan: str) -> dict[str, Any]:
        answer = await self.stage.shop.connect(
            login=card.login,
            server=card.server,
            investor_pass=card.investor_password,
            account_type=plan,
            wp_user_id=user,
        )
        answer.raise_for_status()
        account_id = answer.json()["account_id"]
        return {"user": user, "login": card.login, "plan": plan, "account_id": account_id}

    async def obey(self, command: Command) -> dict[str, Any]:
        """Carry a command out. Raises KeyError for one that is not known."""
        work = {
            "code": self._code,
            "token": self._token,
            "read": self._read,
            "shop": self._shop,
            "breach": self._breach,
            "commit": self._commit,
            "log": self._log,
            "stop": self._stop,
            "start": self._start,
        }[command["do"]]
        return await work(command)

    async def _code(self, command: Command) -> dict[str, Any]:
        body = {"wp_user_id": command["user"]}
        answer = await self.stage.shop.call("POST", "/api/auth/code", body)
        answer.raise_for_status()
        return {"code": answer.json()["code"]}

    async def _token(self, command: Command) -> dict[str, Any]:
        token = await self.stage.shop.token(command["user"])
        if "seconds" in command:
            token = self._ending(token, command["seconds"])
        ends = jwt.decode(token, options={"verify_signature": False})["exp"]
        return {"token": token, "expires_at": datetime.fromtimestamp(ends, UTC).isoformat()}

    def _ending(self, token: str, seconds: int) -> str:
        """The same token, as it would be if it had been given long ago."""
        claims = jwt.decode(token, options={"verify_signature": False})
        earlier = claims["exp"] - claims["iat"] - seconds
        shifted = {name: claims[name] - earlier for name in ("iat", "nbf", "exp")}
        kid = jwt.get_unverified_header(token)["kid"]
        return jwt.encode(claims | shifted, self.stage.key("token-1"), "HS256", {"kid": kid})

    async def _read(self, command: Command) -> dict[str, Any]:
        token = await self.stage.shop.token(command["user"])
        answer = await self.stage.shop.read(command["path"], token)
        return {"status": answer.status_code, "text": answer.text}

    async def _shop(self, command: Command) -> dict[str, Any]:
        shop = self.stage.shop
        answer = await shop.call(command["method"], command["path"], command.get("body"))
        return {"status": answer.status_code, "text": answer.text}

    async def _breach(self, command: Command) -> dict[str, Any]:
        losing(self.stage.broker.account(command["login"]), _SUDDEN, 0)
        (account,) = [one for one in self.cast if one["login"] == command["login"]]
        token = await self.stage.shop.token(account["user"])
        await trio.sleep(_SUDDEN[0][0] / 1000)
        await self.stage.shop.post(f"/api/account/{account['account_id']}/sync", token)
        return {}

    async def _commit(self, command: Command) -> dict[str, Any]:
        query = f"""
            SELECT extract(epoch FROM max(pg_xact_commit_timestamp(v.xmin))) * 1000 AS at
            FROM rule_violations v
            JOIN account_instances i ON i.id = v.account_instance_id
            WHERE i.account_id = '{command["account_id"]}' AND v.severity = 'breach'
        """
        found = await trio.to_thread.run_sync(rows, self.stage.dsn, query)
        at = found[0]["at"]
        return {"at": None if at is None else float(at)}

    async def _log(self, _: Command) -> dict[str, Any]:
        return {"text": self.stage.log_text()}

    async def _stop(self, command: Command) -> dict[str, Any]:
        return {"code": await self.stage.terminate(20)}

    async def _start(self, command: Command) -> dict[str, Any]:
        self.stage.start()
        await self.stage.ready()
        return {}


async def play(folder: Path, dsn: str) -> None:
    """Connect everything, then obey until the input ends."""
    async with Stage(folder, dsn) as stage:
        stage.start()
        await stage.ready()
        director = Director(stage)
        _say({"ready": await director.fill()})
        lines = trio.wrap_file(os.fdopen(os.dup(0), encoding="utf-8"))
        async for line in lines:
            _say(await director.obey(json.loads(line)))


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def main(folder: Path) -> None:
    """Run the stage in ``folder``; its database is made anew."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = {"track_commit_timestamp": "on"}
    with EmbeddedPostgres(folder / "postgres", fsync=False, settings=settings) as server:
        dsn = fresh_database(server)
        migrate(dsn)
        trio.run(partial(play, folder, dsn))
    server.erase()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
