import { Suspense } from "react";

import { useSummary } from "@/shared/api";
import { useWords } from "@/shared/i18n";
import { AccountPill, DataAge, ErrorBoundary, Loading, Page, QueryView, Skeleton } from "@/shared/ui";

import { sections } from "./sections";
import { useAccountName } from "./useAccountName";
import { accountWords } from "./words";

/** The account page: who it is, then its sections in the order of sections.ts. */
export default function AccountPage({ accountId }: { accountId: string }) {
  const t = useWords(accountWords);
  const name = useAccountName(accountId);
  const summary = useSummary(accountId);
  return (
    <QueryView query={summary} skeleton={<Waiting />}>
      {(data) => (
        <Page
          title={t("title", { login: name?.login ?? "" })}
          lead={
            <span className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
              <AccountPill item={{ is_active: name?.isActive ?? true, summary: data }} />
              <DataAge at={data.as_of} staleAfter={data.stale_after_seconds} stale={data.stale} />
            </span>
          }
        >
          {sections.map(({ name: key, Section }) => (
            <ErrorBoundary key={key}>
              <Suspense fallback={<Skeleton className="h-48 w-full rounded-card" />}>
                <Section accountId={accountId} instance={null} />
              </Suspense>
            </ErrorBoundary>
          ))}
        </Page>
      )}
    </QueryView>
  );
}

function Waiting() {
  return (
    <Loading>
      <Skeleton className="h-8 w-56" />
      <Skeleton className="mt-2 h-6 w-40" />
      <Skeleton className="mt-8 h-96 w-full rounded-card" />
    </Loading>
  );
}
