import { instantText } from "@/shared/format/date";
import { choose, type Preferences, usePreferences, useWords } from "@/shared/i18n";
import { useNow } from "@/shared/time/useNow";
import { Money, Section, SegmentedControl, Select, TEHRAN, useZoneName } from "@/shared/ui";

import { settingsWords } from "../words";
import { SaveState } from "./SaveState";

/** Names of a language and of digits, each in itself. */
const LANGUAGES = [
  { value: "en", label: "English" },
  { value: "fa", label: "فارسی" },
] as const;
const DIGITS = [
  { value: "latin", label: "123" },
  { value: "persian", label: "۱۲۳" },
] as const;
const EXAMPLE = 98765.43;

interface DisplayProps {
  /** Stores the choices with the account, too. */
  onChoice: (chosen: Preferences) => void;
  save: { readonly isPending: boolean; readonly isSuccess: boolean; readonly error: Error | null };
}

/** Language, digits, calendar, zone and theme, each applied the moment it is chosen. */
export function Display({ onChoice, save }: DisplayProps) {
  const t = useWords(settingsWords);
  const zoneName = useZoneName();
  const chosen = usePreferences();
  const change = (next: Partial<Preferences>): void => onChoice(choose(next));
  return (
    <Section id="display" title={t("display")} actions={<SaveState save={save} />}>
      <div className="grid gap-6 sm:grid-cols-2">
        <SegmentedControl label={t("language")} value={chosen.language} options={LANGUAGES} onChange={(language) => change({ language })} />
        <SegmentedControl
          label={t("theme")}
          value={chosen.theme}
          options={[
            { value: "system", label: t("theme_system"), icon: "screen" },
            { value: "light", label: t("theme_light"), icon: "sun" },
            { value: "dark", label: t("theme_dark"), icon: "moon" },
          ]}
          onChange={(theme) => change({ theme })}
        />
        <SegmentedControl label={t("digits")} value={chosen.digits} options={DIGITS} onChange={(digits) => change({ digits })} />
        <SegmentedControl
          label={t("calendar")}
          value={chosen.calendar}
          options={[
            { value: "gregorian", label: t("calendar_gregorian") },
            { value: "jalali", label: t("calendar_jalali") },
          ]}
          onChange={(calendar) => change({ calendar })}
        />
        <div>
          <Select label={t("zone")} value={chosen.timeZone} options={zonesWith(chosen.timeZone)} onChange={(timeZone) => change({ timeZone })} />
          <p className="mt-1.5 text-xs text-muted">{t("zone_hint", { city: zoneName(TEHRAN) })}</p>
        </div>
        <Example />
      </div>
    </Section>
  );
}

function Example() {
  const t = useWords(settingsWords);
  const reader = usePreferences();
  const now = useNow();
  return (
    <div className="rounded-lg bg-sunken p-4">
      <p className="mb-2 text-xs font-medium text-muted">{t("example")}</p>
      <dl className="flex flex-col gap-1 text-sm">
        <div className="flex justify-between gap-4">
          <dt className="text-muted">{t("example_money")}</dt>
          <dd className="font-medium">
            <Money value={EXAMPLE} currency="USD" digits={2} />
          </dd>
        </div>
        <div className="flex justify-between gap-4">
          <dt className="text-muted">{t("example_time")}</dt>
          <dd className="figure text-end font-medium">{instantText(now, reader, "date-time")}</dd>
        </div>
      </dl>
    </div>
  );
}

const named = (zone: string): { value: string; label: string } => ({ value: zone, label: zone.replaceAll("_", " ") });

function zonesWith(current: string): { value: string; label: string }[] {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return [...new Set([TEHRAN, own, current, "UTC", ...Intl.supportedValuesOf("timeZone")])].map(named);
}

