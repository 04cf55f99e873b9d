import { useMemo, useState } from "react";

import type { AccountView } from "@/shared/account";
import { useDays, useFollowing, useSummary } from "@/shared/api";
import { useWords } from "@/shared/i18n";
import { useRules } from "@/shared/rules";
import { cx, Empty, Loading, QueryView, Section, Skeleton } from "@/shared/ui";

import { type Shown, useEquity } from "./api/useEquity";
import { PLOT_HEIGHT, Stage } from "./components/Stage";
import { Toolbar, type View } from "./components/Toolbar";
import { pictureOf } from "./curve";
import { chartWords } from "./words";

const FIRST: View = { range: "7d", unit: "money", limits: true, table: false };

/** Equity and balance in time with the floors; what nobody saw is drawn as unseen. */
export default function Chart(account: AccountView) {
  const t = useWords(chartWords);
  const [view, setView] = useState(FIRST);
  const summary = useSummary(account.accountId, account.instance).data;
  const days = useDays(account.accountId, account.instance);
  const began = days.data?.days.at(-1)?.start_at ?? summary?.as_of ?? undefined;
  const over = summary !== undefined && (summary.outcome !== "running" || account.instance !== null);
  const ended = over ? summary.as_of : summary === undefined ? undefined : null;
  const query = useEquity(account.accountId, account.instance, view.range, { began, ended });
  useFollowing(account.accountId, summary?.rev, "days");
  const onView = (change: Partial<View>): void => setView((now) => ({ ...now, ...change }));
  return (
    <Section
      id="chart"
      title={t("title")}
      hint={t("hint")}
      flush
      actions={<Toolbar view={view} percent={(summary?.initial_balance ?? 0) > 0} onView={onView} />}
    >
      <QueryView query={query} skeleton={<Waiting />}>
        {(shown) => <Drawn account={account} shown={shown} view={view} onView={onView} />}
      </QueryView>
    </Section>
  );
}

interface DrawnProps {
  account: AccountView;
  shown: Shown;
  view: View;
  onView: (change: Partial<View>) => void;
}

function Drawn({ account, shown, view, onView }: DrawnProps) {
  const t = useWords(chartWords);
  const summary = useSummary(account.accountId, account.instance).data;
  const days = useDays(account.accountId, account.instance).data?.days;
  const rules = useRules(account.accountId, account.instance).data;
  const kinds = useMemo(() => new Map(rules?.rules.map((rule) => [rule.rule_id, rule.rule_type])), [rules]);
  const { as_of: at = null, balance_current: balance = null, equity_current: equity = null, stale_after_seconds: promise = null } = summary ?? {};
  const { initial_balance: initial = null, outcome } = summary ?? {};
  const picture = useMemo(
    () => pictureOf({
      ...{ curve: shown.curve, days: days ?? [], violations: rules?.violations ?? [], kinds, initial },
      tail: outcome === undefined ? null : { at, balance, equity, promise },
    }),
    [shown.curve, days, rules, kinds, initial, outcome, at, balance, equity, promise],
  );
  if (picture.runs.length === 0 && picture.past.length === 0) return <Empty icon="clock" title={t("empty")}>{t("empty_text")}</Empty>;
  return (
    <Stage
      {...{ picture, view, kinds, onView }}
      busy={shown.range !== view.range}
      money={{ currency: summary?.currency ?? null, digits: summary?.currency_digits ?? null }}
      span={shown.range}
    />
  );
}

function Waiting() {
  return (
    <Loading className="p-4 xs:p-5">
      <Skeleton className="h-4 w-40" />
      <Skeleton className="mt-2 h-6 w-64 max-w-full" />
      <Skeleton className={cx("mt-4 w-full", PLOT_HEIGHT)} />
      <Skeleton className="mt-4 h-8 w-48" />
      <Skeleton className="mt-6 h-20 w-full" />
    </Loading>
  );
}
