"""The printed summary is read by shape in every layout and held against the deals."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve

from actors.mt5.report_checks import balance_chain, summary_figures
from actors.mt5.report_deals import deals_of
from actors.mt5.report_rows import Report, ReportKind
from actors.mt5.report_summary import PrintedCell, Shape, SummaryCheck, compare, printed_cell
from actors.mt5.reports import parse_report, read_report
from tests.unit.actors.mt5.report_files import GERMAN, PERSIAN, ReportFile, Row, deal
from tests.unit.actors.mt5.test_reports import HEDGED, UTC_CLOCK, assert_sound

# Worked out by hand from the deals of HEDGED: 497.00, -10.75 and -42.00; openings cost 4.00.
RESULTS: Sequence[Row] = (
    ("440.25", "497.00", "-56.75"),
    ("8.76", "146.75"),
    ("8.19", "0.60"),
    (),
    ("3.00", "53.75 (0.51%)", "0.51% (53.75)"),
    ("3", "2 (0.00%)", "1 (100.00%)"),
    ("1 (33.33%)", "2 (66.67%)"),
    ("497.00", "-42.00"),
    ("497.00", "-28.38"),
    ("1 (497.00)", "2 (-52.75)"),
    ("497.00 (1)", "-52.75 (2)"),
    ("1", "2"),
)
TESTER: Sequence[Row] = (
    ("98%",),
    ("22", "9174", "1"),
    ("440.25", "3.00", "9.00"),
    ("497.00", "53.75 (0.51%)", "60.00 (0.60%)"),
    ("-56.75", "0.51% (53.75)", "0.60% (60.00)"),
    ("8.76", "146.75", "216.28%"),
    ("7.34", "2.55", "0.13 (10.34%)"),
    ("1.0214 (2.14%)", "0.44", "53.79"),
    ("1.0128 (1.28%)", "1420.61"),
    ("0.85", "0.03", "-0.41"),
    ("0:02:00", "86:53:00", "9:49:40"),
    ("3", "2 (0.00%)", "1 (100.00%)"),
    ("5", "1 (33.33%)", "2 (66.67%)"),
    RESULTS[7],
    ("497.00", "-26.38"),
    *RESULTS[9:],
)
SUMMED = evolve(HEDGED, results=RESULTS)


def checked(report: Report) -> SummaryCheck:
    """The report's printed figures against those of its deals."""
    return compare(report.printed, summary_figures(report, deals_of(report, UTC_CLOCK)))


def changed(at: int, row: Row) -> Sequence[Row]:
    """The results with another row."""
    return (*RESULTS[:at], row, *RESULTS[at + 1 :])


@pytest.mark.parametrize("words", [{}, GERMAN, PERSIAN])
@pytest.mark.parametrize("form", ["utf-16", "utf-8"])
def test_every_figure_of_a_page_is_reproduced(words: dict[str, str], form: str) -> None:
    """35 figures in any language and encoding, two decimals each."""
    report = parse_report(evolve(SUMMED, words=words).html(form))
    assert checked(report) == SummaryCheck(35, 35)
    assert_sound(report)


def test_every_figure_of_a_workbook_is_reproduced() -> None:
    """Plain numbers are stored to six decimals there, without trailing zeros."""
    fine = {
        1: ("8.757709", "146.75"), 2: ("8.190698", "0.604197"), 8: ("497", "-28.375"),
        0: ("440.25", "497", "-56.75"),
    }  # fmt: skip
    results = [fine.get(at, row) for at, row in enumerate(RESULTS)]
    report = parse_report(evolve(SUMMED, results=results).xlsx())
    assert checked(report) == SummaryCheck(35, 35)
    results[1] = ("8.757708", "146.75")
    coarse = parse_report(evolve(SUMMED, results=results).xlsx())
    assert [each.figure for each in checked(coarse).differences] == ["profit_factor"]


@pytest.mark.parametrize("xlsx", [False, True])
def test_a_testers_figures_are_reproduced_but_for_its_ticks(xlsx: bool) -> None:
    """Its rows come first and in another order; recovery and Sharpe are of its equity."""
    file = ReportFile(
        account="Expert XYZ", deals=HEDGED.deals, results=TESTER, results_first=True,
        label="Erwartet",
    )  # fmt: skip
    report = parse_report(file.xlsx() if xlsx else file.html())
    assert report.kind is ReportKind.TESTER
    figures = summary_figures(report, deals_of(report, UTC_CLOCK))
    assert figures.recovery_factor is figures.sharpe_ratio is None
    assert figures.total_net_profit == Decimal("440.25")
    if not xlsx:
        assert checked(report) == SummaryCheck(33, 33)
    assert len(report.printed) == 33


