import type { ReactNode } from "react";

import type { AccountView } from "@/shared/account";
import { type Summary, useSummary } from "@/shared/api";
import { Explain } from "@/shared/explain";
import { useWords } from "@/shared/i18n";
import { Change, DataAge, Loading, Money, Percent, QueryView, Section, Skeleton } from "@/shared/ui";

import { summaryWords } from "./words";

/** Balance, equity, open result, change and win rate: each explains itself and says how old it is. */
export default function SummarySection(view: AccountView) {
  const t = useWords(summaryWords);
  const summary = useSummary(view.accountId, view.instance);
  return (
    <Section id="summary" title={t("title")} flush>
      <QueryView query={summary} skeleton={<Waiting />}>
        {(data) => <Cards view={view} data={data} />}
      </QueryView>
    </Section>
  );
}

function Cards({ view, data }: { view: AccountView; data: Summary }) {
  const t = useWords(summaryWords);
  const money = { currency: data.currency, digits: data.currency_digits };
  const figure = { accountId: view.accountId, instance: view.instance, money };
  const age = <DataAge at={data.as_of} staleAfter={data.stale_after_seconds} stale={data.stale} />;
  const card = (name: string, label: string, shown: ReactNode, note: ReactNode): ReactNode => (
    <Figure label={label} note={note} age={age}>
      <Explain {...figure} figure={name} label={label}>{shown}</Explain>
    </Figure>
  );
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-card bg-line lg:grid-cols-5">
      {card("balance_current", t("balance"), <Money value={data.balance_current} {...money} />,
        t.rich("initial", { amount: <Money value={data.initial_balance} {...money} /> }))}
      {card("equity_current", t("equity"), <Money value={data.equity_current} {...money} />,
        data.credit_current !== null && data.credit_current !== 0
          ? t.rich("credit", { amount: <Money value={data.credit_current} {...money} /> })
          : t.rich("free_margin", { amount: <Money value={data.free_margin_current} {...money} /> }))}
      {card("floating_current", t("floating"), <Change value={data.floating_current} {...money} />,
        data.open_positions === null ? null : t("open", { count: data.open_positions }))}
      {card("balance_change_abs", t("change"), <Change value={data.balance_change_abs} {...money} />,
        <Percent value={data.balance_change_pct} signed />)}
      {card("win_rate", t("win_rate"), <Percent value={data.win_rate} />,
        data.closed_positions === null ? null : t("closed", { count: data.closed_positions }))}
    </dl>
  );
}

interface FigureProps {
  label: string;
  note: ReactNode;
  age: ReactNode;
  children: ReactNode;
}

function Figure({ label, note, age, children }: FigureProps) {
  return (
    <div className="flex min-w-0 flex-col gap-1 bg-surface p-4 last:col-span-2 lg:last:col-span-1">
      <dt className="text-xs font-medium text-muted">{label}</dt>
      <dd className="text-lg font-semibold tracking-tight text-ink xs:text-xl">{children}</dd>
      <dd className="min-h-4 text-xs text-muted">{note}</dd>
      <dd className="mt-auto">{age}</dd>
    </div>
  );
}

function Waiting() {
  return (
    <Loading className="grid grid-cols-2 gap-px overflow-hidden rounded-card bg-line lg:grid-cols-5">
      {[0, 1, 2, 3, 4].map((n) => (
        <div key={n} className="bg-surface p-4 last:col-span-2 lg:last:col-span-1">
          <Skeleton className="h-4 w-20" />
          <Skeleton className="mt-1 h-7 w-28" />
          <Skeleton className="mt-1 h-4 w-24" />
          <Skeleton className="mt-1 h-5 w-20" />
        </div>
      ))}
    </Loading>
  );
}
