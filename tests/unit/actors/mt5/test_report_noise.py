"""Whatever bytes come in, reading ends in a report or in a ReportError, never in a crash."""

from contextlib import suppress
from decimal import Decimal

from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actors.domain.trades import rebuild
from actors.mt5.report_checks import balance_chain, positions_check, summary_figures
from actors.mt5.report_deals import deals_of, observation_at_end
from actors.mt5.report_summary import compare
from actors.mt5.reports import ReportError, parse_report
from tests.unit.actors.mt5.report_files import ReportFile, deal, position
from tests.unit.actors.mt5.test_report_summary import RESULTS
from tests.unit.actors.mt5.test_reports import HEDGED, UTC_CLOCK

HTML = evolve(HEDGED, results=RESULTS).html("utf-8").decode("utf-8-sig")
XLSX = evolve(HEDGED, results=RESULTS).xlsx()
JUNK = ["", "<", ">", "</td>", "<tr>", "9", "-", ".", " ", "2026.03.02 10:00:00", "\x00", "۹", "/"]


def assert_read_or_refused(raw: bytes) -> None:
    """Read, convert and check; only ReportError may come out."""
    with suppress(ReportError):
        report = parse_report(raw)
        deals = deals_of(report, UTC_CLOCK)
        balance_chain(report)
        positions_check(report, deals, rebuild(deals))
        compare(report.printed, summary_figures(report, deals))
        observation_at_end(report, UTC_CLOCK)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(HTML)), st.integers(0, 60), st.sampled_from(JUNK))
def test_changed_html_is_read_or_refused(at: int, length: int, junk: str) -> None:
    """A stretch of an HTML report replaced by junk never crashes the reader."""
    assert_read_or_refused((HTML[:at] + junk + HTML[at + length :]).encode())


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(XLSX) - 1), st.binary(max_size=8))
def test_changed_workbooks_are_read_or_refused(at: int, junk: bytes) -> None:
    """Bytes of a workbook overwritten anywhere never crash the reader."""
    assert_read_or_refused(XLSX[:at] + junk + XLSX[at + len(junk) :])


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_are_refused(raw: bytes) -> None:
    """Random bytes are no report."""
    assert_read_or_refused(raw)


def test_thousands_of_positions_are_matched_in_one_pass() -> None:
    """Matching does not slow down with the square of the rows."""
    deals = [deal("2026.03.01 08:00:00", 1, "balance", profit="9.00", balance="9.00")]
    positions = []
    for number in range(10, 6010):
        deals.append(
            deal(
                "2026.03.02 10:00:00",
                2 * number,
                "buy",
                "in",
                "1",
                "1.1",
                str(number),
                balance="9.00",
            )
        )
        deals.append(
            deal(
                "2026.03.02 11:00:00",
                2 * number + 1,
                "sell",
                "out",
                "1",
                "1.1",
                str(9 * 10**6),
                balance="9.00",
            )
        )
        positions.append(
            position(
                "2026.03.02 10:00:00", number, "buy", "1", "1.1", "2026.03.02 11:00:00", "1.1"
            )
        )  # fmt: skip
    report = parse_report(ReportFile(deals=deals, positions=positions).html("utf-8"))
    rows = deals_of(report, UTC_CLOCK)
    check = positions_check(report, rows, rebuild(rows))
    assert (check.rows, check.exact) == (6000, 6000)
    assert report.deals[0].balance == Decimal(9)
