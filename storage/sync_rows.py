"""The rows that one sync writes, table by table: how they are built and the SQL that stores them.

Every statement takes one array per column (``unnest``) and is safe to repeat. Amounts become
whole currency units here, except equity samples, which stay in minor units.
"""

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias
from uuid import UUID, uuid5

import msgspec
from attrs import frozen

from actors.domain.money import to_decimal
from actors.ports import LogEntry, Standing, SyncUnit

Row: TypeAlias = tuple[Any, ...]
_json = msgspec.json.Encoder(decimal_format="number")


@frozen
class Table:
    """One statement over column arrays; ``types`` are the arrays' element types."""

    types: tuple[str, ...]
    statement: str

    def sql(self) -> str:
        """The statement with ``{rows}`` replaced by the unnested parameters."""
        arrays = ", ".join(f"${n}::{kind}[]" for n, kind in enumerate(self.types, start=1))
        return self.statement.replace("{rows}", f"unnest({arrays})")


RULE_STATE = Table(
    ("uuid", "bigint", "bigint", "integer", "bytea", "timestamptz"),
    """
    UPDATE rule_state r SET sync_seq = u.sync_seq, fence = u.fence, instance_key = u.instance_key,
        document = CASE WHEN u.document = '' THEN r.document ELSE u.document END,
        updated_at = u.updated_at
    FROM {rows} AS u (life_id, sync_seq, fence, instance_key, document, updated_at)
    WHERE r.life_id = u.life_id
    """,
)

STANDING = Table(
    ("uuid", "text", "text", "text", "text", "timestamptz"),
    """
    UPDATE account_instances i SET
        status = CASE WHEN 'deactivated' IN (i.status, u.status) THEN i.status ELSE u.status END,
        connection_state = u.connection_state, tier = coalesce(u.tier, i.tier),
        last_error_code = u.last_error_code, next_sync_at = u.next_sync_at
    FROM {rows} AS u (id, status, connection_state, tier, last_error_code, next_sync_at)
    WHERE i.id = u.id
    """,
)

MIRROR = Table(
    (*STANDING.types, "text", "bigint", "timestamptz", "bytea", "bytea", "text", "smallint"),
    """
    UPDATE account_instances i SET
        status = CASE WHEN 'deactivated' IN (i.status, u.status) THEN i.status ELSE u.status END,
        connection_state = u.connection_state, tier = u.tier,
        last_error_code = u.last_error_code, next_sync_at = u.next_sync_at,
        outcome = u.outcome, sync_seq = u.sync_seq, last_sync_at = u.last_sync_at,
        summary = u.summary, standings = u.standings, currency = u.currency,
        currency_digits = u.currency_digits
    FROM {rows} AS u (id, status, connection_state, tier, last_error_code, next_sync_at, outcome,
        sync_seq, last_sync_at, summary, standings, currency, currency_digits)
    WHERE i.id = u.id
    """,
)

SAMPLES = Table(
    ("integer", "timestamptz", *["bigint"] * 7, "text"),
    """
    INSERT INTO equity_samples (instance_key, recorded_at, balance, equity, margin, equity_min,
        equity_max, unusual)
    SELECT u.i, u.at, u.b, nullif(u.e, u.b), nullif(u.m, 0), nullif(u.lo, u.e),
        nullif(u.hi, u.e), unusual_facts(u.c, u.f, u.e - u.m, u.s)
    FROM {rows} AS u (i, at, b, e, c, m, f, lo, hi, s)
    ON CONFLICT DO NOTHING
    """,
)

