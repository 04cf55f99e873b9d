import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import type { AccountView } from "@/shared/account";
import { keys, type Schemas, unwrap, useClient, useFollowing, usePollInterval, useSummary } from "@/shared/api";
import { instantText } from "@/shared/format/date";
import type { MoneyShape } from "@/shared/format/number";
import { usePreferences, useWords } from "@/shared/i18n";
import { useRuleName } from "@/shared/rules";
import { cx, Loading, Money, QueryView, Section, Skeleton } from "@/shared/ui";

import { resetPreviewWords } from "./words";

type Preview = Schemas["PreviewReply"];

/** The floors after the next reset with today's positions, and what is left if every stop-loss is hit. */
export default function ResetPreview(view: AccountView) {
  const t = useWords(resetPreviewWords);
  const reader = usePreferences();
  const summary = useSummary(view.accountId, view.instance).data;
  const preview = usePreview(view);
  useFollowing(view.accountId, summary?.rev, "preview");
  const at = preview.data?.reset_at ?? null;
  const money = { currency: summary?.currency ?? null, digits: summary?.currency_digits ?? null };
  const hint = at === null ? {} : { hint: t("hint", { at: instantText(at, reader, "date-time") }) };
  return (
    <Section id="reset" title={t("title")} {...hint}>
      <QueryView query={preview} skeleton={<Waiting />}>
        {(data) => <Told data={data} money={money} />}
      </QueryView>
    </Section>
  );
}

function usePreview({ accountId, instance }: AccountView) {
  const client = useClient();
  return useQuery({
    queryKey: keys.part(accountId, "preview", instance),
    queryFn: async ({ signal }) => {
      const params = { path: { account_id: accountId }, query: { instance } };
      return unwrap(await client.GET("/api/account/{account_id}/preview", { params, signal }));
    },
    refetchInterval: usePollInterval(),
    placeholderData: keepPreviousData,
  });
}

function Told({ data, money }: { data: Preview; money: MoneyShape }) {
  const t = useWords(resetPreviewWords);
  const name = useRuleName();
  if (data.no_reset !== null) return <p className="text-sm text-muted">{t("ended")}</p>;
  if (data.rules.length === 0) return <p className="text-sm text-muted">{t("none")}</p>;
  return (
    <div className="flex flex-col gap-5">
      <ul className="grid gap-4 md:grid-cols-2">
        {data.rules.map((rule) => (
          <li key={rule.rule_id} className="flex flex-col gap-1 text-sm">
            <p className="font-medium text-ink">{name(rule)}</p>
            <dl className="flex flex-wrap gap-x-6 gap-y-1">
              <Pair name={t("now")}><Money value={rule.floor} {...money} /></Pair>
              <Pair name={t("then")}><Money value={rule.projected_floor} {...money} className="font-semibold" /></Pair>
              <Pair name={t("headroom")}><Headroom value={rule.headroom_after} money={money} /></Pair>
            </dl>
          </li>
        ))}
      </ul>
      <Stops data={data} money={money} />
    </div>
  );
}

function Pair({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="text-ink">{children}</dd>
    </div>
  );
}

function Headroom({ value, money }: { value: number | null; money: MoneyShape }) {
  const t = useWords(resetPreviewWords);
  if (value === null) return <Money value={null} {...money} />;
  const above = value > 0;
  return (
    <span className={cx("font-semibold", above ? "text-ink" : "text-bad")}>
      {t.rich(above ? "above" : "below", { amount: <Money value={value} {...money} /> })}
    </span>
  );
}

function Stops({ data, money }: { data: Preview; money: MoneyShape }) {
  const t = useWords(resetPreviewWords);
  const name = useRuleName();
  const { grade, positions } = data.stops;
  const told = positions.length > 0 && (grade === "exact" || grade === "estimated");
  return (
    <div className="border-t border-line pt-4 text-sm">
      <h3 className="font-medium text-ink">{t("stops")}</h3>
      {positions.length === 0 && <p className="text-muted">{t("flat")}</p>}
      {positions.length > 0 && grade === "unbounded" && <p className="text-crit">{t("unbounded")}</p>}
      {positions.length > 0 && grade === "unknown" && <p className="text-muted">{t("unknown")}</p>}
      {told && (
        <ul className="mt-1 flex flex-wrap gap-x-6 gap-y-1">
          {data.rules.map((rule) => (
            <li key={rule.rule_id} className="text-muted">
              {name(rule)}:{" "}
              <span className={cx("font-medium", rule.headroom_at_stops !== null && rule.headroom_at_stops <= 0 ? "text-bad" : "text-ink")}>
                {t.rich("stops_left", { amount: <Money value={rule.headroom_at_stops} {...money} /> })}
              </span>
            </li>
          ))}
        </ul>
      )}
      {told && grade === "estimated" && <p className="text-xs text-muted">{t("estimated")}</p>}
    </div>
  );
}

function Waiting() {
  return (
    <Loading className="flex flex-col gap-5">
      <div className="grid gap-4 md:grid-cols-2">
        <Skeleton className="h-16 w-full" />
        <Skeleton className="h-16 w-full" />
      </div>
      <Skeleton className="h-12 w-72" />
    </Loading>
  );
}
