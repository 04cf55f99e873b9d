import { useId } from "react";

import { dayText } from "@/shared/format/date";
import { usePreferences, useWords } from "@/shared/i18n";
import { Button, cx, type Option, Select } from "@/shared/ui";
import { isDay } from "@/shared/time/days";

import { isFiltered, SORTS, unfiltered, type View } from "../view";
import { tradesWords } from "../words";

interface FiltersProps {
  view: View;
  symbols: readonly string[];
  onChange: (change: Partial<View>) => void;
}

/** Symbol, side, state and days; on a phone the order too, which the table has in its heads. */
export function Filters({ view, symbols, onChange }: FiltersProps) {
  const t = useWords(tradesWords);
  const byClose = view.sort.endsWith("close_time");
  const all = { value: "", label: t("all") } as const;
  const names: Option<string>[] = [...new Set([...symbols, ...(view.symbol === null ? [] : [view.symbol])])].sort().map((name) => ({ value: name, label: name }));
  return (
    <div role="group" aria-label={t("filters")} className="grid grid-cols-2 items-start gap-3 sm:flex sm:flex-wrap">
      <Select label={t("symbol")} value={view.symbol ?? ""} options={[all, ...names]} onChange={(symbol) => onChange({ symbol: symbol || null })} className="sm:w-40" />
      <Select
        label={t("side")}
        value={view.side ?? ""}
        options={[all, { value: "BUY" as const, label: t("buy") }, { value: "SELL" as const, label: t("sell") }]}
        onChange={(side) => onChange({ side: side || null })}
        className="sm:w-32"
      />
      <Select
        label={t("state")}
        value={view.state ?? ""}
        options={[all, { value: "open" as const, label: t("state_open") }, { value: "closed" as const, label: t("state_closed") }]}
        onChange={(state) => onChange({ state: state || null })}
        className="sm:w-32"
      />
      <Select
        label={t("order")}
        value={view.sort}
        options={SORTS.map((value) => ({ value, label: t(`sort_${value}`) }))}
        onChange={(sort) => onChange({ sort })}
        className="sm:hidden"
      />
      <DayField label={t(byClose ? "closed_from" : "opened_from")} value={view.from} onChange={(from) => onChange({ from })} max={view.to} />
      <DayField label={t(byClose ? "closed_to" : "opened_to")} value={view.to} onChange={(to) => onChange({ to })} min={view.from} />
      {isFiltered(view) && (
        <Button kind="quiet" icon="cross" onClick={() => onChange(unfiltered(view))} className="col-span-2 sm:mt-[1.875rem]">
          {t("clear")}
        </Button>
      )}
    </div>
  );
}

interface DayFieldProps {
  label: string;
  value: string | null;
  onChange: (day: string | null) => void;
  min?: string | null;
  max?: string | null;
}

/** The browser's own date input; where the reader's calendar is another one, the day is told in it too. */
function DayField({ label, value, onChange, min, max }: DayFieldProps) {
  const id = useId();
  const reader = usePreferences();
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1.5 block text-sm font-medium text-ink">
        {label}
      </label>
      <input
        id={id}
        type="date"
        value={value ?? ""}
        min={min ?? undefined}
        max={max ?? undefined}
        onChange={({ target }) => onChange(isDay(target.value) ? target.value : null)}
        className={cx("min-h-10 w-full rounded-lg border border-edge bg-surface px-3 text-sm sm:w-40", value === null ? "text-muted" : "text-ink")}
      />
      {value !== null && reader.calendar === "jalali" && <p className="figure mt-1 text-xs text-muted">{dayText(value, reader)}</p>}
    </div>
  );
}
