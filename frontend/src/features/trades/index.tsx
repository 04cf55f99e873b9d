import { useCallback, useRef, useState } from "react";
import { useLocation, useSearch } from "wouter";

import { paths } from "@/config/paths";
import { useAccounts, useFollowing, useSummary } from "@/shared/api";
import { useWords } from "@/shared/i18n";
import { Button, Card, DataAge, Empty, Loading, Page, Pagination, QueryView, Skeleton } from "@/shared/ui";

import { useSymbols } from "./api/useSymbols";
import { useTrades } from "./api/useTrades";
import { ExportDialog } from "./components/ExportDialog";
import { Filters } from "./components/Filters";
import { List } from "./components/List";
import { priceDecimals } from "./components/shape";
import { isFiltered, readView, START, unfiltered, type View, writeView } from "./view";
import { tradesWords } from "./words";

/** `/account/:id/trades`: every trade of an account, filtered, ordered and paged by the server. */
export default function TradesPage({ accountId }: { accountId: string }) {
  const t = useWords(tradesWords);
  const [view, change] = useView(accountId);
  const [exporting, setExporting] = useState(false);
  const login = useAccounts().data?.accounts.find((item) => item.account_id === accountId)?.login;
  const summary = useSummary(accountId, view.instance).data;
  useFollowing(accountId, summary?.rev, "trades");
  const symbols = useSymbols(accountId, view.instance);
  const lead = (
    <span className="flex min-h-5 flex-wrap items-center gap-x-3">
      {login !== undefined && <span>{t("of_account", { login })}</span>}
      {summary !== undefined && <DataAge at={summary.as_of} staleAfter={summary.stale_after_seconds} stale={summary.stale} />}
    </span>
  );
  return (
    <Page
      title={t("title")}
      lead={lead}
      actions={
        <Button icon="download" onClick={() => setExporting(true)}>
          {t("export")}
        </Button>
      }
    >
      <ExportDialog accountId={accountId} view={view} open={exporting} onClose={() => setExporting(false)} />
      <div className="flex flex-col gap-5">
        <Filters view={view} symbols={symbols} onChange={change} />
        <Rows accountId={accountId} view={view} change={change} money={{ currency: summary?.currency ?? null, digits: summary?.currency_digits ?? null }} />
      </div>
    </Page>
  );
}

type Change = (change: Partial<View>) => void;

/** The view is kept in the address: a link shows the same, and Back undoes a choice. */
function useView(accountId: string): [View, Change] {
  const search = useSearch();
  const [, navigate] = useLocation();
  const view = readView(search);
  const change = useCallback<Change>(
    (part) => {
      const next = writeView({ ...readView(search), page: 1, ...part });
      navigate(paths.trades(accountId) + (next === "" ? "" : `?${next}`));
    },
    [search, navigate, accountId],
  );
  return [view, change];
}

interface RowsProps {
  accountId: string;
  view: View;
  change: Change;
  money: { currency: string | null; digits: number | null };
}

function Rows({ accountId, view, change, money }: RowsProps) {
  const top = useRef<HTMLDivElement>(null);
  const query = useTrades(accountId, view);
  const turn = (page: number): void => {
    change({ page });
    top.current?.scrollIntoView({ block: "start" });
  };
  return (
    <div ref={top} className="scroll-mt-32">
      <Card flush>
        <QueryView query={query} skeleton={<Waiting />}>
          {({ trades, total, page, limit }) =>
            trades.length === 0 ? (
              <Nothing view={view} total={total} change={change} />
            ) : (
              <>
                <List
                  key={page}
                  trades={trades}
                  view={view}
                  shape={{ accountId, instance: view.instance, money, decimals: priceDecimals(trades) }}
                  busy={query.isPlaceholderData}
                  onSort={(sort) => change({ sort })}
                />
                <div className="border-t border-line px-4 py-3">
                  <Pagination page={page} limit={limit} total={total} onPage={turn} busy={query.isPlaceholderData} />
                </div>
              </>
            )
          }
        </QueryView>
      </Card>
    </div>
  );
}

/** No trade at all, none that matches, or a page beyond the last one. */
function Nothing({ view, total, change }: { view: View; total: number; change: Change }) {
  const t = useWords(tradesWords);
  if (total > 0) {
    const first = <Button onClick={() => change({ page: START.page })}>{t("to_first_page")}</Button>;
    return <Empty icon="search" title={t("beyond_title")} action={first} />;
  }
  if (isFiltered(view)) {
    const clear = <Button onClick={() => change(unfiltered(view))}>{t("clear")}</Button>;
    return (
      <Empty icon="search" title={t("none_title")} action={clear}>
        {t("none_text")}
      </Empty>
    );
  }
  return (
    <Empty icon="grid" title={t("empty_title")}>
      {t("empty_text")}
    </Empty>
  );
}

function Waiting() {
  return (
    <Loading className="p-4">
      {Array.from({ length: 12 }, (_, place) => (
        <Skeleton key={place} className="mb-3 h-24 w-full sm:h-12" />
      ))}
    </Loading>
  );
}
