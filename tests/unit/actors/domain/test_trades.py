"""Trades rebuilt from deals: any split, order or re-delivery ends in the same trades."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.domain.deals import Deal, DealEntry, DealReason, DealType
from actors.domain.snapshot import Side
from actors.domain.trades import Trade, rebuild, rebuild_position

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MONDAY_MSC = 1_772_409_600_000


def deal(  # one argument per column a test may want to state
    ticket: int,
    type_: DealType,
    entry: DealEntry,
    volume: str,
    price: str = "1.1000",
    *,
    position: int = 7,
    profit: int = 0,
    commission: int = 0,
    swap: int = 0,
    fee: int = 0,
    seconds: int | None = None,
) -> Deal:
    """A deal at ``seconds`` after Monday (the ticket number when not given)."""
    msc = MONDAY_MSC + 1000 * (ticket if seconds is None else seconds)
    at = EPOCH + timedelta(milliseconds=msc)
    return Deal(
        ticket, position, ticket, type_, entry, DealReason.CLIENT, "EURUSD", Decimal(volume),
        Decimal(price), profit, commission, swap, fee, msc, at,
    )  # fmt: skip


BUY, SELL = DealType.BUY, DealType.SELL
IN, OUT, INOUT, OUT_BY = DealEntry.IN, DealEntry.OUT, DealEntry.INOUT, DealEntry.OUT_BY


def only(trades: Sequence[Trade]) -> Trade:
    """The one trade."""
    assert len(trades) == 1
    return trades[0]


def test_partial_closes_weigh_the_close_price_by_volume() -> None:
    """Two opens and two closes give weighted prices, the last close's time and summed costs."""
    trade = only(
        rebuild_position(
            [
                deal(1, BUY, IN, "1", "1.10", commission=-300),
                deal(2, BUY, IN, "3", "1.20", commission=-900),
                deal(3, SELL, OUT, "1", "1.30", profit=10_000, commission=-300, swap=-7),
                deal(4, SELL, OUT, "3", "1.40", profit=20_000, commission=-900, fee=-5),
            ]
        )
    )
    assert (trade.side, trade.volume, trade.open_volume) == (Side.BUY, Decimal(4), Decimal(0))
    assert (trade.open_price, trade.close_price) == (Decimal("1.175"), Decimal("1.375"))
    assert (trade.profit, trade.commission, trade.swap, trade.fee) == (30_000, -2_400, -7, -5)
    assert trade.closed_at == EPOCH + timedelta(milliseconds=MONDAY_MSC + 4000)
    assert trade.deal_tickets == (1, 2, 3, 4)
    assert trade.ticket == "7"


def test_a_partly_closed_position_is_open() -> None:
    """While volume remains, closing fields are unknown and the rest is the open volume."""
    trade = only(rebuild_position([deal(1, SELL, IN, "0.06"), deal(2, BUY, OUT, "0.03", profit=5)]))
    assert not trade.is_closed
    assert (trade.close_price, trade.open_volume) == (None, Decimal("0.03"))
    assert (trade.side, trade.profit) == (Side.SELL, 5)


def test_a_reversal_closes_one_trade_and_opens_the_next() -> None:
    """INOUT gives profit and swap to what it closes and splits costs exactly by volume."""
    first, second = rebuild_position(
        [
            deal(1, BUY, IN, "1", "1.10", commission=-100),
            deal(2, SELL, INOUT, "3", "1.20", profit=900, swap=-9, commission=-100, fee=-10),
            deal(3, BUY, OUT, "2", "1.15", profit=400),
        ]
    )
    assert (first.ticket, second.ticket) == ("7", "7-2")
    assert (first.volume, first.close_price, first.profit) == (Decimal(1), Decimal("1.20"), 900)
    assert (first.commission, first.fee, first.swap) == (-133, -3, -9)
    assert (second.side, second.volume, second.open_price) == (
        Side.SELL,
        Decimal(2),
        Decimal("1.20"),
    )
    assert (second.commission, second.fee, second.profit) == (-67, -7, 400)
    assert first.is_closed
    assert second.is_closed


def test_close_by_keeps_both_positions_as_delivered() -> None:
    """OUT_BY closes each position with the profit that its own deal carries."""
    long, short = rebuild(
        [
            deal(1, BUY, IN, "1", "1.10", position=1),
            deal(2, SELL, IN, "1", "1.20", position=2),
            deal(3, SELL, OUT_BY, "1", "1.20", position=1, profit=1000),
            deal(4, BUY, OUT_BY, "1", "1.10", position=2),
        ]
    )
    assert (long.profit, short.profit) == (1000, 0)
    assert (long.close_price, short.close_price) == (Decimal("1.20"), Decimal("1.10"))
    assert long.is_closed
    assert short.is_closed


def test_a_close_without_its_opening_is_kept_and_later_repaired() -> None:
    """An orphan close is a trade with unknown open; the opening deal repairs it in place."""
    out = deal(5, SELL, OUT, "1", "1.30", profit=77)
    orphan = only(rebuild_position([out]))
    assert (orphan.opened_at, orphan.open_price) == (None, None)
    assert (orphan.side, orphan.volume, orphan.profit) == (Side.BUY, Decimal(1), 77)
    assert orphan.is_closed
    repaired = only(rebuild_position([out, deal(1, BUY, IN, "1", "1.10")]))
    assert repaired.ticket == orphan.ticket
    assert repaired.open_price == Decimal("1.10")


