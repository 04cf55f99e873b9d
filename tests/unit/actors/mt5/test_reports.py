"""Reports in any language and format end in the same exact rows, or say what is wrong."""

from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve

from actors.domain.deals import DealEntry, DealType
from actors.domain.server_clock import ServerClock
from actors.domain.snapshot import Side
from actors.domain.trades import rebuild
from actors.mt5 import reports
from actors.mt5.report_checks import balance_chain, positions_check
from actors.mt5.report_deals import deals_of, observation_at_end, opening_balance
from actors.mt5.report_rows import MarginMode, Report
from actors.mt5.reports import ReportError, ReportKind, parse_report, read_report
from tests.unit.actors.mt5.report_files import (
    GERMAN,
    INVENTED,
    PERSIAN,
    RUSSIAN,
    ReportFile,
    deal,
    position,
)

UTC_CLOCK = ServerClock.parse("UTC")

HEDGED = ReportFile(
    positions=[
        position(
            "2026.03.02 10:00:00", 501, "buy", "1", "1.10000", "2026.03.02 11:00:00", "1.10500",
            commission="-6.00", swap="0.00", profit="500.00",
        ),
        position(
            "2026.03.02 12:00:00", 503, "sell", "0.3", "1.10600", "2026.03.03 09:00:00", "1.10767",
            commission="-2.00", swap="-1.50", profit="-50.00",
        ),
    ],
    orders=[
        (
            "2026.03.02 09:59:59", "501", "EURUSD", "buy limit", "1 / 1", "1.1", "", "",
            "2026.03.02 10:00:00", "filled", "",
        )
    ],
    deals=[
        deal("2026.03.01 08:00:00", 1, "balance", profit="10 000.00", balance="10 000.00"),
        deal(
            "2026.03.02 10:00:00", 2, "buy", "in", "1", "1.10000", "501", commission="-3.00",
            balance="9 997.00",
        ),
        deal(
            "2026.03.02 11:00:00", 3, "sell", "out", "1", "1.10500", "502", commission="-3.00",
            profit="500.00", balance="10 494.00",
        ),
        deal(
            "2026.03.02 12:00:00", 4, "sell", "in", "0.3", "1.10600", "503", commission="-1.00",
            balance="10 493.00",
        ),
        deal(
            "2026.03.02 13:00:00", 5, "buy", "out", "0.1", "1.10700", "504", commission="-0.50",
            fee="-0.25", profit="-10.00", balance="10 482.25",
        ),
        deal(
            "2026.03.03 09:00:00", 6, "buy", "out", "0.2", "1.10800", "505", commission="-0.50",
            swap="-1.50", profit="-40.00", balance="10 440.25",
        ),
    ],
    working_orders=[
        (
            "2026.03.04 09:00:00", "601", "EURUSD", "buy limit", "1 / 0", "1.09", "", "", "1.1",
            "placed", "",
        )
    ],
    footer=("10 440.25", "10 440.25", "0.00", "0.00", "0.00", "0.00", "10 440.25"),
)  # fmt: skip


def assert_sound(report: Report) -> None:
    """Balance chain and positions agree to the last digit."""
    deals = deals_of(report, UTC_CLOCK)
    chain = balance_chain(report)
    assert (chain.exact, chain.differences) == (chain.rows, ())
    check = positions_check(report, deals, rebuild(deals))
    assert (check.exact, check.differences) == (check.rows, ())


def reread(file: ReportFile) -> Report:
    """The file written as HTML and read back."""
    return parse_report(file.html())


@pytest.mark.parametrize("words", [{}, GERMAN, RUSSIAN, PERSIAN, INVENTED])
@pytest.mark.parametrize("form", ["utf-16", "utf-8", "xlsx"])
def test_any_language_and_encoding_reads_the_same(words: dict[str, str], form: str) -> None:
    """Labels and words of any language, in HTML or XLSX, give the same rows."""
    file = evolve(HEDGED, words=words)
    report = parse_report(file.xlsx() if form == "xlsx" else file.html(form))
    assert report.kind is ReportKind.HISTORY
    assert report.header is not None
    assert (report.header.login, report.header.server) == ("700001", "Simulated-1")
    assert report.header.margin_mode is MarginMode.HEDGING
    assert [row.type for row in report.deals[:3]] == [
        DealType.BALANCE, DealType.BUY, DealType.SELL,
    ]  # fmt: skip
    assert [row.position_id for row in report.deals] == [0, 501, 501, 503, 503, 503]
    assert [row.side for row in report.positions] == [Side.BUY, Side.SELL]
    assert report.deals[4].fee == Decimal("-0.25")
    assert len(report.orders) == 1
    assert report.footer is not None
    assert report.footer.equity == Decimal("10440.25")
    assert_sound(report)
    if words is INVENTED:
        assert any("read as buy" in note for note in report.notes)


