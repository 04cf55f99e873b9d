import { useState } from "react";
import { Link } from "wouter";

import { paths } from "@/config/paths";
import type { AccountView } from "@/shared/account";
import { type Schemas, useSummary } from "@/shared/api";
import { instantText } from "@/shared/format/date";
import type { MoneyShape } from "@/shared/format/number";
import { usePreferences, useWords } from "@/shared/i18n";
import { Amount, useRuleName, useRules } from "@/shared/rules";
import { Button, Empty, Icon, Loading, QueryView, Section, Skeleton } from "@/shared/ui";
import { useGradeWords, VerdictPill } from "@/shared/verdicts";

import { violationsWords } from "./words";

type Violation = Schemas["ViolationItem"];
const SHOWN = 8;

/** What was recorded against the rules, newest first, each with its evidence; and facts that came later. */
export default function Violations(view: AccountView) {
  const t = useWords(violationsWords);
  const summary = useSummary(view.accountId, view.instance).data;
  const rules = useRules(view.accountId, view.instance);
  const money = { currency: summary?.currency ?? null, digits: summary?.currency_digits ?? null };
  return (
    <Section id="violations" title={t("title")} hint={t("hint")} flush>
      <QueryView query={rules} skeleton={<Waiting />}>
        {(data) => (
          <>
            <List accountId={view.accountId} violations={data.violations} money={money} />
            {data.discrepancies.length > 0 && <Discrepancies items={data.discrepancies} />}
          </>
        )}
      </QueryView>
    </Section>
  );
}

function List({ accountId, violations, money }: { accountId: string; violations: readonly Violation[]; money: MoneyShape }) {
  const t = useWords(violationsWords);
  const [all, setAll] = useState(false);
  if (violations.length === 0) return <Empty icon="check" title={t("none")}>{t("none_text")}</Empty>;
  return (
    <>
      <ul className="divide-y divide-line">
        {(all ? violations : violations.slice(0, SHOWN)).map((one) => (
          <Row key={one.violation_id} accountId={accountId} violation={one} money={money} />
        ))}
      </ul>
      {!all && violations.length > SHOWN && (
        <div className="border-t border-line p-3 text-center">
          <Button kind="quiet" size="sm" onClick={() => setAll(true)}>{t("more", { count: violations.length })}</Button>
        </div>
      )}
    </>
  );
}

function Row({ accountId, violation, money }: { accountId: string; violation: Violation; money: MoneyShape }) {
  const t = useWords(violationsWords);
  const reader = usePreferences();
  const name = useRuleName()(violation);
  const grade = useGradeWords();
  const at = instantText(violation.occurred_at, reader, "date-time");
  const amount = (value: number) => <Amount value={value} unit={violation.unit} {...money} className="text-ink" />;
  return (
    <li className="relative flex items-center gap-3 px-4 py-3 hover:bg-sunken/50 xs:px-5">
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-4 gap-y-1">
        <span className="flex w-full items-center gap-2 sm:w-56">
          <VerdictPill violation={violation} />
          <span className="truncate text-sm font-medium text-ink">{name}</span>
        </span>
        <span className="text-sm text-muted">
          {t.rich("at_floor", { value: amount(violation.current_value), floor: amount(violation.threshold_value) })}
        </span>
        <span className="ms-auto text-end text-xs text-muted">
          <time dateTime={violation.occurred_at} title={instantText(violation.occurred_at, reader, "full")} className="figure block">{at}</time>
          {violation.overrides.length > 0 ? t("overridden") : grade(violation.grade)}
        </span>
      </div>
      <Link
        href={paths.violation(accountId, violation.violation_id)}
        aria-label={t("evidence", { rule: name, at })}
        className="grid h-6 w-6 shrink-0 place-items-center rounded text-muted after:absolute after:inset-0"
      >
        <Icon name="next" />
      </Link>
    </li>
  );
}

function Discrepancies({ items }: { items: readonly Schemas["DiscrepancyItem"][] }) {
  const t = useWords(violationsWords);
  const reader = usePreferences();
  return (
    <div className="border-t border-line bg-warn-soft/40 px-4 py-4 xs:px-5">
      <h3 className="text-sm font-semibold text-ink">{t("discrepancies")}</h3>
      <p className="text-xs text-muted">{t("discrepancies_hint")}</p>
      <ul className="mt-2 flex flex-col gap-1 text-sm">
        {items.map((item) => (
          <li key={`${item.kind} ${item.subject} ${item.noticed_at}`} className="flex flex-wrap justify-between gap-x-4">
            <span className="text-ink">{t(item.kind, { subject: item.subject })}</span>
            <span className="text-xs text-muted">{t("noticed", { at: instantText(item.noticed_at, reader, "date-time") })}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Waiting() {
  return (
    <Loading className="flex flex-col gap-3 p-5">
      <Skeleton className="h-6 w-full" />
      <Skeleton className="h-6 w-full" />
      <Skeleton className="h-6 w-full" />
    </Loading>
  );
}