def test_an_orphan_partial_close_never_pretends_to_know_the_open() -> None:
    """When more is closed than was seen opening, the opening stays unknown."""
    trade = only(rebuild_position([deal(1, BUY, IN, "1"), deal(2, SELL, OUT, "1.5")]))
    assert (trade.volume, trade.open_price, trade.opened_at) == (Decimal("1.5"), None, None)
    assert trade.is_closed


def test_an_orphan_reversal_leaves_its_successor_open() -> None:
    """A reversal of an unknown position opens what later deals close, or stays exposed."""
    flip = deal(2, SELL, INOUT, "3", profit=50, commission=-9)
    closed, opened = rebuild_position([flip, deal(3, BUY, OUT, "1")])
    assert (closed.side, closed.volume, closed.open_price) == (Side.BUY, Decimal(2), None)
    assert (opened.volume, opened.commission) == (Decimal(1), -3)
    assert opened.is_closed
    _, exposed = rebuild_position([flip])
    assert exposed.open_volume == Decimal(3)


def test_only_trade_deals_make_trades() -> None:
    """A dividend that says entry "in", and every other non-trade, is no trade."""
    dividend = evolve(deal(1, BUY, IN, "0", profit=500), type=DealType.DIVIDEND)
    assert rebuild([dividend]) == ()
    assert rebuild_position([dividend]) == ()


VOLUMES = st.sampled_from(["0.01", "0.5", "1", "2.25", "3"])
MONEY = st.integers(-100_000, 100_000)


@st.composite
def histories(draw: st.DrawFn) -> list[Deal]:
    """Deals of up to three positions with any mix of types, entries, amounts and times."""
    count = draw(st.integers(0, 12))
    return [
        deal(
            ticket,
            draw(st.sampled_from([BUY, SELL])),
            draw(st.sampled_from(list(DealEntry))),
            draw(VOLUMES),
            draw(st.sampled_from(["1.1", "1.2345", "0.9"])),
            position=draw(st.integers(1, 3)),
            profit=draw(MONEY),
            commission=draw(MONEY),
            swap=draw(MONEY),
            fee=draw(MONEY),
            seconds=draw(st.integers(0, 3)),
        )
        for ticket in range(1, count + 1)
    ]


@settings(max_examples=150, deadline=None)
@given(histories(), st.data())
def test_order_and_redelivery_change_nothing(deals: list[Deal], data: st.DataObject) -> None:
    """Shuffled and partly repeated deals end in the same trades, with every amount once."""
    again = deals + (data.draw(st.lists(st.sampled_from(deals))) if deals else [])
    shuffled = data.draw(st.permutations(again))
    trades = rebuild(deals)
    assert rebuild(shuffled) == trades
    assert sum(trade.net for trade in trades) == sum(each.amount for each in deals)
    assert {t for trade in trades for t in trade.deal_tickets} == {each.ticket for each in deals}
    for trade in trades:
        assert trade.is_closed == (trade.open_volume == 0)
        assert (trade.opened_at is None) == (trade.open_price is None)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(1, 50), min_size=1, max_size=6), st.permutations(range(6)), MONEY)
def test_any_split_of_a_close_ends_in_the_same_trade(
    parts: list[int], order: list[int], profit: int
) -> None:
    """However a close is cut into partial closes, the trade has the same volume, price and sum."""
    total = Decimal(sum(parts)) / 100
    opening = deal(1, BUY, IN, str(total), "1.1", commission=-50)
    whole = only(rebuild_position([opening, deal(2, SELL, OUT, str(total), profit=profit)]))
    shares = [profit // len(parts)] * len(parts)
    shares[-1] += profit - sum(shares)
    closes = [
        deal(10 + i, SELL, OUT, str(Decimal(part) / 100), profit=share, seconds=2)
        for i, (part, share) in enumerate(zip(parts, shares, strict=True))
    ]
    cut = only(rebuild_position([closes[i] for i in order if i < len(closes)] + [opening]))
    assert evolve(cut, deal_tickets=()) == evolve(whole, deal_tickets=())


def test_a_deal_marked_in_out_that_turns_nothing_only_adds_or_closes() -> None:
    """On the position's own side it adds; against it, up to what is held, it closes."""
    added = only(rebuild_position([deal(1, BUY, IN, "1"), deal(2, BUY, INOUT, "2")]))
    assert (added.volume, added.open_volume) == (Decimal(3), Decimal(3))
    shut = only(rebuild_position([deal(1, BUY, IN, "2"), deal(2, SELL, INOUT, "2", profit=5)]))
    assert (shut.open_volume, shut.profit, shut.is_closed) == (Decimal(0), 5, True)


def test_a_second_reversal_ends_what_an_orphan_one_opened() -> None:
    """Closes after it are of what it opened: the first one's three lots were all still open."""
    first, second = deal(1, SELL, INOUT, "3"), deal(2, BUY, INOUT, "5")
    trades = rebuild_position([first, second, deal(3, SELL, OUT, "2")])
    assert [trade.volume for trade in trades] == [Decimal(3), Decimal(3), Decimal(2)]
    assert [trade.is_closed for trade in trades] == [True, True, True]
