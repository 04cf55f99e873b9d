import type { ReactNode } from "react";

import type { Schemas } from "@/shared/api";
import { instantText } from "@/shared/format/date";
import type { MoneyShape } from "@/shared/format/number";
import { usePreferences, useWords } from "@/shared/i18n";
import { Amount, useRuleName } from "@/shared/rules";
import { Ltr, Money, Section } from "@/shared/ui";
import { useGradeWords } from "@/shared/verdicts";

import type { AmountName, Evidence } from "../evidence";
import { violationWords } from "../words";

interface MeasuredProps {
  violation: Schemas["ViolationItem"];
  evidence: Evidence;
  money: MoneyShape;
}

/** The numbers of the verdict, side by side: value and limit, what the limit hangs from, the account then. */
export function Measured({ violation, evidence, money }: MeasuredProps) {
  const t = useWords(violationWords);
  const reader = usePreferences();
  const name = useRuleName()(violation);
  const grade = useGradeWords();
  const minor = (key: AmountName): ReactNode => {
    const text = evidence.amounts.get(key);
    return text === undefined ? null : <Money value={text} {...money} />;
  };
  const value = evidence.anchor?.value ?? null;
  const anchorValue = value === null ? null : (
    <AnchorValue value={value} source={evidence.anchor?.source ?? null} money={money} />
  );
  const rows: readonly (readonly [string, ReactNode])[] = [
    [t("rule"), name],
    [t("value"), <Amount key="v" value={violation.current_value} unit={violation.unit} {...money} />],
    [t("floor"), <Amount key="f" value={violation.threshold_value} unit={violation.unit} {...money} />],
    [t("headroom"), violation.unit === "money" ? minor("headroom") : null],
    [t("anchor"), anchorValue],
    [t("allowance"), violation.unit === "money" ? minor("allowance") : null],
    [t("grade"), grade(violation.grade)],
    [t("balance"), minor("balance")],
    [t("equity"), minor("equity_without_credit")],
    [t("credit"), minor("credit")],
    [t("reading"), evidence.observedAt === null ? null : instantText(evidence.observedAt, reader, "full")],
    [t("plan"), evidence.plan === null ? null : <Ltr key="p">{evidence.plan}</Ltr>],
  ];
  return (
    <Section id="measured" title={t("what")}>
      <dl className="grid gap-x-8 text-sm md:grid-cols-2">
        {rows.filter(([, value]) => value !== null).map(([label, value]) => (
          <div key={label} className="flex items-baseline justify-between gap-4 border-b border-line py-2">
            <dt className="text-muted">{label}</dt>
            <dd className="text-end font-medium text-ink">{value}</dd>
          </div>
        ))}
      </dl>
      {evidence.deals !== null && <p className="mt-3 text-xs text-muted">{t("deals", { count: evidence.deals })}</p>}
    </Section>
  );
}

function AnchorValue({ value, source, money }: { value: string; source: string | null; money: MoneyShape }) {
  return (
    <>
      <Money value={value} {...money} />
      {source !== null && <> <span className="font-normal text-muted">(<bdi>{source}</bdi>)</span></>}
    </>
  );
}
