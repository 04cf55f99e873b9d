import { clockText, instantText, zoneCity } from "../format/date";
import { usePreferences } from "../i18n/preferences";
import { useWords } from "../i18n/useWords";
import { useNow } from "../time/useNow";
import { Ltr } from "./Figures";
import { uiWords } from "./words";

/** The plan's zone of the rule day (RULES §1), as the seed has it. */
export const TEHRAN = "Asia/Tehran";

/** What a zone is called: its city, in the reader's words where it is the plan's own. */
export function useZoneName(): (zone: string) => string {
  const t = useWords(uiWords);
  return (zone) => (zone === TEHRAN ? t("tehran") : zoneCity(zone));
}

/** Time left to an instant, and that instant on two clocks: Tehran's and the reader's own. */
export function Countdown({ at, label }: { at: string; label?: string }) {
  const t = useWords(uiWords);
  const reader = usePreferences();
  const now = useNow();
  const zoneName = useZoneName();
  const zones = reader.timeZone === TEHRAN ? [TEHRAN] : [TEHRAN, reader.timeZone];
  return (
    <div role="timer" aria-live="off" className="min-w-0">
      <p className="text-xs font-medium text-muted">{label ?? t("resets_in")}</p>
      <p className="text-2xl font-semibold tracking-tight text-ink">
        <Ltr className="amount">{clockText((Date.parse(at) - now) / 1_000, reader)}</Ltr>
      </p>
      <p className="flex flex-wrap gap-x-3 text-xs text-muted">
        {zones.map((zone) => (
          <time key={zone} dateTime={at} title={instantText(at, reader, "full", zone)} className="figure whitespace-nowrap">
            {t("in_zone", { time: instantText(at, reader, "time", zone), zone: zoneName(zone) })}
          </time>
        ))}
      </p>
    </div>
  );
}