def test_a_testers_average_loss_leaves_opening_costs_out() -> None:
    """Gross loss holds them, the mean of the losing trades does not: -52.75 over 2 trades."""
    file = ReportFile(account="Expert", deals=HEDGED.deals, results=TESTER, results_first=True)
    report = parse_report(file.html())
    assert {f.name: f.value for f in report.printed}["average_loss_trade"] == Decimal("-26.38")
    figures = summary_figures(report, deals_of(report, UTC_CLOCK))
    assert figures.average_loss_trade == Decimal("-26.375")
    assert figures.gross_loss == Decimal("-56.75")


def test_an_older_tester_prints_its_drawdowns_in_two_rows() -> None:
    """Balance drawdown first, equity drawdown below: only the first is ours."""
    results = (*RESULTS[:5], (), ("9.00", "60.00 (0.60%)", "0.60% (60.00)"), *RESULTS[5:])
    report = parse_report(evolve(HEDGED, results=results).html())
    assert checked(report) == SummaryCheck(35, 35)


@pytest.mark.parametrize(
    ("at", "row", "figure"),
    [
        (0, ("440.26", "497.00", "-56.75"), "total_net_profit"),
        (2, ("8.19", "0.61"), "sharpe_ratio"),
        (4, ("3.00", "53.75 (0.52%)", "0.51% (53.75)"), "balance_drawdown_maximal_pct"),
        (4, ("3.00", "53.75 (0.51%)", "0.51% (53.76)"), "balance_drawdown_relative"),
        (5, ("3", "2 (0.01%)", "1 (100.00%)"), "short_trades_won_pct"),
        (9, ("1 (497.00)", "2 (-52.76)"), "maximum_consecutive_losses_amount"),
        (10, ("497.00 (2)", "-52.75 (2)"), "maximal_consecutive_profit_count"),
        (11, ("1", "3"), "average_consecutive_losses"),
    ],
)
def test_a_figure_one_digit_off_is_named(at: int, row: Row, figure: str) -> None:
    """One unit of the last printed digit is a difference, and only that figure is told."""
    check = checked(parse_report(evolve(HEDGED, results=changed(at, row)).html()))
    assert (check.printed, check.equal) == (35, 34)
    assert [each.figure for each in check.differences] == [figure]


def test_a_figure_between_two_roundings_equals_both() -> None:
    """-28.375 may print as -28.37 or -28.38."""
    for printed in ("-28.37", "-28.38"):
        results = changed(8, ("497.00", printed))
        assert checked(parse_report(evolve(HEDGED, results=results).html())).differences == ()


@pytest.mark.parametrize("printed", ["inf", "-nan(ind)", "1.#INF", "179" + "0" * 306 + ".00"])
def test_a_figure_without_a_value_keeps_its_place(printed: str) -> None:
    """What is no number is not compared, and the figures beside it are not mixed up."""
    report = parse_report(evolve(HEDGED, results=changed(1, (printed, "146.75"))).html())
    assert checked(report) == SummaryCheck(34, 34)
    assert "profit_factor" not in {figure.name for figure in report.printed}


