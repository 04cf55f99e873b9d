import { type KeyboardEvent, useEffect, useId, useRef } from "react";

import { dayText } from "@/shared/format/date";
import { dateFormat, localeOf } from "@/shared/format/locale";
import type { MoneyShape } from "@/shared/format/number";
import { usePreferences, useWords } from "@/shared/i18n";
import { IconButton } from "@/shared/ui";

import { type CalendarDay, strengthOf } from "../day";
import { type DayKey, monthOf, sameMonth, shift } from "../month";
import { calendarWords } from "../words";
import { DayCell } from "./DayCell";

interface MonthGridProps {
  days: ReadonlyMap<DayKey, CalendarDay>;
  first: DayKey;
  last: DayKey;
  /** The day that has the focus; its month is shown. */
  focus: DayKey;
  selected: DayKey;
  money: MoneyShape;
  onFocus: (day: DayKey) => void;
  onSelect: (day: DayKey) => void;
}

/** A month as a grid: one stop of the Tab key, then arrow keys. */
export function MonthGrid({ days, first, last, focus, selected, money, onFocus, onSelect }: MonthGridProps) {
  const t = useWords(calendarWords);
  const reader = usePreferences();
  const heading = useId();
  const cell = useRef<HTMLButtonElement>(null);
  const moved = useRef(false);
  const { calendar } = reader;
  const month = monthOf(focus, calendar);
  const within = (day: DayKey): DayKey => (day < first ? first : day > last ? last : day);
  useEffect(() => {
    if (moved.current) cell.current?.focus();
    moved.current = false;
  }, [focus]);

  const steer = (event: KeyboardEvent): void => {
    const ahead = reader.language === "fa" ? -1 : 1;
    const ways: Readonly<Record<string, DayKey>> = {
      ...{ ArrowRight: shift(focus, ahead), ArrowLeft: shift(focus, -ahead) },
      ...{ ArrowUp: shift(focus, -7), ArrowDown: shift(focus, 7) },
      ...{ PageUp: before(focus), PageDown: after(focus), Home: first, End: last },
    };
    const to = ways[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    moved.current = true;
    onFocus(within(to));
  };
  const before = (day: DayKey): DayKey => shift(monthOf(day, calendar).first, -1);
  const after = (day: DayKey): DayKey => shift(monthOf(day, calendar).first, 31);

  const title = dateFormat(localeOf(reader), { month: "long", year: "numeric", timeZone: "UTC" })
    .formatToParts(Date.parse(`${month.first}T12:00:00Z`))
    .filter(({ type }) => type === "month" || type === "year");
  const weekdays = [0, 1, 2, 3, 4, 5, 6].map((place) => shift(calendar === "jalali" ? "2026-01-03" : "2026-01-05", place));
  const shown = month.weeks.flat().flatMap((date) => (date !== null ? (days.get(date) ?? []) : []));
  return (
    <div className="min-w-0">
      <div className="mb-2 flex items-center justify-between gap-2">
        <h3 id={heading} aria-live="polite" className="text-sm font-semibold text-ink">
          {title.sort((one) => (one.type === "month" ? -1 : 1)).map(({ value }) => value).join(" ")}
        </h3>
        <div className="flex">
          <IconButton icon="previous" label={t("previous")} disabled={sameMonth(focus, first, calendar)} onClick={() => onFocus(within(before(focus)))} />
          <IconButton icon="next" label={t("next")} disabled={sameMonth(focus, last, calendar)} onClick={() => onFocus(within(after(focus)))} />
        </div>
      </div>
      <div role="grid" aria-labelledby={heading} aria-describedby={`${heading}-keys`} onKeyDown={steer} className="space-y-1">
        <div role="row" className="grid grid-cols-7 gap-1">
          {weekdays.map((day) => (
            <span key={day} role="columnheader" aria-label={weekday(day, "long")} className="pb-1 text-center text-2xs text-faint">
              {weekday(day, reader.language === "fa" ? "narrow" : "short")}
            </span>
          ))}
        </div>
        {[...month.weeks, ...blank(6 - month.weeks.length)].map((week, row) => (
          <div key={row} role="row" className="grid grid-cols-7 gap-1">
            {week.map((date, place) => (
              <div key={date ?? place} role="gridcell" aria-selected={date === selected} className="min-w-0">
                {date === null ? (
                  <span className="block h-14 sm:h-[4.25rem]" />
                ) : (
                  <DayCell
                    {...{ date, money }}
                    ref={date === focus ? cell : null}
                    day={days.get(date)}
                    strength={strengthIn(days.get(date), shown)}
                    selected={date === selected}
                    focusable={date === focus}
                    onSelect={() => {
                      onFocus(date);
                      onSelect(date);
                    }}
                  />
                )}
              </div>
            ))}
          </div>
        ))}
      </div>
      <p id={`${heading}-keys`} className="sr-only">{t("keys")}</p>
      <p className="sr-only" role="status">{dayText(selected, reader)}</p>
    </div>
  );

  function weekday(day: DayKey, width: "long" | "short" | "narrow"): string {
    return dateFormat(localeOf(reader), { weekday: width, timeZone: "UTC" }).format(Date.parse(`${day}T12:00:00Z`));
  }
}

const strengthIn = (day: CalendarDay | undefined, days: readonly CalendarDay[]): number => (day === undefined ? 0 : strengthOf(day, days));

/** Every month takes six weeks' room, so that nothing below moves. */
const blank = (weeks: number): readonly (readonly null[])[] => Array.from({ length: Math.max(0, weeks) }, () => [null, null, null, null, null, null, null]);
