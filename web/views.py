"""From a View (rows and live state) to replies: figures, condition, age and entity tag."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from math import ceil
from typing import Any
from uuid import UUID

import attrs
import msgspec
from attrs import frozen
from msgspec import structs

from actors.domain.account import Status
from actors.domain.fault_code import FaultCode
from actors.domain.history import ViolationRow
from actors.domain.summary import RuleStanding, Summary
from actors.domain.units import unit_of
from web.ports import View
from web.schemas.rules import OverrideItem, RuleFigures, ViolationItem
from web.schemas.staff import StaffAccount
from web.schemas.summary import AccountItem, NextReset, SummaryFigures, SummaryReply

_FIGURES = tuple(field.name for field in msgspec.structs.fields(SummaryFigures))
_STORED = msgspec.json.Decoder(SummaryFigures)
_STORED_RULES = msgspec.json.Decoder(list[RuleFigures], float_hook=Decimal)


def standings(view: View) -> list[RuleFigures] | None:
    """Every rule's standing in the live state, else at the last commit; None before the first."""
    if view.published is not None:
        return rule_figures(view.published.standings)
    return None if view.row.standings is None else _STORED_RULES.decode(view.row.standings)


def rule_figures(told: Iterable[RuleStanding]) -> list[RuleFigures]:
    """The rules' standings as replies have them."""
    return [RuleFigures(**attrs.asdict(one)) for one in told]


@frozen
class Freshness:
    """How old the figures are at the response's time."""

    age_seconds: float | None
    stale: bool


def figures(view: View) -> SummaryFigures:
    """The figures of the live state, else of the last commit, else unknown ones.

    The last ones of a life that has ended, without the reset that it will not see.
    """
    known = _known(view)
    if _status(view) is not Status.DEACTIVATED:
        return known
    return structs.replace(known, next_reset=None, dd_daily_reset_at=None)


def _status(view: View) -> Status:
    return view.row.instance.status if view.published is None else view.published.status


def _known(view: View) -> SummaryFigures:
    if view.published is not None:
        return _of_domain(view.published.summary)
    if view.row.summary is not None:
        return _STORED.decode(view.row.summary)
    instance = view.row.instance
    return SummaryFigures(
        currency=view.row.currency,
        currency_digits=view.row.currency_digits,
        plan=instance.plan_name,
        phase=instance.phase,
        violations=view.row.violations,
    )


def _of_domain(summary: Summary) -> SummaryFigures:
    shared: dict[str, Any] = {name: getattr(summary, name) for name in _FIGURES}
    if summary.next_reset is not None:
        shared["next_reset"] = NextReset(**attrs.asdict(summary.next_reset))
    return SummaryFigures(**shared)


def freshness(known: SummaryFigures, now: datetime, *, stale: bool) -> Freshness:
    """Age and staleness. What was never read is stale, and all while storage is away."""
    if known.as_of is None:
        return Freshness(None, stale=True)
    age = max(0.0, (now - known.as_of).total_seconds())
    limit = known.stale_after_seconds
    return Freshness(round(age, 3), stale=stale or limit is None or age > limit)


def rev_of(view: View) -> int:
    """The last committed sync_seq of the view's life."""
    return view.row.sync_seq if view.published is None else view.published.rev


def summary_reply(view: View, now: datetime) -> SummaryReply:
    """The seed's summary at the time of the response."""
    known = figures(view)
    fresh = freshness(known, now, stale=view.stale)
    state = view.published or view.row
    reset_at = known.dd_daily_reset_at
    left = None if reset_at is None else max(0, ceil((reset_at - now).total_seconds()))
    return SummaryReply(
        **{name: getattr(known, name) for name in _FIGURES},
        account_id=view.row.account.account_id,
        instance_id=instance_id_of(view),
        rev=rev_of(view),
        status=_status(view),
        connection_state=state.connection_state,
        condition_code=FaultCode(state.last_error_code) if state.last_error_code else None,
        outcome=state.outcome,
        tier=state.tier,
        last_sync_at=state.last_sync_at,
        next_sync_at=state.next_sync_at,
        dd_daily_seconds_to_reset=left,
        data_age_seconds=fresh.age_seconds,
        stale=fresh.stale,
        server_now=now,
    )


def instance_id_of(view: View) -> UUID:
    """The instance whose actor or rows tell the figures."""
    if view.published is None:
        return view.row.instance.instance_id
    return view.published.instance_id


def etag(*views: View, now: datetime) -> str:
    """A weak tag: rev and condition, and a digest of all that can change without them.

    Weak, because age and time of the response differ between two equal states. A restart of the
    process or a new life starts the counters anew; the digest tells those states apart.
    """
    parts = "|".join(_condition(view, now) for view in views)
    digest = hashlib.sha256(parts.encode()).hexdigest()[:16]
    if len(views) != 1:
        return f'W/"{digest}"'
    counted = views[0].published.condition if views[0].published else 0
    return f'W/"{rev_of(views[0])}.{counted}-{digest}"'


def _condition(view: View, now: datetime) -> str:
    summary = summary_reply(view, now)
    condition = view.published.condition if view.published else None
    words = (
        *(summary.account_id, summary.instance_id, summary.rev, condition, summary.status),
        *(
            summary.connection_state,
            summary.condition_code,
            summary.outcome,
            summary.tier,
            summary.stale,
        ),
        *(summary.last_sync_at, summary.violations, view.row.account.is_active),
    )
    return ",".join(map(str, words))


def account_item(view: View, now: datetime) -> AccountItem:
    """An account as its owner's list shows it."""
    account = view.row.account
    return AccountItem(
        account_id=account.account_id,
        instance_id=instance_id_of(view),
        login=account.login,
        server=account.server,
        account_type=account.account_type,
        is_active=account.is_active,
        created_at=account.created_at,
        summary=summary_reply(view, now),
    )


def staff_account(view: View, now: datetime) -> StaffAccount:
    """An account as the shop's staff see it."""
    account = view.row.account
    state = view.published or view.row
    return StaffAccount(
        account_id=account.account_id,
        instance_id=instance_id_of(view),
        wp_user_id=account.owner.wp_user_id,
        login=account.login,
        server=account.server,
        account_type=account.account_type,
        order_id=account.order_id,
        is_active=account.is_active,
        created_at=account.created_at,
        discrepancies=view.row.discrepancies,
        last_error_code=state.last_error_code,
        summary=summary_reply(view, now),
    )


def violation_item(row: ViolationRow) -> ViolationItem:
    """A violation as its owner reads it, without evidence."""
    shared = attrs.asdict(row, recurse=False)
    del shared["evidence"], shared["seal"]
    overrides = [OverrideItem(**attrs.asdict(word)) for word in row.overrides]
    unit = unit_of(row.rule_type)
    return ViolationItem(**{**shared, "unit": unit, "overrides": overrides})
