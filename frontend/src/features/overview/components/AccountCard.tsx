import { memo } from "react";
import { Link } from "wouter";

import { paths } from "@/config/paths";
import type { AccountItem } from "@/shared/api";
import { useWords } from "@/shared/i18n";
import { useCodes } from "@/shared/i18n/codes/codes";
import { AccountPill, Change, cx, DataAge, Icon, Ltr, Money, Percent, Pill } from "@/shared/ui";

import type { SparkPoint } from "../api/useSparklines";
import { isEnded } from "../standing";
import { overviewWords } from "../words";
import { Sparkline } from "./Sparkline";
import { Standing } from "./Standing";

interface CardProps {
  item: AccountItem;
  points: readonly SparkPoint[] | undefined;
}

/** One account in a glance: who, how it stands, equity, what is left to the nearest floor, how old that is. */
export const AccountCard = memo(function AccountCard({ item, points }: CardProps) {
  const t = useWords(overviewWords);
  const codes = useCodes();
  const { summary } = item;
  const unit = { currency: summary.currency, digits: summary.currency_digits };
  const phase = summary.phase_name ?? (summary.phase === null ? null : t("phase", { phase: summary.phase }));
  return (
    <li className="relative flex flex-col gap-4 rounded-card bg-surface p-5 shadow-card transition-shadow [contain-intrinsic-height:auto_19rem] [content-visibility:auto] focus-within:shadow-pop hover:shadow-pop">
      <div className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <h2 className="truncate text-base font-semibold tracking-tight text-ink">
            <Link href={paths.account(item.account_id)} className="after:absolute after:inset-0 after:rounded-card">
              <Ltr>{item.login}</Ltr>
            </Link>
          </h2>
          <p className="truncate text-xs text-muted">
            <Ltr>{item.account_type}</Ltr>
            {phase !== null && <> · <bdi>{phase}</bdi></>} · <Ltr>{item.server}</Ltr>
          </p>
        </div>
        <AccountPill item={item} />
      </div>
      <div className="flex items-end justify-between gap-3">
        <div className="shrink-0">
          <p className="text-xs font-medium text-muted">{t("equity")}</p>
          <p className={cx("text-2xl xs:text-figure font-semibold tracking-tight", isEnded(item) ? "text-muted" : "text-ink")}>
            <Money value={summary.equity_current} {...unit} />
          </p>
          <p className="flex min-h-5 items-center gap-2 text-xs font-medium">
            <Change value={summary.balance_change_abs} {...unit} />
            <Percent value={summary.balance_change_pct} signed className="text-muted" />
          </p>
        </div>
        <span className="min-w-0 shrink overflow-hidden"><Sparkline points={points} /></span>
      </div>
      <Standing item={item} />
      <div className="mt-auto flex min-h-6 flex-wrap items-center justify-between gap-x-3 gap-y-1 border-t border-line pt-3">
        <DataAge at={summary.as_of} staleAfter={isEnded(item) ? null : summary.stale_after_seconds} stale={summary.stale && !isEnded(item)} />
        <span className="flex items-center gap-2 text-xs text-muted">
          {summary.open_positions !== null && summary.open_positions > 0 && t("positions", { count: summary.open_positions })}
          {!isEnded(item) && summary.tier === "breach_risk" && <Pill tone="crit" icon="alert">{codes("tier.breach_risk")}</Pill>}
          {!isEnded(item) && summary.tier !== "breach_risk" && (
            <span className="inline-flex items-center gap-1">
              <Icon name={summary.tier === "active" ? "up_right" : "pause"} size={13} />
              {codes(`tier.${summary.tier}`)}
            </span>
          )}
        </span>
      </div>
    </li>
  );
});
