"""Stored lives for a backtest: read in one snapshot, a few at a time, beside the running node.

Synchronous, through psycopg, as the command's only work. One connection holds the snapshot open
(repeatable read, read only) and touches no table that maintenance drops months from; the curve is
read over a second one in short transactions of that snapshot, so that no lock lasts.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from types import TracebackType
from typing import Any, Self, TypeAlias
from uuid import UUID

import psycopg
from attrs import field, frozen
from psycopg.rows import dict_row, tuple_row

from actors.domain.account import InitialBalanceSource, LifeReason
from actors.domain.backtest.facts import Breach, Bucket, DayFact, StoredHistory
from actors.domain.deals import Deal
from actors.domain.life import Life
from actors.domain.money import to_minor
from actors.domain.plan import Plan
from actors.domain.plan_file import plan_from_document
from actors.domain.progress import Progress, StateDocumentError, decode
from actors.domain.rule_day import AnchorGrade
from actors.domain.server_clock import ServerClock
from actors.domain.units import Unit, smallest, unit_of
from actors.domain.violation import Grade, Verdict
from storage import stored_curve
from storage.account_store import DEALS, read_deal

ClockOf = Callable[[str], ServerClock | None]
"""The clock of a server, None where the broker table does not name it."""

_Line: TypeAlias = "psycopg.Connection[Any]"

_AT_ONCE = 50
_OPTIONS = "-c timezone=UTC -c statement_timeout=0 -c idle_in_transaction_session_timeout=0"
_FRESH_STARTS = (LifeReason.RESET, LifeReason.PHASE)
_PLANS = """
    SELECT content_hash, document FROM plans
    WHERE content_hash IN (SELECT plan_hash FROM account_instances)
"""
_WANTED = """
    ($1::uuid IS NULL OR r.account_id = $1) AND ($2::uuid IS NULL OR r.life_id = $2)
"""
_COUNT = f"SELECT count(*) FROM rule_state r WHERE {_WANTED}"  # noqa: S608
_LIVES = f"""
    SELECT r.life_id, r.account_id, r.document, a.login, a.server, i.id AS instance_id,
        i.plan_hash, i.phase, i.started_at, i.ordered_initial_balance, k.keys, k.currency,
        k.digits, f.reason AS life_reason, b.initial_balance_source
    FROM rule_state r
    JOIN accounts a ON a.id = r.account_id
    JOIN LATERAL (SELECT * FROM account_instances x WHERE x.life_id = r.life_id
        ORDER BY x.instance_key DESC LIMIT 1) i ON true
    JOIN LATERAL (SELECT x.reason FROM account_instances x WHERE x.life_id = r.life_id
        ORDER BY x.instance_key LIMIT 1) f ON true
    JOIN LATERAL (SELECT array_agg(x.instance_key) AS keys, max(x.currency) AS currency,
        max(x.currency_digits)::int AS digits
        FROM account_instances x WHERE x.life_id = r.life_id) k ON true
    LEFT JOIN LATERAL (SELECT x.initial_balance_source FROM initial_balances x
        WHERE x.life_id = r.life_id ORDER BY x.version DESC LIMIT 1) b ON true
    WHERE {_WANTED} ORDER BY r.life_id
"""  # noqa: S608
_DAYS = """
    SELECT d.life_id, d.rule_id, d.rule_date, d.revision, d.start_at, d.end_at,
        (d.anchor * l.scale)::bigint, d.anchor_grade, (d.allowance * l.scale)::bigint,
        (d.worst * l.scale)::bigint, (d.worst_used * l.scale)::bigint, d.worst_at,
        (d.flows * l.scale)::bigint, d.unproven, d.unknown_seconds, d.reconstructed_seconds
    FROM unnest($1::uuid[], $2::numeric[]) AS l (life_id, scale)
    JOIN rule_days d ON d.life_id = l.life_id
    ORDER BY d.life_id
"""
_BREACHES = """
    SELECT life_id, rule_id, rule_type, rule_date, verdict, grade, threshold_value,
        current_value, occurred_at
    FROM rule_violations WHERE life_id = ANY($1::uuid[]) AND severity = 'breach'
    ORDER BY life_id, occurred_at
