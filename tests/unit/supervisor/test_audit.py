"""``onefunders audit``: a report's verdict by a plan, as tables and as exact JSON."""

import json
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from click.testing import CliRunner, Result

from supervisor.audit import audit
from tests.unit.actors.mt5.report_files import ReportFile, deal, position
from tests.unit.actors.mt5.test_report_summary import RESULTS, TESTER
from tests.unit.actors.mt5.test_reports import HEDGED

PLAN = """
name = "strict"
title = "Strict"
version = 1
[reset]
at = "01:30"
zone = "Asia/Tehran"
[[phases]]
name = "Evaluation"
[[phases.rules]]
id = "daily-loss"
kind = "daily_loss"
anchor = "{anchor}"
checked = "{checked}"
allowance = {{ percent = 5, of = "initial" }}
[[phases.rules]]
id = "overall-loss"
kind = "overall_loss"
anchor = "initial"
checked = "{checked}"
allowance = {{ percent = 10, of = "initial" }}
cash_flow = "shift"
"""
BROKERS = '[[server]]\nname = "Simulated-1"\nclock = "UTC"\n'

LOSING = ReportFile(
    positions=[
        position(
            "2026.03.02 10:00:00", 11, "buy", "1", "1.10000", "2026.03.02 12:00:00", "1.09000",
            commission="-6.00", profit="-600.00",
        )
    ],
    deals=[
        deal("2026.03.01 08:00:00", 1, "balance", profit="10 000.00", balance="10 000.00"),
        deal(
            "2026.03.02 10:00:00", 2, "buy", "in", "1", "1.10000", "11", commission="-3.00",
            balance="9 997.00",
        ),
        deal(
            "2026.03.02 12:00:00", 3, "sell", "out", "1", "1.09000", "12", commission="-3.00",
            profit="-600.00", balance="9 394.00",
        ),
        deal("2026.03.04 09:00:00", 4, "balance", profit="-1 000.00", balance="8 394.00"),
    ],
    footer=("8 394.00", "8 394.00", "0.00", "0.00", "0.00", "0.00", "8 394.00"),
)  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> "Desk":
    """A folder with a plan and a broker table."""
    return Desk(tmp_path)


