import { useWords } from "@/shared/i18n";
import { Button, cx, IconButton, SegmentedControl } from "@/shared/ui";

import type { ChartUnit, PlotHandle } from "../plot/Plot";
import { type Range, ranges } from "../range";
import { chartWords } from "../words";

/** What the reader has chosen to see. */
export interface View {
  readonly range: Range;
  readonly unit: ChartUnit;
  readonly limits: boolean;
  readonly table: boolean;
}

interface ToolbarProps {
  view: View;
  /** Whether percent can be shown: the initial balance is known. */
  percent: boolean;
  onView: (change: Partial<View>) => void;
}

/** Range, and money or percent. */
export function Toolbar({ view, percent, onView }: ToolbarProps) {
  const t = useWords(chartWords);
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <SegmentedControl label={t("range")} hideLabel value={view.range} onChange={(range) => onView({ range })} options={ranges.map((value) => ({ value, label: t(value) }))} />
      {percent && (
        <SegmentedControl
          label={t("unit")}
          hideLabel
          value={view.unit}
          onChange={(unit) => onView({ unit })}
          options={[{ value: "money", label: t("money") }, { value: "percent", label: t("percent") }]}
        />
      )}
    </div>
  );
}

/** Buttons that move the view (the way without dragging), and what is shown. Time runs left to right. */
export function Movers({ view, plot, onView }: { view: View; plot: PlotHandle | null; onView: ToolbarProps["onView"] }) {
  const t = useWords(chartWords);
  return (
    <div className="flex flex-wrap items-center justify-between gap-2 px-2 xs:px-3">
      <div dir="ltr" role="group" aria-label={t("move")} className={cx("flex items-center", view.table && "invisible")}>
        <IconButton icon="earlier" label={t("earlier")} onClick={() => plot?.pan(-1)} />
        <IconButton icon="later" label={t("later")} onClick={() => plot?.pan(1)} />
        <IconButton icon="minus" label={t("zoom_out")} onClick={() => plot?.zoom(-1)} />
        <IconButton icon="plus" label={t("zoom_in")} onClick={() => plot?.zoom(1)} />
        <IconButton icon="fit" label={t("fit")} onClick={() => plot?.fit()} />
      </div>
      <div className="flex items-center gap-1">
        <Button kind="quiet" size="sm" icon={view.limits ? "check" : "minus"} aria-pressed={view.limits} onClick={() => onView({ limits: !view.limits })}>
          {t("limits")}
        </Button>
        <Button kind="quiet" size="sm" icon={view.table ? "screen" : "grid"} onClick={() => onView({ table: !view.table })}>
          {t(view.table ? "chart" : "table")}
        </Button>
      </div>
    </div>
  );
}
