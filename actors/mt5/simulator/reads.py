"""What a terminal logged in to an account shows, as answers of the bridge protocol."""

from msgspec import structs

from actors.domain.deals import DealType
from actors.domain.snapshot import Side
from actors.mt5.simulator.account import SimulatedAccount
from actors.mt5.simulator.journal import first_after
from actors.mt5.wire_answers import (
    AccountRow,
    BalanceCheck,
    DealRow,
    DealsResult,
    OrderRow,
    OrdersResult,
    ServerOffset,
    SnapshotResult,
)
from actors.mt5.wire_requests import Deals, OrdersHistory

BUILD = "simulator-1"


def server_offset(account: SimulatedAccount) -> ServerOffset:
    """Return what the bridge knows of the account's server's clock."""
    row = account_row(account)
    return ServerOffset(row.server, row.server_offset_seconds, row.offset_source, 0)


def account_row(account: SimulatedAccount, *, trade_allowed: bool = False) -> AccountRow:
    """Return the account as named at login."""
    recipe = account.recipe
    offset = account.wall_msc() - account.now
    return AccountRow(
        login=recipe.login,
        server=recipe.server.name,
        name=f"Simulated {recipe.scenario}",
        company=recipe.server.company,
        currency=recipe.currency,
        currency_digits=account.currency_digits,
        leverage=recipe.leverage,
        margin_mode="netting" if recipe.margin_mode == "netting" else "hedging",
        trade_allowed=trade_allowed,
        server_offset_seconds=offset // 1000,
        offset_source="configured",
    )


def snapshot(account: SimulatedAccount, *, connected: bool = True) -> SnapshotResult:
    """Return one coherent read; equity is exact by its rows."""
    recipe, value, book = account.recipe, account.value(), account.book
    rows = tuple(value.row(each) for each in book.positions.values())
    equity = book.balance + book.credit + sum(row.profit + row.swap for row in rows)
    margin = value.margin(recipe.leverage) if rows else 0
    account.seq += 1
    return SnapshotResult(
        login=recipe.login,
        server=recipe.server.name,
        balance=book.balance,
        equity=equity,
        credit=book.credit,
        margin=margin,
        free_margin=equity - margin,
        currency=recipe.currency,
        currency_digits=account.currency_digits,
        positions=rows,
        orders=(),
        connected=connected,
        ping_last_us=41_000,
        age_ms=0,
        seq=account.seq,
    )


def deals(account: SimulatedAccount, asked: Deals, *, twice: bool = False) -> DealsResult:
    """Return a page of the deals that the terminal has by now; ``twice``: each of them two times.

    The cursor and the total are those of the deals themselves.
    """
    rows, stable = account.shown()
    if twice:
        asked = structs.replace(asked, limit=max(1, asked.limit // 2))
    page, more = _page(rows, asked)
    total = sum(_amount(row) for row in rows if row.type is not DealType.CREDIT)
    balance = account.book.balance
    return DealsResult(
        items=tuple(row for row in page for _ in range(1 + twice)),
        deals_total=len(rows),
        history_state="stable" if stable else "loading",
        next_since_msc=page[-1].broker_msc if more else None,
        next_after_ticket=page[-1].ticket if more else None,
        balance_check=BalanceCheck(total, balance, total == balance),
    )


def orders_history(account: SimulatedAccount, asked: OrdersHistory) -> OrdersResult:
    """Return a page of the filled orders behind the trade deals."""
    rows, _ = account.shown()
    page, more = _page([row for row in rows if row.order], asked)
    return OrdersResult(
        items=tuple(_order(row) for row in page),
        next_since_msc=page[-1].broker_msc if more else None,
        next_after_ticket=page[-1].ticket if more else None,
    )


def _page(rows: list[DealRow], asked: Deals | OrdersHistory) -> tuple[list[DealRow], bool]:
    first = first_after(rows, (asked.since_msc, asked.after_ticket))
    page = rows[first : first + asked.limit]
    return page, first + asked.limit < len(rows)


def _amount(row: DealRow) -> int:
    return row.profit + row.commission + row.swap + row.fee


def _order(row: DealRow) -> OrderRow:
    return OrderRow(
        ticket=row.order,
        position_id=row.position_id,
        symbol=row.symbol,
        side=Side.BUY if row.type is DealType.BUY else Side.SELL,
        volume=row.volume,
        price=row.price,
        setup_broker_msc=row.broker_msc,
        done_broker_msc=row.broker_msc,
    )