def test_yen_percentages_and_thin_spaces_are_read() -> None:
    """No decimals, "0%", thousands with thin spaces, a minus apart, a percent sign before."""
    rows = [
        deal(
            "2026.03.01 08:00:00", 1, "balance", commission="0", fee="0", swap="0",
            profit="3 000 000", balance="3 000 000",
        ),
        deal(
            "2026.03.02 08:00:00", 2, "buy", "in", "1", "1.1", "5", commission="0", fee="0",
            swap="0", profit="0", balance="3 000 000",
        ),
        deal(
            "2026.03.02 09:00:00", 3, "sell", "out", "1", "1.1", "6", commission="0", fee="0",
            swap="0", profit="-1 317", balance="2 998 683",
        ),
    ]  # fmt: skip
    results: Sequence[Row] = (
        ("-1\u2009317", "0", "- 1\u202f317"),
        ("0.00", "-1 317.00"),
        ("-1.00", "0.00"),
        ("1 317", "1\u00a0317 (0%)", "%0 (1 317)"),
        ("1", "0 (0%)", "1 (0%)"),
        ("0 (0%)", "1 (100%)"),
        ("0", "-1 317"),
        ("0", "-1 317"),
        ("0 (0)", "1 (-1 317)"),
        ("0 (0)", "-1 317 (1)"),
        ("0", "1"),
    )
    file = ReportFile(
        account="700001 (JPY, Simulated-1, real, Hedge)", deals=rows, results=results,
        footer=("2 998 683", "2 998 683", "0", "0", "0", "0", "2 998 683"),
    )  # fmt: skip
    assert checked(parse_report(file.html())) == SummaryCheck(35, 35)
    assert checked(parse_report(file.xlsx())).differences == ()


def test_an_empty_history_prints_zeros() -> None:
    """No trades: every printed figure is 0, as is every computed one."""
    results = [
        tuple("0 (0.00%)" if "%" in cell else "0 (0.00)" if "(" in cell else "0.00" for cell in row)
        for row in RESULTS
    ]
    results[4] = ("0.00", "0.00 (0.00%)", "0.00% (0.00)")
    assert checked(parse_report(ReportFile(results=results).html())) == SummaryCheck(35, 35)


def test_credit_is_read_as_the_balance_column_shows_it() -> None:
    """In the column and not in the footer, or in neither: the chain holds, drawdowns follow."""
    trade = deal(
        "2026.03.02 09:00:00", 3, "sell", "out", "1", "1.1", "6", profit="-100.00", balance="{}"
    )
    for with_credit, end, absolute in (("1500.00", "1400.00", 100), ("1000.00", "900.00", 100)):
        file = ReportFile(
            deals=[
                deal("2026.03.01 08:00:00", 1, "balance", profit="1000.00", balance="1000.00"),
                deal("2026.03.01 09:00:00", 2, "credit", profit="500.00", balance=with_credit),
                tuple(cell.format(end) for cell in trade),
            ],
            footer=("900.00", "1400.00", "500.00", "0.00", "0.00", "0.00", "1400.00"),
        )
        report = parse_report(file.html())
        assert balance_chain(report).differences == ()
        figures = summary_figures(report, deals_of(report, UTC_CLOCK))
        assert figures.balance_drawdown_absolute == absolute
        share = 100 * Decimal(100) / Decimal(with_credit)
        assert round(figures.balance_drawdown_maximal_pct, 9) == round(share, 9)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("16 518.16 (7.62%)", (Shape.WITH_PERCENT, "16518.16", "7.62")),
        ("7.62٪ (16 518.16)", (Shape.PERCENT_FIRST, "7.62", "16518.16")),
        ("۹ (-۲ ۷۴۶٫۵۸)", (Shape.PAIR, "9", "-2746.58")),
        ("\u200e105 （51.98%）", (Shape.WITH_PERCENT, "105", "51.98")),
        ("98%", (Shape.PERCENT, "98")),
        ("- 0.36", (Shape.PLAIN, "-0.36")),
        ("Short Trades (won %):", None),
        ("0:02:00", None),
        ("2026.03.01 08:00", None),
        ("1 (2) 3", None),
    ],
)
def test_cells_are_told_by_their_form(text: str, cell: tuple[str, ...] | None) -> None:
    """Numbers of any script in four forms; labels and times are none."""
    expected = cell and PrintedCell(Shape(cell[0]), tuple(map(Decimal, cell[1:])))
    assert printed_cell(text) == expected


def test_given_reports_print_what_is_computed(request: pytest.FixtureRequest) -> None:
    """With --reports DIR, every summary figure there is reproduced to the printed digit."""
    folder: Path | None = request.config.getoption("--reports")
    if folder is None:
        pytest.skip("give --reports DIR to check a folder of real reports")
    for path in sorted(path for path in folder.iterdir() if path.suffix in (".html", ".xlsx")):
        report = read_report(path)
        check = checked(report)
        assert (path.name, check.differences) == (path.name, ())
        assert check.printed == (33 if report.kind is ReportKind.TESTER else 35)