DEALS = Table(
    (
        *("uuid", "bigint", "integer", "bigint", "bigint", "smallint", "smallint", "smallint"),
        *("text", *["numeric"] * 6, "bigint", "timestamptz", "text"),
    ),
    """
    INSERT INTO deals AS d (life_id, ticket, instance_key, position_id, order_ticket, type, entry,
        reason, symbol, volume, price, profit, commission, swap, fee, broker_msc, occurred_at,
        comment)
    SELECT * FROM {rows}
    ON CONFLICT (life_id, ticket) DO UPDATE SET
        position_id = excluded.position_id, order_ticket = excluded.order_ticket,
        type = excluded.type, entry = excluded.entry, reason = excluded.reason,
        symbol = excluded.symbol, volume = excluded.volume, price = excluded.price,
        profit = excluded.profit, commission = excluded.commission, swap = excluded.swap,
        fee = excluded.fee, broker_msc = excluded.broker_msc,
        occurred_at = excluded.occurred_at, comment = excluded.comment, revised_at = now(),
        gone_at = NULL
    WHERE d.gone_at IS NOT NULL
        OR (d.position_id, d.order_ticket, d.type, d.entry, d.reason, d.symbol, d.volume, d.price,
           d.profit, d.commission, d.swap, d.fee, d.broker_msc, d.occurred_at, d.comment)
        IS DISTINCT FROM
          (excluded.position_id, excluded.order_ticket, excluded.type, excluded.entry,
           excluded.reason, excluded.symbol, excluded.volume, excluded.price, excluded.profit,
           excluded.commission, excluded.swap, excluded.fee, excluded.broker_msc,
           excluded.occurred_at, excluded.comment)
    """,
)

TRADES = Table(
    (
        *("uuid", "uuid", "text", "bigint", "text", "text", "timestamptz", "timestamptz"),
        *(*["numeric"] * 8, "text"),
    ),
    """
    INSERT INTO trades AS t (account_instance_id, life_id, ticket, position_id, symbol, type,
        open_time, close_time, open_price, close_price, lots, open_lots, profit, commission, swap,
        fee, deal_tickets)
    SELECT u.i, u.l, u.t, u.p, u.s, u.ty, u.ot, u.ct, u.op, u.cp, u.lo, u.ol, u.pr, u.co, u.sw,
        u.fe, u.dt::bigint[]
    FROM {rows} AS u (i, l, t, p, s, ty, ot, ct, op, cp, lo, ol, pr, co, sw, fe, dt)
    ON CONFLICT (life_id, ticket) DO UPDATE SET
        symbol = excluded.symbol, type = excluded.type,
        open_time = excluded.open_time, close_time = excluded.close_time,
        open_price = excluded.open_price, close_price = excluded.close_price,
        lots = excluded.lots, open_lots = excluded.open_lots, profit = excluded.profit,
        commission = excluded.commission, swap = excluded.swap, fee = excluded.fee,
        deal_tickets = excluded.deal_tickets
    """,
)

RULE_DAYS = Table(
    (
        *("uuid", "text", "date", "integer", "uuid", "timestamptz", "timestamptz"),
        *("numeric", "numeric", "numeric", "text", "text", *["numeric"] * 4, "timestamptz"),
        *("text", "numeric", "numeric", "integer", "integer", "boolean"),
        *(*["float8"] * 4, "text"),
    ),
    """
    INSERT INTO rule_days (life_id, rule_id, rule_date, revision, account_instance_id, start_at,
        end_at, anchor, anchor_balance, anchor_equity, anchor_grade, anchor_source, allowance,
        floor, worst, worst_used, worst_at, level, flows, closed_result, opened, closed, unproven,
        flat_seconds, reconstructed_seconds, sampled_seconds, unknown_seconds, cause)
    SELECT * FROM {rows}
    ON CONFLICT (life_id, rule_id, rule_date, revision) DO UPDATE SET
        start_at = excluded.start_at, end_at = excluded.end_at, anchor = excluded.anchor,
        anchor_balance = excluded.anchor_balance, anchor_equity = excluded.anchor_equity,
        anchor_grade = excluded.anchor_grade, anchor_source = excluded.anchor_source,
        allowance = excluded.allowance, floor = excluded.floor, worst = excluded.worst,
        worst_used = excluded.worst_used, worst_at = excluded.worst_at, level = excluded.level,
        flows = excluded.flows, closed_result = excluded.closed_result,
        opened = excluded.opened, closed = excluded.closed, unproven = excluded.unproven,
        flat_seconds = excluded.flat_seconds,
        reconstructed_seconds = excluded.reconstructed_seconds,
        sampled_seconds = excluded.sampled_seconds, unknown_seconds = excluded.unknown_seconds,
        cause = excluded.cause
    """,
)

