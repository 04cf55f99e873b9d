"""An audit for a reader: tables on a terminal, plain text elsewhere."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal

from attrs import asdict
from rich.console import Console
from rich.table import Table

from actors.domain.money import to_decimal
from actors.domain.mt5_summary import Mt5Figures
from actors.domain.statistics.figures import Figures
from actors.domain.statistics.life_statistics import GrowthFigures
from actors.domain.statistics.position_statistics import PositionStatistics, StreaksFigures
from actors.mt5.report_rows import PrintedFigure
from supervisor.audit_document import money, short_time
from supervisor.audit_run import Audit

_COLOURS = {"ok": "green", "warning": "yellow", "critical": "dark_orange", "breach": "red"}


def show(audit: Audit, console: Console) -> None:
    """Print the whole audit: account, checks, both sets of figures, trades, days, violations."""
    statistics = (_statistics(audit), _groups(audit.statistics))
    for table in (_account(audit), _checks(audit), *statistics):
        console.print(table)
    if audit.mt5_summary:
        console.print(_mt5_summary(audit.mt5_summary, audit.report.printed))
    console.print(_trades(audit))
    console.print(_days(audit))
    console.print(_violations(audit))
    for note in audit.notes:
        console.print(f"note: {note}", markup=False, highlight=False, soft_wrap=True)


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    table = Table(*columns, title=title, title_justify="left", highlight=False)
    for row in rows:
        table.add_row(*(_plain(cell) for cell in row))
    return table


def _plain(cell: object) -> str:
    """A cell as text; brackets from a file must not become markup."""
    return "-" if cell is None else str(cell).replace("[", "\\[")


def _account(audit: Audit) -> Table:
    header = audit.report.header
    zone = audit.server_zone
    rows: list[tuple[object, object]] = [
        ("account", header and f"{header.login} on {header.server} ({header.currency})"),
        ("plan", f"{audit.plan.name} v{audit.plan.version}, phase {audit.phase}"),
        ("server zone", f"{zone.value} (from {zone.source})"),
        ("initial balance", f"{audit.initial_balance} (from {audit.initial_balance_source})"),
        ("outcome", audit.outcome.value if audit.outcome else f"not judged: {audit.report.kind}"),
    ]
    return _table("Account", ("what", "value"), rows)


def _checks(audit: Audit) -> Table:
    chain, positions, summary = audit.balance_chain, audit.positions, audit.summary
    rows: list[tuple[object, ...]] = [
        ("balance chain", chain.rows, chain.exact, "; ".join(chain.differences[:5])),
        ("positions", positions.rows, positions.exact, "; ".join(positions.differences[:5])),
        ("summary", summary.printed, summary.equal, "; ".join(map(str, summary.differences[:5]))),
    ]
    return _table("Checks", ("check", "rows", "exact", "differences"), rows)


def _statistics(audit: Audit) -> Table:
    told, digits = audit.statistics, audit.report.currency_digits
    figures, streaks = told.all, told.streaks
    rows: list[tuple[str, object]] = [
        ("closed positions", figures.closed),
        ("wins / losses / breakeven", f"{figures.wins} / {figures.losses} / {figures.breakeven}"),
        ("win rate %", figures.win_rate),
        ("net", figures.net),
        ("profit factor", _factor(figures)),
        ("expectancy", _average(figures.expectancy, digits)),
        ("average win", _average(figures.average_win, digits)),
        ("average loss", _average(figures.average_loss, digits)),
        ("average win / average loss", figures.rrr),
        ("best", figures.best),
        ("worst", figures.worst),
        ("longest winning / losing streak", _longest(streaks)),
        ("average hold", _hold(figures.average_hold_seconds)),
        ("median hold", _hold(told.median_hold_seconds)),
        *(_growth(audit.life.growth) if audit.life else ()),
    ]
    return _table("Statistics (by position)", ("figure", "value"), rows)


def _groups(told: PositionStatistics) -> Table:
    """Every group of every dimension; weekdays and hours are those of the close."""
    dimensions = {
        "symbol": told.by_symbol,
        "side": told.by_side,
        "weekday": told.by_weekday,
        "hour": told.by_hour,
        "duration": told.by_duration,
    }
    rows = (
        (name, group.name, own.closed, own.wins, own.win_rate, own.net, _factor(own))
        for name, groups in dimensions.items()
        for group in groups
        for own in (group.figures,)
    )
    columns = ("by", "group", "closed", "wins", "win rate %", "net", "profit factor")
    return _table("Statistics by group", columns, rows)


def _factor(figures: Figures) -> object:
    """The profit factor; wins without a loss have an endless one."""
    endless = figures.profit_factor is None and figures.wins > 0
    return "∞" if endless else figures.profit_factor


def _longest(streaks: StreaksFigures) -> str:
    return f"{streaks.longest_wins.count} / {streaks.longest_losses.count}"


def _growth(growth: GrowthFigures) -> list[tuple[str, object]]:
    return [
        ("gain % (time-weighted, on equity)", growth.gain_pct),
        ("drawdown % (closed balance)", growth.balance_drawdown_pct),
        ("drawdown % (equity at resets)", growth.equity_drawdown_pct),
        ("recovery factor", growth.recovery_factor),
        ("Sharpe ratio (daily)", growth.sharpe),
        ("Sortino ratio (daily)", growth.sortino),
    ]


def _mt5_summary(figures: Mt5Figures, prints: Sequence[PrintedFigure]) -> Table:
    """The terminal's own figures beside what the report prints; a dash where it prints none."""
    printed = {figure.name: figure for figure in prints}
    rows = []
    for name, value in asdict(figures).items():
        figure = printed.get(name)
        rounded = value if value is None else round(value, figure.decimals if figure else 6)
        rows.append((name.replace("_", " "), rounded, figure and figure.value))
    title = "MT5 summary (by closing deal, as the terminal counts)"
    return _table(title, ("figure", "computed", "printed"), rows)


