import type { ReactNode } from "react";

import { dayText, durationText } from "@/shared/format/date";
import type { MoneyShape } from "@/shared/format/number";
import { usePreferences, useWords } from "@/shared/i18n";
import { useCodes } from "@/shared/i18n/codes/codes";
import { useRuleName } from "@/shared/rules";
import { Change, cx, Money, Pill, RulePill } from "@/shared/ui";

import { type CalendarDay, levelOf, type RuleDay } from "../day";
import { calendarWords } from "../words";

interface DayPanelProps {
  day: CalendarDay;
  money: MoneyShape;
  kinds: ReadonlyMap<string, string>;
}

/** All that is known of a rule day, and how it is known. */
export function DayPanel({ day, money, kinds }: DayPanelProps) {
  const t = useWords(calendarWords);
  const reader = usePreferences();
  const { result } = day;
  return (
    <div className="min-w-0">
      <div className="flex min-h-9 flex-wrap items-center justify-between gap-2">
        <h3 className="text-sm font-semibold text-ink">{dayText(day.date, reader, "date")}</h3>
        {result.unproven && <Pill tone="warn" icon="question">{t("key_unproven")}</Pill>}
      </div>
      <dl className="mt-2 space-y-2 text-sm">
        <Line name={t("closed_result")}><Change value={result.closed_result} {...money} className="font-semibold" /></Line>
        <Line name={t("equity_result")}><Change value={result.equity_result} {...money} className="font-medium" /></Line>
        {result.flows !== 0 && <Line name={t("flows")}><Money value={result.flows} {...money} signed className="font-medium" /></Line>}
        <Line name={t("trades")}>{t("trades_of", { opened: result.opened, closed: result.closed })}</Line>
      </dl>
      <Coverage day={day} />
      <div className="mt-4 space-y-3">
        {day.rules.length === 0 && <p className="text-sm text-muted">{t("no_rules")}</p>}
        {day.rules.map((rule) => <RuleLines key={rule.rule_id} rule={rule} kind={kinds.get(rule.rule_id) ?? ""} money={money} />)}
      </div>
    </div>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-baseline justify-between gap-x-3">
      <dt className="text-muted">{name}</dt>
      <dd className="text-ink">{children}</dd>
    </div>
  );
}

function RuleLines({ rule, kind, money }: { rule: RuleDay; kind: string; money: MoneyShape }) {
  const t = useWords(calendarWords);
  const codes = useCodes();
  const grade = `grade.${rule.anchor_grade}`;
  return (
    <section className="border-t border-line pt-3">
      <div className="flex items-center justify-between gap-2">
        <h4 className="truncate text-sm font-medium text-ink">{useRuleName()({ rule_type: kind, rule_id: rule.rule_id })}</h4>
        <RulePill state={levelOf(rule.level)} />
      </div>
      <dl className="mt-2 space-y-1 text-sm">
        <Line name={t("anchor")}>
          <Money value={rule.anchor} {...money} />{" "}
          <span className="text-xs text-muted">({codes.has(grade) ? codes(grade) : rule.anchor_grade})</span>
        </Line>
        <Line name={t("worst")}><Money value={rule.worst} {...money} /></Line>
        <Line name={t("floor")}><Money value={rule.floor} {...money} /></Line>
        <Line name={t("used")}>
          {t.rich("used_of", { used: <Money value={rule.used} {...money} />, allowance: <Money value={rule.allowance} {...money} /> })}
        </Line>
      </dl>
      {rule.revision > 0 && <p className="mt-1 text-xs text-muted">{t("revised", { count: rule.revision })}</p>}
    </section>
  );
}

const KINDS = [
  ["sampled", "bg-accent"],
  ["reconstructed", "bg-accent/40"],
  ["flat", "bg-faint/50"],
  ["unknown", "hatched bg-sunken"],
] as const;

/** How the day's seconds are known, as a bar and in words. */
function Coverage({ day }: { day: CalendarDay }) {
  const t = useWords(calendarWords);
  const reader = usePreferences();
  const seconds = (kind: (typeof KINDS)[number][0]): number => day.result.coverage[`${kind}_seconds`];
  const parts = KINDS.filter(([kind]) => seconds(kind) >= 1);
  const whole = parts.reduce((sum, [kind]) => sum + seconds(kind), 0);
  if (whole === 0) return null;
  return (
    <div className="mt-4">
      <p className="text-xs font-medium text-muted">{t("coverage")}</p>
      <div aria-hidden="true" className="mt-1.5 flex h-2 gap-px overflow-hidden rounded-full">
        {parts.map(([kind, look]) => <span key={kind} className={cx("h-full", look)} style={{ width: `${(seconds(kind) / whole) * 100}%` }} />)}
      </div>
      <ul className="mt-1.5 flex flex-wrap gap-x-4 gap-y-0.5 text-xs text-muted">
        {parts.map(([kind, look]) => (
          <li key={kind} className="inline-flex items-center gap-1.5">
            <span aria-hidden="true" className={cx("h-2 w-2 rounded-sm", look)} />
            {t(kind)} <span className="figure text-ink">{durationText(seconds(kind), reader)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