VIOLATIONS = Table(
    (
        *("uuid", "uuid", "text", "text", "date", "numeric", "numeric", "text", "text", "text"),
        *("boolean", "timestamptz", "timestamptz", "timestamptz", "text", "bytea", "bytea"),
    ),
    """
    INSERT INTO rule_violations (account_instance_id, life_id, rule_id, rule_type, rule_date,
        threshold_value, current_value, severity, verdict, grade, is_primary, occurred_at,
        observed_at, detected_at, metadata, seal_public_key, seal_signature)
    SELECT u.i, u.l, u.r, u.t, u.d, u.th, u.cu, u.se, u.ve, u.gr, u.pr, u.oc, u.ob, u.de,
        u.me::jsonb, u.sk, u.ss
    FROM {rows} AS u (i, l, r, t, d, th, cu, se, ve, gr, pr, oc, ob, de, me, sk, ss)
    ON CONFLICT DO NOTHING
    """,
)

INITIAL_BALANCES = Table(
    ("uuid", "uuid", "uuid", "numeric", "text", "timestamptz", "timestamptz"),
    """
    INSERT INTO initial_balances (account_id, account_instance_id, life_id, version,
        initial_balance_value, initial_balance_source, initial_at, initial_balance_set_at)
    SELECT u.a, u.i, u.l, coalesce(last.version, 0) + 1, u.v, u.s, u.at, u.set_at
    FROM {rows} AS u (a, i, l, v, s, at, set_at)
    LEFT JOIN LATERAL (
        SELECT * FROM initial_balances b WHERE b.life_id = u.l ORDER BY version DESC LIMIT 1
    ) AS last ON true
    WHERE (last.initial_balance_value, last.initial_balance_source, last.initial_at)
        IS DISTINCT FROM (u.v, u.s, u.at)
    """,
)

LOGS = Table(
    ("uuid", "uuid", "text", "text", "text", "text", "text", "timestamptz"),
    """
    INSERT INTO connection_logs (id, account_instance_id, request_id, action, status, error_code,
        error_context, created_at)
    SELECT u.id, u.i, u.r, u.a, u.s, u.e, u.c::jsonb, u.at
    FROM {rows} AS u (id, i, r, a, s, e, c, at)
    ON CONFLICT (id) DO NOTHING
    """,
)


def standing_row(unit: SyncUnit | Standing) -> Row:
    """The condition of the instance after this unit."""
    return (
        unit.instance.instance_id,
        unit.status.value,
        unit.connection_state.value,
        None if unit.tier is None else unit.tier.value,
        unit.last_error_code,
        unit.next_sync_at,
    )


def log_rows(unit: SyncUnit | Standing) -> Iterator[Row]:
    """Log rows with ids made from their content, so that a repeated unit adds none."""
    instance_id = unit.instance.instance_id
    for place, entry in enumerate(unit.log):
        yield (
            _log_id(instance_id, place, entry),
            instance_id,
            entry.request_id,
            entry.action,
            entry.status,
            entry.error_code,
            _json.encode(entry.context).decode(),
            entry.created_at,
        )


def _log_id(instance_id: UUID, place: int, entry: LogEntry) -> UUID:
    parts = (entry.request_id, entry.action, entry.status, entry.created_at.isoformat(), place)
    return uuid5(instance_id, "/".join(map(str, parts)))


def state_row(unit: SyncUnit) -> Row:
    """The life's new sync_seq, who wrote it, and the rule engine's document."""
    return (
        unit.instance.life_id,
        unit.sync_seq,
        unit.fence,
        unit.instance.instance_key,
        unit.effects.rule_state,
        unit.observed_at,
    )


def mirror_row(unit: SyncUnit) -> Row:
    """The condition, and what lists show of the instance's last sync."""
    return (
        *standing_row(unit),
        unit.outcome.value,
        unit.sync_seq,
        unit.observed_at,
        unit.summary,
        unit.standings,
        unit.currency,
        unit.currency_digits,
    )


