import type { AccountView } from "@/shared/account";
import { type Schemas, useFollowing, useStatistics, useSummary } from "@/shared/api";
import { zoneCity } from "@/shared/format/date";
import { dateFormat, localeOf, numberFormat } from "@/shared/format/locale";
import { usePreferences, useWords } from "@/shared/i18n";
import { Empty, Icon, Loading, QueryView, Section, Skeleton, Tabs } from "@/shared/ui";

import { Groups } from "./components/Groups";
import { KeyFigures } from "./components/KeyFigures";
import { statisticsWords } from "./words";

/** How the life went in figures, and by symbol, side, weekday, hour and holding time. */
export default function Statistics({ accountId, instance }: AccountView) {
  const t = useWords(statisticsWords);
  const statistics = useStatistics(accountId, instance);
  useFollowing(accountId, useSummary(accountId, instance).data?.rev, "statistics");
  return (
    <Section id="statistics" title={t("title")} hint={t("hint")} flush>
      <QueryView query={statistics} skeleton={<Waiting />}>
        {(data) => (data.positions.all.closed === 0 ? <Empty icon="clock" title={t("empty")}>{t("empty_text")}</Empty> : <Figures statistics={data} />)}
      </QueryView>
    </Section>
  );
}

const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const MONDAY = Date.parse("2026-01-05T12:00:00Z");

function Figures({ statistics }: { statistics: Schemas["StatisticsReply"] }) {
  const t = useWords(statisticsWords);
  const reader = usePreferences();
  const { positions, growth, zone, currency, currency_digits: digits } = statistics;
  const money = { currency, digits };
  const coded = (name: string): string => (t.has(name) ? t(name) : name);
  const weekday = (name: string): string => {
    const place = WEEKDAYS.indexOf(name);
    return place < 0 ? name : dateFormat(localeOf(reader), { weekday: "long", timeZone: "UTC" }).format(MONDAY + place * 86_400_000);
  };
  const two = numberFormat(localeOf(reader), { minimumIntegerDigits: 2 });
  const hour = (name: string): string => (/^\d\d$/.test(name) ? `${two.format(Number(name))}:${two.format(0)}` : name);
  const views = [
    ["symbol", positions.by_symbol, (name: string) => name],
    ["side", positions.by_side, coded],
    ["weekday", positions.by_weekday, weekday],
    ["hour", positions.by_hour, hour],
    ["duration", positions.by_duration, coded],
  ] as const;
  return (
    <div className="overflow-hidden rounded-card">
      <KeyFigures statistics={statistics} money={money} />
      {!growth.proven && (
        <p className="flex items-center gap-2 border-t border-line px-4 py-3 text-sm text-warn xs:px-5">
          <Icon name="question" size={16} />
          {t("unproven")}
        </p>
      )}
      <div className="border-t border-line p-4 xs:p-5">
        <Tabs
          label={t("groups")}
          tabs={views.map(([key, groups, nameOf]) => ({
            value: key,
            label: t(key),
            content: (
              <div className="min-h-[10rem] overflow-x-auto">
                <Groups title={t(key)} groups={groups} nameOf={nameOf} money={money} />
              </div>
            ),
          }))}
        />
        <p className="mt-3 text-xs text-muted">{t("clock", { zone: zoneCity(zone) })}</p>
      </div>
    </div>
  );
}

function Waiting() {
  return (
    <Loading>
      <div className="grid gap-px overflow-hidden rounded-card bg-line md:grid-cols-3">
        {[0, 1, 2].map((group) => (
          <div key={group} className="bg-surface p-4 xs:p-5">
            <Skeleton className="h-4 w-24" />
            {[0, 1, 2, 3, 4, 5, 6].map((row) => <Skeleton key={row} className="mt-3 h-5 w-full" />)}
          </div>
        ))}
      </div>
      <div className="p-5"><Skeleton className="h-80 w-full" /></div>
    </Loading>
  );
}
