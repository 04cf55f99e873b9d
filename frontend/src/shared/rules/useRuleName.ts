import { useWords } from "../i18n";
import { ruleWords } from "./words";

/** The name of a rule: its kind in words; its own id where the kind has no words. */
export function useRuleName(): (rule: { rule_type: string; rule_id: string }) => string {
  const t = useWords(ruleWords);
  return ({ rule_type: kind, rule_id: id }) => (t.has(kind) ? t(kind) : id);
}