"""
_GRADES = {grade.value: grade for grade in AnchorGrade}


@frozen
class KeptLife:
    """A life and where its facts are. ``history`` is None where ``untold`` says why."""

    life_id: UUID
    account_id: UUID
    login: str
    keys: tuple[int, ...]
    history: StoredHistory | None
    untold: str | None = None


@frozen
class LifeFilter:
    """Which lives: None means all."""

    account_id: UUID | None = None
    life_id: UUID | None = None


@frozen(eq=False)
class BacktestRows:
    """A snapshot of the stored lives; use it as a context manager.

    Raises psycopg.OperationalError when the database does not answer.
    """

    dsn: str
    clock_of: ClockOf
    wanted: LifeFilter = LifeFilter()
    _lines: list[_Line] = field(factory=list, init=False)
    _plans: dict[str, Plan] = field(factory=dict, init=False)

    def __enter__(self) -> Self:
        self._lines.extend(self._line() for _ in range(2))
        holding = self._lines[0]
        holding.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        holding.read_only = True
        rows = holding.execute(_PLANS)
        self._plans.update({name: plan_from_document(text) for name, text in rows})
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for line in self._lines:
            line.close()
        self._lines.clear()

    def count(self) -> int:
        """How many lives there are."""
        ((number,),) = self._ask(_COUNT, (self.wanted.account_id, self.wanted.life_id))
        return int(number)

    def lives(self) -> Iterator[KeptLife]:
        """Every life in order of its id, with its rule days and breaches."""
        holding = self._lines[0]
        with psycopg.RawServerCursor(holding, "lives", row_factory=dict_row) as cursor:
            cursor.itersize = _AT_ONCE
            cursor.execute(_LIVES.encode(), (self.wanted.account_id, self.wanted.life_id))
            while rows := cursor.fetchmany(_AT_ONCE):
                yield from self._with_facts(rows)

    def deals(self, kept: KeptLife) -> tuple[Deal, ...]:
        """All deals of the life's account, in order."""
        if kept.history is None:
            return ()
        cursor = psycopg.RawCursor(self._lines[0], row_factory=dict_row)
        rows = cursor.execute(DEALS.encode(), (kept.account_id, kept.life_id))
        return tuple(read_deal(row, kept.history.digits) for row in rows)

    def buckets(self, kept: KeptLife) -> Iterator[Bucket]:
        """The life's stored curve in order of time."""
        return stored_curve.buckets(self._briefly, kept.keys)

    def _line(self) -> _Line:
        return psycopg.connect(
            self.dsn, options=_OPTIONS, application_name="onefunders backtest", connect_timeout=5
        )

    def _ask(self, query: str, parameters: Sequence[object]) -> list[tuple[Any, ...]]:
        return _all(self._lines[0], query, parameters)

    def _briefly(self, query: str, parameters: Sequence[object]) -> list[tuple[Any, ...]]:
        """One query in a transaction of its own that sees the same snapshot."""
        holding, brief = self._lines
        ((snapshot,),) = holding.execute("SELECT pg_export_snapshot()")
        with brief.transaction():
            brief.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            brief.execute(f"SET TRANSACTION SNAPSHOT '{snapshot}'".encode())
            return _all(brief, query, parameters)

    def _with_facts(self, rows: Sequence[Mapping[str, Any]]) -> Iterator[KeptLife]:
        ids = [row["life_id"] for row in rows]
        scales = [10 ** (row["digits"] or 0) for row in rows]
        days = _by_life(self._ask(_DAYS, (ids, scales)))
        breaches = _by_life(self._ask(_BREACHES, (ids,)))
        for row in rows:
            life_id = row["life_id"]
            yield self._kept(row, days.get(life_id, ()), breaches.get(life_id, ()))

    def _kept(
        self,
        row: Mapping[str, Any],
        days: Sequence[tuple[Any, ...]],
        breaches: Sequence[tuple[Any, ...]],
    ) -> KeptLife:
        clock, history = self.clock_of(row["server"]), None
        untold: str | None = None
        if row["digits"] is None or not row["document"]:
            untold = "never read"
        elif clock is None:
            untold = f"the broker table does not name server {row['server']}"
        else:
            plan = self._plans[row["plan_hash"]]
            try:
                progress = decode(bytes(row["document"]))
                history = _history(row, plan, clock, progress, days, breaches)
            except StateDocumentError as error:
                untold = str(error)
        keys = tuple(row["keys"])
        return KeptLife(row["life_id"], row["account_id"], row["login"], keys, history, untold)


def _all(line: _Line, query: str, parameters: Sequence[object]) -> list[tuple[Any, ...]]:
    cursor = psycopg.RawCursor(line, row_factory=tuple_row)
    return cursor.execute(query.encode(), parameters, binary=True).fetchall()


def _by_life(rows: list[tuple[Any, ...]]) -> dict[UUID, list[tuple[Any, ...]]]:
    return {life_id: list(group) for life_id, group in groupby(rows, key=itemgetter(0))}


def _history(
    row: Mapping[str, Any],
    plan: Plan,
    clock: ServerClock,
    progress: Progress,
    days: Sequence[tuple[Any, ...]],
    breaches: Sequence[tuple[Any, ...]],
) -> StoredHistory:
    source = row["initial_balance_source"]
    fresh = LifeReason(row["life_reason"]) in _FRESH_STARTS
    life = Life(
        life_id=row["life_id"],
        instance_id=row["instance_id"],
        account_id=row["account_id"],
        started_at=row["started_at"],
        plan=plan,
        phase=row["phase"],
        server_clock=clock,
        ordered_initial_balance=row["ordered_initial_balance"],
        initial_balance_source=(
            InitialBalanceSource.MT5_DEPOSITS if source is None else InitialBalanceSource(source)
        ),
        deals_from=row["started_at"] if fresh else None,
    )
    return StoredHistory(
        life=life,
        login=row["login"],
        currency=row["currency"],
        digits=row["digits"],
        first_seen_at=progress.first_seen_at,
        initial=progress.initial,
        passed_at=progress.phase.passed_at,
        breaches=tuple(_breach(one, row["digits"]) for one in breaches),
        days=[DayFact._make((*one[1:7], _GRADES[one[7]], *one[8:])) for one in days],
    )


def _breach(row: tuple[Any, ...], digits: int) -> Breach:
    _, rule_id, rule_type, day, verdict, grade, threshold, current, at = row
    floor, value = (_smallest(amount, rule_type, digits) for amount in (threshold, current))
    return Breach(rule_id, rule_type, day, Verdict(verdict), Grade(grade), floor, value, at)


def _smallest(amount: Decimal, rule_type: str, digits: int) -> int:
    """A stored amount in the smallest parts of its rule's unit."""
    unit = unit_of(rule_type)
    return to_minor(amount, digits) if unit is Unit.MONEY else smallest(amount, unit)
