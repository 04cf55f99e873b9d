"""Accounts and their lives in PostgreSQL: connect, credentials, reset, phase, deactivate.

Each change is one transaction and idempotent: by the natural key (connect), by the new
instance's id (successors), by its result (deactivate).
"""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from actors.domain.account import ConnectionState, InitialBalanceSource, LifeReason
from storage.lives import (
    KEEPS_LIFE,
    Connected,
    ConnectKind,
    NewAccount,
    NewInstance,
    Superseded,
    UnknownAccount,
    Watched,
    login_key,
)
from storage.postgres import Connection, Database
from storage.watched_rows import SELECT_WATCHED, watched

_NEW_ACCOUNT = """
    INSERT INTO accounts (id, site_id, wp_user_id, login, server, login_key, account_type,
        order_id, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
"""
_REOPEN = """
    UPDATE accounts SET is_active = true, account_type = $2, order_id = coalesce($3, order_id),
        updated_at = $4
    WHERE id = $1
"""
_CLOSE = "UPDATE accounts SET is_active = false, updated_at = $2 WHERE id = $1"
_NEW_LIFE = """
    INSERT INTO rule_state (life_id, account_id, updated_at) VALUES ($1, $2, $3)
"""
_NEW_INSTANCE = """
    INSERT INTO account_instances (id, account_id, life_id, hash_id, encrypted_investor_pass,
        fingerprint, reason, predecessor_id, plan_name, plan_hash, phase, started_at,
        opening_balance, ordered_initial_balance, ordered_currency, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
"""
_KEEP_LIFE = """
    UPDATE account_instances n SET plan_name = p.plan_name, plan_hash = p.plan_hash,
        phase = p.phase, started_at = p.started_at, opening_balance = p.opening_balance,
        ordered_initial_balance = p.ordered_initial_balance,
        ordered_currency = p.ordered_currency, outcome = p.outcome, currency = p.currency,
        currency_digits = p.currency_digits, sync_seq = p.sync_seq, summary = p.summary,
        standings = p.standings, last_sync_at = p.last_sync_at
    FROM account_instances p WHERE n.id = $1 AND p.id = n.predecessor_id
"""
_END = """
    UPDATE account_instances SET status = 'deactivated', deactivated_at = $2,
        encrypted_investor_pass = NULL, next_sync_at = NULL
    WHERE id = $1
"""
_FENCE_OUT = """
    UPDATE account_leases SET fence = fence + 1, node_id = NULL, node_epoch = NULL,
        expires_at = NULL
    WHERE instance_id = $1
"""
_BALANCE = """
    INSERT INTO initial_balances (account_id, account_instance_id, life_id, version,
        initial_balance_value, initial_balance_source, initial_balance_set_at)
    SELECT i.account_id, i.id, i.life_id,
        (SELECT coalesce(max(version), 0) + 1 FROM initial_balances b WHERE b.life_id = i.life_id),
        $2, $3, $4
    FROM account_instances i WHERE i.id = $1
"""
_LIVE = "i.status <> 'deactivated'"
# The account first and then the lease, as all who change them; the lease holds up every sync. The
# account's key stays free: a sync that holds the lease may store a row that refers to the account.
_HOLD_ACCOUNT = "SELECT id FROM accounts WHERE id = $1 FOR NO KEY UPDATE"
_HOLD = """
    SELECT 1 FROM account_instances i
    JOIN accounts a ON a.id = i.account_id JOIN account_leases l ON l.instance_id = i.id
    WHERE i.id = $1 FOR NO KEY UPDATE OF a FOR UPDATE OF l
"""
_REFUSED_UNREAD = f"""
    SELECT i.account_id FROM account_instances i
    WHERE i.id = $1 AND {_LIVE} AND i.connection_state = 'credentials_rejected'
        AND NOT EXISTS (
            SELECT 1 FROM rule_state r WHERE r.account_id = i.account_id AND r.sync_seq > 0)
"""  # noqa: S608  (put together from texts of this module only)


