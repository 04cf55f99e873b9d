import type { ReactNode } from "react";

import { type AccountItem, useServices } from "@/shared/api";
import { durationText } from "@/shared/format/date";
import { usePreferences, useWords } from "@/shared/i18n";
import { AccountPill, Ago, ButtonLink, Ltr, Section } from "@/shared/ui";

import { settingsWords } from "../words";

/** How the account is connected, and the way to a changed password: the shop's form, never here. */
export function Connection({ item }: { item: AccountItem }) {
  const t = useWords(settingsWords);
  const reader = usePreferences();
  const { summary } = item;
  return (
    <Section id="connection" title={t("connection")}>
      <dl className="grid gap-x-8 gap-y-4 sm:grid-cols-3">
        <Fact name={t("state")}>
          <AccountPill item={item} />
        </Fact>
        <Fact name={t("login")}>
          <Ltr>{item.login}</Ltr>
        </Fact>
        <Fact name={t("server")}>
          <Ltr>{item.server}</Ltr>
        </Fact>
        <Fact name={t("last_sync")}>{summary.last_sync_at !== null && <Ago at={summary.last_sync_at} />}</Fact>
        <Fact name={t("interval")}>{durationText(summary.sync_interval_seconds, reader)}</Fact>
      </dl>
      <Password />
    </Section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="mb-1 text-xs font-medium text-muted">{name}</dt>
      <dd className="min-h-6 truncate text-sm font-medium text-ink">{children === false ? "–" : children}</dd>
    </div>
  );
}

function Password() {
  const t = useWords(settingsWords);
  const { env } = useServices();
  return (
    <div className="mt-6 flex flex-wrap items-center justify-between gap-3 border-t border-line pt-5">
      <div className="min-w-0">
        <p className="text-sm font-medium">{t("password")}</p>
        <p className="text-sm text-muted">
          {t("password_text")} {env.passwordUrl === null && t("password_nowhere")}
        </p>
      </div>
      {env.passwordUrl !== null && (
        <ButtonLink href={env.passwordUrl} icon="key">
          {t("password_link")}
        </ButtonLink>
      )}
    </div>
  );
}
