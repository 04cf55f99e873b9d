"""Shapes of reports met in the field: older heads, stray columns, mean prices."""

from decimal import Decimal

import pytest
from attrs import evolve

from actors.domain.deals import DealEntry, DealType
from actors.mt5.report_cells import number
from actors.mt5.report_rows import MarginMode
from actors.mt5.reports import parse_report
from tests.unit.actors.mt5.report_files import INVENTED, ReportFile, deal, position
from tests.unit.actors.mt5.test_reports import HEDGED, assert_sound, reread


def test_an_account_line_may_name_the_leverage() -> None:
    """Older terminals print it before the server."""
    report = reread(evolve(HEDGED, account="700001 (USD, 1:100, Simulated-1, demo, Netting)"))
    assert report.header is not None
    assert (report.header.server, report.header.trade_mode) == ("Simulated-1", "demo")
    assert report.header.margin_mode is MarginMode.NETTING


def test_a_tester_in_an_unknown_language_is_read() -> None:
    """Without a positions table, pairs of deals show which word buys."""
    tester = evolve(HEDGED, account="Expert", positions=[], words=INVENTED)
    report = parse_report(tester.html())
    assert [row.type for row in report.deals[1:4]] == [DealType.BUY, DealType.SELL, DealType.SELL]
    assert [row.entry for row in report.deals[1:4]] == [DealEntry.IN, DealEntry.OUT, DealEntry.IN]
    assert any("was read as buy from prices and profits" in note for note in report.notes)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.50", "1234.50"), ("-1,000,050", "-1000050"), ("12\u2009345", "12345"),
        ("- 2\u202f351.16", "-2351.16"), ("1,105", None), ("0,10", None), ("1,2345.6", None),
    ],
)  # fmt: skip
def test_commas_separate_thousands_only_where_nothing_else_is_meant(
    text: str, value: str | None
) -> None:
    """A lone comma before three digits may be a decimal comma: it is refused, not guessed."""
    assert number(text) == (None if value is None else Decimal(value))


def test_a_comment_beside_the_positions_is_no_profit() -> None:
    """A fourteenth cell that is no number leaves the thirteen columns as they are."""
    lines = ["Time;Position;Symbol;Type;Volume;Price;S;T;Time;Price;Commission;Swap;Profit;Unnamed"]
    lines += [";".join((*row, "[sl 1.10]")) for row in HEDGED.positions]
    report = parse_report("\n".join(lines).encode())
    assert [row.profit for row in report.positions] == [Decimal(500), Decimal(-50)]


def test_a_mean_price_is_held_against_the_decimals_it_is_printed_with() -> None:
    """Mean close prices are printed as fine as the symbol, mean open prices finer."""
    file = ReportFile(
        account="700001 (USD, Simulated-1, demo, Netting)",
        positions=[
            position(
                "2026.03.02 10:00:00", 11, "buy", "5.2", "44.42385", "2026.03.02 12:00:00",
                "44.47", profit="23.00",
            )
        ],
        deals=[
            deal("2026.03.02 10:00:00", 1, "buy", "in", "0.2", "44.77", "11", balance="100.00"),
            deal("2026.03.02 10:01:00", 2, "buy", "in", "5", "44.41", "12", balance="100.00"),
            deal(
                "2026.03.02 11:00:00", 3, "sell", "out", "5", "44.38", "13", profit="-22.00",
                balance="78.00",
            ),
            deal(
                "2026.03.02 12:00:00", 4, "sell", "out", "0.2", "46.66", "14", profit="45.00",
                balance="123.00",
            ),
        ],
        footer=("123.00", "123.00", "0.00", "0.00", "0.00", "0.00", "123.00"),
    )  # fmt: skip
    assert_sound(reread(file))


@pytest.mark.parametrize("others", [0, 1])
def test_a_position_open_on_both_sides_of_the_window_keeps_its_number(others: int) -> None:
    """Its partial close in the window is its own; where two could be it, that is told."""
    held = [
        ("2026.02.02 10:00:00", str(601 + n), "EURUSD", "buy", "0.60", "1.10000", "", "",
         "1.10200", "0.00", "120.00", "")
        for n in range(1 + others)
    ]  # fmt: skip
    other_side = (*held[0][:1], "611", "EURUSD", "sell", *held[0][4:])
    too_late = ("2026.03.05 10:00:00", "612", *held[0][2:])
    closed = deal(
        "2026.03.04 10:00:00", 9001, "sell", "out", "0.40", "1.10100", "8001",
        profit="40.00", balance="10040.00",
    )  # fmt: skip
    file = ReportFile(deals=[closed], open_positions=[other_side, too_late, *held])
    report = reread(file)
    assert [row.position_id for row in report.deals] == [601]
    told = [note for note in report.notes if "could close 2 open positions" in note]
    assert len(told) == others
