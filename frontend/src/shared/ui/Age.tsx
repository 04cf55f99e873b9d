import { instantText, relativeText } from "../format/date";
import { usePreferences } from "../i18n/preferences";
import { useWords } from "../i18n/useWords";
import { useNow } from "../time/useNow";
import { cx } from "./classes";
import { Icon } from "./Icon";
import { uiWords } from "./words";

/** A moment told as "12 sec ago", with the absolute time in its title. */
export function Ago({ at, className }: { at: string; className?: string }) {
  const reader = usePreferences();
  const now = useNow();
  const seconds = Math.min(0, (Date.parse(at) - now) / 1_000);
  return (
    <time dateTime={at} title={instantText(at, reader, "full")} className={cx("figure", className)}>
      {relativeText(seconds === 0 ? -0 : seconds, reader)}
    </time>
  );
}

interface DataAgeProps {
  /** `as_of` or `last_sync_at`: when the figure was read; null = never. */
  at: string | null;
  /** The tier's promise in seconds (`stale_after_seconds`); null = unknown. */
  staleAfter: number | null;
  /** The server's own word at its time. */
  stale: boolean;
}

/** How old a figure is. Older than the promise, it turns amber and says so. */
export function DataAge({ at, staleAfter, stale }: DataAgeProps) {
  const t = useWords(uiWords);
  const now = useNow();
  if (at === null) return <span className="text-xs text-faint">{t("never")}</span>;
  const age = (now - Date.parse(at)) / 1_000;
  const old = staleAfter === null ? stale : age > staleAfter;
  return (
    <span className={cx("inline-flex items-center gap-1 text-xs", old ? "font-medium text-warn" : "text-faint")}>
      <Icon name={old ? "alert" : "clock"} size={13} />
      <span className="sr-only">{t("age")}</span>
      {old && <span>{t("stale")} ·</span>}
      <Ago at={at} />
    </span>
  );
}
