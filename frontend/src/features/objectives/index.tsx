import type { ReactNode } from "react";

import type { AccountView } from "@/shared/account";
import { type Summary, useFollowing, useSummary } from "@/shared/api";
import type { MoneyShape } from "@/shared/format/number";
import { useWords } from "@/shared/i18n";
import { useRules } from "@/shared/rules";
import { Countdown, Empty, Loading, QueryView, Section, Skeleton } from "@/shared/ui";

import { ConductRow } from "./components/ConductRow";
import { LossTile } from "./components/LossTile";
import { ObjectiveTile } from "./components/ObjectiveTile";
import { byUrgency, type Rule } from "./components/tile";
import { objectivesWords } from "./words";

/** Every rule of the plan first: loss limits by urgency, what is missing to pass, rules on conduct. */
export default function Objectives(view: AccountView) {
  const t = useWords(objectivesWords);
  const summary = useSummary(view.accountId, view.instance).data;
  const rules = useRules(view.accountId, view.instance);
  useFollowing(view.accountId, summary?.rev, "rules");
  const money = { currency: summary?.currency ?? null, digits: summary?.currency_digits ?? null };
  return (
    <Section id="objectives" title={t("title")} hint={t("hint")} flush actions={<Reset summary={summary} />}>
      <QueryView query={rules} skeleton={<Waiting />}>
        {(data) => (data.rules.length === 0 ? <None /> : <Groups view={view} rules={data.rules} money={money} />)}
      </QueryView>
    </Section>
  );
}

function Reset({ summary }: { summary: Summary | undefined }) {
  const at = summary?.outcome === "running" ? summary.dd_daily_reset_at : null;
  return at === null ? null : <Countdown at={at} />;
}

function Groups({ view, rules, money }: { view: AccountView; rules: readonly Rule[]; money: MoneyShape }) {
  const t = useWords(objectivesWords);
  const of = (group: Rule["group"]): Rule[] => rules.filter((rule) => rule.group === group).sort(byUrgency);
  const [loss, objectives, conduct] = [of("loss"), of("objective"), of("conduct")];
  return (
    <div className="divide-y divide-line overflow-hidden rounded-card">
      {loss.length > 0 && (
        <Group title={t("loss")}>
          {loss.map((rule) => <LossTile key={rule.rule_id} view={view} rule={rule} money={money} />)}
        </Group>
      )}
      {objectives.length > 0 && (
        <Group title={t("objective")}>
          {objectives.map((rule) => <ObjectiveTile key={rule.rule_id} view={view} rule={rule} money={money} />)}
        </Group>
      )}
      {conduct.length > 0 && (
        <div>
          <GroupTitle>{t("conduct")}</GroupTitle>
          <ul className="divide-y divide-line">
            {conduct.map((rule) => <ConductRow key={rule.rule_id} view={view} rule={rule} money={money} />)}
          </ul>
        </div>
      )}
    </div>
  );
}

function GroupTitle({ children }: { children: string }) {
  return <h3 className="bg-sunken/50 px-4 py-2 text-xs font-semibold text-muted xs:px-5">{children}</h3>;
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <GroupTitle>{title}</GroupTitle>
      <div className="grid gap-px bg-line md:grid-cols-2">{children}</div>
    </div>
  );
}

function None() {
  const t = useWords(objectivesWords);
  return <Empty icon="clock" title={t("no_rules")}>{t("no_rules_text")}</Empty>;
}

function Waiting() {
  return (
    <Loading className="grid gap-px overflow-hidden rounded-card bg-line md:grid-cols-2">
      {[0, 1, 2, 3].map((n) => (
        <div key={n} className="bg-surface p-5">
          <Skeleton className="h-5 w-32" />
          <Skeleton className="mt-3 h-8 w-44" />
          <Skeleton className="mt-4 h-2 w-full" />
          <Skeleton className="mt-3 h-5 w-56" />
        </div>
      ))}
    </Loading>
  );
}
