"""Rules and violations: where each rule stands, and what a verdict rests on."""

import msgspec
from attrs import asdict

from actors.domain.discrepancy import DiscrepancyKind
from actors.domain.history import DiscrepancyRow, ViolationRow
from actors.domain.violation import Seal
from web import views
from web.limits import LimitClass
from web.route import USER, Answered, Call, Route
from web.routes.accounts import viewed
from web.routes.answers import found
from web.schemas.rules import (
    DiscrepancyItem,
    EvidenceReply,
    RuleFigures,
    RuleItem,
    RulesReply,
    SignatureItem,
)
from web.schemas.trading import InstanceQuery


async def rules(call: Call) -> Answered:
    """Every rule's standing, all violations of the life, and what late facts contradict."""
    query: InstanceQuery = call.query
    view = await viewed(call)
    account_id = call.uuid("account_id")
    stored = found(await call.deps.accounts.violations(call.who, account_id, query.instance))
    doubts = found(await call.deps.accounts.discrepancies(call.who, account_id, query.instance))
    known = views.standings(view)
    if known is None:
        life = found(await call.deps.accounts.life(call.who, account_id, query.instance))
        known = views.rule_figures(life.shown.standings)
    reply = RulesReply(
        account_id=account_id,
        rev=views.rev_of(view),
        rules=[_rule(one, stored) for one in known],
        violations=[views.violation_item(row) for row in stored],
        discrepancies=[_discrepancy(row) for row in doubts],
    )
    return Answered(reply)


async def evidence(call: Call) -> Answered:
    """The replayable bundle of one violation."""
    row = found(
        await call.deps.accounts.evidence(
            call.who, call.uuid("account_id"), call.uuid("violation_id")
        )
    )
    reply = EvidenceReply(
        violation=views.violation_item(row),
        evidence=row.evidence or {},
        signature=_signature(row.seal),
    )
    return Answered(reply)


def _signature(seal: Seal | None) -> SignatureItem | None:
    if seal is None:
        return None
    key, value = seal.public_key.hex(), seal.signature.hex()
    return SignatureItem(algorithm="Ed25519", public_key=key, value=value)


def _rule(rule: RuleFigures, stored: tuple[ViolationRow, ...]) -> RuleItem:
    ids = [row.violation_id for row in stored if row.rule_id == rule.rule_id]
    return RuleItem(**msgspec.structs.asdict(rule), evidence_ids=ids)


def _discrepancy(row: DiscrepancyRow) -> DiscrepancyItem:
    return DiscrepancyItem(**{**asdict(row, recurse=False), "kind": DiscrepancyKind(row.kind)})


_ONE = "/api/account/{account_id}"

ROUTES = (
    Route(
        method="GET",
        path=_ONE + "/rules",
        title="Show rules and violations",
        policy=USER,
        limit=LimitClass.DASHBOARD,
        handler=rules,
        query=InstanceQuery,
        replies={200: RulesReply},
    ),
    Route(
        method="GET",
        path=_ONE + "/violations/{violation_id}/evidence",
        title="Show the evidence of a violation",
        policy=USER,
        limit=LimitClass.DASHBOARD,
        handler=evidence,
        replies={200: EvidenceReply},
    ),
)
