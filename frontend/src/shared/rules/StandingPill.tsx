import type { Schemas } from "../api/types";
import { useWords } from "../i18n";
import { Pill, RulePill } from "../ui";
import { ruleWords } from "./words";

/** How a rule stands; "on track" only where that is proven. */
export function StandingPill({ rule }: { rule: Pick<Schemas["RuleItem"], "state" | "proof"> }) {
  const t = useWords(ruleWords);
  if (rule.state !== "ok" || rule.proof === "proven") return <RulePill state={rule.state} />;
  return <Pill tone="warn" icon="question">{t("not_proven")}</Pill>;
}