class Desk:
    """Writes the files of an audit and runs the command on them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "plans").mkdir()
        self.plan()
        (folder / "brokers.toml").write_text(BROKERS, encoding="utf-8")

    def plan(self, anchor: str = "balance", checked: str = "equity") -> None:
        """Write the one plan."""
        text = PLAN.format(anchor=anchor, checked=checked)
        (self.folder / "plans" / "strict.toml").write_text(text, encoding="utf-8")

    def run(self, file: ReportFile | bytes, *options: str, plan: str = "strict") -> Result:
        """Run the command on a report."""
        path = self.folder / "report.html"
        path.write_bytes(file if isinstance(file, bytes) else file.html())
        places = ["--plans", str(self.folder / "plans")]
        places += ["--brokers", str(self.folder / "brokers.toml")]
        return CliRunner().invoke(audit, [str(path), "--plan", plan, *places, *options])

    def document(self, file: ReportFile, *options: str) -> dict[str, Any]:
        """The JSON document of a report."""
        result = self.run(file, "--json", *options)
        assert result.exit_code == 0, result.stderr
        document: dict[str, Any] = json.loads(result.stdout, parse_float=Decimal)
        return document


def test_the_document_has_exactly_the_agreed_keys(desk: Desk) -> None:
    """Keys, checks, exact money and UTC times are as agreed."""
    document = desk.document(HEDGED)
    assert list(document) == [
        "account", "plan", "deals", "positions", "trades", "rule_days", "violations",
        "mt5_summary", "checks",
    ]  # fmt: skip
    assert document["checks"] == {
        "balance_chain": {"rows": 6, "exact": 6},
        "positions": {"rows": 2, "exact": 2},
        "summary": {"printed": 0, "equal": 0, "differences": []},
    }
    account = document["account"]
    assert account["kind"] == "history"
    assert (account["server_zone"], account["server_zone_source"]) == ("UTC", "brokers")
    assert (account["initial_balance"], account["initial_balance_source"]) == (
        Decimal("10000.00"), "mt5_deposits",
    )  # fmt: skip
    assert document["deals"][1]["time"] == "2026-03-02T10:00:00Z"
    assert '"net": 494.00' in desk.run(HEDGED, "--json").stdout


def test_the_terminals_summary_is_told_unrounded_and_checked(desk: Desk) -> None:
    """35 figures as decimal text, and how many of the printed ones they equal."""
    document = desk.document(evolve(HEDGED, results=RESULTS))
    figures = document["mt5_summary"]
    assert list(figures) == [
        "total_net_profit", "gross_profit", "gross_loss", "profit_factor", "expected_payoff",
        "recovery_factor", "sharpe_ratio", "balance_drawdown_absolute",
        "balance_drawdown_maximal", "balance_drawdown_maximal_pct",
        "balance_drawdown_relative", "balance_drawdown_relative_pct", "total_trades",
        "short_trades", "short_trades_won_pct", "long_trades", "long_trades_won_pct",
        "profit_trades", "profit_trades_pct", "loss_trades", "loss_trades_pct",
        "largest_profit_trade", "largest_loss_trade", "average_profit_trade",
        "average_loss_trade", "maximum_consecutive_wins", "maximum_consecutive_wins_amount",
        "maximum_consecutive_losses", "maximum_consecutive_losses_amount",
        "maximal_consecutive_profit", "maximal_consecutive_profit_count",
        "maximal_consecutive_loss", "maximal_consecutive_loss_count",
        "average_consecutive_wins", "average_consecutive_losses",
    ]  # fmt: skip
    assert (figures["total_net_profit"], figures["loss_trades"]) == ("440.25", "2")
    assert figures["profit_factor"] == "8.757709251101321585903083700440529"
    assert document["checks"]["summary"] == {"printed": 35, "equal": 35, "differences": []}


def test_a_wrong_summary_figure_is_listed(desk: Desk) -> None:
    """A figure that the deals do not produce shows in the JSON, on stderr and in the table."""
    wrong = evolve(HEDGED, results=(("441.25", "497.00", "-56.75"), *RESULTS[1:]))
    result = desk.run(wrong, "--json")
    summary = json.loads(result.stdout)["checks"]["summary"]
    assert summary["differences"] == [
        {"figure": "total_net_profit", "printed": "441.25", "computed": "440.25"}
    ]
    assert "total_net_profit: printed 441.25, computed 440.25" in result.stderr
    tables = desk.run(wrong).stdout
    assert "Statistics (by position)" in tables
    assert "MT5 summary (by closing deal" in tables
    assert "printed 441.25" in tables


def test_a_testers_report_is_told_but_never_judged(desk: Desk) -> None:
    """Deals, trades and summary of a simulation; no rule day, violation or outcome."""
    file = evolve(HEDGED, account="Expert", positions=[], results=TESTER, results_first=True)
    result = desk.run(file, "--json")
    document = json.loads(result.stdout)
    account = document["account"]
    assert (account["kind"], account["outcome"], account["login"]) == ("tester", None, None)
    assert document["rule_days"] == document["violations"] == []
    assert len(document["trades"]) == 2
    assert document["mt5_summary"]["sharpe_ratio"] is None
    assert document["mt5_summary"]["total_trades"] == "3"
    assert document["checks"]["summary"]["equal"] == 33
    assert "simulated results are never used for rules" in result.stderr
    assert "not judged: tester" in desk.run(file).stdout


def test_a_list_of_positions_is_told_but_never_judged(desk: Desk) -> None:
    """Without deals there are trades and statistics, and no summary, check or rule."""
    rows = [";".join(f"T{i}" for i in range(13)), *(";".join(row) for row in HEDGED.positions)]
    result = desk.run("\n".join(rows).encode(), "--json")
    document = json.loads(result.stdout)
    assert (document["account"]["kind"], document["account"]["outcome"]) == ("positions", None)
    assert [trade["net"] for trade in document["trades"]] == [494.0, -53.5]
    assert len(document["positions"]) == 2
    assert document["deals"] == document["rule_days"] == []
    assert set(document["mt5_summary"].values()) == {None}
    assert document["checks"]["positions"] == {"rows": 0, "exact": 0}
    assert "positions only" in result.stderr
    tables = desk.run("\n".join(rows).encode()).stdout
    assert "not judged: positions" in tables
    assert "MT5 summary" not in tables


def test_days_sum_up_to_the_net_profit(desk: Desk) -> None:
    """Closed results of all rule days, flows left out, are the trades' net."""
    for file, net in ((HEDGED, Decimal("440.25")), (LOSING, Decimal("-606.00"))):
        document = desk.document(file)
        days = document["rule_days"]
        assert sum(day["closed_result"] for day in days) == net
        assert sum(trade["net"] for trade in document["trades"]) == net
        assert len({day["date"] for day in days}) == len(days)
        for before, after in pairwise(days):
            assert before["end_at"] == after["start_at"]


