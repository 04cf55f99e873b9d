"""The rows that late facts write: deals and trades that are gone, and discrepancies."""

from collections.abc import Iterator

import msgspec

from actors.ports import SyncUnit
from storage.sync_rows import Row, Table

_json = msgspec.json.Encoder()

DEALS_GONE = Table(
    ("uuid", "bigint", "timestamptz"),
    """
    UPDATE deals d SET gone_at = u.at
    FROM {rows} AS u (account_id, ticket, at)
    JOIN rule_state r ON r.account_id = u.account_id
    WHERE d.life_id = r.life_id AND d.ticket = u.ticket AND d.gone_at IS NULL
    """,
)

TRADES_GONE = Table(
    ("uuid", "text"),
    """
    DELETE FROM trades t USING {rows} AS u (life_id, ticket)
    WHERE t.life_id = u.life_id AND t.ticket = u.ticket
    """,
)

DISCREPANCIES = Table(
    (
        *("uuid", "bigint", "integer", "uuid", "text", "text", "date"),
        *("timestamptz", "timestamptz", "text"),
    ),
    """
    INSERT INTO discrepancies (life_id, sync_seq, place, account_instance_id, kind, subject,
        rule_date, occurred_at, noticed_at, facts)
    SELECT u.l, u.n, u.p, u.i, u.k, u.s, u.d, u.oc, u.no, u.f::jsonb
    FROM {rows} AS u (l, n, p, i, k, s, d, oc, no, f)
    ON CONFLICT DO NOTHING
    """,
)


def gone_deal_rows(unit: SyncUnit) -> Iterator[Row]:
    """Tickets that the terminal's history holds no more, in whichever life they are kept."""
    for ticket in unit.effects.gone:
        yield unit.instance.account_id, ticket, unit.observed_at


def gone_trade_rows(unit: SyncUnit) -> Iterator[Row]:
    """Trades that no deal makes up any more; they are a view of the deals, which stay."""
    for ticket in unit.effects.trades_gone:
        yield unit.instance.life_id, ticket


def discrepancy_rows(unit: SyncUnit) -> Iterator[Row]:
    """What late facts contradict, numbered within the unit."""
    for place, one in enumerate(unit.effects.discrepancies):
        yield (
            unit.instance.life_id,
            unit.sync_seq,
            place,
            unit.instance.instance_id,
            one.kind.value,
            one.subject,
            one.rule_date,
            one.occurred_at,
            unit.observed_at,
            _json.encode({"before": one.before, "after": one.after}).decode(),
        )
