import type { Schemas } from "../api";
import { useWords } from "../i18n";
import { type IconName, Pill, type Tone } from "../ui";
import { verdictWords } from "./words";

type Violation = Schemas["ViolationItem"];

const LOOK: Readonly<Record<string, { tone: Tone; icon: IconName }>> = {
  warning: { tone: "warn", icon: "alert" },
  critical: { tone: "crit", icon: "octagon" },
  breach: { tone: "bad", icon: "cross" },
};
const UNKNOWN: { tone: Tone; icon: IconName } = { tone: "neutral", icon: "question" };

/** What a violation says: a breach by its verdict (hard, soft, possible), a level by its name. */
export function VerdictPill({ violation }: { violation: Pick<Violation, "severity" | "verdict" | "grade"> }) {
  const t = useWords(verdictWords);
  const { severity, verdict, grade } = violation;
  const { tone, icon } = verdict === "possible" || grade === "unknown" ? UNKNOWN : (LOOK[severity] ?? UNKNOWN);
  const code = severity === "breach" ? `verdict.${verdict}` : `severity.${severity}`;
  return <Pill tone={tone} icon={icon}>{t.has(code) ? t(code) : code}</Pill>;
}

/** How a violation is known, in words. */
export function useGradeWords(): (grade: string) => string {
  const t = useWords(verdictWords);
  return (grade) => {
    const code = `grade.${grade}`;
    return t.has(code) ? t(code) : grade;
  };
}