def test_thin_spaces_persian_digits_and_a_parted_minus_are_numbers() -> None:
    """Every way in which terminals print a number gives the same exact decimal."""
    html = HEDGED.html("utf-8").decode("utf-8-sig")
    html = html.replace("10 000.00", "10\u202f000.00").replace("-40.00", "- 40.00")
    html = html.replace("500.00", "۵۰۰.۰۰").replace("9 997.00", "9&nbsp;997.00")
    report = parse_report(html.encode())
    assert_sound(report)
    assert report.deals[2].profit == Decimal(500)


def test_a_stray_odd_byte_at_the_end_is_dropped() -> None:
    """UTF-16 with one byte too many is read."""
    assert len(parse_report(HEDGED.html(odd_byte=True)).deals) == 6


def test_a_table_without_fee_is_mapped_by_position() -> None:
    """Older tables lack the fee; commission, swap and profit keep their places."""
    rows = [row for row in HEDGED.deals if row[9] == "0.00"][:4]
    report = reread(evolve(HEDGED, deals=rows, positions=HEDGED.positions[:1], has_fee=False))
    assert (report.deals[1].commission, report.deals[1].fee) == (Decimal("-3.00"), Decimal(0))
    assert balance_chain(report).differences == ("footer: balance 10440.25, last row 10493.00",)


def test_netting_positions_are_walked_through_adds_and_a_reversal() -> None:
    """On a netting account adds keep the number, and a reversal splits one id into two trades."""
    file = ReportFile(
        account="700001 (USD, Simulated-1, demo, Netting)",
        deals=[
            deal("2026.03.01 08:00:00", 1, "balance", profit="1000.00", balance="1000.00"),
            deal("2026.03.02 10:00:00", 2, "buy", "in", "1", "1.1", "11", balance="1000.00"),
            deal("2026.03.02 10:05:00", 3, "buy", "in", "1", "1.2", "12", balance="1000.00"),
            deal(
                "2026.03.02 11:00:00", 4, "sell", "in/out", "3", "1.3", "13", commission="-3.00",
                profit="300.00", balance="1297.00",
            ),
            deal(
                "2026.03.02 12:00:00", 5, "buy", "out", "1", "1.2", "14", profit="100.00",
                balance="1397.00",
            ),
            deal("2026.03.02 13:00:00", 6, "sell", "in", "1", "1.2", "15", balance="1397.00"),
        ],
    )  # fmt: skip
    report = reread(file)
    assert [row.position_id for row in report.deals] == [0, 11, 11, 11, 11, 15]
    first, second, third = rebuild(deals_of(report, UTC_CLOCK))
    assert (first.volume, first.open_price, first.commission) == (
        Decimal(2), Decimal("1.15"), -200,
    )  # fmt: skip
    assert (second.ticket, second.side, second.net) == ("11-2", Side.SELL, 9900)
    assert not third.is_closed


def test_account_operations_are_told_by_word_or_by_shape() -> None:
    """Withdrawal, credit, bonus and a dividend that says "in" are no trades."""
    file = ReportFile(
        deals=[
            deal("2026.03.01 08:00:00", 1, "balance", profit="1000.00", balance="1000.00"),
            deal("2026.03.01 09:00:00", 2, "credit", profit="200.00", balance="1000.00"),
            deal("2026.03.01 10:00:00", 3, "bonus", profit="50.00", balance="1050.00"),
            deal("2026.03.01 11:00:00", 4, "dividend", "in", profit="2.50", balance="1052.50"),
            deal("2026.03.01 12:00:00", 5, "Balance", profit="-100.00", balance="952.50"),
            deal("2026.03.01 13:00:00", 6, "qqq", profit="7.00", balance="952.50"),
            deal("2026.03.01 14:00:00", 7, "zzz", profit="-7.00", balance="945.50"),
        ],
        footer=("945.50", "1 152.50", "207.00", "0.00", "0.00", "0.00", "1 152.50"),
    )
    report = reread(file)
    assert [row.type for row in report.deals] == [
        DealType.BALANCE, DealType.CREDIT, DealType.BONUS, DealType.DIVIDEND, DealType.BALANCE,
        DealType.CREDIT, DealType.BALANCE,
    ]  # fmt: skip
    assert_sound(report)
    assert sum("unknown word" in note for note in report.notes) == 2
    assert rebuild(deals_of(report, UTC_CLOCK)) == ()
    seen = observation_at_end(report, UTC_CLOCK)
    assert (seen.balance, seen.credit, seen.equity, seen.floating) == (94550, 20700, 115250, 0)


