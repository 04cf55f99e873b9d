"""A user of the shop who trades, for tests that follow accounts through their lives."""

from collections.abc import Callable
from typing import Any

import httpx
import trio
from attrs import evolve

from actors.domain.deals import DealType
from actors.mt5.simulator.scenarios import add_account
from actors.mt5.simulator.scripts import losing
from actors.mt5.simulator.trading import cash, stop_out
from tests.stage import SharedStage

PLAN, SERVER = "two-step-classic", "Simulated-1"
SAID = {"actor": "staff-7", "reason": "asked by phone"}


class Trader:
    """A user of the shop with an MT5 login, and the shop that acts for that user."""

    def __init__(self, shared: SharedStage, number: int, login: str | None = None) -> None:
        self.shared = shared
        self.user = 100 + number
        self.login = login or f"77{number:04}"
        self.shop = shared.shop()
        self.shop.plain["X-Forwarded-For"] = f"10.2.0.{number}"
        self.account_id = ""
        self.token = ""

    async def open_account(self) -> None:
        """Open the account at the broker."""
        await self.shared.at_broker(
            lambda broker: add_account(broker, "calm", login=self.login, server=SERVER)
        )

    async def password(self, new: str | None = None) -> str:
        """The investor password; ``new`` changes it at the broker first."""

        def change(broker: Any) -> str:
            account = broker.account(self.login)
            if new is not None:
                account.recipe = evolve(account.recipe, investor_password=new)
            return str(account.recipe.investor_password)

        return await self.shared.at_broker(change)

    async def connect(self) -> httpx.Response:
        """Connect; remembers the account and a token."""
        answer = await self.shop.connect(
            login=self.login,
            server=SERVER,
            investor_pass=await self.password(),
            account_type=PLAN,
            wp_user_id=self.user,
        )
        if answer.status_code == 200:
            self.account_id = answer.json()["account_id"]
            self.token = await self.shop.token(self.user)
        return answer

    async def read(self, page: str, instance: str | None = None) -> httpx.Response:
        """A page of the account."""
        query = "" if instance is None else f"?instance={instance}"
        return await self.shop.read(f"/api/account/{self.account_id}/{page}{query}", self.token)

    async def act(self, action: str, **body: Any) -> httpx.Response:
        """An admin action on the account."""
        path = f"/api/s2s/accounts/{self.account_id}/{action}"
        return await self.shop.call("POST", path, SAID | body)

    async def until(self, page: str, holds: Callable[[Any], bool]) -> Any:
        """Read until it holds; syncs are asked for on the way."""
        with trio.fail_after(30):
            while True:
                told = (await self.read(page)).json()
                if holds(told):
                    return told
                await self.shop.post(f"/api/account/{self.account_id}/sync", self.token)
                await trio.sleep(0.3)

    async def breach(self) -> None:
        """Lose six per cent on one open position, and wait for the verdict."""
        await self.shared.at_broker(
            lambda broker: losing(broker.account(self.login), ((500, 600),), wobble=5)
        )
        await self.until("summary", lambda told: told["outcome"] == "breached")

    async def restore(self) -> None:
        """Close everything at the broker and pay the loss back in: flat, at 100,000."""

        def pay(broker: Any) -> None:
            account = broker.account(self.login)
            stop_out(account)
            cash(account, DealType.BALANCE, account.recipe.initial_balance - account.book.balance)

        await self.shared.at_broker(pay)
        await self.until("summary", lambda told: told["equity_current"] == 100_000)

    async def instances(self) -> list[dict[str, Any]]:
        """All instances, newest first."""
        told: list[dict[str, Any]] = (await self.read("instances")).json()["instances"]
        return told
