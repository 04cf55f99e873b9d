import { percentText } from "../format/number";
import { usePreferences } from "../i18n/preferences";
import { useWords } from "../i18n/useWords";
import { cx } from "./classes";
import { fillTone, type Tone } from "./tone";
import { uiWords } from "./words";

interface MeterProps {
  /** Used, 0 to 100 and beyond; null = unknown, drawn hatched and never as empty. */
  percent: number | null;
  label: string;
  tone: Tone;
  /** Where warning and critical begin, as percentages (RULES §2: 70 and 90 unless the plan says so). */
  marks?: readonly number[];
  className?: string;
}

/** How much of a limit is used, with the marks at which it becomes a warning and critical. */
export function Meter({ percent, label, tone, marks = [70, 90], className }: MeterProps) {
  const t = useWords(uiWords);
  const reader = usePreferences();
  const known = percent !== null;
  const width = known ? Math.min(100, Math.max(0, percent)) : 100;
  return (
    <div
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={known ? width : 0}
      aria-valuetext={known ? t("meter_text", { used: percentText(percent, reader) }) : t("meter_unknown")}
      className={cx("relative h-2 w-full overflow-hidden rounded-full bg-sunken", !known && "hatched", className)}
    >
      {known && (
        <div
          className={cx("h-full rounded-full transition-[width] duration-300", fillTone[tone])}
          style={{ width: `${width}%` }}
        />
      )}
      {known && marks.map((mark) => (
        <span
          key={mark}
          className="absolute inset-y-0 w-0.5 bg-surface"
          style={{ insetInlineStart: `${mark}%` }}
        />
      ))}
    </div>
  );
}
