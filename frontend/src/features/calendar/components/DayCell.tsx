import { forwardRef } from "react";

import { dayText } from "@/shared/format/date";
import { localeOf, numberFormat } from "@/shared/format/locale";
import { type MoneyShape, moneyText, numberText } from "@/shared/format/number";
import { usePreferences, useWords } from "@/shared/i18n";
import { useCodes } from "@/shared/i18n/codes/codes";
import { cx, Icon, Ltr } from "@/shared/ui";

import type { CalendarDay } from "../day";
import { dateOf, type DayKey } from "../month";
import { calendarWords } from "../words";

interface DayCellProps {
  date: DayKey;
  day: CalendarDay | undefined;
  /** 0 to 1: how strong its colour is. */
  strength: number;
  money: MoneyShape;
  selected: boolean;
  focusable: boolean;
  onSelect: () => void;
}

/** One day: its number, its result with sign and colour, and marks of what is not proven or not seen. */
export const DayCell = forwardRef<HTMLButtonElement, DayCellProps>(function DayCell(props, ref) {
  const { date, day, strength, money, selected, focusable, onSelect } = props;
  const t = useWords(calendarWords);
  const codes = useCodes();
  const reader = usePreferences();
  const result = day?.result.closed_result ?? 0;
  const traded = day !== undefined && (result !== 0 || day.result.closed > 0);
  const label = day === undefined
    ? t("no_day", { date: dayText(date, reader) })
    : [
        t("day", { date: dayText(date, reader), result: moneyText(result, { ...money, signed: true }, reader) }),
        day.result.unproven && t("unproven"),
        day.watched !== "whole" && t(day.watched),
        day.level !== "ok" && codes(`level.${day.level}`),
      ].filter(Boolean).join(", ");
  return (
    <button
      ref={ref}
      type="button"
      aria-pressed={selected}
      aria-disabled={day === undefined}
      tabIndex={focusable ? 0 : -1}
      onClick={() => day !== undefined && onSelect()}
      style={traded && result !== 0 ? { backgroundColor: `rgb(var(--of-${result > 0 ? "ok" : "bad"}) / ${(0.09 + 0.2 * strength).toFixed(3)})` } : undefined}
      className={cx(
        "relative flex h-14 w-full flex-col overflow-hidden rounded-lg px-1 py-1 text-start transition-shadow sm:h-[4.25rem] sm:px-2.5 sm:py-1.5",
        day === undefined ? "cursor-default text-faint" : "bg-sunken/60 text-ink hover:shadow-[inset_0_0_0_1px_rgb(var(--of-edge))]",
        selected && "shadow-[inset_0_0_0_2px_rgb(var(--of-accent))] hover:shadow-[inset_0_0_0_2px_rgb(var(--of-accent))]",
      )}
    >
      <span className="sr-only">{label}</span>
      <span aria-hidden="true" className="flex w-full items-center justify-between gap-1">
        <span className={cx("figure text-2xs sm:text-xs", day === undefined ? "" : "text-muted")}>{numberText(dateOf(date, reader.calendar), reader)}</span>
        {day !== undefined && (
          <span className="flex items-center gap-0.5">
            {day.level !== "ok" && <Icon name={day.level === "breach" ? "cross" : "alert"} size={12} className={day.level === "breach" ? "text-bad" : "text-warn"} />}
            {day.result.unproven && <Icon name="question" size={12} className="text-muted" />}
          </span>
        )}
      </span>
      {traded && (
        <span aria-hidden="true" className="mt-auto flex w-full items-center gap-0.5 pb-0.5 font-medium">
          {result !== 0 && <Icon name={result > 0 ? "up_right" : "down_right"} size={12} className={cx("hidden shrink-0 sm:block", result > 0 ? "text-ok" : "text-bad")} />}
          <Ltr className="amount text-[0.625rem] sm:hidden">
            {numberFormat(localeOf(reader), { maximumFractionDigits: 0, useGrouping: false, signDisplay: "exceptZero" }).format(result)}
          </Ltr>
          <Ltr className="amount hidden truncate text-xs sm:block">{moneyText(result, { ...money, currency: null, signed: true }, reader)}</Ltr>
        </span>
      )}
      {day !== undefined && day.watched !== "whole" && <span className="hatched absolute inset-x-0 bottom-0 h-1.5" />}
    </button>
  );
});
