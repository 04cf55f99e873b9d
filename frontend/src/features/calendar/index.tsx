import { useMemo, useState } from "react";

import type { AccountView } from "@/shared/account";
import { type Schemas, useDays, useFollowing, useStatistics, useSummary } from "@/shared/api";
import { useWords } from "@/shared/i18n";
import { useRules } from "@/shared/rules";
import { Empty, Icon, Loading, QueryView, Section, Skeleton } from "@/shared/ui";

import { DayPanel } from "./components/DayPanel";
import { MonthGrid } from "./components/MonthGrid";
import { calendarDays } from "./day";
import type { DayKey } from "./month";
import { calendarWords } from "./words";

const FRAME = "grid gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1fr)_20rem]";

/** Rule days as a month's grid, and what is known of one of them. */
export default function Calendar({ accountId, instance }: AccountView) {
  const t = useWords(calendarWords);
  const statistics = useStatistics(accountId, instance);
  const summary = useSummary(accountId, instance).data;
  useFollowing(accountId, summary?.rev, "statistics", "days");
  return (
    <Section id="calendar" title={t("title")} hint={t("hint")}>
      <QueryView query={statistics} skeleton={<Waiting />}>
        {(data) =>
          data.days.length === 0 ? <Empty icon="clock" title={t("empty")}>{t("empty_text")}</Empty> : <Days accountId={accountId} instance={instance} statistics={data} />
        }
      </QueryView>
    </Section>
  );
}

function Days({ accountId, instance, statistics }: AccountView & { statistics: Schemas["StatisticsReply"] }) {
  const rules = useDays(accountId, instance).data?.days;
  const plan = useRules(accountId, instance).data?.rules;
  const days = useMemo(() => calendarDays(statistics.days, rules ?? []), [statistics.days, rules]);
  const kinds = useMemo(() => new Map(plan?.map((rule) => [rule.rule_id, rule.rule_type])), [plan]);
  const dates = [...days.keys()].sort();
  const [first = "", last = ""] = [dates[0], dates.at(-1)];
  const [focus, setFocus] = useState<DayKey | null>(null);
  const [chosen, setChosen] = useState<DayKey | null>(null);
  const selected = chosen ?? last;
  const day = days.get(selected);
  const money = { currency: statistics.currency, digits: statistics.currency_digits };
  return (
    <div className={FRAME}>
      <div className="min-w-0">
        <MonthGrid {...{ days, first, last, selected, money }} focus={focus ?? last} onFocus={setFocus} onSelect={setChosen} />
        <Key />
      </div>
      {day !== undefined && <DayPanel {...{ day, money, kinds }} />}
    </div>
  );
}

function Key() {
  const t = useWords(calendarWords);
  return (
    <ul className="mt-4 flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
      <li className="inline-flex items-center gap-1.5"><span className="h-3 w-3 rounded-sm bg-ok/30" />+ {t("key_gain")}</li>
      <li className="inline-flex items-center gap-1.5"><span className="h-3 w-3 rounded-sm bg-bad/30" />− {t("key_loss")}</li>
      <li className="inline-flex items-center gap-1.5"><Icon name="question" size={14} />{t("key_unproven")}</li>
      <li className="inline-flex items-center gap-1.5"><span className="hatched h-2 w-5 bg-sunken" />{t("key_partly")}</li>
      <li className="inline-flex items-center gap-1.5"><Icon name="alert" size={14} className="text-warn" />{t("key_level")}</li>
    </ul>
  );
}

function Waiting() {
  return (
    <Loading>
      <div className={FRAME}>
        <div>
          <Skeleton className="h-9 w-40" />
          <Skeleton className="mt-3 h-[24rem] w-full sm:h-[28.5rem]" />
        </div>
        <Skeleton className="h-[28rem] w-full" />
      </div>
    </Loading>
  );
}
