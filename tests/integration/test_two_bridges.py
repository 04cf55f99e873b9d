"""Two bridges in processes of their own: one is killed, or frozen, while accounts are read."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest
import trio

from tests.bridge_process import populate
from tests.integration.checks import (
    assert_deals_are_the_brokers,
    assert_verdicts_are_single,
    connect,
    is_in,
    synced,
    until,
)
from tests.stage import ROOT, Stage

ACCOUNTS = 12
PROMISE_SECONDS = 60.0
"""An active account's reading is never older than this, whatever happens to one bridge."""
SYNC_EVERY_SECONDS = 10.0
"""So often an account's owner may ask for a read."""


class Pair:
    """A server whose accounts are shared by two bridge processes. Use with ``async with``."""

    def __init__(self, folder: Path, dsn: str) -> None:
        self.stage = Stage(folder, dsn)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.ids: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        await self.stage.__aenter__()
        populate(self.stage.broker, ACCOUNTS)
        tables = [self._start(name) for name in ("left", "right")]
        settings = self.stage.settings
        settings.write_text(settings.read_text().split("[[bridges]]")[0] + "".join(tables))
        self.stage.start()
        await self.stage.ready()
        for card in self.stage.broker.accounts():
            self.ids[card.login] = await connect(self.stage, card)
        for account_id in self.ids.values():
            await until(self.stage, account_id, is_in("ready"))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self.processes.values():
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()
        await self.stage.__aexit__(kind, error, trace)

    def _start(self, name: str) -> str:
        """Start a bridge before the stage's broker; returns its table of the settings."""
        key, broker = self.stage.folder / "keys" / "bridge.key", self.stage.broker
        asked = {"seed": broker.seed, "start": broker.start, "accounts": ACCOUNTS,
                 "slots": ACCOUNTS, "key": key}  # fmt: skip
        options = [text for option, value in asked.items() for text in (f"--{option}", str(value))]
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.bridge_process", *options],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        self.processes[name] = process
        assert process.stdout is not None
        port = int(process.stdout.readline())
        return (
            f'[[bridges]]\nname = "{name}"\nhost = "127.0.0.1"\nport = {port}\n'
            f'secret_file = "{key}"\n'
        )

    async def bridges(self) -> dict[str, dict[str, Any]]:
        """The bridges' rows of the operators' status, by name."""
        answer = await self.stage.ops.call("GET", "/api/supervisor/status")
        return {row["bridge"]: row for row in answer.json()["status"]["bridges"]}

    async def seats(self, wanted: dict[str, int], seconds: float = PROMISE_SECONDS) -> None:
        """Wait until the bridges hold so many sessions of ours."""
        found: dict[str, int] = {}
        with trio.move_on_after(seconds):
            while True:
                rows = await self.bridges()
                found = {name: rows[name]["seats"] for name in wanted}
                if found == wanted:
                    return
                await trio.sleep(0.2)
        pytest.fail(f"the seats are {found}, not {wanted}")

    async def read_anew(self, seconds: float = PROMISE_SECONDS) -> dict[str, float]:
        """Wait until every account has two more syncs; how many seconds each took for one.

        The first may have been under way already; the second began after the call.
        """
        before, began, lags = synced(self.stage.dsn), trio.current_time(), dict[str, float]()
        done: set[str] = set()
        ask_at = began
        with trio.move_on_after(seconds):
            while len(done) < len(self.ids):
                if trio.current_time() >= ask_at:
                    await self._ask()
                    ask_at = trio.current_time() + SYNC_EVERY_SECONDS
                for login, number in synced(self.stage.dsn).items():
                    if number > before[login]:
                        lags.setdefault(login, trio.current_time() - began)
                    if number > before[login] + 1:
                        done.add(login)
                await trio.sleep(0.2)
        assert done == set(self.ids), f"not read again: {set(self.ids) - done}"
        return lags

    async def _ask(self) -> None:
        token = await self.stage.shop.token(1)
        for account_id in self.ids.values():
            await self.stage.shop.post(f"/api/account/{account_id}/sync", token)


async def test_accounts_of_a_killed_bridge_move(
    tmp_path: Path, postgres_dsn: str, record_property: Callable[[str, object], None]
) -> None:
    """kill -9 of one bridge: all its accounts are read by the other, within the promise, and
    every deal and verdict is stored once.
    """
    async with Pair(tmp_path, postgres_dsn) as pair:
        await pair.read_anew()
        before = {name: row["seats"] for name, row in (await pair.bridges()).items()}
        assert min(before.values()) > 0
        assert sum(before.values()) == ACCOUNTS
        pair.processes["left"].kill()
        lags = await pair.read_anew()
        record_property("moved_within_seconds", round(max(lags.values()), 2))
        await pair.seats({"left": 0, "right": ACCOUNTS})
        rows = await pair.bridges()
        assert (rows["left"]["connected"], rows["right"]["connected"]) == (False, True)
        for account_id in pair.ids.values():
            await until(pair.stage, account_id, is_in("ready"))
        assert_deals_are_the_brokers(pair.stage)
        assert_verdicts_are_single(pair.stage)


async def test_a_frozen_bridge_slows_only_its_own_accounts(
    tmp_path: Path, postgres_dsn: str, record_property: Callable[[str, object], None]
) -> None:
    """SIGSTOP of one bridge: the other's accounts are read on while nobody has noticed yet, then
    the frozen one's move; when it thaws it is there again, and nothing moves back.
    """
    async with Pair(tmp_path, postgres_dsn) as pair:
        await pair.read_anew()
        held = {name: row["slots_busy"] for name, row in (await pair.bridges()).items()}
        left = pair.processes["left"]
        left.send_signal(signal.SIGSTOP)
        try:
            lags = sorted((await pair.read_anew()).values())
            record_property("others_within_seconds", round(lags[held["right"] - 1], 2))
            record_property("moved_within_seconds", round(lags[-1], 2))
            rows = await pair.bridges()
            assert (rows["left"]["connected"], rows["right"]["seats"]) == (False, ACCOUNTS)
            status = (await pair.stage.ops.call("GET", "/api/supervisor/status")).json()["status"]
            assert {row["gate"] for row in status["breakers"]} == {"closed"}
        finally:
            left.send_signal(signal.SIGCONT)
        with trio.fail_after(PROMISE_SECONDS):
            while not (await pair.bridges())["left"]["connected"]:
                await trio.sleep(0.2)
        await pair.read_anew()
        await pair.seats({"left": 0, "right": ACCOUNTS})
        assert_deals_are_the_brokers(pair.stage)
        assert_verdicts_are_single(pair.stage)