def test_yen_accounts_have_no_decimals() -> None:
    """A currency printed without decimals is kept in whole units, in HTML and XLSX."""
    file = ReportFile(
        account="700001 (JPY, Simulated-1, real, Hedge)",
        deals=[
            deal(
                "2026.03.01 08:00:00", 1, "balance", commission="0", fee="0", swap="0",
                profit="1 000 050", balance="1 000 050",
            )
        ],
        footer=("1 000 050", "1 000 050", "0", "0", "0", "0", "1 000 050"),
    )  # fmt: skip
    for report in (reread(file), parse_report(file.xlsx())):
        assert report.currency_digits == 0
        assert deals_of(report, UTC_CLOCK)[0].profit == 1_000_050


def test_close_by_deals_keep_their_own_profit() -> None:
    """Two positions closed against each other are told apart by price and profit."""
    file = ReportFile(
        positions=[
            position(
                "2026.03.02 10:00:00", 11, "buy", "1", "1.10000", "2026.03.02 12:00:00", "1.20000",
                profit="1000.00",
            ),
            position(
                "2026.03.02 11:00:00", 12, "sell", "1", "1.20000", "2026.03.02 12:00:00", "1.10000",
            ),
        ],
        deals=[
            deal("2026.03.02 10:00:00", 1, "buy", "in", "1", "1.1", "11", balance="5000.00"),
            deal("2026.03.02 11:00:00", 2, "sell", "in", "1", "1.2", "12", balance="5000.00"),
            deal(
                "2026.03.02 12:00:00", 3, "sell", "out by", "1", "1.2", "13", profit="1000.00",
                balance="6000.00", comment="#11 by #12",
            ),
            deal(
                "2026.03.02 12:00:00", 4, "buy", "out by", "1", "1.1", "13", balance="6000.00",
                comment="#12 by #11",
            ),
        ],
        footer=("6000.00", "6000.00", "0.00", "0.00", "0.00", "0.00", "6000.00"),
    )  # fmt: skip
    report = reread(file)
    assert [row.entry for row in report.deals[2:]] == [DealEntry.OUT_BY, DealEntry.OUT_BY]
    assert [row.position_id for row in report.deals] == [11, 12, 11, 12]
    assert_sound(report)


def test_a_window_that_starts_mid_life_keeps_orphan_closes() -> None:
    """Without the first deposits the starting balance shows, and closes keep unknown opens."""
    report = reread(evolve(HEDGED, deals=HEDGED.deals[2:]))
    assert opening_balance(report) == Decimal("9997.00")
    deals = deals_of(report, UTC_CLOCK)
    check = positions_check(report, deals, rebuild(deals))
    assert (check.rows, check.exact, check.whole) == (2, 2, 1)
    assert opening_balance(reread(HEDGED)) is None


def test_a_position_partly_closed_before_the_window_keeps_its_number() -> None:
    """Only its last close is in the window: the deal is its, and the missing volume is told."""
    report = reread(evolve(HEDGED, deals=HEDGED.deals[5:]))
    assert [row.position_id for row in report.deals] == [503]
    assert any("position 503 has no way" in note for note in report.notes)
    deals = deals_of(report, UTC_CLOCK)
    check = positions_check(report, deals, rebuild(deals))
    assert any("503 differs in volume" in text for text in check.differences)


def test_a_report_without_trades_is_a_report() -> None:
    """Only a deposit, or nothing at all, is read without complaint."""
    empty = reread(ReportFile())
    assert (empty.kind, empty.deals, empty.positions) == (ReportKind.HISTORY, (), ())
    assert_sound(empty)
    deposit = deal("2026.03.01 08:00:00", 1, "balance", profit="10.00", balance="10.00")
    footer = ("10.00", "10.00", "0.00", "0.00", "0.00", "0.00", "10.00")
    assert_sound(reread(ReportFile(deals=[deposit], footer=footer)))


def test_a_broken_balance_chain_is_listed_with_its_row() -> None:
    """A changed figure shows in the row where the chain breaks."""
    rows = [*HEDGED.deals[:2], (*HEDGED.deals[2][:11], "501.00", *HEDGED.deals[2][12:])]
    check = balance_chain(reread(evolve(HEDGED, deals=rows, positions=[], orders=[])))
    assert (check.rows, check.exact) == (3, 2)
    assert "balance 10494.00, expected 10495.00" in check.differences[0]


