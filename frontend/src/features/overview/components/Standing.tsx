import type { ReactNode } from "react";

import { type AccountItem, useServices } from "@/shared/api";
import { percentText } from "@/shared/format/number";
import { usePreferences, useWords } from "@/shared/i18n";
import { cx, Icon, type IconName, Meter, Money, softTone, type Tone } from "@/shared/ui";

import { nearestFloor, usedTone } from "../standing";
import { overviewWords } from "../words";

/** What there is to know about an account's rules: a notice where figures would mislead, else the nearest floor. */
export function Standing({ item }: { item: AccountItem }) {
  const t = useWords(overviewWords);
  const { env } = useServices();
  const { summary } = item;
  if (summary.outcome === "breached") {
    const which = summary.dd_all_time_breached ? "breached_overall" : summary.dd_daily_breached ? "breached_daily" : "breached_other";
    return <Notice tone="bad" icon="cross" text={t(which)} />;
  }
  if (summary.outcome === "passed") return <Notice tone="ok" icon="flag" text={t("passed")} />;
  if (!item.is_active || summary.status === "deactivated") return <Notice tone="neutral" icon="pause" text={t("deactivated")} />;
  const state = summary.connection_state;
  if (state === "credentials_rejected") {
    return (
      <Notice tone="bad" icon="key" text={t(state)}>
        {env.passwordUrl !== null && (
          <a href={env.passwordUrl} className="relative z-10 inline-flex min-h-6 items-center font-semibold underline underline-offset-4">
            {t("update_password")}
          </a>
        )}
      </Notice>
    );
  }
  if (state === "needs_operator" || state === "quarantined") return <Notice tone="crit" icon="octagon" text={t(state)} />;
  if (state === "paused") return <Notice tone="neutral" icon="pause" text={t(state)} />;
  const floor = nearestFloor(summary);
  if (floor === null && state !== "ready") return <Notice tone="accent" icon="spinner" text={t(state)} />;
  return (
    <>
      <Left item={item} />
      {state !== "ready" && <p className="text-xs text-muted">{t(state)}</p>}
    </>
  );
}

function Left({ item: { summary } }: { item: AccountItem }) {
  const t = useWords(overviewWords);
  const reader = usePreferences();
  const floor = nearestFloor(summary);
  const label = t(floor === null ? "to_unknown" : floor.kind === "daily" ? "to_daily" : "to_overall");
  const used = floor?.usedPct ?? null;
  return (
    <div>
      <div className="mb-2 flex items-baseline justify-between gap-3">
        <span className="text-xs font-medium text-muted">{label}</span>
        <span className="figure text-xs text-muted">
          {used === null ? t("not_known") : t("used", { used: percentText(used, reader) })}
        </span>
      </div>
      <p className="mb-2 text-lg font-semibold leading-6 text-ink">
        <Money value={floor?.headroom} currency={summary.currency} digits={summary.currency_digits} />
      </p>
      <Meter percent={used} label={label} tone={usedTone(used)} />
    </div>
  );
}

function Notice({ tone, icon, text, children }: { tone: Tone; icon: IconName; text: string; children?: ReactNode }) {
  return (
    <div className={cx("flex gap-2.5 rounded-lg p-3 text-sm", softTone[tone])}>
      <Icon name={icon} className="mt-0.5" />
      <div className="min-w-0">
        <p>{text}</p>
        {children}
      </div>
    </div>
  );
}