def sample_rows(unit: SyncUnit) -> Iterator[Row]:
    """The equity sample, in minor units."""
    sample = unit.effects.sample
    if sample is not None:
        yield (
            unit.instance.instance_key,
            sample.recorded_at,
            sample.balance,
            sample.equity,
            sample.credit,
            sample.margin,
            sample.free_margin,
            sample.equity_min,
            sample.equity_max,
            sample.source,
        )


def deal_rows(unit: SyncUnit) -> Iterator[Row]:
    """New and changed deals; of a repeated ticket the last counts."""
    digits = unit.currency_digits
    for deal in {deal.ticket: deal for deal in unit.effects.deals}.values():
        amounts = (deal.profit, deal.commission, deal.swap, deal.fee)
        yield (
            unit.instance.life_id,
            deal.ticket,
            unit.instance.instance_key,
            deal.position_id,
            deal.order,
            int(deal.type),
            int(deal.entry),
            int(deal.reason),
            deal.symbol,
            deal.volume,
            deal.price,
            *(to_decimal(amount, digits) for amount in amounts),
            deal.broker_msc,
            deal.occurred_at,
            deal.comment,
        )


def trade_rows(unit: SyncUnit) -> Iterator[Row]:
    """New and changed trades; of a repeated ticket the last counts."""
    digits = unit.currency_digits
    for trade in {trade.ticket: trade for trade in unit.effects.trades}.values():
        amounts = (trade.profit, trade.commission, trade.swap, trade.fee)
        yield (
            unit.instance.instance_id,
            unit.instance.life_id,
            trade.ticket,
            trade.position_id,
            trade.symbol,
            trade.side.value.upper(),
            trade.opened_at,
            trade.closed_at,
            trade.open_price,
            trade.close_price,
            trade.volume,
            trade.open_volume,
            *(to_decimal(amount, digits) for amount in amounts),
            "{" + ",".join(map(str, trade.deal_tickets)) + "}",
        )


def rule_day_rows(unit: SyncUnit) -> Iterator[Row]:
    """New and changed rule days."""
    days = {(day.rule_id, day.date, day.revision): day for day in unit.effects.rule_days}

    def money(minor: int | None) -> Any:
        return None if minor is None else to_decimal(minor, unit.currency_digits)

    for day in days.values():
        yield (
            *(unit.instance.life_id, day.rule_id, day.date, day.revision),
            *(unit.instance.instance_id, day.start_at, day.end_at),
            *map(money, (day.anchor, day.anchor_balance, day.anchor_equity)),
            *(day.anchor_grade.value, day.anchor_source),
            *map(money, (day.allowance, day.floor, day.worst, day.worst_used)),
            *(day.worst_at, day.level.value, money(day.flows), money(day.closed_result)),
            *(day.opened, day.closed, day.unproven),
            *(day.coverage.flat_seconds, day.coverage.reconstructed_seconds),
            *(day.coverage.sampled_seconds, day.coverage.unknown_seconds, day.cause),
        )


def violation_rows(unit: SyncUnit) -> Iterator[Row]:
    """New violations with their evidence."""
    for violation in unit.effects.violations:
        seal = violation.seal
        yield (
            unit.instance.instance_id,
            unit.instance.life_id,
            violation.rule_id,
            violation.rule_type,
            violation.rule_date,
            *violation.amounts(unit.currency_digits),
            violation.severity.value,
            violation.verdict.value,
            violation.grade.value,
            violation.is_primary,
            violation.occurred_at,
            violation.observed_at,
            violation.observed_at,
            _json.encode(violation.evidence).decode(),
            None if seal is None else seal.public_key,
            None if seal is None else seal.signature,
        )


def initial_balance_rows(unit: SyncUnit) -> Iterator[Row]:
    """The initial balance, when the step learnt it."""
    initial = unit.effects.initial_balance
    if initial is not None:
        yield (
            unit.instance.account_id,
            unit.instance.instance_id,
            unit.instance.life_id,
            to_decimal(initial.value, unit.currency_digits),
            initial.source.value,
            initial.initial_at,
            unit.observed_at,
        )


def columns(rows: Iterable[Row]) -> list[list[Any]]:
    """Turn rows into one list per column."""
    return [list(column) for column in zip(*rows, strict=True)]