class PostgresAccounts:
    """Accounts, instances and lives. Every method may raise StoreUnavailable: repeat the call."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def connect(self, new: NewAccount) -> Connected:
        """Create the account and its first instance, or tell what is there already.

        The same owner's deactivated account is opened again with a new life; another owner's
        deactivated one does not block.
        """

        async def job(connection: Connection) -> Connected:
            key = login_key(new.server, new.login)
            await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", key)
            there = await _one(connection, "a.login_key = $1 AND a.is_active AND " + _LIVE, key)
            if there is not None:
                return await _compare(connection, there, new)
            former = await connection.fetchval(
                "SELECT id FROM accounts WHERE login_key = $1 AND site_id = $2 "
                "AND wp_user_id = $3 AND NOT is_active ORDER BY created_at DESC LIMIT 1",
                key,
                new.owner.site_id,
                new.owner.wp_user_id,
            )
            account_id = await _open_account(connection, new, former)
            await _begin(connection, account_id, new.instance, LifeReason.CONNECT, None)
            return Connected(ConnectKind.CREATED, await _of(connection, new.instance.instance_id))

        return await self._database.transact(job)

    async def find(self, new: NewAccount) -> Connected | None:
        """What ``connect`` would meet now, without writing; None when the login is free."""

        async def job(connection: Connection) -> Connected | None:
            key = login_key(new.server, new.login)
            there = await _one(connection, "a.login_key = $1 AND a.is_active AND " + _LIVE, key)
            return None if there is None else await _compare(connection, there, new)

        return await self._database.execute(job)

    async def succeed(
        self,
        account_id: UUID,
        new: NewInstance,
        reason: LifeReason,
        account_type: str | None = None,
        *,
        former_id: UUID,
    ) -> Watched:
        """End the live instance ``former_id`` and start ``new`` in its place.

        ``CREDENTIALS`` keeps the life (plan, phase, balances, rule state); the other reasons
        begin a new one. Raises UnknownAccount when nothing is live, Superseded when another
        instance is.
        """

        async def job(connection: Connection) -> Watched | None:
            await connection.execute(_HOLD_ACCOUNT, account_id)
            done = await _one(connection, "i.id = $1", new.instance_id)
            if done is not None:
                return done
            live = await _one(connection, "a.id = $1 AND " + _LIVE, account_id)
            if live is None:
                return None
            if live.instance.instance_id != former_id:
                raise Superseded(str(account_id))
            await _end(connection, former_id, new.at)
            if account_type is not None:
                await connection.execute(
                    "UPDATE accounts SET account_type = $2, updated_at = $3 WHERE id = $1",
                    account_id,
                    account_type,
                    new.at,
                )
            await _begin(connection, account_id, new, reason, live)
            return await _of(connection, new.instance_id)

        successor = await self._database.transact(job)
        if successor is None:
            raise UnknownAccount(str(account_id))
        return successor

    async def deactivate(self, account_id: UUID, at: datetime) -> bool:
        """Stop watching: the password is wiped, the owner's claim ends, the history stays.

        False when there is no such account; doing it again is True.
        """

        async def job(connection: Connection) -> bool:
            found = await connection.fetchval(_HOLD_ACCOUNT, account_id)
            live = await _one(connection, "a.id = $1 AND " + _LIVE, account_id)
            if live is not None:
                await _end(connection, live.instance.instance_id, at)
                await connection.execute(_CLOSE, account_id, at)
            return found is not None

        return await self._database.transact(job)

    async def give_way(self, instance_id: UUID, at: datetime) -> bool:
        """Deactivate an account whose password the broker refused before anything was read.

        False, and nothing is changed, when it is not such an account (any more).
        """

        async def job(connection: Connection) -> bool:
            await connection.execute(_HOLD, instance_id)
            account_id = await connection.fetchval(_REFUSED_UNREAD, instance_id)
            if account_id is not None:
                await _end(connection, instance_id, at)
                await connection.execute(_CLOSE, account_id, at)
            return account_id is not None

        return await self._database.transact(job)

    async def set_initial_balance(self, account_id: UUID, value: Decimal, at: datetime) -> Watched:
        """Set the live instance's initial balance by hand, in whole currency units.

        Every change is a further version. Raises UnknownAccount when nothing is live.
        """

        async def job(connection: Connection) -> Watched | None:
            # A successor that begins meanwhile would copy the balance from before.
            await connection.execute(_HOLD_ACCOUNT, account_id)
            live = await _one(connection, "a.id = $1 AND " + _LIVE, account_id)
            if live is None:
                return None
            instance_id = live.instance.instance_id
            await connection.execute(_HOLD, instance_id)
            await connection.execute(
                "UPDATE account_instances SET ordered_initial_balance = $2 WHERE id = $1",
                instance_id,
                value,
            )
            source = InitialBalanceSource.MANUAL
            same = (live.instance.ordered_initial_balance, live.initial_balance_source)
            if same != (value, source):
                await connection.execute(_BALANCE, instance_id, value, source.value, at)
            return await _of(connection, instance_id)

        changed = await self._database.transact(job)
        if changed is None:
            raise UnknownAccount(str(account_id))
        return changed

    async def active(self) -> tuple[Watched, ...]:
        """All live instances with their plan documents: what the fleet should be watching."""
        return await self._database.execute(lambda connection: _all(connection, _LIVE))

    async def of_ids(self, instance_ids: tuple[UUID, ...]) -> tuple[Watched, ...]:
        """The live ones among these instances (those just claimed)."""
        condition = _LIVE + " AND i.id = ANY($1::uuid[])"
        return await self._database.execute(
            lambda connection: _all(connection, condition, list(instance_ids))
        )

    async def live(self, account_id: UUID) -> Watched | None:
        """The account's live instance, None when it is unknown or deactivated."""
        return await self._database.execute(
            lambda connection: _one(connection, "a.id = $1 AND " + _LIVE, account_id)
        )

    async def envelope(self, instance_id: UUID) -> str | None:
        """The sealed password of an instance, None when it was wiped or is unknown."""
        query = "SELECT encrypted_investor_pass FROM account_instances WHERE id = $1"
        return await self._database.execute(
            lambda connection: connection.fetchval(query, instance_id)
        )

    async def condition(self, instance_id: UUID) -> tuple[ConnectionState, str | None] | None:
        """An instance's stored condition and error code; None when it is unknown."""
        query = "SELECT connection_state, last_error_code FROM account_instances WHERE id = $1"
        row = await self._database.execute(
            lambda connection: connection.fetchrow(query, instance_id)
        )
        if row is None:
            return None
        return ConnectionState(row["connection_state"]), row["last_error_code"]

    async def instance(self, instance_id: UUID) -> Watched | None:
        """Any instance, live or not."""
        return await self._database.execute(
            lambda connection: _one(connection, "i.id = $1", instance_id)
        )


