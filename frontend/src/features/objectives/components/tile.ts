import type { AccountView } from "@/shared/account";
import type { Schemas } from "@/shared/api";
import type { MoneyShape } from "@/shared/format/number";

export type Rule = Schemas["RuleItem"];

/** What every rule's tile is given. */
export interface TileProps {
  readonly view: AccountView;
  readonly rule: Rule;
  readonly money: MoneyShape;
}

const ORDER: Readonly<Record<Rule["state"], number>> = {
  breach: 0,
  critical: 1,
  warning: 2,
  unknown: 3,
  ok: 4,
  not_met: 5,
  met: 6,
};

/** The most urgent first; what is used most among equals; plan order otherwise (the sort is stable). */
export const byUrgency = (a: Rule, b: Rule): number =>
  ORDER[a.state] - ORDER[b.state] || (b.used_pct ?? -1) - (a.used_pct ?? -1);

/** Warning and critical of a loss rule as percentages: the plan's shares, as the server tells them. */
export function marksOf({ inputs }: Rule): readonly number[] {
  return [inputs["warning"], inputs["critical"]].flatMap((share) => (typeof share === "number" ? [share * 100] : []));
}
