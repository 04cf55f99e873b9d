import { usePreferences, useWords } from "@/shared/i18n";
import { useCodes } from "@/shared/i18n/codes/codes";
import { instantText } from "@/shared/format/date";

import { objectivesWords } from "../words";
import type { Rule } from "./tile";

/** What else one has to know: how firm the standing is, a deadline, a latch. Nothing where all is proven. */
export function Notes({ rule }: { rule: Rule }) {
  const t = useWords(objectivesWords);
  const codes = useCodes();
  const reader = usePreferences();
  const notes: string[] = [];
  if (rule.breached) notes.push(t("breached"));
  if (rule.severity === "soft") notes.push(t("soft"));
  if (rule.proof === "possible") notes.push(t("possible"));
  if (rule.proof === "unknown" && rule.state !== "unknown") notes.push(t("unknown"));
  if (rule.grade !== null && rule.grade !== "exact") notes.push(t("graded", { grade: codes(`grade.${rule.grade}`) }));
  const due = rule.inputs["due_at"];
  if (typeof due === "string") notes.push(t("due", { at: instantText(due, reader, "date-time") }));
  if (notes.length === 0) return null;
  return (
    <ul className="mt-2 flex flex-col gap-0.5 text-xs text-muted">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}
