"""Late facts in both stores: what is gone, what came back, and the past that is read for them."""

from datetime import date, timedelta

from attrs import evolve

from actors.domain.discrepancy import DiscrepancyKind, of_deal
from actors.domain.past import Breach, ConductRecord, Past
from actors.domain.rule_day import AnchorGrade, Coverage, Level, RuleDay
from actors.domain.violation import Severity, Verdict
from tests.contract.conftest import Stores
from tests.store_builders import NOON, deal, unit, violation


def rule_day(day: int, revision: int = 0) -> RuleDay:
    """A daily rule's row of November."""
    start = NOON.replace(day=day, hour=22) - timedelta(days=1)
    return RuleDay(
        rule_id="daily", date=date(2026, 11, day), revision=revision, start_at=start,
        end_at=start + timedelta(days=1), anchor=10_000_001, anchor_balance=10_000_001,
        anchor_equity=None, anchor_grade=AnchorGrade.EXACT, anchor_source="deals",
        allowance=500_000, floor=9_500_001, worst=9_999_999, worst_used=2, worst_at=NOON,
        level=Level.OK, flows=-5, closed_result=revision, opened=1, closed=2, unproven=False,
        coverage=Coverage(1.5, 2.0, 3.0, 4.0), cause="deal_late" if revision else None,
    )  # fmt: skip


async def test_a_deal_that_is_gone_is_not_loaded_until_it_comes_back(stores: Stores) -> None:
    """It leaves the deals in force; shown again by the terminal it is one of them, as shown."""
    instance, fence = await stores.owned()
    store = stores.store
    await store.commit(unit(instance, fence, 1, deals=(deal(1), deal(2))))
    await store.commit(unit(instance, fence, 2, gone=(2,)))
    assert (await store.load(instance)).deals == (deal(1),)
    await store.commit(unit(instance, fence, 3, deals=(deal(2),)))
    assert (await store.load(instance)).deals == (deal(1), deal(2))


async def test_the_past_is_loaded_only_when_asked_for(stores: Stores) -> None:
    """The newest revision of each rule day, the breaches of loss rules, and conduct, exact."""
    instance, fence = await stores.owned()
    found = violation()
    facts = {"open_volumes": {"7": "0.12345678"}}
    other = evolve(
        violation("lots"), rule_type="max_lots", threshold=10_000_000, current=12_345_678,
        evidence={"facts": facts},
    )  # fmt: skip
    await stores.store.commit(
        unit(instance, fence, 1, rule_days=(rule_day(2), rule_day(3)), violations=(found, other))
    )
    await stores.store.commit(unit(instance, fence, 2, rule_days=(rule_day(2, 1),)))
    assert (await stores.store.load(instance)).past is None
    breach = Breach("daily", found.rule_date, Verdict.HARD, 9_500_000, 9_499_999, NOON)
    loaded = await stores.store.load(instance, past=True)
    record = ConductRecord(
        "lots", found.rule_date, Severity.BREACH, Verdict.HARD, 10_000_000, 12_345_678, NOON, facts
    )
    assert loaded.past == Past((rule_day(2, 1), rule_day(3)), (breach,), (record,))


async def test_a_discrepancy_is_stored_once_and_a_gone_trade_is_no_trade(stores: Stores) -> None:
    """Repeating the unit adds nothing; a unit with every late effect is written whole."""
    instance, fence = await stores.owned()
    await stores.store.commit(unit(instance, fence, 1, deals=(deal(1), deal(2))))
    told = (
        of_deal(DiscrepancyKind.DEAL_GONE, deal(2), None),
        of_deal(DiscrepancyKind.DEAL_CHANGED, deal(1), deal(1, 7)),
    )
    late = unit(
        instance, fence, 2, deals=(deal(1, 7),), gone=(2,), trades_gone=("9",), discrepancies=told
    )
    await stores.store.commit(late)
    await stores.store.commit(late)
    assert (await stores.store.load(instance)).deals == (deal(1, 7),)