def test_a_closed_loss_beyond_the_allowance_is_a_breach(desk: Desk) -> None:
    """The day of the loss breaches at its deal; a later withdrawal does not add to it."""
    document = desk.document(LOSING)
    days = {day["date"]: day for day in document["rule_days"]}
    day = days["2026-03-02"]
    assert (day["anchor"], day["floor"], day["allowance"]) == (10000, 9500, 500)
    assert (day["worst"], day["used"], day["level"]) == (9394, 606, "breach")
    assert (day["opened"], day["closed"], day["anchor_grade"]) == (1, 1, "exact")
    assert day["start_at"] == "2026-03-01T22:00:00Z"
    assert days["2026-03-04"]["level"] == "ok"
    breaches = [each for each in document["violations"] if each["severity"] == "breach"]
    assert [(each["rule_id"], each["verdict"]) for each in breaches] == [("daily-loss", "hard")]
    assert breaches[0]["occurred_at"] == "2026-03-02T12:00:00Z"
    assert document["account"]["outcome"] == "breached"


def test_of_two_daily_rules_each_day_shows_the_worse(desk: Desk) -> None:
    """One row a day whatever the number of rules, of the rule that used most of its allowance."""
    file = desk.folder / "plans" / "strict.toml"
    tight = PLAN.format(anchor="balance", checked="balance").split("[[phases.rules]]")[1]
    tight = tight.replace('"daily-loss"', '"tight-loss"').replace("percent = 5", "percent = 4")
    file.write_text(f"{file.read_text('utf-8')}\n[[phases.rules]]{tight}", encoding="utf-8")
    days = desk.document(HEDGED)["rule_days"]
    assert len({day["date"] for day in days}) == len(days)
    rules = {day["date"]: day["rule_id"] for day in days}
    assert rules["2026-03-03"] == "tight-loss"


def test_days_with_unseen_equity_are_unproven(desk: Desk) -> None:
    """Between deals a report knows no equity: such days prove nothing, balance rules are exact."""
    desk.plan(anchor="equity")
    days = {day["date"]: day for day in desk.document(HEDGED)["rule_days"]}
    assert (days["2026-03-02"]["unproven"], days["2026-03-02"]["anchor_grade"]) == (True, "exact")
    assert days["2026-03-03"]["anchor_grade"] == "balance_only"
    assert not days["2026-03-05"]["unproven"]
    desk.plan(anchor="balance", checked="balance")
    assert not any(day["unproven"] for day in desk.document(HEDGED)["rule_days"])


def test_a_mid_life_window_knows_its_exposure(desk: Desk) -> None:
    """A window starts with its first balance, and positions opened before it are no flat days."""
    window = evolve(HEDGED, deals=HEDGED.deals[4:])
    desk.plan(anchor="equity")
    document = desk.document(window)
    account = document["account"]
    assert (account["initial_balance"], account["initial_balance_source"]) == (
        Decimal("10493.00"), "window_start",
    )  # fmt: skip
    assert document["trades"][0]["open_time"] is None
    assert [day["unproven"] for day in document["rule_days"][:2]] == [True, True]
    assert len(document["deals"]) == 2
    given = desk.document(window, "--initial-balance", "10000")["account"]
    assert (given["initial_balance"], given["initial_balance_source"]) == (10000, "manual")


