import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Link } from "wouter";

import { paths } from "@/config/paths";
import { keys, type Schemas, unwrap, useClient, useSummary } from "@/shared/api";
import { dayText, instantText } from "@/shared/format/date";
import type { MoneyShape } from "@/shared/format/number";
import { usePreferences, useWords } from "@/shared/i18n";
import { Amount, useRuleName } from "@/shared/rules";
import { Card, Icon, Loading, Page, QueryView, Section, Skeleton } from "@/shared/ui";
import { VerdictPill } from "@/shared/verdicts";

import { Measured } from "./components/Measured";
import { Positions } from "./components/Positions";
import { Proof } from "./components/Proof";
import { readEvidence } from "./evidence";
import { violationWords } from "./words";

type Reply = Schemas["EvidenceReply"];

/** Why a violation was recorded: its story, what was measured, the positions, and the proof to take away. */
export default function ViolationPage({ accountId, violationId }: { accountId: string; violationId: string }) {
  const client = useClient();
  const query = useQuery({
    queryKey: keys.part(accountId, "violations", violationId),
    queryFn: async ({ signal }) => {
      const params = { path: { account_id: accountId, violation_id: violationId } };
      return unwrap(await client.GET("/api/account/{account_id}/violations/{violation_id}/evidence", { params, signal }));
    },
  });
  const summary = useSummary(accountId).data;
  const money = { currency: summary?.currency ?? null, digits: summary?.currency_digits ?? null };
  return (
    <QueryView query={query} skeleton={<Waiting />}>
      {(data) => <Told accountId={accountId} data={data} money={money} />}
    </QueryView>
  );
}

function Told({ accountId, data, money }: { accountId: string; data: Reply; money: MoneyShape }) {
  const t = useWords(violationWords);
  const reader = usePreferences();
  const { violation } = data;
  const evidence = useMemo(() => readEvidence(data.evidence), [data.evidence]);
  const name = useRuleName()(violation);
  const amount = (value: number) => <Amount value={value} unit={violation.unit} {...money} className="font-semibold" />;
  return (
    <Page
      title={t("title", { rule: name })}
      lead={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
          <VerdictPill violation={violation} />
          <span>{t("story_day", { day: dayText(violation.rule_date, reader) })}</span>
        </span>
      }
      actions={
        <Link href={paths.account(accountId)} className="inline-flex min-h-8 items-center gap-1 text-sm font-medium text-accent">
          <Icon name="previous" />
          {t("back")}
        </Link>
      }
    >
      <Card>
        <p className="text-base leading-7 text-ink">
          {t.rich("story", {
            at: <time dateTime={violation.occurred_at}>{instantText(violation.occurred_at, reader, "full")}</time>,
            value: amount(violation.current_value),
            floor: amount(violation.threshold_value),
          })}
        </p>
        <p className="mt-1 text-xs text-muted">{t("detected", { at: instantText(violation.detected_at, reader, "full") })}</p>
      </Card>
      {violation.overrides.length > 0 && <Words overrides={violation.overrides} />}
      <Measured violation={violation} evidence={evidence} money={money} />
      <Positions evidence={evidence} money={money} />
      <Proof data={data} />
    </Page>
  );
}

function Words({ overrides }: { overrides: readonly Schemas["OverrideItem"][] }) {
  const t = useWords(violationWords);
  const reader = usePreferences();
  return (
    <Section id="words" title={t("words")}>
      <ul className="flex flex-col gap-3 text-sm">
        {overrides.map((one) => (
          <li key={one.override_id}>
            <p className="font-medium text-ink"><bdi>{one.decision}</bdi></p>
            <p className="text-ink"><bdi>{one.reason}</bdi></p>
            <p className="text-xs text-muted">{t("by", { actor: one.actor, at: instantText(one.created_at, reader, "date-time") })}</p>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Waiting() {
  return (
    <Loading className="flex flex-col gap-6">
      <Skeleton className="h-8 w-64" />
      <Skeleton className="h-24 w-full rounded-card" />
      <Skeleton className="h-72 w-full rounded-card" />
    </Loading>
  );
}
