"""What is new about an account since a client was last told: a pure comparison of two looks."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from attrs import evolve, frozen

from actors.domain.account import ConnectionState, Outcome, Status, Tier
from actors.domain.history import ViolationRow
from web import views
from web.ports import View
from web.schemas.live import LiveMessage, LiveState, LiveSummary, LiveViolation
from web.schemas.summary import SummaryReply

MOST_VIOLATIONS = 20
"""More new violations at once are left out, and the client reads them all again."""


@frozen
class Condition:
    """What a ``state`` message tells."""

    status: Status
    connection_state: ConnectionState
    outcome: Outcome
    tier: Tier


@frozen
class Known:
    """What a client was told of an account.

    ``changes`` counts those of the condition in the actor's life, as the entity tag does.
    ``violations`` is how many of the life's violations were stored then: they are appended, so
    the ones after it in the order of detection are new.
    """

    life_id: UUID
    instance_id: UUID
    rev: int
    changes: int | None
    condition: Condition
    violations: int


@frozen
class News:
    """What to send, in order, and what the client knows then; ``lost``: some was left out."""

    known: Known
    messages: tuple[LiveMessage, ...]
    lost: bool = False


@frozen
class Look:
    """An account as it is told now: the document, and what a client knows that was told it."""

    summary: SummaryReply
    known: Known


def looked(view: View, now: datetime) -> Look:
    """The document of GET summary for this view, and what is compared of it."""
    summary, published = views.summary_reply(view, now), view.published
    known = Known(
        life_id=view.row.instance.life_id if published is None else published.life_id,
        instance_id=summary.instance_id,
        rev=summary.rev,
        changes=None if published is None else published.condition,
        condition=Condition(
            summary.status, summary.connection_state, summary.outcome, summary.tier
        ),
        violations=summary.violations or 0,
    )
    return Look(summary, known)


def has_new_violations(before: Known | None, now: Known) -> bool:
    """Whether the violations must be read; the first look takes those there are as known."""
    return before is not None and _told_of(before, now) < now.violations


def news(look: Look, before: Known | None, stored: Sequence[ViolationRow]) -> News:
    """What to tell; ``stored`` are all violations of the life if some are new.

    A changed condition comes first, then violations in the order of detection, then the figures.
    """
    summary, known = look.summary, look.known
    if before is None:
        return News(known, (_summary(summary),))
    messages: list[LiveMessage] = []
    if before.condition != known.condition:
        messages.append(_state(summary))
    fresh: list[ViolationRow] = []
    if has_new_violations(before, known):
        in_order = sorted(stored, key=lambda row: (row.detected_at, row.occurred_at))
        fresh = in_order[_told_of(before, known) :]
    lost = len(fresh) > MOST_VIOLATIONS
    if not lost:
        messages += [_violation(row, summary) for row in fresh]
    told = evolve(known, violations=len(stored)) if fresh else known
    if evolve(before, violations=0) != evolve(known, violations=0):
        messages.append(_summary(summary))
    return News(told, tuple(messages), lost)


def _told_of(before: Known, now: Known) -> int:
    """How many of the life's violations the client knows; in another life none."""
    return before.violations if before.life_id == now.life_id else 0


def _summary(summary: SummaryReply) -> LiveSummary:
    return LiveSummary(account_id=summary.account_id, rev=summary.rev, data=summary)


def _state(summary: SummaryReply) -> LiveState:
    return LiveState(
        account_id=summary.account_id,
        rev=summary.rev,
        status=summary.status,
        connection_state=summary.connection_state,
        outcome=summary.outcome,
        tier=summary.tier,
    )


def _violation(row: ViolationRow, summary: SummaryReply) -> LiveViolation:
    item = views.violation_item(row)
    return LiveViolation(account_id=summary.account_id, rev=summary.rev, data=item)
