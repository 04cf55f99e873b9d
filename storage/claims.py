"""What a claim of an idempotency key can answer: a closed union that both stores share."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

from attrs import frozen


@frozen
class Claimed:
    """The caller owns the key now and must finish or release it, with ``claimed_at``.

    ``taken_over`` is True when an earlier owner left it running for too long.
    """

    claimed_at: datetime
    taken_over: bool


@frozen
class Receipt:
    """A claim with its answer, to be written in the transaction that makes the answer true."""

    scope: str
    key: str
    claimed: Claimed
    answer: Mapping[str, Any]


@frozen
class Finished:
    """The same request was answered before: give the same answer."""

    answer: Mapping[str, Any]


@frozen
class Running:
    """The same request is being carried out."""


@frozen
class Mismatch:
    """The key was used with another body."""


Claim: TypeAlias = Claimed | Finished | Running | Mismatch
