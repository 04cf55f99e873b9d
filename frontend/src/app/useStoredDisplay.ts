import { useEffect } from "react";

import { type Settings, useAccounts, useSettings } from "@/shared/api";
import { choose, hasChosen } from "@/shared/i18n";

const untouched = (settings: Settings): boolean =>
  settings.language === "en" &&
  settings.display.theme === "system" &&
  settings.display.calendar === "gregorian" &&
  settings.display.digits === "latin";

/** On a new device: take over how the reader chose to see things elsewhere. A choice made here comes first. */
export function useStoredDisplay(): void {
  const first = useAccounts().data?.accounts[0]?.account_id ?? null;
  const stored = useSettings(hasChosen() ? null : first).data;
  useEffect(() => {
    if (stored === undefined || untouched(stored) || hasChosen()) return;
    choose({ language: stored.language, timeZone: stored.time_zone, ...stored.display });
  }, [stored]);
}