async def _one(connection: Connection, condition: str, *args: object) -> Watched | None:
    row = await connection.fetchrow(f"{SELECT_WATCHED} WHERE {condition}", *args)
    return None if row is None else watched(row)


async def _all(connection: Connection, condition: str, *args: object) -> tuple[Watched, ...]:
    query = f"{SELECT_WATCHED} WHERE {condition} ORDER BY i.instance_key"
    return tuple(watched(row) for row in await connection.fetch(query, *args))


async def _of(connection: Connection, instance_id: UUID) -> Watched | None:
    return await _one(connection, "i.id = $1", instance_id)


async def _compare(connection: Connection, there: Watched, new: NewAccount) -> Connected:
    if there.account.owner != new.owner:
        refused = await connection.fetchval(_REFUSED_UNREAD, there.instance.instance_id)
        if refused is not None:
            return Connected(ConnectKind.REFUSED_OTHER, there)
        return Connected(ConnectKind.OWNED_BY_OTHER, None)
    fingerprint = await connection.fetchval(
        "SELECT fingerprint FROM account_instances WHERE id = $1", there.instance.instance_id
    )
    same = fingerprint == new.instance.fingerprint
    return Connected(ConnectKind.EXISTING if same else ConnectKind.OTHER_CREDENTIALS, there)


async def _open_account(connection: Connection, new: NewAccount, former: UUID | None) -> UUID:
    at = new.instance.at
    if former is not None:
        await connection.execute(_REOPEN, former, new.account_type, new.order_id, at)
        return former
    await connection.execute(
        _NEW_ACCOUNT,
        new.account_id,
        new.owner.site_id,
        new.owner.wp_user_id,
        new.login,
        new.server,
        login_key(new.server, new.login),
        new.account_type,
        new.order_id,
        at,
    )
    return new.account_id


async def _begin(
    connection: Connection,
    account_id: UUID,
    new: NewInstance,
    reason: LifeReason,
    predecessor: Watched | None,
) -> None:
    """Insert the instance, its life unless it keeps the former, and its free lease."""
    keeps = predecessor is not None and reason in KEEPS_LIFE
    former = None if predecessor is None else predecessor.instance
    life_id = former.life_id if former is not None and keeps else new.life_id
    if not keeps:
        await connection.execute(_NEW_LIFE, life_id, account_id, new.at)
    await connection.execute(
        _NEW_INSTANCE,
        *(new.instance_id, account_id, life_id, new.hash_id, new.envelope, new.fingerprint),
        *(reason.value, None if former is None else former.instance_id),
        *(new.plan_name, new.plan_hash, new.phase, new.at, new.opening_balance),
        *(new.ordered_initial_balance, new.ordered_currency, new.at),
    )
    await connection.execute(
        "INSERT INTO account_leases (instance_id) VALUES ($1)", new.instance_id
    )
    if keeps:
        await connection.execute(_KEEP_LIFE, new.instance_id)
    elif new.ordered_initial_balance is not None:
        source = InitialBalanceSource.ORDER_META.value
        value = new.ordered_initial_balance
        await connection.execute(_BALANCE, new.instance_id, value, source, new.at)


async def _end(connection: Connection, instance_id: UUID, at: datetime) -> None:
    """The lease first, as a batch of syncs locks it, so that the two never deadlock."""
    await connection.execute(_FENCE_OUT, instance_id)
    await connection.execute(_END, instance_id, at)
