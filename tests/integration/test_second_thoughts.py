"""A broker that goes back on its deals, on the real server: traced, told, and nothing silent."""

from pathlib import Path
from typing import Any

import trio
from msgspec import structs

from actors.domain.deals import DealType
from actors.mt5.simulator.faults import Fault, Trouble
from actors.mt5.simulator.scenarios import add_account
from actors.mt5.simulator.trading import cash
from tests.integration.checks import advance, connect, is_in, rows, seen, until
from tests.stage import Stage

DAY_MS = 86_400_000


async def discrepancies(stage: Stage, account_id: str) -> list[dict[str, Any]]:
    """What a reader is told of the account's discrepancies, oldest first."""
    answer = await stage.shop.read(f"/api/account/{account_id}/rules", await stage.shop.token(1))
    assert answer.status_code == 200
    return list(reversed(answer.json()["discrepancies"]))


async def noticed(stage: Stage, account_id: str, count: int) -> list[dict[str, Any]]:
    """Sync until so many discrepancies are told."""
    with trio.fail_after(60):
        while len(found := await discrepancies(stage, account_id)) < count:
            await advance(stage, 1)
    return found


async def test_second_thoughts_are_traced(tmp_path: Path, postgres_dsn: str) -> None:
    """A late, a changed and a vanished deal, each delivered twice: told once, both versions kept,
    their days revised, their sums the terminal's, and no verdict made of them.
    """
    async with Stage(tmp_path, postgres_dsn) as stage:
        card = add_account(stage.broker, "calm")
        account = stage.broker.account(card.login)
        taken_back = cash(account, DealType.DIVIDEND, 1_500, "a")
        stage.broker.inject(card.login, Fault(Trouble.REPEATS))
        stage.start()
        await stage.ready()
        account_id = await connect(stage, card)
        await until(stage, account_id, is_in("ready"))
        await advance(stage, 1)

        late = cash(account, DealType.COMMISSION, -700, "b", stamped_ms_ago=2 * DAY_MS)
        found = await noticed(stage, account_id, 1)
        assert [(one["kind"], one["subject"]) for one in found] == [("deal_late", str(late))]
        assert (found[0]["before"], found[0]["after"]["profit"]) == (None, -700)

        row = next(each for each in account.journal.in_force() if each.ticket == late)
        account.amend(late, structs.replace(row, profit=-900))
        found = await noticed(stage, account_id, 2)
        assert found[1]["kind"] == "deal_changed"
        assert (found[1]["before"]["profit"], found[1]["after"]["profit"]) == (-700, -900)

        account.amend(taken_back, None)
        found = await noticed(stage, account_id, 3)
        assert (found[2]["kind"], found[2]["subject"]) == ("deal_gone", str(taken_back))
        await advance(stage, 2)
        assert await discrepancies(stage, account_id) == found
        assert (await seen(stage, account_id))["discrepancies"] == 3

        deals = rows(stage.dsn, "SELECT ticket, profit, gone_at FROM deals ORDER BY ticket")
        kept = {deal["ticket"]: deal for deal in deals}
        assert kept[taken_back]["gone_at"] is not None
        in_force = {t for t, deal in kept.items() if deal["gone_at"] is None}
        assert in_force == {each.ticket for each in account.journal.in_force()}
        assert kept[late]["profit"] * 100 == -900
        revised = rows(
            stage.dsn,
            "SELECT rule_id, rule_date, revision, cause FROM rule_days WHERE revision > 0",
        )
        assert {one["cause"] for one in revised} >= {"deal_late", "deal_changed"}
        balance = (await seen(stage, account_id))["summary"]["balance_current"]
        assert round(balance * 100) == account.book.balance
        assert rows(stage.dsn, "SELECT id FROM rule_violations") == []
