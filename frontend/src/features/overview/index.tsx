import { useMemo, useState } from "react";

import { type AccountItem, useAccounts, useServices } from "@/shared/api";
import { useWords } from "@/shared/i18n";
import { useSettled } from "@/shared/time/useSettled";
import { Button, ButtonLink, Card, Empty, Loading, Page, QueryView, Skeleton } from "@/shared/ui";

import { CardGrid } from "./components/CardGrid";
import { Controls, type View } from "./components/Controls";
import { arrange, countOf } from "./standing";
import { overviewWords } from "./words";

const SEARCH_MS = 200;
const START: View = { filter: "all", search: "", sort: "risk" };

/** `/`: all accounts, the one that wants attention first. */
export default function OverviewPage() {
  const t = useWords(overviewWords);
  const query = useAccounts();
  const accounts = query.data?.accounts;
  const near = accounts === undefined ? 0 : countOf(accounts, "risk");
  const lead = accounts !== undefined && accounts.length > 0 && (
    <>
      {t("lead", { count: accounts.length })}
      {near > 0 && <span className="font-medium text-crit"> · {t("near", { count: near })}</span>}
    </>
  );
  return (
    <Page title={t("title")} lead={<span className="block min-h-5">{lead}</span>}>
      <QueryView query={query} skeleton={<Waiting />}>
        {(list) => (list.accounts.length === 0 ? <NoAccount /> : <Accounts accounts={list.accounts} />)}
      </QueryView>
    </Page>
  );
}

function Accounts({ accounts }: { accounts: readonly AccountItem[] }) {
  const t = useWords(overviewWords);
  const [view, setView] = useState(START);
  const search = useSettled(view.search, SEARCH_MS);
  const { filter, sort } = view;
  const shown = useMemo(() => arrange(accounts, filter, search, sort), [accounts, filter, search, sort]);
  const empty = (
    <Card>
      <Empty icon="search" title={t("none_title")} action={<Button onClick={() => setView(START)}>{t("clear")}</Button>}>
        {t("none_text")}
      </Empty>
    </Card>
  );
  return (
    <div className="flex flex-col gap-5">
      {accounts.length > 1 && <Controls accounts={accounts} view={view} onChange={setView} />}
      {shown.length === 0 ? empty : <CardGrid key={`${filter} ${sort}`} accounts={shown} />}
    </div>
  );
}

function NoAccount() {
  const t = useWords(overviewWords);
  const { env } = useServices();
  const shop = env.shopUrl !== null && <ButtonLink kind="primary" href={env.shopUrl}>{t("to_shop")}</ButtonLink>;
  return (
    <Card>
      <Empty icon="grid" title={t("empty_title")} action={shop}>
        {t("empty_text")}
      </Empty>
    </Card>
  );
}

function Waiting() {
  return (
    <Loading className="flex flex-col gap-5">
      <Skeleton className="mb-5 h-10 w-full max-w-xl" />
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2 lg:grid-cols-3">
        {[1, 2, 3, 4, 5, 6].map((place) => (
          <Skeleton key={place} className="h-[19rem] w-full rounded-card" />
        ))}
      </div>
    </Loading>
  );
}
