import { useAccounts } from "@/shared/api";
import { instantText } from "@/shared/format/date";
import { usePreferences, useWords } from "@/shared/i18n";
import { nextShift } from "@/shared/time/shift";
import { useNow } from "@/shared/time/useNow";
import { IconButton, Ltr, Popover, TEHRAN } from "@/shared/ui";

import { appWords } from "./words";

const NEW_YORK = "America/New_York";
const NOTICE_DAYS = 10;

/** Tehran's clock, with those of the account's broker and of New York in a panel: which day is it where the rules run? */
export default function Clocks({ account }: { account: string | null }) {
  const t = useWords(appWords);
  const reader = usePreferences();
  const now = useNow();
  const shift = nextShift(NEW_YORK, now, NOTICE_DAYS);
  const summary = useAccounts().data?.accounts.find((item) => item.account_id === account)?.summary;
  const offset = summary?.broker_utc_offset_seconds ?? null;
  const clocks: readonly (readonly [string, string])[] = [
    [t("tehran"), instantText(now, reader, "time", TEHRAN)],
    ...(offset === null ? [] : [[t("broker"), instantText(now + offset * 1_000, reader, "time", "UTC")] as const]),
    [t("new_york"), instantText(now, reader, "time", NEW_YORK)],
  ];
  return (
    <>
      <span className="me-1 hidden items-baseline gap-1.5 text-xs text-muted md:inline-flex">
        {t("tehran")}
        <Ltr className="amount text-sm font-medium text-ink">{instantText(now, reader, "time", TEHRAN)}</Ltr>
      </span>
      <Popover trigger={<IconButton icon="clock" label={t("clocks")} />} label={t("clocks")} align="end">
        <dl className="flex flex-col gap-2">
          {clocks.map(([name, time]) => (
            <div key={name} className="flex items-baseline justify-between gap-4">
              <dt className="text-muted">{name}</dt>
              <dd className="font-medium">
                <Ltr className="amount">{time}</Ltr>
              </dd>
            </div>
          ))}
        </dl>
        {shift !== null && <p className="mt-3 border-t border-line pt-3 text-xs text-warn">{t("dst_note", { date: instantText(shift, reader, "date", NEW_YORK) })}</p>}
      </Popover>
    </>
  );
}
