"""What is asked of storage when an account begins, changes or ends, and what it answers.

Both stores (``accounts.py`` in PostgreSQL, ``memory.py`` in dicts) speak in these records.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from attrs import field, frozen

from actors.domain.account import (
    Account,
    AccountInstance,
    InitialBalanceSource,
    LifeReason,
    Owner,
)

_SEPARATOR = "\x1f"


def login_key(server: str, login: str) -> str:
    """The natural key of an MT5 login: at most one active owner each."""
    return f"{server.casefold()}{_SEPARATOR}{login}"


@frozen
class NewInstance:
    """An instance to be. Its id is the caller's, because the envelope is bound to it.

    ``ordered_initial_balance`` is in whole currency units, None when the deposits decide.
    ``life_id`` is used when a life begins, not by a credentials successor.
    """

    instance_id: UUID
    life_id: UUID
    hash_id: str
    envelope: str = field(repr=False)
    fingerprint: bytes = field(repr=False)
    plan_name: str
    plan_hash: str
    phase: int
    at: datetime
    ordered_initial_balance: Decimal | None = None
    ordered_currency: str | None = None
    opening_balance: Decimal | None = None


@frozen
class NewAccount:
    """An account to be, with its first instance."""

    account_id: UUID
    owner: Owner
    login: str
    server: str
    account_type: str
    order_id: str | None
    instance: NewInstance


@frozen
class Watched:
    """An account with one of its instances and what an actor needs to start on it.

    ``life_reason`` says how the instance's life began (a credentials successor keeps the life).
    """

    account: Account
    instance: AccountInstance
    plan_document: str
    initial_balance_source: InitialBalanceSource | None
    life_reason: LifeReason


class ConnectKind(StrEnum):
    """How a connect ended: what exists is told apart, nothing is replaced silently."""

    CREATED = "created"
    EXISTING = "existing"
    OTHER_CREDENTIALS = "other_credentials"
    OWNED_BY_OTHER = "owned_by_other"
    REFUSED_OTHER = "refused_other"


@frozen
class Connected:
    """Outcome of a connect; ``watched`` is None when another owner has the login.

    It is that owner's for ``REFUSED_OTHER``: the broker refused his password before anything was
    read, so that he gives way to a proven one. Never show it to the one who asks.
    """

    kind: ConnectKind
    watched: Watched | None


class UnknownAccount(LookupError):
    """There is no such account, or it has no live instance."""


class Superseded(Exception):
    """Another change of the account came first: look at it anew and decide again."""


KEEPS_LIFE = frozenset({LifeReason.CREDENTIALS})
