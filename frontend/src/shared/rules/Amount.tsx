import type { Schemas } from "../api/types";
import { durationText } from "../format/date";
import { type MoneyShape, numberText } from "../format/number";
import { usePreferences, useWords } from "../i18n";
import { Ltr, Money } from "../ui";
import { ruleWords } from "./words";

interface AmountProps extends MoneyShape {
  value: number | null;
  unit: Schemas["Unit"];
  className?: string;
}

/** A rule's amount in its own unit: money, lots, positions, a span of time or days. */
export function Amount({ value, unit, className, ...money }: AmountProps) {
  const t = useWords(ruleWords);
  const reader = usePreferences();
  const shown = className === undefined ? {} : { className };
  if (unit === "money" || value === null) return <Money value={value} {...money} {...shown} />;
  if (unit === "seconds") return <span className={className}>{durationText(value, reader, true)}</span>;
  if (unit === "lots") return <Ltr {...shown}>{numberText(value, reader)}</Ltr>;
  return <span className={className}>{t(unit, { count: value })}</span>;
}