def test_a_position_that_differs_from_its_deals_is_listed() -> None:
    """A printed position that its deals do not produce is named with what differs."""
    wrong = position(
        "2026.03.02 10:00:00", 501, "buy", "1", "1.10000", "2026.03.02 11:00:00", "1.10500",
        commission="-7.00", profit="500.00",
    )  # fmt: skip
    report = reread(evolve(HEDGED, positions=[wrong, HEDGED.positions[1]]))
    deals = deals_of(report, UTC_CLOCK)
    check = positions_check(report, deals, rebuild(deals))
    assert check.exact == 1
    assert check.differences[0].endswith("position 501 differs in commission")


def test_a_tie_that_changes_figures_is_reported() -> None:
    """When partial closes fit a position in two ways, the choice is told."""
    report = reread(
        ReportFile(
            positions=[
                position(
                    "2026.03.02 10:00:00", 11, "buy", "2", "1.1", "2026.03.02 12:00:00", "1.2",
                    profit="20.00",
                )
            ],
            deals=[
                deal("2026.03.02 10:00:00", 1, "buy", "in", "2", "1.1", "11", balance="100.00"),
                *(
                    deal(
                        f"2026.03.02 12:00:0{second}", 2 + i, "sell", "out", "1", "1.2", f"2{i}",
                        profit="10.00", balance=f"1{i + 1}0.00",
                    )
                    for i, second in enumerate((0, 0, 0))
                ),
            ],
        )
    )  # fmt: skip
    assert any("position 11 has 2 ways" in note for note in report.notes)


def test_positions_csv_and_tester_reports_are_recognised() -> None:
    """A CSV of positions is positions only; deals without an account are a tester's."""
    lines = ["Time;Position;Symbol;Type;Volume;Price;S;T;Time;Price;Commission;Swap;Profit"]
    lines += [";".join(row) for row in HEDGED.positions]
    report = parse_report("\n".join(lines).replace("500.00", "2 500.00").encode("utf-16"))
    assert (report.kind, len(report.positions)) == (ReportKind.POSITIONS, 2)
    assert report.positions[0].profit == Decimal(2500)
    tester = parse_report(evolve(HEDGED, account="Expert XYZ", has_fee=False).html("utf-8"))
    assert tester.kind is ReportKind.TESTER


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "the file is empty"),
        (b"hello", "neither a table nor a report"),
        (HEDGED.html()[:9000], "it is cut off"),
        (HEDGED.xlsx()[:-900], "the XLSX file is damaged"),
        (b"\xff\xfe<\x00\x00\xd8<\x00", "not UTF-16-LE"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "no account line"),
        (
            HEDGED.html("utf-8").replace(b"1.10500", b"1.1O500"),
            "close price: '1.1O500' is no number",
        ),
        (
            HEDGED.html("utf-8").replace(b"<td>2026.03.02 11:00:00", b"<td>2026.33.02 11:00:00"),
            "row",
        ),
    ],
)
def test_what_cannot_be_read_says_why(raw: bytes, told: str) -> None:
    """Empty, foreign, cut, damaged and garbled files end in one clear error."""
    with pytest.raises(ReportError) as caught:
        parse_report(raw)
    assert told in str(caught.value)


def test_limits_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many bytes or rows are refused before they are used."""
    path = tmp_path / "report.html"
    path.write_bytes(HEDGED.html())
    monkeypatch.setattr(reports, "MAX_ROWS", 10)
    with pytest.raises(ReportError, match="more than 10 rows; allowed: up to 10"):
        read_report(path)
    monkeypatch.setattr(reports, "MAX_BYTES", 1000)
    with pytest.raises(ReportError, match=r"report\.html: \d+ bytes; allowed: up to 1000"):
        read_report(path)
    with pytest.raises(ReportError, match="cannot be read"):
        read_report(tmp_path / "missing.html")


def test_given_reports_agree_with_themselves(request: pytest.FixtureRequest) -> None:
    """With --reports DIR, every report there has an exact balance chain and exact positions."""
    folder: Path | None = request.config.getoption("--reports")
    if folder is None:
        pytest.skip("give --reports DIR to check a folder of real reports")
    files = sorted(path for path in folder.iterdir() if path.suffix in (".html", ".xlsx"))
    assert files
    for path in files:
        assert_sound(read_report(path))
