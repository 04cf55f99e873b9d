import type { Schemas } from "@/shared/api";

import { ACCOUNT, INSTANCE } from "./builders";

type Rule = Schemas["RuleItem"];

/** A daily loss rule, a third used; a test names what it is about. */
export function aRule(change: Partial<Rule> = {}): Rule {
  return {
    rule_id: "daily-loss",
    rule_type: "daily_loss",
    level: "ok",
    checked: "equity",
    operator: "<=",
    severity: "hard",
    value: 96600.5,
    anchor: 100000,
    floor: 95000,
    allowance: 5000,
    used: 3399.5,
    used_pct: 67.99,
    headroom: 1600.5,
    worst: 96600.5,
    worst_used: 3399.5,
    breached: false,
    grade: "exact",
    rule_date: "2026-11-24",
    formula: "daily_loss.equity.initial.shift",
    inputs: { warning: 0.6, critical: 0.85 },
    group: "loss",
    unit: "money",
    state: "ok",
    proof: "proven",
    limit: null,
    target: null,
    remaining: null,
    evidence_ids: [],
    ...change,
  };
}

/** A hard breach of the daily loss. */
export function aViolation(change: Partial<Schemas["ViolationItem"]> = {}): Schemas["ViolationItem"] {
  return {
    violation_id: "33333333-3333-4333-8333-333333333333",
    account_id: ACCOUNT,
    instance_id: INSTANCE,
    rule_id: "daily-loss",
    rule_type: "daily_loss",
    rule_date: "2026-11-24",
    severity: "breach",
    verdict: "hard",
    grade: "observed",
    threshold_value: 95000,
    current_value: 94999.99,
    unit: "money",
    is_primary: true,
    occurred_at: "2026-11-24T11:00:00Z",
    detected_at: "2026-11-24T11:00:01Z",
    overrides: [],
    ...change,
  };
}

/** GET …/rules. */
export function rulesReply(change: Partial<Schemas["RulesReply"]> = {}): Schemas["RulesReply"] {
  return { account_id: ACCOUNT, rev: 1, rules: [aRule()], violations: [], discrepancies: [], ...change };
}
