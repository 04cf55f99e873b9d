"""Conditions outlive the process: a pause stays a pause, a rejected login is not tried again."""

from pathlib import Path

from actors.errors import BrokerFault
from actors.mt5.simulator.faults import Fault
from actors.mt5.simulator.scenarios import add_account
from tests.integration.checks import connect, is_in, running, seen, until
from tests.stage import Stage

SAID = {"actor": "staff-7", "reason": "asked by phone"}


async def test_pause_and_rejection_outlive_a_kill(tmp_path: Path, postgres_dsn: str) -> None:
    """After kill -9 and start the paused account stays paused and the rejected one logs in only
    when reconnected, while a third one goes on.
    """
    async with Stage(tmp_path, postgres_dsn) as stage:
        cards = [
            add_account(stage.broker, "active", login=str(9100 + number), server="Simulated-1")
            for number in range(3)
        ]
        stage.start()
        await stage.ready()
        paused, rejected, healthy = [await connect(stage, card) for card in cards]
        for account_id in (paused, rejected, healthy):
            await until(stage, account_id, is_in("ready"))
        # Refused once: a second login, if one were tried, would succeed and show.
        refusal = Fault(BrokerFault.BAD_CREDENTIALS, count=1, operations=frozenset({"open"}))
        stage.broker.inject(cards[1].login, refusal)
        await stage.shop.call("POST", f"/api/s2s/accounts/{rejected}/reconnect", SAID)
        before = await until(stage, rejected, is_in("credentials_rejected"))
        await stage.ops.call("POST", f"/api/supervisor/accounts/{paused}/pause")
        await until(stage, paused, is_in("paused"))
        rev = (await seen(stage, healthy))["summary"]["rev"]
        stage.kill()
        stage.start()
        await stage.ready()
        await running(stage, paused, rejected, healthy)
        await until(stage, healthy, lambda found: bool(found["summary"]["rev"] > rev))
        assert (await until(stage, paused, is_in("paused")))["summary"]["status"] == "active"
        after = await seen(stage, rejected)
        assert after["last_error_code"] == "bad_credentials"
        assert after["summary"]["status"] == "error"
        assert after["summary"]["rev"] == before["summary"]["rev"]
        await stage.shop.call("POST", f"/api/s2s/accounts/{rejected}/reconnect", SAID)
        await until(stage, rejected, is_in("ready"))
        await stage.ops.call("POST", f"/api/supervisor/accounts/{paused}/resume")
        await until(stage, paused, is_in("ready"))
