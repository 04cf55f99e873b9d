"""Every error class, through the whole product: what the trader's own summary says of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trio

from actors.errors import BrokerFault
from actors.mt5.simulator.broker import AccountCard
from actors.mt5.simulator.faults import Fault
from actors.mt5.simulator.scenarios import add_account
from tests.integration.checks import connect, is_in, rows, until
from tests.stage import Stage

SAID = {"actor": "staff-7", "reason": "asked by phone"}
SERVERS = {BrokerFault.TIMEOUT: "Simulated-2", BrokerFault.NO_CONNECTION: "Simulated-3"}
"""Those of the network have servers of their own, whose breakers they may open."""
CLOCKS = """SELECT offset_seconds - configured_seconds AS differs FROM server_clocks
            WHERE server_key = 'simulated-3' ORDER BY id"""
STATES = {
    BrokerFault.BAD_CREDENTIALS: {"credentials_rejected"},
    BrokerFault.MASTER_PASSWORD: {"credentials_rejected"},
    BrokerFault.UNKNOWN_SERVER: {"needs_operator"},
    BrokerFault.ACCOUNT_DISABLED: {"needs_operator"},
    BrokerFault.OTP_REQUIRED: {"needs_operator"},
    BrokerFault.API_DISABLED: {"needs_operator"},
    BrokerFault.WRONG_ACCOUNT: {"backoff", "needs_operator"},
    BrokerFault.HISTORY_LOADING: {"history_loading"},
    BrokerFault.INTERNAL: {"backoff", "needs_operator"},
}


def says(fault: BrokerFault) -> Callable[[dict[str, Any]], bool]:
    """True when a summary tells this fault, in the state that its class leads to."""
    states = STATES.get(fault, {"backoff"})

    def told(summary: dict[str, Any]) -> bool:
        code, state = summary["condition_code"], summary["connection_state"]
        return bool(code == fault.value and state in states)

    return told


async def shown(
    stage: Stage, account_id: str, wanted: Callable[[dict[str, Any]], bool], seconds: float = 30.0
) -> dict[str, Any]:
    """The trader's own summary, as soon as it is as wanted."""
    token = await stage.shop.token(1)
    summary: dict[str, Any] = {}
    with trio.move_on_after(seconds):
        while True:
            answer = await stage.shop.read(f"/api/account/{account_id}/summary", token)
            summary = answer.json()
            if wanted(summary):
                return summary
            await trio.sleep(0.2)
    pytest.fail(f"never as wanted: {summary}")


async def test_every_error_class_is_told_to_the_trader(tmp_path: Path, postgres_dsn: str) -> None:
    """At the login and in the midst of a read; afterwards the account is well again.

    A busy bridge changes nothing that is shown.
    """
    faults = [fault for fault in BrokerFault if fault is not BrokerFault.BUSY]
    async with Stage(tmp_path, postgres_dsn) as stage:
        cards: dict[BrokerFault, AccountCard] = {}
        for number, fault in enumerate(BrokerFault):
            server = SERVERS.get(fault, "Simulated-1")
            login = str(9300 + number)
            cards[fault] = add_account(stage.broker, "active", login=login, server=server)
        stage.start()
        await stage.ready()
        ids = {fault: await connect(stage, card) for fault, card in cards.items()}
        for operation in ("open", "snapshot"):
            for account_id in ids.values():
                await until(stage, account_id, is_in("ready"))
            for fault, card in cards.items():
                stage.broker.inject(card.login, Fault(fault, operations=frozenset({operation})))
                again = f"/api/s2s/accounts/{ids[fault]}/reconnect"
                assert (await stage.shop.call("POST", again, SAID)).status_code == 200
            for fault in faults:
                await shown(stage, ids[fault], says(fault))
            busy = await shown(stage, ids[BrokerFault.BUSY], lambda _now: True)
            assert busy["condition_code"] is None
            for fault, card in cards.items():
                stage.broker.clear_faults(card.login)
                again = f"/api/s2s/accounts/{ids[fault]}/reconnect"
                assert (await stage.shop.call("POST", again, SAID)).status_code == 200


async def test_a_clock_off_the_table_withholds_the_daily_loss(
    tmp_path: Path, postgres_dsn: str
) -> None:
    """The trader reads why, the overall loss stays, operators see both clocks; then it is over."""
    async with Stage(tmp_path, postgres_dsn) as stage:
        card = add_account(stage.broker, "active", login="9400", server="Simulated-3")
        stage.start()
        await stage.ready()
        account_id = await connect(stage, card)
        before = await shown(stage, account_id, lambda now: now["dd_daily_floor"] is not None)
        assert (before["connection_state"], before["condition_code"]) == ("ready", None)
        await kept(postgres_dsn, [0])
        stage.broker.account(card.login).clock_jump_ms = 3_600_000

        def doubted(now: dict[str, Any]) -> bool:
            return bool(now["condition_code"] == "server_clock_differs")

        during = await shown(stage, account_id, doubted, 70.0)
        assert during["connection_state"] == "needs_operator"
        assert (during["dd_daily_used"], during["dd_daily_floor"]) == (None, None)
        assert during["dd_all_time_floor"] is not None
        assert during["equity_current"] is not None
        status = (await stage.ops.call("GET", "/api/supervisor/status")).json()["status"]
        metrics = (await stage.ops.call("GET", "/api/metrics")).text
        assert 'onefunders_breakers{gate="closed"} 1.0' in metrics
        assert (
            f'onefunders_bridge_seats{{bridge="{status["bridges"][0]["bridge"]}"}} 1.0' in metrics
        )
        (clock,) = status["server_clocks"]
        assert (clock["server"], clock["differs_seconds"]) == ("Simulated-3", 3600)
        assert clock["offset_seconds"] - clock["configured_seconds"] == 3600
        stage.broker.account(card.login).clock_jump_ms = 0
        after = await shown(stage, account_id, is_ready, 70.0)
        assert after["dd_daily_floor"] == before["dd_daily_floor"]
        await kept(postgres_dsn, [0, 3600, 0])


async def kept(dsn: str, differs: list[int]) -> None:
    """Wait until the history of the server's clock is this."""
    found: list[int] = []
    with trio.move_on_after(30):
        while found != differs:
            found = [row["differs"] for row in rows(dsn, CLOCKS)]
            await trio.sleep(0.2)
    assert found == differs


def is_ready(summary: dict[str, Any]) -> bool:
    """Nothing is wrong any more."""
    return summary["connection_state"] == "ready" and summary["condition_code"] is None
