"""Parts of evidence that every bundle has: the life, the observation, the deals (RULES 5)."""

from typing import Any

from actors.domain.context import Point, Walk
from actors.domain.deals import Deal
from actors.domain.progress import Progress, Span
from actors.domain.snapshot import Observation
from actors.domain.state import InitialBalance

ENGINE_VERSION = "1"
"""Version of the rule engine's arithmetic; raised when a verdict could differ."""


def head(progress: Progress, walk: Walk) -> dict[str, Any]:
    """Who is judged by which plan, and from what the life started."""
    life = walk.life
    return {
        "engine_version": ENGINE_VERSION,
        "plan": {"name": life.plan.name, "hash": life.plan.content_hash, "phase": life.phase},
        "life_id": str(life.life_id),
        "instance_id": str(life.instance_id),
        "currency": progress.currency,
        "currency_digits": progress.digits,
        "initial": None if progress.initial is None else _initial(progress.initial),
    }


def moment(progress: Progress, point: Point) -> dict[str, Any]:
    """When it was, and what was known of the account then."""
    seen, day = point.observation, progress.day
    return {
        "proven_point": point.proven,
        "doubt": point.doubt,
        "breached_before": progress.breached,
        "passed_before": progress.phase.passed_at is not None,
        "at": point.at.isoformat(),
        "rule_day": day.date.isoformat() if day else None,
        "observation": None if seen is None else _observation(seen),
        "open_volumes": {str(p): str(v) for p, v in sorted(progress.open.items())},
        "coverage": None if day is None else _coverage(day.span),
    }


def deal_document(deal: Deal) -> dict[str, Any]:
    """One deal, amounts in minor units."""
    return {
        "ticket": deal.ticket,
        "position_id": deal.position_id,
        "type": deal.type.name.lower(),
        "entry": deal.entry.name.lower(),
        "volume": str(deal.volume),
        "price": str(deal.price),
        "amount": deal.amount,
        "at": deal.occurred_at.isoformat(),
        "broker_msc": deal.broker_msc,
    }


def _initial(found: InitialBalance) -> dict[str, Any]:
    return {
        "value": found.value,
        "source": found.source.value,
        "at": found.initial_at.isoformat(),
    }


def _observation(seen: Observation) -> dict[str, Any]:
    return {
        "at": seen.observed_at.isoformat(),
        "balance": seen.balance,
        "equity": seen.equity,
        "credit": seen.credit,
        "margin": seen.margin,
        "free_margin": seen.free_margin,
        "positions": [
            {
                "position_id": p.position_id,
                "symbol": p.symbol,
                "side": p.side.value,
                "volume": str(p.volume),
                "open_price": str(p.open_price),
                "current_price": str(p.current_price),
                "profit": p.profit,
                "swap": p.swap,
            }
            for p in seen.positions
        ],
    }


def _coverage(span: Span) -> dict[str, int]:
    """Microseconds of the rule day so far, by how they are known."""
    return {
        "flat": span.flat,
        "reconstructed": span.reconstructed,
        "sampled": span.sampled,
        "unknown": span.unknown,
    }