def _average(exact: Decimal | None, digits: int) -> Decimal | None:
    return None if exact is None else exact.quantize(Decimal(1).scaleb(-digits))


def _hold(seconds: Decimal | None) -> str | None:
    return None if seconds is None else str(timedelta(seconds=round(seconds)))


def _trades(audit: Audit) -> Table:
    digits = audit.report.currency_digits
    columns = ("ticket", "symbol", "side", "lots", "opened (UTC)", "closed (UTC)", "net")
    rows = (
        (
            trade.ticket, trade.symbol, trade.side.value, trade.volume,
            short_time(trade.opened_at), short_time(trade.closed_at),
            to_decimal(trade.net, digits),
        )
        for trade in audit.trades
    )  # fmt: skip
    return _table("Trades", columns, rows)


def _days(audit: Audit) -> Table:
    digits = audit.report.currency_digits
    columns = ("day", "anchor", "grade", "floor", "worst", "used", "level", "result", "proof")
    table = Table(*columns, title="Rule days", title_justify="left", highlight=False)
    for row in audit.rule_days:
        amounts = [money(value, digits) for value in (row.floor, row.worst, row.worst_used)]
        table.add_row(
            str(row.date),
            _plain(money(row.anchor, digits)),
            row.anchor_grade.value,
            *(_plain(amount) for amount in amounts),
            f"[{_COLOURS[row.level.value]}]{row.level.value}[/]",
            str(to_decimal(row.closed_result, digits)),
            "unproven" if row.unproven else "proven",
        )
    return table


def _violations(audit: Audit) -> Table:
    digits = audit.report.currency_digits
    columns = ("at (UTC)", "rule", "day", "severity", "verdict", "floor", "value", "grade")
    rows = (
        (
            short_time(each.occurred_at), each.rule_id, each.rule_date, each.severity.value,
            each.verdict.value, *map(str, each.amounts(digits)), each.grade.value,
        )
        for each in audit.violations
    )  # fmt: skip
    return _table(f"Violations: {len(audit.violations)}", columns, rows)
