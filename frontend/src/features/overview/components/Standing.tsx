import type { AccountItem } from "@/shared/api";
import { conditionWords, type Notice, noticeOf, UpdatePassword } from "@/shared/condition";
import { percentText } from "@/shared/format/number";
import { usePreferences, useWords } from "@/shared/i18n";
import { cx, Icon, Meter, Money, softTone } from "@/shared/ui";

import { nearestFloor, usedTone } from "../standing";
import { overviewWords } from "../words";

/** What there is to know about an account's rules: a notice where figures would mislead, else the nearest floor. */
export function Standing({ item }: { item: AccountItem }) {
  const t = useWords(conditionWords);
  const notice = noticeOf(item);
  if (notice === null) return <Left item={item} />;
  if (notice.alone || nearestFloor(item.summary) === null) return <Told notice={notice} />;
  return (
    <>
      <Left item={item} />
      <p className="text-xs text-muted">{t(notice.text)}</p>
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

function Told({ notice }: { notice: Notice }) {
  const t = useWords(conditionWords);
  return (
    <div className={cx("flex gap-2.5 rounded-lg p-3 text-sm", softTone[notice.tone])}>
      <Icon name={notice.icon} className="mt-0.5" />
      <div className="min-w-0">
        <p>{t(notice.text)}</p>
        {notice.password && <UpdatePassword />}
      </div>
    </div>
  );
}
