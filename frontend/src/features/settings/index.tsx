import { ApiProblem, useAccounts, useSaveSettings, useSettings } from "@/shared/api";
import { type Preferences, useWords } from "@/shared/i18n";
import { ErrorState, Loading, Page, QueryView, Skeleton } from "@/shared/ui";

import { Connection } from "./components/Connection";
import { Display } from "./components/Display";
import { settingsWords } from "./words";

/** `/account/:id/settings`: how things are shown, and how the account is connected. */
export default function SettingsPage({ accountId }: { accountId: string }) {
  const t = useWords(settingsWords);
  const accounts = useAccounts();
  const stored = useSettings(accountId);
  const save = useSaveSettings(accountId);
  const item = accounts.data?.accounts.find((one) => one.account_id === accountId);
  const keep = ({ language, timeZone, theme, calendar, digits }: Preferences): void => {
    if (stored.data === undefined) return;
    save.mutate({ ...stored.data, language, time_zone: timeZone, display: { theme, calendar, digits } });
  };
  if (accounts.data !== undefined && item === undefined) {
    return (
      <Page title={t("title")}>
        <ErrorState fault={new ApiProblem(404, "not_found", null, [], null)} />
      </Page>
    );
  }
  return (
    <Page title={t("title")} lead={<span className="block min-h-5">{item !== undefined && t("lead", { login: item.login })}</span>}>
      <QueryView query={stored} skeleton={<Waiting />}>
        {() => <Display onChoice={keep} save={save} />}
      </QueryView>
      {/* After what stands above it, whose height depends on language and width: else it would move. */}
      {item !== undefined && !stored.isPending && <Connection item={item} />}
    </Page>
  );
}

function Waiting() {
  return (
    <Loading>
      <Skeleton className="mb-3 h-7 w-32" />
      <Skeleton className="h-72 w-full rounded-card" />
    </Loading>
  );
}
