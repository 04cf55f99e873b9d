import { useId } from "react";

import type { AccountItem } from "@/shared/api";
import { numberText } from "@/shared/format/number";
import { usePreferences, useWords } from "@/shared/i18n";
import { Icon, SegmentedControl, Select } from "@/shared/ui";

import { countOf, type Filter, type Sort } from "../standing";
import { overviewWords } from "../words";

export interface View {
  readonly filter: Filter;
  readonly search: string;
  readonly sort: Sort;
}

interface ControlsProps {
  accounts: readonly AccountItem[];
  view: View;
  onChange: (view: View) => void;
}

const FILTERS = ["all", "running", "risk", "action", "ended"] as const;
const SORTS = ["risk", "equity", "newest", "login"] as const;

/** Filter with counts, search, sort. A filter without any account is left out. */
export function Controls({ accounts, view, onChange }: ControlsProps) {
  const t = useWords(overviewWords);
  const reader = usePreferences();
  const id = useId();
  const filters = FILTERS.map((value) => ({ value, count: countOf(accounts, value) }))
    .filter(({ value, count }) => value === "all" || value === view.filter || count > 0)
    .map(({ value, count }) => ({ value, label: `${t(`filter_${value}`)} ${numberText(count, reader)}` }));
  return (
    <div className="flex flex-wrap items-center gap-3">
      <SegmentedControl label={t("filter")} hideLabel value={view.filter} options={filters} onChange={(filter) => onChange({ ...view, filter })} />
      <div className="flex min-w-0 flex-1 basis-60 items-center gap-3">
        <div className="relative min-w-0 flex-1">
          <label htmlFor={id} className="sr-only">
            {t("search")}
          </label>
          <Icon name="search" size={16} className="pointer-events-none absolute start-3 top-1/2 -translate-y-1/2 text-muted" />
          <input
            id={id}
            type="search"
            value={view.search}
            onChange={(event) => onChange({ ...view, search: event.target.value })}
            placeholder={t("search")}
            className="min-h-10 w-full rounded-lg border border-edge bg-surface pe-3 ps-9 text-sm text-ink"
          />
        </div>
        <Select
          label={t("sort")}
          hideLabel
          value={view.sort}
          options={SORTS.map((value) => ({ value, label: t(`sort_${value}`) }))}
          onChange={(sort) => onChange({ ...view, sort })}
          className="w-32 shrink-0"
        />
      </div>
    </div>
  );
}
