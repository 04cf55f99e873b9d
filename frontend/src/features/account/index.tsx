import { Suspense, useState } from "react";

import { type Summary, useSummary } from "@/shared/api";
import { conditionWords, noticeOf, UpdatePassword } from "@/shared/condition";
import { useWords } from "@/shared/i18n";
import { AccountPill, Banner, Button, cx, DataAge, ErrorBoundary, Loading, Page, QueryView, Skeleton } from "@/shared/ui";

import { InstanceChoice } from "./InstanceChoice";
import { sections } from "./sections";
import { useAccountName } from "./useAccountName";
import { accountWords } from "./words";

/** The account page: who it is and how it is, then its sections in the order of sections.ts. */
export default function AccountPage({ accountId }: { accountId: string }) {
  const t = useWords(accountWords);
  const [instance, show] = useState<string | null>(null);
  const name = useAccountName(accountId);
  const summary = useSummary(accountId, instance);
  return (
    <QueryView query={summary} skeleton={<Waiting />}>
      {(data) => (
        <Page
          title={t("title", { login: name?.login ?? "" })}
          lead={<Lead data={data} active={name?.isActive ?? true} />}
          actions={<InstanceChoice accountId={accountId} shown={instance} onShow={show} />}
        >
          {instance !== null && (
            <Banner tone="neutral" icon="clock" action={<Button size="sm" onClick={() => show(null)}>{t("back_to_now")}</Button>}>
              {t("former_note")}
            </Banner>
          )}
          <Condition data={data} active={name?.isActive ?? true} />
          {sections.map(({ name: key, room, Section }) => (
            <ErrorBoundary key={`${key} ${instance ?? ""}`}>
              <Suspense fallback={<Skeleton className={cx("w-full rounded-card", room)} />}>
                <Section accountId={accountId} instance={instance} />
              </Suspense>
            </ErrorBoundary>
          ))}
        </Page>
      )}
    </QueryView>
  );
}

function Lead({ data, active }: { data: Summary; active: boolean }) {
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
      <AccountPill item={{ is_active: active, summary: data }} />
      <DataAge at={data.as_of} staleAfter={data.stale_after_seconds} stale={data.stale} />
    </span>
  );
}

/** What has to be known before any figure: the end, a refused password, a connection that is not there. */
function Condition({ data, active }: { data: Summary; active: boolean }) {
  const t = useWords(conditionWords);
  const notice = noticeOf({ is_active: active, summary: data });
  if (notice === null) return null;
  const action = notice.password ? { action: <UpdatePassword /> } : {};
  return <Banner tone={notice.tone} icon={notice.icon} {...action}>{t(notice.text)}</Banner>;
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