def test_credit_from_before_a_window_is_no_balance(desk: Desk) -> None:
    """The column holds 500 of credit throughout; the rules start with the money alone."""
    credit = Decimal(500)
    rows = [
        (*row[:12], f"{Decimal(row[12].replace(' ', '')) + credit}", row[13])
        for row in HEDGED.deals[4:]
    ]
    footer = ("10 440.25", "10 940.25", "500.00", "0.00", "0.00", "0.00", "10 940.25")
    document = desk.document(evolve(HEDGED, deals=rows, footer=footer))
    assert document["checks"]["balance_chain"] == {"rows": 2, "exact": 2}
    assert document["account"]["initial_balance"] == Decimal("10493.00")
    assert document["rule_days"] != []


def test_a_position_open_since_before_the_window_leaves_no_day_proven(desk: Desk) -> None:
    """A position with no deal in the window was open all along: no equity is known but the last."""
    held = (
        "2026.02.20 10:00:00", "401", "EURUSD", "buy", "1", "1.09", "", "", "1.1", "0.00",
        "100.00", "",
    )  # fmt: skip
    footer = ("10 440.25", "10 440.25", "0.00", "0.00", "100.00", "0.00", "10 540.25")
    desk.plan(anchor="equity")
    window = evolve(HEDGED, deals=HEDGED.deals[4:], open_positions=[held], footer=footer)
    document = desk.document(window)
    assert all(day["unproven"] for day in document["rule_days"])
    assert [row["state"] for row in document["positions"]] == ["closed", "closed", "open"]
    assert document["rule_days"][0]["date"] == "2026-03-02"


def test_the_zone_option_moves_days_and_says_so(desk: Desk) -> None:
    """A clock given by hand wins over the table and is named as an option."""
    document = desk.document(HEDGED, "--server-zone", "America/New_York+7h")
    assert document["account"]["server_zone_source"] == "option"
    assert document["deals"][1]["time"] == "2026-03-02T08:00:00Z"


def test_tables_show_the_verdict_without_colour_codes(desk: Desk) -> None:
    """Off a terminal the tables are plain text with account, checks, days and violations."""
    result = desk.run(LOSING)
    assert result.exit_code == 0
    for told in ("700001 on Simulated-1", "from brokers", "balance chain", "breach", "-606.00"):
        assert told in result.stdout
    assert "\x1b" not in result.stdout


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--phase", "3"), "--phase: 3 is not in plan 'strict'; allowed: 0 to 0"),
        (("--server-zone", "Mars"), "server zone 'Mars' is unknown"),
        (("--initial-balance", "ten"), "--initial-balance: 'ten'; allowed: an amount"),
        (("--initial-balance", "0"), "allowed: an amount above 0"),
        (("--plans", "/nowhere"), "holds no plan"),
    ],
)
def test_bad_options_leave_stdout_empty(desk: Desk, options: tuple[str, ...], told: str) -> None:
    """Usage faults end with exit code 2 and one message on stderr."""
    result = desk.run(HEDGED, *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


def test_files_that_cannot_be_judged_are_refused(desk: Desk) -> None:
    """Unknown plans and servers and cut files say what is allowed."""
    foreign = evolve(HEDGED, account="700001 (USD, Nowhere-Live, demo, Hedge)")
    for result, told in (
        (desk.run(HEDGED, plan="none"), "--plan: 'none' is unknown; allowed: strict"),
        (desk.run(HEDGED.html()[:5000]), "report.html: the file ends after"),
        (desk.run(foreign), "server 'Nowhere-Live' is not in"),
    ):
        assert (result.exit_code, result.stdout) == (2, "")
        assert told in result.stderr
